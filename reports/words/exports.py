"""What a file says of itself: how many projects it holds, of how many, and which."""

from collections.abc import Sequence

from pmo.common.page import formats

WHY_MISSING = "Why amounts are missing"
LONGEST_NAME = 60  # letters of a file's name that say what narrowed it


def held(*, shown: int, total: int, labels: Sequence[str]) -> str:
    """Say what is in a file: "46 projects", or "34 of 46 projects: red, Cardiology"."""
    if not labels:
        return formats.count(total, "project")
    return f"{shown:,} of {formats.count(total, 'project')}: {', '.join(labels)}"


def held_name(title: str) -> str:
    """Shorten that to what a file's name can hold."""
    return (
        title.replace(":", "").replace(", ", " ").replace("“", "").replace("”", "")[:LONGEST_NAME]
    )


def note(title: str, holds: str, moment: str) -> str:
    """Say below the rows whose they are, and what is not in the file."""
    return f"{title}. {holds}. As of {moment}. Projects that ended are not in this file."


def links(*, shown: int, total: int, is_narrow: bool) -> tuple[str, str]:
    """Name the two choices beside a table: what it shows, and all; "" where that is the same."""
    everything = f"All {formats.count(total, 'project')}" if total != 1 else "The project"
    if not is_narrow:
        return everything, ""
    return f"{shown:,} of {formats.count(total, 'project')}, as shown", everything
