"""Where projects will land, in calm sentences: one for the money, one for the dates, one for the doubt."""

from decimal import Decimal

from pmo.common.page import figures
from projects.domain.earning.finishes import Finishes
from projects.domain.earning.memory import LEAST_PROJECTS, Accuracy, MissBand
from projects.domain.earning.rollup import EarnedRollup, Estimate
from reports.domain.landing import LandingSum

REASONS = 3


def landing_lines(found: LandingSum, currency: str) -> tuple[tuple[str, str], ...]:
    """Return the three sentences of a document, each with what it is about."""
    return (
        ("Cost", cost_line(found.rollup, currency)),
        ("Finish", finish_line(found.finishes)),
        ("Earlier forecasts", memory_line(found.memory)),
    )


def cost_line(found: EarnedRollup, currency: str) -> str:
    """Say what the projects will cost against their approved plans, how that was estimated, of whom."""
    return f"{estimate_line(found.estimate, currency)} {basis_line(found)}".strip()


def basis_line(found: EarnedRollup) -> str:
    """Say how the estimate was made, and what it leaves out."""
    return f"{_methods(found)}{_out_of_date(found)}{_left_out(found)}".strip()


def estimate_line(found: Estimate, currency: str) -> str:
    """Say in one sentence what the projects will cost against their approved plans."""
    if found.eac is None:
        return "What the projects will cost cannot be estimated."

    def money(value: Decimal | None) -> str:
        return figures.money(value, currency)

    over = found.eac - (found.budget or Decimal())
    side = f"{money(abs(over))} {'over' if over > 0 else 'under'}" if over else "as"
    plans = "the approved plans" if over else "in the approved plans"
    together = "Together " if found.counted > 1 else ""
    low, high = money(found.eac_low), money(found.eac_high)
    span = "" if low == high else f"; between {low} and {high}"
    projects = figures.count(found.projects, "project")
    counted = projects if found.counted == found.projects else f"{found.counted:,} of {projects}"
    return f"{together}{counted} will cost {money(found.eac)}, {side} {plans}{span}."


def _methods(found: EarnedRollup) -> str:
    """Say how the estimates were made; by which method for how many where there are several."""
    if len(found.methods) == 1:
        return f" Estimated: {lower(found.methods[0][0].label)}."
    named = ", ".join(f"{lower(method.label)} ({count:,})" for method, count in found.methods)
    return f" Estimated: {named}." if named else ""


def _out_of_date(found: EarnedRollup) -> str:
    if not found.out_of_date:
        return ""
    one = found.out_of_date == 1
    head = "One manager’s forecast is" if one else f"{found.out_of_date:,} managers’ forecasts are"
    return f" {head} below what is spent already and left out of the range."


def _left_out(found: EarnedRollup) -> str:
    if not found.excluded:
        return ""
    shown = [f"{reason.rstrip('.')} ({count:,})" for reason, count in found.left_out[:REASONS]]
    rest = len(found.left_out) - len(shown)
    tail = f", and {figures.count(rest, 'more reason')}" if rest else ""
    projects = figures.count(found.excluded, "project")
    return f" {projects[:1].upper()}{projects[1:]} cannot be counted: {', '.join(shown)}{tail}."


def finish_line(found: Finishes) -> str:
    """Say how late the middle project comes as forecast and at its pace, and who is furthest behind."""
    if found.forecast is None or found.at_pace is None or found.furthest_date is None:
        return f"How late the projects will finish is not known. {found.reason}"
    forecast, pace = (figures.slip(whole(days)) for days in (found.forecast, found.at_pace))
    on, behind = figures.day(found.furthest_date), figures.slip(found.furthest_days)
    if found.counted == 1:
        head = f"{found.furthest} finishes {forecast} as forecast; at its pace so far on {on}, {behind}."
    else:
        head = (
            f"The middle project finishes {forecast} as forecast, {pace} at the pace so far;"
            f" furthest behind is {found.furthest}: {behind}, on {on}."
        )
    counted, projects = f"{found.counted:,}", figures.count(found.projects, "project")
    return head if found.counted == found.projects else f"{head} From {counted} of {projects}."


def memory_line(found: Accuracy) -> str:
    """Say how far forecasts of finished projects were off, in money and in days."""
    days = found.days
    cost = memory_sentence(found.cost)
    if days.median is None or days.low is None or days.high is None:
        return cost
    low, middle, high = (_later(value) for value in (days.low, days.median, days.high))
    band = f"finished between {low} and {high} than forecast, the middle one {middle}."
    if found.cost.median is not None and found.cost.is_lent == days.is_lent:
        return f"{cost} Four in five {band}"
    return f"{cost} Of {_whose(days)}, four in five {band}"


def _later(days: Decimal) -> str:
    amount = figures.number(abs(days), 0)
    return f"{amount} {'day' if amount == '1' else 'days'} {'earlier' if days < 0 else 'later'}"


def _dearer(share: Decimal) -> str:
    return f"{figures.percent(abs(share))} {'less' if share < 0 else 'more'}"


def _whose(band: MissBand) -> str:
    if band.is_lent:
        return f"all {band.projects:,} finished projects that you can see"
    return figures.count(band.projects, "finished project")


def memory_sentence(band: MissBand) -> str:
    """Say how far cost forecasts of finished projects were off and of whose, or why nobody can say."""
    if band.median is None or band.low is None or band.high is None:
        return f"How far such forecasts are off is not known yet. {band.reason}"
    low, middle, high = (_dearer(share) for share in (band.low, band.median, band.high))
    off = f"four in five cost between {low} and {high} than forecast, the middle one {middle}."
    if band.is_lent:
        return (
            f"Fewer than {LEAST_PROJECTS} finished projects of this portfolio have such forecasts."
            f" Of all {band.projects:,} that you can see, {off}"
        )
    return f"Of {_whose(band)}, {off}"


def whole(days: Decimal) -> int:
    """Return whole days; half a day counts as one."""
    return int(figures.rounded(days, 0))


def lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
