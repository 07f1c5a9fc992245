"""
The sentences that figures say: the first line of a page and the titles of its cards.

A title states the finding when a rule fires, else the topic. Amounts come in as written text, because
how money is written belongs to the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.domain.overspend import FEW, Overspend

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencePart:
    """A piece of a sentence; `place` is the part of the page that it leads to."""

    text: str
    is_strong: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """How declared colors moved since the freeze before; `since` is "last week" or a date."""

    worse: int
    better: int
    since: str
    silenced: int = 0  # reported then, and not now


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyFinding:
    """The forecast's distance from the approved budget: written amount, written share, side."""

    amount: str
    share: str
    is_over: bool
    year: str = ""  # of one fiscal year only, "FY2026/27"


def in_words(count: int) -> str:
    return WORDS[count] if count < len(WORDS) else f"{count:,}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun, small numbers as words: "three projects", "12 projects"."""
    return f"{in_words(count)} {noun if count == 1 else plural or noun + 's'}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def is_or_are(count: int) -> str:
    return "is" if count == 1 else "are"


def lede(
    *,
    projects: int,
    red: int,
    amber: int,
    silent: int,
    movement: Movement | None,
    money: MoneyFinding | None,
    overspend: Overspend,
    disputed: int,
    decisions: int,
) -> tuple[SentencePart, ...]:
    """Say the state of a portfolio in the order of what a director asks; None parts are left out."""
    parts = [SentencePart(text=_state(projects, red, amber, silent), is_strong=True)]
    if movement:
        parts.append(SentencePart(text=" " + _moved(movement)))
    if money:
        parts += _money(money, overspend)
    if disputed:
        text = f" In {counted(disputed, 'project')} the data says worse than the report."
        parts.append(SentencePart(text=text))
    if decisions:
        parts += [
            SentencePart(text=" "),
            SentencePart(text=capital(counted(decisions, "decision")), place="decisions"),
            SentencePart(text=f" {is_or_are(decisions)} waiting."),
        ]
    return tuple(parts)


def _state(projects: int, red: int, amber: int, silent: int) -> str:
    if red:
        return f"{red:,} of {counted_figure(projects, 'project')} {is_or_are(red)} red."
    if projects and silent == projects:
        return f"None of {counted_figure(projects, 'project')} has a current report."
    if amber:
        return f"No project is red; {amber:,} of {projects:,} {is_or_are(amber)} amber."
    if silent:
        return f"No project is red or amber; {silent:,} of {projects:,} without a current report."
    return f"All {counted_figure(projects, 'project')} are green." if projects > 1 else "Green."


def counted_figure(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _moved(movement: Movement) -> str:
    since = f"since {movement.since}"
    parts = [
        f"{in_words(count)} {did}"
        for count, did in (
            (movement.worse, "got worse"),
            (movement.better, "got better"),
            (movement.silenced, "stopped reporting"),
        )
        if count
    ]
    if not parts:
        return f"No color changed {since}."
    first, *rest = parts
    return capital(
        f"{', '.join([f'{first} {since}', *rest[:-1]])}{''.join(f' and {x}' for x in rest[-1:])}."
    )


def _money(money: MoneyFinding, overspend: Overspend) -> list[SentencePart]:
    side = "over" if money.is_over else "under"
    parts = [
        SentencePart(text=f" Forecast cost {f'in {money.year} ' if money.year else ''}is "),
        SentencePart(text=f"{money.amount} {side} budget", is_strong=True),
    ]
    causes = overspend.causes
    tail = f", most of it from {counted(causes, 'project')}" if causes else ""
    parts.append(SentencePart(text=f" ({money.share}){tail if money.is_over else ''}."))
    return parts


def cost_title(overspend: Overspend, *, year: str = "") -> str:
    """Title the chart of overspends, of the whole life or of one fiscal year."""
    return f"{_cost_title(overspend)} in {year}" if year else _cost_title(overspend)


def _cost_title(overspend: Overspend) -> str:
    if not overspend.comparable:
        return "Forecast against approved budget"
    if not overspend.over:
        return "No project is forecast over its budget"
    if causes := overspend.causes:
        verb = "causes" if causes == 1 else "cause"
        return f"{capital(counted(causes, 'project'))} {verb} most of the overspend"
    if overspend.over <= FEW:
        verb = "causes" if overspend.over == 1 else "cause"
        return f"{capital(counted(overspend.over, 'project'))} {verb} the overspend"
    return f"{capital(counted(overspend.over, 'project'))} are forecast over budget"


def schedule_title(*, dated: int, late: int) -> str:
    """Title the timeline; `dated` is how many have both a planned and a forecast finish."""
    if not dated:
        return "Planned and forecast finish"
    if not late:
        return "No project finishes later than planned"
    verb = "finishes" if late == 1 else "finish"
    return f"{capital(counted(late, 'project'))} {verb} later than planned"


def risk_title(*, open_risks: int, high: int) -> str:
    if not open_risks:
        return "No open risk is registered"
    if not high:
        return "No high risk is open"
    return f"{capital(counted(high, 'high risk'))} {is_or_are(high)} open"


def risk_sub(code: str, name: str, score: int) -> str:
    """Say under a risk whose it is, and how high."""
    return f"{code} {name}, score {score}"


def decision_title(decisions: int, *, overdue: int) -> str:
    if not decisions:
        return "No decision is waiting"
    text = f"{capital(counted(decisions, 'decision'))} {is_or_are(decisions)} waiting"
    return f"{text}, {in_words(overdue)} past the date" if overdue else text


def group_title(*, noun: str, over: int, groups: int, worst: str, amount: str) -> str:
    """Title a comparison of groups, for example units; `amount` is the worst one's, as written."""
    if not groups:
        return f"Forecast against approved budget by {noun}"
    if not over:
        return f"No {noun} is forecast over its budget"
    if over == 1:
        return f"{worst} alone is forecast over budget, by {amount}"
    return f"{worst} is furthest over budget, by {amount}"


def course_sentence(*, first: str, last: str, moved_days: int | None, moved_money: str) -> str:
    """Say how one project's forecast moved over its freezes; None and "" are not known."""
    said = []
    if moved_days is not None:
        said.append(
            "the forecast finish has not moved"
            if moved_days == 0
            else f"the forecast finish moved {counted_figure(abs(moved_days), 'day')}"
            f" {'later' if moved_days > 0 else 'earlier'}"
        )
    if moved_money:
        said.append(f"the forecast cost moved by {moved_money}")
    if not said:
        return f"From {first} to {last} neither dates nor money are known."
    return f"From {first} to {last} {' and '.join(said)}."


def listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def dispute_title(
    *, worse: Sequence[str], better: Sequence[str], reported: int, measured: int
) -> str:
    """Title declared beside measured; `worse` and `better` name the axes where the data disagrees."""
    if not measured:
        return "Nothing could be measured yet"
    if not reported:
        return "No report to compare with the data"
    if worse:
        return f"The data says worse on {listed(worse)}"
    if better:
        return f"The data says better on {listed(better)}"
    return "The report and the data agree"
