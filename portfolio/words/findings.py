"""The sentences of portfolios and objectives: what the counts say."""

from pmo.common.page.formats import counted
from portfolio.selectors import ObjectiveCounts


def portfolios_title(number: int) -> str:
    if not number:
        return "No portfolios yet"
    return counted(
        number,
        "1 portfolio is reviewed, funded and decided on together",
        "{n} portfolios are reviewed, funded and decided on together",
    )


def _hidden(sentence: str, hidden: int) -> str:
    """Close a sentence about projects, with how many of them the reader may not see."""
    return f"{sentence}; {hidden:,} of them hidden from you." if hidden else f"{sentence}."


def portfolio_lede(visible: int, hidden: int) -> str:
    """Say how many projects are in a portfolio, and how many of them the reader may not see."""
    total = visible + hidden
    if not total:
        return "No project is in this portfolio yet."
    sentence = counted(
        total, "1 project is in this portfolio", "{n} projects are in this portfolio"
    )
    return _hidden(sentence, hidden)


def objectives_lede(counts: ObjectiveCounts) -> str:
    """Say which part of the strategy no active project serves."""
    if not counts.total:
        return "No objectives yet."
    if not counts.unserved:
        return counted(
            counts.total,
            "The only objective is served by an active project.",
            "Each of the {n} objectives is served by an active project.",
        )
    if counts.total == 1:
        return "The only objective is served by no active project."
    return counted(
        counts.unserved,
        f"1 of {counts.total:,} objectives is served by no active project.",
        f"{{n}} of {counts.total:,} objectives are served by no active project.",
    )


def objective_lede(visible: int, hidden: int) -> str:
    """Say how many active projects serve an objective, and how many of them are hidden."""
    total = visible + hidden
    if not total:
        return "No active project serves this objective."
    sentence = counted(
        total, "1 active project serves this objective", "{n} active projects serve this objective"
    )
    return _hidden(sentence, hidden)


def panel_title(alignments: int) -> str:
    if not alignments:
        return "Serves no objective yet"
    return counted(alignments, "Serves 1 objective", "Serves {n} objectives")
