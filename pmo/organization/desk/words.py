"""What the organization's settings mean, in sentences: one home for its page, form and pictures."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pmo.common.local.currency import OFFERED, Currency
from pmo.common.page import formats
from pmo.organization.bands import GRADES, Bands
from pmo.organization.models import Organization
from pmo.organization.validators import WEEKDAYS

CATEGORY_CHANGED = "This category was changed in the meantime. Check it and try again."
STATUS_CARD = "When a status turns amber or red, and the areas that are judged."
CATEGORIES_CARD = "The kinds of project by which portfolios are filtered and compared."
EDIT_SETTINGS = "Edit settings"
SETTINGS_SUB = (
    "What applies everywhere: on pages, in emails and in exports. A change takes effect at once."
)
ADMINISTRATOR_CHANGES = "An administrator can change them."
SAVE_SETTINGS = "Save settings"
SETTINGS_SAVED = "Settings saved. They apply from now on."
STATUS_SUB = "When a project turns amber or red, and what an update asks about."
RULES_SAVED = (
    "Rules saved. The colors of all projects are being recalculated, which takes a moment. Frozen weeks"
    " and issued documents stay as they are."
)
ALWAYS_ASKED = "Always: the data measures it"
OWN_NUMBERS = "Own numbers"
EDIT_STATUS = "Edit status and colors"
STATUS_AND_COLORS = "Status and colors"
ADD_CATEGORY = "Add category"
CATEGORY_ADDED = "Category added."
SAVE_CATEGORY = "Save category"
CATEGORY_SAVED = "Category saved."

MONTHS = tuple(date(2000, month, 1).strftime("%B") for month in range(1, 13))
EXAMPLES = (Decimal(9500), Decimal(670_000), Decimal(3_300_000), Decimal(-50_000))
SIDES = {False: "Before the amount", True: "After the amount"}

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
    return " · ".join(formats.money(value, money) for value in EXAMPLES)


def place(zone: str) -> str:
    """Name a time zone for readers: "America, New York"."""
    return zone.replace("_", " ").replace("/", ", ")


def time_there(zone: str, now: datetime) -> str:
    """Say what time it is in a zone."""
    there = now.astimezone(ZoneInfo(zone))
    return f"It is {there:%H:%M} there now, {there:%A} {formats.short_day(there)}."


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
        f"Dates from {formats.day(one.earliest_date)} to {formats.count(one.years_ahead, 'year')}"
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
                ("Earliest date", formats.day(one.earliest_date)),
                ("Latest date", f"{formats.count(one.years_ahead, 'year')} from today"),
            ],
            window_sentence(one),
        ),
    ]


def category_used(name: str, *, in_use: bool) -> str:
    if in_use:
        return f"“{name}” is in use again."
    return f"“{name}” is retired: projects that have it keep it."


def percent(share: Decimal) -> str:
    """Write a share in percent with the places it has."""
    return f"{share.normalize():f}%"


def band_rules(bands: Bands, names: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Return each axis that is measured and in use, and from where on it is green, amber and red."""
    days = formats.count(bands.schedule_days, "working day")
    late, too_late = percent(bands.schedule_green), percent(bands.schedule_amber)
    over, too_much = percent(bands.cost_green), percent(bands.cost_amber)
    return [
        (
            names["schedule"],
            f"Late by up to {late} of the planned duration and up to {days}",
            f"Later, up to {too_late}",
            f"Late by more than {too_late}",
        ),
        (
            names["cost"],
            f"Up to {over} over the approved budget",
            f"More, up to {too_much} over",
            f"More than {too_much} over",
        ),
        *([(names["risk"], *_risk_rules(bands))] if "risk" in names else []),
    ]


def _risk_rules(bands: Bands) -> tuple[str, str, str]:
    """Name the grades of the highest open risk that are green, amber and red."""
    names, keys = [name.lower() for name in GRADES.values()], list(GRADES)
    amber, red = keys.index(bands.risk_amber), keys.index(bands.risk_red)
    green_words, amber_words, red_words = (
        f"Highest open risk is {' or '.join(part)}"
        for part in (names[:amber], names[amber:red], names[red:])
    )
    return green_words, amber_words, red_words


def rename_category(name: object) -> str:
    return f"Rename “{name}”"


def bands_named(name: object) -> str:
    return f"Bands: {name}"
