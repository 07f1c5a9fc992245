"""The first steps of the list: what the organization is, who works here, and where."""

from functools import partial

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from pmo.accounts.models import Membership, Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.roles import Role
from pmo.common.page import figures
from pmo.common.page.checklist import File, FirstStepLink, State, file, step
from pmo.organization.current import organization

NAMED = 3
DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


@step("organization", order=10, title="Organization")
def organization_step(user: User) -> State:
    """Done once somebody said what the organization is; until then the defaults hold."""
    now = organization()
    zone = now.time_zone.replace("_", " ")
    text = (
        f"{now.name}. Money in {now.currency}, fiscal year from"
        f" {MONTHS[now.fiscal_year_start_month - 1]}, time zone {zone}. Updates are due on"
        f" {DAYS[now.due_weekday]} at {now.due_time:%H:%M}."
    )
    done = not now._state.adding
    if not can(user, Permission.ORGANIZATION_CHANGE).allowed:
        whose = "" if done else " An administrator confirms or changes this."
        return State(done=done, text=text + whose)
    label, icon = ("Change", "") if done else ("Set up the organization", "settings")
    edit = FirstStepLink(label=label, url=reverse("organization:settings_edit"), icon=icon)
    return State(done=done, text=text, actions=[edit])


@step("people", order=20, title="People")
def people_step(user: User) -> State:
    """Done when somebody leads the office and is not alone."""
    people = User.objects.filter(is_active=True, email__isnull=False)
    leads = Membership.objects.filter(user=OuterRef("pk"), role=Role.PMO_LEAD)
    counts = people.aggregate(total=Count("pk"), leads=Count("pk", filter=Exists(leads)))
    names = list(people.order_by("pk").values_list("name", flat=True)[:NAMED])
    done = bool(counts["leads"]) and counts["total"] > 1
    text = _who(names, counts["total"])
    if not counts["leads"]:
        text += " Nobody leads the project office yet: give somebody the role PMO lead."
    elif not done:
        text += " Invite those who report on projects and those who read the summary."
    if not can(user, Permission.ACCOUNT_CHANGE).allowed:
        return State(done=done, text=text if done else f"{text} An administrator invites people.")
    actions = [
        FirstStepLink(
            label="Invite more" if done else "Invite a person",
            url=reverse("accounts:person_new"),
            icon="user-plus",
        ),
        FirstStepLink(label="All people", url=reverse("accounts:person_list"), icon="users"),
    ]
    return State(done=done, text=text, actions=actions)


def _who(names: list[str], total: int) -> str:
    if total <= 1:
        return f"Only {figures.listing(names)} can sign in." if names else "Nobody can sign in."
    more = [f"{total - NAMED:,} more"] if total > NAMED else []
    return (
        f"{figures.count(total, 'person', 'people')} can sign in: {figures.listing(names + more)}."
    )


@step("units", order=40, title="Units")
def units_step(user: User) -> State:
    """Done with the first unit; an import offers those that it finds."""
    total = Unit.objects.count()
    may = can(user, Permission.UNIT_CHANGE).allowed
    if total:
        actions = [FirstStepLink(label="Open", url=reverse("accounts:unit_list"))]
        return State(
            done=True,
            text=f"{figures.count(total, 'unit')}: the places that projects belong to.",
            actions=actions,
        )
    text = (
        "Units are the hospitals, departments and wards that projects belong to. An import offers"
        " those that it finds in your spreadsheet."
    )
    if not may:
        return State(done=False, text=f"{text} An administrator can add them before.")
    add = FirstStepLink(label="Add a unit", url=reverse("accounts:unit_new"), icon="plus")
    return State(done=False, text=text, actions=[add])


# address of the sample -> its label and what its columns are
LISTS = {
    "accounts:people_sample": ("People", "Excel. Name, email, position, unit and roles."),
    "accounts:units_sample": ("Units", "Excel. Each with what it is a part of."),
}


def _list(name: str, user: User) -> File | None:
    if not can(user, Permission.ACCOUNT_CHANGE).allowed:
        return None
    label, text = LISTS[name]
    return File(label=label, text=text, url=reverse(name))


for place, one in enumerate(LISTS):
    file(one, order=20 + place)(partial(_list, one))
