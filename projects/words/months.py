"""The sentences of the pages of months."""

BUDGET_LINE = "Budget line"
FUNDING_SOURCE = "Funding source"
COMMITTED_IN_MONTH = "Committed in the month"
NO_MONTH_CHANGED = "No month was changed."


def file_note(project: object, day: object) -> str:
    return f"{project}. As of {day}."


def months_saved(months: object) -> str:
    return f"{months} saved."
