"""
The sentences that figures say in the titles of cards, and how numbers are said.

A title states the finding when a rule fires, else the topic. Amounts come in as written text, because
how money is written belongs to the page.
"""

from collections.abc import Sequence

from reports.domain.overspend import FEW, Overspend

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def in_words(count: int) -> str:
    return WORDS[count] if count < len(WORDS) else f"{count:,}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun, small numbers as words: "three projects", "12 projects"."""
    return f"{in_words(count)} {noun if count == 1 else plural or noun + 's'}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def is_or_are(count: int) -> str:
    return "is" if count == 1 else "are"


def counted_figure(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


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
