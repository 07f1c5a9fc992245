"""The sentences of the page that says whose updates are in."""

from pmo.common.page import figures

REMINDERS_QUEUED = "Reminders are on their way: one a day to each manager."


def reminded(project: object, reminders: int, *, before: bool) -> str:
    """Say that reminders go out, or that today's was sent before."""
    if before:
        return f"{project}: a reminder was sent today already."
    return f"{project}: {figures.count(reminders, 'reminder')} on the way."


def missing_updates(late: object) -> str:
    return f"Missing updates are {late}."
