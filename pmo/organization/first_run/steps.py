"""The first steps of the list: what the organization is, who works here, and where."""

from functools import partial

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from pmo.accounts.models import Membership, Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.roles import Role
from pmo.common.page.checklist import File, FirstStepLink, State, file, step
from pmo.organization.current import organization
from pmo.organization.first_run import words


@step("organization", order=10, title="Organization")
def organization_step(user: User) -> State:
    """Done once somebody said what the organization is; until then the defaults hold."""
    now = organization()
    text = words.organization_there(now)
    done = not now._state.adding
    if not can(user, Permission.ORGANIZATION_CHANGE).allowed:
        shown = text if done else f"{text} {words.ADMINISTRATOR_CONFIRMS}"
        return State(done=done, text=shown)
    label, icon = ("Change", "") if done else (words.SET_UP_ORGANIZATION, "settings")
    edit = FirstStepLink(label=label, url=reverse("organization:settings_edit"), icon=icon)
    return State(done=done, text=text, actions=[edit])


@step("people", order=20, title="People")
def people_step(user: User) -> State:
    """Done when somebody leads the office and is not alone."""
    people = User.objects.filter(is_active=True, email__isnull=False)
    leads = Membership.objects.filter(user=OuterRef("pk"), role=Role.PMO_LEAD)
    counts = people.aggregate(total=Count("pk"), leads=Count("pk", filter=Exists(leads)))
    names = list(people.order_by("pk").values_list("name", flat=True)[: words.NAMED])
    done = bool(counts["leads"]) and counts["total"] > 1
    text = words.who_signs_in(names, counts["total"])
    if not counts["leads"]:
        text = f"{text} {words.NO_LEAD}"
    elif not done:
        text = f"{text} {words.INVITE_READERS}"
    if not can(user, Permission.ACCOUNT_CHANGE).allowed:
        shown = text if done else f"{text} {words.PEOPLE_BY_ADMINISTRATOR}"
        return State(done=done, text=shown)
    actions = [
        FirstStepLink(
            label=words.INVITE_MORE if done else words.INVITE_PERSON,
            url=reverse("accounts:person_new"),
            icon="user-plus",
        ),
        FirstStepLink(label=words.ALL_PEOPLE, url=reverse("accounts:person_list"), icon="users"),
    ]
    return State(done=done, text=text, actions=actions)


@step("units", order=40, title="Units")
def units_step(user: User) -> State:
    """Done with the first unit; an import offers those that it finds."""
    total = Unit.objects.count()
    may = can(user, Permission.UNIT_CHANGE).allowed
    if total:
        actions = [FirstStepLink(label="Open", url=reverse("accounts:unit_list"))]
        return State(
            done=True,
            text=words.units_there(total),
            actions=actions,
        )
    text = words.NO_UNITS
    if not may:
        return State(done=False, text=f"{text} {words.UNITS_BY_ADMINISTRATOR}")
    add = FirstStepLink(label=words.ADD_UNIT, url=reverse("accounts:unit_new"), icon="plus")
    return State(done=False, text=text, actions=[add])


# address of the sample -> its label and what its columns are
LISTS = {
    "accounts:people_sample": ("People", words.PEOPLE_SAMPLE),
    "accounts:units_sample": ("Units", words.UNITS_SAMPLE),
}


def _list(name: str, user: User) -> File | None:
    if not can(user, Permission.ACCOUNT_CHANGE).allowed:
        return None
    label, text = LISTS[name]
    return File(label=label, text=text, url=reverse(name))


for place, one in enumerate(LISTS):
    file(one, order=20 + place)(partial(_list, one))
