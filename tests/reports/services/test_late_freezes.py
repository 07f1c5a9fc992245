"""A freeze that comes late: what is dated is as of its day, and the rest says when it was taken."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import Heartbeat
from projects.models import Project
from reports import wiring
from reports.models import Freeze, Snapshot, scope_of
from reports.services import day_turn, snapshots
from reports.services.summaries import compile_summary
from reports.words.reading import reading_of
from tests.factories import (
    CostEntryFactory,
    PortfolioFactory,
    ProjectFactory,
    UpdateFactory,
    person,
)
from tests.reports.clock import Clock, be_here_since
from tests.reports.documents import member, variance_of

pytestmark = pytest.mark.django_db
SATURDAY, SUNDAY, TUESDAY = date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 24)
EARLIER, LATER = date(2027, 1, 8), date(2027, 2, 26)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(monkeypatch)
    clock.set(SATURDAY, 12)
    return clock


@pytest.fixture
def project(clock):
    """A project whose live row was built on Saturday."""
    project = ProjectFactory(name="Archive", forecast_finish_date=EARLIER)
    member(PortfolioFactory(name="Capital"), project, added=date(2026, 1, 1))
    UpdateFactory(
        project=project,
        week=date(2026, 11, 16),
        overall="green",
        published_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
    )
    be_here_since(SATURDAY)
    snapshots.refresh([project.pk])
    return project


def on_tuesday(clock, project):
    """Let everything be another by then."""
    clock.set(TUESDAY, 9)
    Project.objects.filter(pk=project.pk).update(forecast_finish_date=LATER)
    CostEntryFactory(project=project, amount=Decimal(7), entry_date=TUESDAY)
    UpdateFactory(
        project=project,
        week=date(2026, 11, 16),
        revision=2,
        overall="red",
        help_needed="Decide",
        help_from="COO",
        help_due=LATER,
        published_at=clock.at,
    )


def frozen():
    return Snapshot.objects.at(SUNDAY).get()


def test_rows_of_the_day_are_all_of_the_day(clock, project):
    clock.set(SUNDAY, 20)
    day_turn.live_day()
    on_tuesday(clock, project)

    wiring.weekly(clock.at)

    row = frozen()
    assert (row.forecast_finish, row.overall, row.spent) == (EARLIER, "green", None)
    assert Freeze.objects.get().taken_on == SUNDAY


def test_a_late_one_holds_what_is_dated_as_of_the_day_and_says_when_it_was_taken(clock, project):
    on_tuesday(clock, project)

    wiring.weekly(clock.at)

    row = frozen()
    assert (row.overall, row.spent, row.judged_for) == ("green", None, SUNDAY)
    assert row.forecast_finish == LATER
    assert Freeze.objects.get().taken_on == TUESDAY


@pytest.mark.parametrize(("built", "said"), [(SUNDAY, ""), (TUESDAY, ", taken on 24 Nov 2026")])
def test_pages_files_documents_and_the_api_say_so(clock, project, signed_in, built, said):
    if built == SUNDAY:
        clock.set(SUNDAY, 20)
        day_turn.live_day()
    on_tuesday(clock, project)
    wiring.weekly(clock.at)
    lead = person(Role.PMO_LEAD)
    client = signed_in(lead)

    page = client.get(f"/portfolio/?as_of={SUNDAY}").content.decode()
    scope = scope_of(project.portfolio_entries.get().portfolio)
    summary = compile_summary(scope=scope, day=SUNDAY, by=None)

    assert f"As of Sunday 22 Nov 2026{said} (frozen)." in page
    assert reading_of(summary, lead).subtitle.endswith(f"Data as of Sunday 22 Nov 2026{said}")
    answer = client.get("/api/v1/freezes/").json()["results"]
    assert [one["taken_on"] for one in answer] == [built.isoformat()]
    assert said in client.get("/reports/freezes/").content.decode()
    report = variance_of(scope, SUNDAY)
    assert f"As of Sunday 22 Nov 2026{said}." in client.get(report).content.decode()


def test_a_week_in_which_nothing_was_here_is_not_frozen(clock, project):
    end = timezone.make_aware(datetime(2026, 11, 23))  # noqa: DTZ001 - the suite's zone
    for made, is_due in ((end, False), (end - timedelta(seconds=1), True)):
        Project.objects.update(created_at=made)
        assert snapshots.is_due(SUNDAY) is is_due


def test_a_clock_in_doubt_freezes_nothing_not_even_for_a_reader(clock, project):
    Heartbeat.objects.create(pk=1, at=clock.at)
    clock.set(date(2028, 2, 28), 9)

    wiring.weekly(clock.at)
    day_turn.live_day()

    assert not Freeze.objects.exists()
    assert Snapshot.objects.live().get().judged_for == date(2028, 2, 28)
    clock.set(SATURDAY, 12)
    assert day_turn.live_day().day == SATURDAY
    clock.at += timedelta(days=2)
    wiring.weekly(clock.at)
    assert Freeze.objects.get().date == SUNDAY
