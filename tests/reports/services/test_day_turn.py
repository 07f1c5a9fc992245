"""A live row is never shown on another day than it was judged for, whoever notices that the day turned."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import Job, JobState
from reports import wiring
from reports.models import Freeze, Snapshot
from reports.selectors.live_day import LiveDay
from reports.services import day_turn, snapshots
from tests.factories import (
    CostEntryFactory,
    MilestoneFactory,
    ProjectFactory,
    UpdateFactory,
    person,
)
from tests.reports.clock import Clock, be_here_since

pytestmark = pytest.mark.django_db
SATURDAY, SUNDAY, MONDAY = date(2026, 11, 28), date(2026, 11, 29), date(2026, 11, 30)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(monkeypatch)
    clock.set(SATURDAY, 22)
    return clock


@pytest.fixture
def projects(clock):
    """Three projects whose rows were built on Saturday evening; one has a milestone due that day."""
    found = [ProjectFactory(code=f"P-{number}") for number in range(3)]
    MilestoneFactory(project=found[0], baseline_date=SATURDAY, forecast_date=SATURDAY)
    CostEntryFactory(project=found[1], amount=Decimal(7), entry_date=SUNDAY)
    snapshots.refresh([one.pk for one in found])
    return found


@pytest.fixture
def many(monkeypatch):
    """Let three projects be more than a page may wait for."""
    for module in (day_turn, snapshots):
        monkeypatch.setattr(module, "IN_REQUEST", 1)


def judged():
    return list(Snapshot.objects.live().order_by("code").values_list("judged_for", flat=True))


def figures_of(code):
    row = Snapshot.objects.live().get(code=code)
    return row.milestones_late, row.spent


def dashboard(client, reader=None):
    client.force_login(reader or person(Role.EXECUTIVE))
    return client.get("/portfolio/")


def test_a_row_knows_its_day_and_a_frozen_one_too(projects):
    snapshots.freeze_week(SATURDAY)

    assert judged() == [SATURDAY] * 3
    assert set(Snapshot.objects.at(SATURDAY).values_list("judged_for", flat=True)) == {SATURDAY}


def test_the_first_reader_of_a_day_sees_its_figures(clock, projects, client):
    assert (figures_of("P-0"), figures_of("P-1")) == ((0, None), (0, None))
    clock.set(SUNDAY, 0, 1)

    page = dashboard(client).content.decode()

    assert (figures_of("P-0"), figures_of("P-1")) == ((1, None), (0, Decimal(7)))
    assert judged() == [SUNDAY] * 3
    assert "Data as of Sunday 29 Nov 2026, 00:01." in page


def test_the_stamp_is_of_the_last_row_and_not_of_the_clock(clock, projects, client):
    clock.set(SATURDAY, 23, 30)

    page = dashboard(client).content.decode()

    assert "Data as of Saturday 28 Nov 2026, 22:00." in page


def test_the_clock_turns_the_day_at_midnight_and_not_again(clock, projects):
    clock.tick(SUNDAY, 0, 0)
    first = list(Snapshot.objects.live().values_list("built_at", flat=True))
    clock.tick(SUNDAY, 4, 0)

    assert judged() == [SUNDAY] * 3
    assert list(Snapshot.objects.live().values_list("built_at", flat=True)) == first


def test_a_week_that_is_over_is_frozen_before_its_rows_are_of_another_day(clock, projects):
    be_here_since(SATURDAY)
    clock.set(SUNDAY, 23)
    day_turn.live_day()
    clock.set(MONDAY, 8)

    day_turn.live_day()

    assert Freeze.objects.get().date == SUNDAY
    assert judged() == [MONDAY] * 3
    rows = Snapshot.objects.at(SUNDAY)
    assert {timezone.localtime(row.built_at).date() for row in rows} == {SUNDAY}


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        # in UTC, the minute before midnight there and the one after
        ("Pacific/Auckland", "2026-11-28 10:59", "2026-11-28 11:00"),
        ("America/Los_Angeles", "2026-11-29 07:59", "2026-11-29 08:00"),
        ("America/New_York", "2026-11-02 04:59", "2026-11-02 05:00"),  # the night clocks went back
        ("Europe/London", "2027-03-28 22:59", "2027-03-28 23:00"),  # the night they went forward
    ],
)
def test_the_day_is_the_organization_s_own(clock, zone, before, after):
    with timezone.override(ZoneInfo(zone)):
        clock.at = datetime.fromisoformat(f"{before}+00:00")
        snapshots.refresh([ProjectFactory().pk])
        first = (day_turn.live_day().day, *judged())
        clock.at = datetime.fromisoformat(f"{after}+00:00")

        second = (day_turn.live_day().day, *judged())

    day = datetime.fromisoformat(f"{after}+00:00").astimezone(ZoneInfo(zone)).date()
    assert first == (day - timedelta(days=1),) * 2
    assert second == (day, day)


def test_rows_of_a_day_to_come_are_judged_again_when_the_clock_goes_back(clock, projects):
    clock.set(SUNDAY, 9)
    day_turn.live_day()
    clock.set(SATURDAY, 23)

    assert day_turn.live_day() == LiveDay(SATURDAY, clock.at)
    assert judged() == [SATURDAY] * 3


def test_rows_of_version_0_1_are_judged_at_once(clock, projects):
    QuerySet.update(Snapshot.objects.live(), judged_for=None)

    assert day_turn.live_day().day == SATURDAY
    assert judged() == [SATURDAY] * 3


def test_a_reader_who_comes_second_finds_nothing_left(clock, projects):
    clock.set(SUNDAY, 9)
    ids = [one.pk for one in projects]
    day_turn.judge_again(ids[:2], SUNDAY)

    assert day_turn.judge_again(ids, SUNDAY) == 1
    assert judged() == [SUNDAY] * 3


class TestMany:
    """More projects than a page may wait for: prepared aside, shown all at once."""

    def test_a_page_says_of_which_day_it_is_and_asks_for_the_job(
        self, clock, projects, many, client
    ):
        clock.set(SUNDAY, 9)
        reader = person(Role.EXECUTIVE)

        pages = [dashboard(client, reader).content.decode() for _ in range(2)]

        for page in pages:
            assert "Figures are of 28 Nov 2026; today’s are being calculated." in page
            assert "Data as of Saturday 28 Nov 2026, 22:00." in page
        assert judged() == [SATURDAY] * 3
        assert list(Job.objects.values_list("kind", "state")) == [(day_turn.TURN, JobState.QUEUED)]

    def test_the_job_replaces_all_rows_at_once_and_keeps_their_ids(
        self, clock, projects, many, client
    ):
        before = dict(Snapshot.objects.live().values_list("code", "pk"))
        clock.set(SUNDAY, 9)
        day_turn.live_day()

        clock.run(Job.objects.get())

        assert Job.objects.get().result == {"refreshed": 3}
        assert judged() == [SUNDAY] * 3
        assert dict(Snapshot.objects.live().values_list("code", "pk")) == before
        assert not Snapshot.objects.coming().exists()
        assert figures_of("P-1") == (0, Decimal(7))
        assert "being calculated" not in dashboard(client).content.decode()

    def test_killed_halfway_nothing_of_it_is_shown_and_it_goes_on(
        self, clock, projects, many, monkeypatch, client
    ):
        monkeypatch.setattr(snapshots, "CHUNK", 1)
        clock.set(SUNDAY, 9)

        def die(done, _total):
            if done == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            day_turn.turn(today=SUNDAY, progress=die)

        assert judged() == [SATURDAY] * 3
        assert Snapshot.objects.coming().count() == 2
        assert "Figures are of 28 Nov 2026" in dashboard(client).content.decode()
        steps = []
        assert day_turn.turn(today=SUNDAY, progress=lambda *step: steps.append(step)) == 3
        assert steps == [(3, 3)]
        assert judged() == [SUNDAY] * 3

    def test_a_change_meanwhile_is_shown_on_the_day_of_the_others_and_kept(
        self, clock, projects, many, monkeypatch
    ):
        clock.set(SUNDAY, 9)
        for project in projects:
            day_turn._prepare([project.pk], SUNDAY)
        CostEntryFactory(project=projects[1], amount=Decimal(5), entry_date=SATURDAY)

        snapshots.refresh([projects[1].pk])

        assert judged() == [SATURDAY] * 3
        assert figures_of("P-1") == (0, Decimal(5))
        day_turn.turn(today=SUNDAY)
        assert figures_of("P-1") == (0, Decimal(12))

    def test_what_is_prepared_is_on_no_page_and_in_no_answer(self, clock, projects, many, client):
        clock.set(SUNDAY, 9)
        day_turn._prepare([projects[0].pk], SUNDAY)
        coming = Snapshot.objects.coming().get()
        client.force_login(person(Role.PMO_LEAD))

        listed = client.get("/api/v1/snapshots/").json()["results"]

        assert {row["judged_for"] for row in listed} == {"2026-11-28"}
        assert len(listed) == 3
        assert client.get(f"/api/v1/snapshots/{coming.pk}/").status_code == 404
        assert coming not in Snapshot.objects.regular()

    def test_a_second_job_has_nothing_to_do(self, clock, projects, many):
        clock.set(SUNDAY, 9)
        day_turn.live_day()
        job = Job.objects.get()
        day_turn.turn(today=SUNDAY)

        clock.run(job)

        assert Job.objects.get().result == {"refreshed": 0}


@pytest.mark.parametrize(
    "address", ["/portfolio/", "/budget/", "/portfolio/forecast/", "/portfolio.csv", "/find/?q=P-0"]
)
def test_every_page_of_live_rows_goes_through_the_same_door(clock, projects, client, address):
    UpdateFactory(project=projects[0], week=date(2026, 11, 23), overall="green")
    clock.set(SUNDAY, 9)
    client.force_login(person(Role.PMO_LEAD))

    assert client.get(address).status_code == 200
    assert judged() == [SUNDAY] * 3


def test_the_panel_of_a_project_and_the_disputes_go_through_it_too(clock, projects, client):
    client.force_login(person(Role.PMO_LEAD))
    clock.set(SUNDAY, 9)
    client.get(f"/portfolio/projects/{projects[0].pk}/panel/")
    assert judged() == [SUNDAY] * 3
    clock.set(MONDAY, 9)

    assert list(wiring.disputed_projects()) == []
    assert judged() == [MONDAY] * 3
