"""The sentences of the pages of working calendars."""

from calendar import day_name

ADD_CALENDAR = "Add calendar"
CALENDAR_ADDED = "Calendar added."
EDIT_CALENDAR = "Edit calendar"
SAVE_CALENDAR = "Save calendar"
CALENDAR_SAVED = "Calendar saved. Plans that use it are recalculated."
REMOVE_CALENDAR_NOTE = (
    "Only a calendar that no plan uses can be removed. The audit trail keeps what it said."
)
REMOVE_CALENDAR = "Remove calendar"


def week_words(weekdays: str) -> str:
    worked = [name for name, mark in zip(day_name, weekdays, strict=True) if mark == "1"]
    if len(worked) == len(day_name):
        return "Every day"
    first, last = weekdays.find("1"), weekdays.rfind("1")
    if last - first + 1 == len(worked) and len(worked) > 2:  # noqa: PLR2004 - two days are named
        return f"{worked[0]} to {worked[-1]}"
    return ", ".join(worked)


def remove_calendar_asked(calendar: object) -> str:
    return f"Remove the calendar “{calendar}”?"


def calendar_removed(calendar: object) -> str:
    return f"Calendar “{calendar}” removed."
