"""What the set-up and the list to the first summary tell."""

from pmo.common.page import formats
from pmo.organization.models import Organization

DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
SET_UP = "Rounds is set up, and you are signed in."
LIST_HIDDEN = "The list is hidden. You can find it again in the office."

NO_UNITS = (
    "Units are the hospitals, departments and wards that projects belong to. An import offers those"
    " that it finds in your spreadsheet."
)
NO_LEAD = "The project office has no lead yet: give one person the role PMO lead."
PEOPLE_SAMPLE = "Excel. Name, email, position, unit and roles."
UNITS_SAMPLE = "Excel. Each unit with the one above it."
ADMINISTRATOR_CONFIRMS = "An administrator confirms or changes this."
SET_UP_ORGANIZATION = "Set up the organization"
INVITE_READERS = "Invite those who report on projects and those who read the summary."
ADD_UNIT = "Add unit"
ALL_PEOPLE = "All people"
INVITE_MORE = "Invite more"
INVITE_PERSON = "Invite a person"

UNITS_BY_ADMINISTRATOR = "An administrator can add them first."
PEOPLE_BY_ADMINISTRATOR = "An administrator invites people."
NAMED = 3  # people whose names are given


def who_signs_in(names: list[str], total: int) -> str:
    if total <= 1:
        return f"Only {formats.listing(names)} can sign in." if names else "No one can sign in."
    more = [f"{total - NAMED:,} more"] if total > NAMED else []
    return (
        f"{formats.count(total, 'person', 'people')} can sign in: {formats.listing(names + more)}."
    )


def organization_there(now: Organization) -> str:
    """Say the settings in two sentences."""
    month, day = MONTHS[now.fiscal_year_start_month - 1], DAYS[now.due_weekday]
    zone = now.time_zone.replace("_", " ")
    return (
        f"{now.name}. Money in {now.currency}, fiscal year from {month}, time zone {zone}. Updates"
        f" are due on {day} at {now.due_time:%H:%M}."
    )


def units_there(total: int) -> str:
    return f"{formats.count(total, 'unit')}: the places that projects belong to."
