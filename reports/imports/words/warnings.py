"""What an importer should know before anything is written: right to import and easy to regret."""

from pmo.common.page import formats
from projects.domain.stages import ACTIVE, Stage


def never_reports(stage: Stage, amount: int) -> str:
    """Say that new projects of this stage are never asked for an update."""
    verb = "arrives" if amount == 1 else "arrive"
    projects = formats.count(amount, "project")
    if stage in ACTIVE:
        return (
            f"{projects} {verb} in the stage {stage.label}: no weekly update is due until the stage"
            " changes."
        )
    return (
        f"{projects} {verb} in the stage {stage.label}: no weekly update is due, and no summary shows"
        " them."
    )


def without_ask(red: int) -> str:
    """Say how many red projects come without an ask; "" for none."""
    if not red:
        return ""
    if red == 1:
        return "The file does not say what help 1 red project needs; its next update asks for it."
    return (
        f"The file does not say what help {red:,} red projects need; their next updates ask for it."
    )


def colors(counts: dict[str, int]) -> str:
    """Say how many rows have each color, worst first."""
    return ", ".join(
        f"{counts[color]:,} {formats.color_word(color)}"
        for color in formats.WORST_FIRST
        if counts.get(color)
    )
