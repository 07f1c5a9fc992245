"""What the organization's settings mean, in sentences: one home for its page, form and pictures."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pmo.common.local.currency import OFFERED, Currency
from pmo.common.page import figures
from pmo.organization.models import Organization
from pmo.organization.validators import WEEKDAYS

MONTHS = tuple(date(2000, month, 1).strftime("%B") for month in range(1, 13))
EXAMPLES = (Decimal(9500), Decimal(670_000), Decimal(3_300_000), Decimal(-50_000))
SIDES = {False: "Before the amount", True: "Behind the amount"}

# a day and the first month of the fiscal year -> the year's name, such as "FY2026/27"
NameYear = Callable[[date, int], str]
_named: list[NameYear] = []


class Section(NamedTuple):
    """A part of the settings: what it says, and a sentence of what follows from it."""

    key: str
    title: str
    facts: list[tuple[str, str]]
    sentence: str


def name_years_by(name: NameYear) -> None:
    """Say how fiscal years are called; they are counted above this wing."""
    _named[:] = [name]


def year_sentence(start_month: int, today: date) -> str:
    """Say which fiscal year it is."""
    return f"This year is {_named[0](today, start_month)}." if _named else ""


def year_from(start_month: int, today: date) -> str:
    """Name a month with what follows from it: "July (this year is then FY2026/27)"."""
    month = MONTHS[start_month - 1]
    return f"{month} (this year is then {_named[0](today, start_month)})" if _named else month


def currency_name(sign: str) -> str:
    """Name a currency that is offered: "US dollar ($)"; another is its own name."""
    names = {one.sign: one.name for one in OFFERED}
    return f"{names[sign]} ({sign})" if sign in names else sign


def amounts(money: Currency) -> str:
    """Write some amounts as pages do."""
    return " · ".join(figures.money(value, money) for value in EXAMPLES)


def place(zone: str) -> str:
    """Name a time zone for readers: "America, New York"."""
    return zone.replace("_", " ").replace("/", ", ")


def time_there(zone: str, now: datetime) -> str:
    """Say what time it is in a zone."""
    there = now.astimezone(ZoneInfo(zone))
    return f"It is {there:%H:%M} there now, {there:%A} {figures.short_day(there)}."


def week_sentence(one: Organization) -> str:
    """Say the week's rhythm in one sentence."""
    return (
        f"Updates are due {WEEKDAYS[one.due_weekday]} {one.due_time:%H:%M};"
        f" the week is frozen at the end of {WEEKDAYS[one.freeze_weekday]};"
        f" the summary is drafted {WEEKDAYS[one.compile_weekday]} {one.compile_time:%H:%M}."
    )


def window_sentence(one: Organization) -> str:
    """Say which dates are taken as they are."""
    return (
        f"Dates from {figures.day(one.earliest_date)} to {figures.count(one.years_ahead, 'year')}"
        " from today are taken as they are; others are asked about."
    )


def sections(one: Organization, *, now: datetime) -> list[Section]:
    """Return all settings as facts, in the order of the page."""
    month = one.fiscal_year_start_month
    return [
        Section("name", "Name", [("Organization", one.name)], ""),
        Section(
            "money",
            "Money",
            [
                ("Currency", currency_name(one.currency)),
                ("Written", SIDES[one.currency_after]),
                ("Looks like", amounts(one.money)),
            ],
            "",
        ),
        Section(
            "year",
            "Fiscal year",
            [("Starts in", MONTHS[month - 1])],
            year_sentence(month, now.date()),
        ),
        Section(
            "zone",
            "Time zone",
            [("Place", place(one.time_zone))],
            time_there(one.time_zone, now),
        ),
        Section(
            "week",
            "The week’s rhythm",
            [
                ("Updates are due", f"{WEEKDAYS[one.due_weekday]}, {one.due_time:%H:%M}"),
                ("People are reminded", f"That day, {one.remind_time:%H:%M}"),
                ("The week is frozen", f"At the end of {WEEKDAYS[one.freeze_weekday]}"),
                (
                    "The summary is drafted",
                    f"{WEEKDAYS[one.compile_weekday]}, {one.compile_time:%H:%M}",
                ),
            ],
            week_sentence(one),
        ),
        Section(
            "dates",
            "Dates that make sense",
            [
                ("Earliest date", figures.day(one.earliest_date)),
                ("Latest date", f"{figures.count(one.years_ahead, 'year')} from today"),
            ],
            window_sentence(one),
        ),
    ]
