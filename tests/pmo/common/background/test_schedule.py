"""A clock that is days away from its last tick is not believed until a person says that it is right."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.background import schedule
from pmo.common.models import AuditEvent, Heartbeat
from pmo.common.records.writing import RefusalError
from tests.factories import person
from tests.reports.clock import Clock

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2026, 11, 26, 9, tzinfo=UTC)
WILD = datetime(2028, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def done(monkeypatch):
    """When the one duty was done that there is."""
    times = []
    monkeypatch.setattr(schedule, "_duties", [times.append])
    return times


def tick(clock, at):
    clock.at = at
    schedule.tick()


def beat():
    return Heartbeat.objects.values_list("at", "doubted").get()


def test_the_first_tick_ever_is_believed(clock, done):
    tick(clock, WILD)

    assert done == [WILD]
    assert beat() == (WILD, None)


@pytest.mark.parametrize("away", [timedelta(minutes=1), timedelta(days=3), -timedelta(days=3)])
def test_a_weekend_without_the_server_needs_nobodys_word(clock, done, away):
    tick(clock, THURSDAY)
    tick(clock, THURSDAY + away)

    assert done == [THURSDAY, THURSDAY + away]
    assert beat() == (THURSDAY + away, None)


@pytest.mark.parametrize(
    "says", [WILD, THURSDAY + timedelta(days=3, seconds=1), THURSDAY - timedelta(days=400)]
)
def test_a_clock_that_jumped_does_nothing_however_often_it_ticks(clock, done, says):
    tick(clock, THURSDAY)
    tick(clock, says)
    tick(clock, says + timedelta(minutes=1))

    assert done == [THURSDAY]
    assert beat() == (THURSDAY, says + timedelta(minutes=1))


def test_one_that_came_back_is_believed_by_itself(clock, done):
    tick(clock, THURSDAY)
    tick(clock, WILD)
    back = THURSDAY + timedelta(minutes=2)
    tick(clock, back)

    assert done == [THURSDAY, back]
    assert beat() == (back, None)
    with pytest.raises(RefusalError, match=r"^The clock is believed already\."):
        schedule.confirm_clock(by=person(Role.PMO_LEAD))


@pytest.mark.parametrize("role", [Role.PMO_LEAD, Role.ADMINISTRATOR])
def test_a_person_says_that_it_is_right(clock, done, signed_in, role):
    tick(clock, THURSDAY)
    tick(clock, WILD)
    who = person(role)
    client = signed_in(who)
    warned = [client.get(page).content.decode() for page in ("/jobs/", "/office/")]

    after = client.post("/jobs/clock/", follow=True).content.decode()
    tick(clock, WILD + timedelta(minutes=1))

    wild, last = (timezone.localtime(at) for at in (WILD, THURSDAY))
    for page in warned:
        assert (
            f"The clock says Wednesday 1 Mar 2028, {wild:%H:%M};"
            f" it last ticked on Thursday 26 Nov 2026, {last:%H:%M}."
        ) in page
        assert "The clock is right" in page
    assert "The clock may be wrong" not in after
    assert done == [THURSDAY, WILD + timedelta(minutes=1)]
    event = AuditEvent.objects.get(action="clock.confirmed")
    assert (event.by, event.target) == (who, "common.heartbeat:1")


def test_who_may_not_say_so_sees_it_without_a_button(clock, done, signed_in):
    tick(clock, THURSDAY)
    tick(clock, WILD)
    client = signed_in(person(Role.PMO_ANALYST))

    page = client.get("/jobs/").content.decode()

    assert "The clock may be wrong" in page
    assert "The clock is right" not in page
    assert client.post("/jobs/clock/").status_code == 403
    assert beat() == (THURSDAY, WILD)
