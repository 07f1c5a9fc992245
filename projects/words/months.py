"""The sentences of the pages of months."""

BUDGET_LINE = "Budget line"
FUNDING_SOURCE = "Funding source"
COMMITTED_IN_MONTH = "Committed in the month"
NO_MONTH_CHANGED = "No month was changed."


def months_of(year: object) -> str:
    """Name the months of one fiscal year, or all ("")."""
    return f"Months of {year}" if year else "All months"


def file_note(project: object, year: object, day: object) -> str:
    """Say below the rows of a file whose months they are, and of which fiscal year."""
    return f"{project}. {months_of(year)}. As of {day}."


def months_saved(months: object) -> str:
    return f"{months} saved."
