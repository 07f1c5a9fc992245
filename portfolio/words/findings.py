"""The sentences of portfolios and objectives: what the counts say."""

from pmo.common.page.figures import count
from portfolio.selectors import ObjectiveCounts


def portfolios_title(number: int) -> str:
    if not number:
        return "No portfolio yet"
    verb = "is" if number == 1 else "are"
    return f"{count(number, 'portfolio')} {verb} looked at, funded and decided on together"


def portfolio_lede(visible: int, hidden: int) -> str:
    """Say how many projects are in a portfolio, and how many of them the reader may not see."""
    total = visible + hidden
    if not total:
        return "No project is in this portfolio yet."
    verb = "is" if total == 1 else "are"
    words = f"{count(total, 'project')} {verb} in this portfolio"
    return f"{words}; {hidden:,} of them hidden from you." if hidden else f"{words}."


def objectives_lede(counts: ObjectiveCounts) -> str:
    """Say which part of the strategy nobody works on."""
    if not counts.total:
        return "No objective is written down yet."
    if not counts.unserved:
        if counts.total == 1:
            return "The only objective is served by an active project."
        return f"Each of the {counts.total:,} objectives is served by an active project."
    verb = "is" if counts.unserved == 1 else "are"
    of = count(counts.total, "objective")
    return f"{counts.unserved:,} of {of} {verb} served by no active project."


def objective_lede(visible: int, hidden: int) -> str:
    """Say how many active projects serve an objective, and how many of them are hidden."""
    total = visible + hidden
    if not total:
        return "No active project serves this objective."
    verb = "serves" if total == 1 else "serve"
    words = f"{count(total, 'active project')} {verb} this objective"
    return f"{words}; {hidden:,} of them hidden from you." if hidden else f"{words}."


def panel_title(alignments: int) -> str:
    if not alignments:
        return "Serves no objective yet"
    return f"Serves {count(alignments, 'objective')}"
