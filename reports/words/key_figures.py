"""
The key figures of a portfolio in words: one way of saying them for page, document, mail and API.

Nothing is counted here and nothing is linked: whoever shows a figure knows where its projects are listed.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pmo.common.page import formats as write
from projects.domain.calendar import fiscal_year_label
from reports.domain.key_figures import KeyFigures, KeyMoney

# what a list can be narrowed to, as its choice says it
SHOWS = (
    ("", "All projects"),
    ("worse", "Got worse"),
    ("better", "Got better"),
    ("silenced", "Stopped reporting"),
    ("resumed", "Reports again"),
    ("disputed", "Data says worse"),
    ("over", "Over budget"),
    ("over_year", "Over this year’s budget"),
    ("slipped", "Finish is late"),
    ("late", "Late milestones"),
    ("risks", "High risks"),
    ("due", "Update missing"),
    ("decisions", "Decision waiting"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How amounts and fiscal years are written, and how the freeze before is called ("" without one)."""

    currency: str
    year_start: int  # month
    since: str = ""
    is_open: bool = False  # the week still runs: what is missing may come

    def year_of(self, fiscal_year: int | None) -> str:
        """Name a fiscal year; "" without one, which is the whole life."""
        return fiscal_year_label(fiscal_year, start_month=self.year_start) if fiscal_year else ""


class KeyFact(NamedTuple):
    """
    A key figure: value, what it is of, how it moved ("worse", "better" or neither).

    `reason` says why there is no value; `shows` names the projects that are counted.
    """

    label: str
    value: str
    of: str
    change: str
    direction: str
    color: str
    reason: str
    icon: str
    shows: str


def since_words(before: date | None, *, is_weekly: bool, is_now: bool = False) -> str:
    """
    Call the freeze before by its week where it is the last one, else by its date.

    "Last week" is true only now; what is read later says "the week before".
    """
    if not is_weekly:
        return write.day(before) if before else ""
    return "last week" if is_now else "the week before"


def key_facts(figures: KeyFigures, voice: Voice) -> tuple[KeyFact, ...]:
    """Return the six key figures as they are read everywhere."""
    before, of = figures.before, f"{figures.projects:,}"
    return (
        _color_fact("red", figures.red, before.red if before else None, of, voice),
        _color_fact("amber", figures.amber, before.amber if before else None, of, voice),
        _cost_fact(figures.money, voice),
        _milestones_fact(figures, voice),
        _risks_fact(figures, voice),
        _updates_fact(figures, voice),
    )


def _fact(label: str, value: str, shows: str, **more: str) -> KeyFact:
    blank = dict.fromkeys(KeyFact._fields, "")
    return KeyFact(**blank | {"label": label, "value": value, "shows": shows} | more)


def _counted_fact(
    label: str, value: int, was: int | None, shows: str, voice: Voice, **more: str
) -> KeyFact:
    """A bad thing that is counted: more of it is worse. `was` None: no freeze before."""
    change, direction = f"Same as {_than(voice.since)}", ""
    if was is None:
        change = "Nothing to compare with yet"
    elif value != was:
        more_or_fewer, direction = ("more", "worse") if value > was else ("fewer", "better")
        change = f"{abs(value - was):,} {more_or_fewer} than {_than(voice.since)}"
    return _fact(label, f"{value:,}", shows, change=change, direction=direction, **more)


def _than(since: str) -> str:
    return f"on {since}" if since[:1].isdigit() else since


def _color_fact(color: str, value: int, was: int | None, of: str, voice: Voice) -> KeyFact:
    label = f"{color.capitalize()} projects"
    return _counted_fact(label, value, was, color, voice, of=of, color=color if value else "")


def _cost_fact(money: KeyMoney | None, voice: Voice) -> KeyFact:
    if money is None:
        reason = "No project has both an approved budget and a forecast cost."
        return _fact("Forecast cost", "", "over", change="No amounts to compare", reason=reason)
    year = voice.year_of(money.fiscal_year)
    label, shows = (f"Forecast cost {year}".rstrip(), "over_year" if money.is_year else "over")
    value = write.money(money.forecast, voice.currency)
    if not money.variance:
        return _fact(label, value, shows, change="On budget")
    over = money.variance > 0
    approved = write.money(money.approved, voice.currency)
    amount = write.money(abs(money.variance), voice.currency)
    # money not spent in one year may only come later: no good news by itself
    under = "" if money.is_year else "better"
    return _fact(
        label,
        value,
        shows,
        change=f"{amount} {'over' if over else 'under'} {approved} budget",
        direction="worse" if over else under,
    )


def _milestones_fact(figures: KeyFigures, voice: Voice) -> KeyFact:
    label, before = "Late milestones", figures.before
    if not figures.with_milestones:
        reason = "No milestone is recorded."
        return _fact(label, "", "late", reason=reason, change="None recorded")
    was = before.milestones_late if before else None
    of = _open(figures.milestones_open)
    return _counted_fact(label, figures.milestones_late, was, "late", voice, of=of)


def _risks_fact(figures: KeyFigures, voice: Voice) -> KeyFact:
    label, before = "High risks", figures.before
    if not figures.with_register:
        reason = "No risk is registered."
        return _fact(label, "", "risks", reason=reason, change="None registered")
    was = before.high_risks if before else None
    of = _open(figures.open_risks)
    return _counted_fact(label, figures.high_risks, was, "risks", voice, of=of)


def _open(count: int | None) -> str:
    return "" if count is None else f"{count:,} open"


def _updates_fact(figures: KeyFigures, voice: Voice) -> KeyFact:
    label = "Updates this week" if voice.is_open else "Updates on time"
    if not figures.reporting:
        reason = "No project owes an update."
        return _fact(label, "", "due", reason=reason, change="None is due")
    missing = figures.update_due
    return _fact(
        label,
        f"{figures.updates_in:,}",
        "due",
        of=f"{figures.reporting:,}",
        change=f"{missing:,} missing" if missing else "None missing",
        direction="worse" if missing and not voice.is_open else "",
        icon="clock" if missing else "",
    )
