"""The sentences of lessons."""

from collections.abc import Sequence

from pmo.common.page.formats import counted, listing

LESSONS = "Lessons"
ADD = "Add lesson"
ADDED = "Lesson added. Projects of this kind find it when they start."
EDIT = "Edit lesson"
SAVE = "Save lesson"
SAVED = "Lesson saved."
REMOVE = "Remove lesson"
REMOVED = "Lesson removed."
REMOVE_NOTE = "It is no longer found by other projects. It stays in the audit trail."


def remove_asked(title: object) -> str:
    return f"Remove “{title}”?"


def lede(total: int) -> str:
    if not total:
        return "No lesson is recorded yet. Projects record them at their gates and when they close."
    return counted(
        total,
        "1 lesson is recorded. It is shown when a project of the same template starts.",
        "{n} lessons are recorded. They are shown when a project of the same template starts.",
    )


def panel_title(number: int) -> str:
    if not number:
        return "No lesson recorded yet"
    return counted(number, "1 lesson recorded", "{n} lessons recorded")


def asked(moment: str) -> str:
    """Ask for what was learned, at a gate or by the whole project."""
    if moment:
        return f"What would you tell the next project of this kind about {moment}?"
    return (
        "Record what you would tell the next project of this kind, at each gate and when it closes."
    )


def without(gates: Sequence[str]) -> str:
    """Say which gates were passed without a lesson; "" for none."""
    if not gates:
        return ""
    if len(gates) == 1:
        return f"{gates[0]} is passed, and no lesson is recorded at it."
    return f"{listing(gates)} are passed, and no lesson is recorded at them."
