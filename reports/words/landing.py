"""Where projects will land, in calm sentences: the money and what challenges it, the dates, the doubt."""

from decimal import Decimal

from pmo.common.page import formats
from projects.domain.earning.finishes import Finishes
from projects.domain.earning.indices import Method
from projects.domain.earning.memory import LEAST_PROJECTS, Accuracy, MissBand
from projects.domain.earning.rollup import EarnedRollup
from reports.domain.landing import LandingHeadline, LandingSum

REASONS = 3
METHODS = {
    Method.CPI: "at current cost efficiency (CPI)",
    Method.RATE: "with the rest at budget",
    Method.BUDGET: "at the approved plan",
    Method.DONE: "at actual cost, all work done",
}


def landing_lines(found: LandingSum, currency: str) -> tuple[tuple[str, str], ...]:
    """Return the sentences of a document, each with what it is about; the first is the headline."""
    challenge = f"{challenge_line(found.headline, currency)} {basis_line(found.rollup)}"
    return (
        ("Cost", headline_line(found.headline, currency)),
        ("Calculated", challenge.strip()),
        ("Finish", finish_line(found.finishes)),
        ("Earlier forecasts", memory_line(found.memory)),
    )


def headline_line(found: LandingHeadline, currency: str) -> str:
    """Say where the money will land: the managers' forecast against the approved budget, of whom."""
    if found.variance is None:
        return "No project has both an approved budget and a forecast cost."
    projects = formats.count(found.projects, "project")
    of = projects if found.compared == found.projects else f"{found.compared:,} of {projects}"
    verb = "is" if 1 in {found.projects, found.compared} else "are"
    forecast, approved = (
        formats.money(value, currency) for value in (found.forecast, found.approved)
    )
    if not found.variance:
        return f"{of} {verb} forecast to cost {forecast}, exactly the approved budget."
    gap = formats.money(abs(found.variance), currency)
    side = "over" if found.variance > 0 else "under"
    share = "" if found.share is None else f" ({formats.signed_percent(found.share)})"
    return (
        f"{of} {verb} forecast to cost {forecast}: {gap} {side} the approved budget of"
        f" {approved}{share}."
    )


def challenge_line(found: LandingHeadline, currency: str) -> str:
    """Say what earned value calculates, and how far that is from what the managers forecast."""
    if found.eac is None:
        return (
            "Earned value cannot calculate where the money will land: no project has all it needs."
        )
    low, high = (formats.money(value, currency) for value in (found.eac_low, found.eac_high))
    span = "" if low == high else f" (range {low} to {high})"
    head = (
        f"Earned value calculates {formats.money(found.eac, currency)}{span} for"
        f" {formats.count(found.calculated, 'project')}"
    )
    if found.gap is None:
        return f"{head}."
    whose = "their managers forecast"
    if found.challenged != found.calculated:
        whose = f"the managers of {found.challenged:,} of them forecast"
    if not found.gap:
        return f"{head}, exactly what {whose}."
    more = "more" if found.gap > 0 else "less"
    return f"{head}, {formats.money(abs(found.gap), currency)} {more} than {whose}."


def basis_line(found: EarnedRollup) -> str:
    """Say how the estimate was made, and what it leaves out."""
    return f"{_methods(found)}{_out_of_date(found)}{_left_out(found)}".strip()


def _methods(found: EarnedRollup) -> str:
    """Say how the estimates were made; by which method for how many where there are several."""
    if not found.methods:
        return ""
    (first, count), *others = found.methods
    if not others:
        return f" Method: {METHODS[first]}."
    named = [f"{formats.count(count, 'project')} {METHODS[first]}"]
    named += [f"{number:,} {METHODS[method]}" for method, number in others]
    return f" Method: {', '.join(named)}."


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
    tail = f", and {formats.count(rest, 'more reason')}" if rest else ""
    projects = formats.count(found.excluded, "project")
    return f" {projects[:1].upper()}{projects[1:]} cannot be calculated: {', '.join(shown)}{tail}."


def finish_line(found: Finishes) -> str:
    """Say how late the median project comes as forecast and at its pace, and who is furthest late."""
    if found.forecast is None or found.at_pace is None or found.furthest_date is None:
        return f"How late the projects will finish is not known. {found.reason}"
    forecast, pace = (whole(days) for days in (found.forecast, found.at_pace))
    on, late = formats.day(found.furthest_date), formats.slip(found.furthest_days)
    if found.counted == 1:
        return _of(
            found,
            f"{found.furthest} is forecast {formats.slip(forecast)}; at its current pace it would"
            f" finish on {on}, {late}.",
        )
    return _of(
        found,
        f"The median project is forecast {formats.slip(forecast)}; at its current pace it would"
        f" finish {formats.slip(pace)}. Furthest from its plan is {found.furthest}: {late}, on {on}.",
    )


def _of(found: Finishes, said: str) -> str:
    """Say from how many projects, where not from all."""
    if found.counted == found.projects:
        return said
    return f"{said} From {found.counted:,} of {formats.count(found.projects, 'project')}."


def memory_line(found: Accuracy) -> str:
    """Say how far forecasts of finished projects were off, in money and in days."""
    days = found.days
    cost = memory_sentence(found.cost)
    if days.median is None or days.low is None or days.high is None:
        return cost
    low, middle, high = (_later(value) for value in (days.low, days.median, days.high))
    band = f"80% finished between {low} and {high} than forecast (median {middle})."
    if found.cost.median is not None and found.cost.is_lent == days.is_lent:
        return f"{cost} {band}"
    return f"{cost} Of {_whose(days)}, {band}"


def _later(days: Decimal) -> str:
    amount = formats.number(abs(days), 0)
    return f"{amount} {'day' if amount == '1' else 'days'} {'earlier' if days < 0 else 'later'}"


def _dearer(share: Decimal) -> str:
    return f"{formats.percent(abs(share))} {'under' if share < 0 else 'over'}"


def _whose(band: MissBand) -> str:
    if band.is_lent:
        return f"all {band.projects:,} finished projects that you can see"
    return formats.count(band.projects, "finished project")


def memory_sentence(band: MissBand) -> str:
    """Say how far cost forecasts of finished projects were off and of whose, or why nobody can say."""
    if band.median is None or band.low is None or band.high is None:
        return f"We cannot yet say how accurate such forecasts are. {band.reason}"
    low, middle, high = (_dearer(share) for share in (band.low, band.median, band.high))
    off = f"80% cost between {low} and {high} their forecast (median {middle})."
    if band.is_lent:
        return (
            f"Fewer than {LEAST_PROJECTS} finished projects here have such forecasts."
            f" Of all {band.projects:,} that you can see, {off}"
        )
    return f"Of {_whose(band)}, {off}"


def whole(days: Decimal) -> int:
    """Return whole days; half a day counts as one."""
    return int(formats.rounded(days, 0))


def lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
