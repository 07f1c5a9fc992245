"""
Another day and another zone for a run of the suite: `pytest --today 2028-02-29 --zone Asia/Kolkata`.

`drawn` takes both from the commit's hash, the day within three years of the commit: a commit is always
tested on the same day, and what depends on the calendar turns red here before it does at a user's.
What leans on a clock that cannot be moved keeps the true day and is named below, with the reason.
"""

import os
import random
import subprocess
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
import time_machine
from django.conf import settings
from django.test import override_settings

ROOT = Path(__file__).parent.parent
DRAWN = "drawn"
YEARS_AHEAD = 3
# with an hour at which UTC has another date, or nearly so: there a local day is easily mistaken
HOURS = {
    "America/New_York": time(20, 30),
    "America/Los_Angeles": time(20, 30),
    "Europe/London": time(0, 30),
    "Asia/Kolkata": time(4, 30),
    "Pacific/Auckland": time(8, 30),
}
NOON = time(12)
TRUE_DAY = {
    "tests/browser": "Chromium, and the server that it talks to, have the machine's clock",
    "tests/pmo/common/background/test_run.py": "starts the whole program, whose processes have the machine's clock",
    "tests/pmo/common/background/test_supervisor.py": "starts processes, and measures how long they live",
    "tests/pmo/common/records/test_turns.py": "starts processes, and measures how long they wait",
}


def git(*words: str) -> str:
    """Return what git answers, or nothing where there is none."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def drawn() -> tuple[date, str]:
    """Return the commit's day and zone; without a commit today, and UTC."""
    commit = git("rev-parse", "HEAD")
    if not commit:
        return date.today(), "UTC"  # noqa: DTZ011 - the machine's own day is meant
    return draw(commit, date.fromisoformat(git("show", "-s", "--format=%cs", commit)))


def draw(commit: str, made_on: date) -> tuple[date, str]:
    """Return a day within three years of the commit's, and a zone: the same for the same commit."""
    chance = random.Random(commit)  # noqa: S311 - nothing secret
    last = made_on.replace(year=made_on.year + YEARS_AHEAD, day=min(made_on.day, 28))
    day = made_on + timedelta(days=chance.randint(1, (last - made_on).days))
    return day, chance.choice(sorted(HOURS))


class Calendar:
    """The day and the zone of a run; None is the machine's own, and that of the settings."""

    def __init__(self, day: date | None, zone: str | None) -> None:
        self.day = day
        self.zone = zone
        self.travel: time_machine.travel | None = None
        self.overridden = override_settings(TIME_ZONE=zone) if zone else None

    def begin(self) -> None:
        if self.overridden and self.zone:
            # for what is started from here, workers among it; the settings are read already
            os.environ["TIME_ZONE"] = self.zone
            self.overridden.enable()
        self.set_out()

    def end(self) -> None:
        self.come_back()
        if self.overridden:
            self.overridden.disable()

    def set_out(self) -> None:
        if self.day:
            zone = ZoneInfo(settings.TIME_ZONE)
            at = datetime.combine(self.day, HOURS.get(zone.key, NOON), tzinfo=zone)
            self.travel = time_machine.travel(at.timestamp(), tick=True)
            self.travel.start()

    def come_back(self) -> None:
        if self.travel:
            self.travel.stop()
            self.travel = None


CALENDAR = pytest.StashKey[Calendar]()


def pytest_addoption(parser):
    group = parser.getgroup("calendar", "the day and the zone of the run")
    group.addoption("--today", metavar="YYYY-MM-DD", help="the day it is, or `drawn`")
    group.addoption("--zone", metavar="NAME", help="the organization's time zone, or `drawn`")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    config.addinivalue_line("markers", "true_day(reason): keeps the machine's day, for the reason")
    option = config.option
    if DRAWN in (option.today, option.zone):
        day, zone = drawn()
        # said outright: the workers take over what is said here
        option.today = day.isoformat() if option.today == DRAWN else option.today
        option.zone = zone if option.zone == DRAWN else option.zone
    config.stash[CALENDAR] = calendar = Calendar(_day(option.today), _zone(option.zone))
    calendar.begin()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise pytest.UsageError(f"--today takes YYYY-MM-DD or `drawn`, not {text}.") from error


def _zone(name: str | None) -> str | None:
    if name and name not in available_timezones():
        raise pytest.UsageError(f"--zone takes a zone's name or `drawn`, not {name}.")
    return name or None


def pytest_unconfigure(config):
    if calendar := config.stash.get(CALENDAR, None):
        calendar.end()


def pytest_report_header(config):
    day, zone = config.option.today, config.option.zone
    said = [f"demo: loaded for {drawn()[0]} too, the day drawn from the commit"]
    if day or zone:
        again = " ".join([*([f"TODAY={day}"] if day else []), *([f"ZONE={zone}"] if zone else [])])
        said.append(
            f"calendar: {day or 'today'} in {settings.TIME_ZONE}; again with: make test {again}"
        )
    return said


def true_day_of(item) -> str:
    """Return why a test keeps the machine's day; empty when it does not."""
    marker = item.get_closest_marker("true_day")
    if marker:
        return marker.args[0]
    path = f"{item.nodeid.partition('::')[0]}/"
    return next((why for name, why in TRUE_DAY.items() if path.startswith(f"{name}/")), "")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    calendar = item.config.stash[CALENDAR]
    if not (calendar.travel and true_day_of(item)):
        return (yield)
    calendar.come_back()
    try:
        return (yield)
    finally:
        calendar.set_out()
