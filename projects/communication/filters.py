"""What the lists of stakeholders and messages can be narrowed to; the address alone reproduces a list."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import F, OrderBy

from pmo.accounts.models import User
from pmo.common.records.search import as_read, found, sort_key
from projects.communication.models import CommunicationItemQuerySet, MessageChannel
from projects.domain.kinds import StakeholderCategory
from projects.models import Level, Project, StakeholderQuerySet

OFFERED = 100  # a longer select helps nobody; the search finds the rest
ALL, DUE, LATE = "all", "due", "late"
GAP, AGAINST, NOBODY = "gap", "against", "nobody"
STAKEHOLDER_ORDERS = {
    "name": "name",
    "project": "project__name",
    "power": "power",
    "due": "action_due",
}
ITEM_ORDERS = {
    "due": "next_due",
    "message": "message",
    "project": "project__name",
    "sender": "sender__name",
}
CATEGORIES = [("", "All categories"), *StakeholderCategory.choices()]


def ordering(orders: dict[str, str], wanted: str, default: str) -> list[OrderBy]:
    """Return the order of `wanted` ("-" before it turns it round), the unknown last, then by pk."""
    if wanted.removeprefix("-") not in orders:
        wanted = default
    name = wanted.removeprefix("-")
    column = sort_key(orders[name])
    first = column.desc(nulls_last=True) if wanted != name else column.asc(nulls_last=True)
    return [first, F("pk").asc()]


class OfProjects(forms.Form):
    """Search and project; anything unknown is ignored."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": "Name, project or code"}),
    )
    category = forms.ChoiceField(label="Category", required=False, choices=CATEGORIES)
    project = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    shown: tuple[str, ...] = ()

    def __init__(self, *args: Any, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Project.objects.filter(pk__in=entries.order_by().values("project_id"))
        names = list(rows.order_by(*as_read("name", "pk")).values_list("pk", "name")[: OFFERED + 1])
        field = self.fields["project"]
        if len(names) > OFFERED:
            field.widget = forms.HiddenInput()
        else:
            field.widget = forms.Select(choices=[("", "All projects"), *names])

    def scope(self, entries: Any) -> Any:
        """Narrow to one project when the address names one; counts are within this."""
        self.is_valid()
        project = self.cleaned_data.get("project")
        return entries.filter(project=project) if project else entries

    def searched(self, entries: Any) -> Any:
        words = self.cleaned_data.get("q")
        return entries.filter(found(entries.model, words)) if words else entries


class StakeholderListFilter(OfProjects):
    """The stakeholders' own: category, power, and what needs work."""

    state = forms.ChoiceField(
        required=False,
        choices=[("", "All"), (GAP, "Gap"), (AGAINST, "Against"), (NOBODY, "No contact yet")],
    )
    power = forms.TypedChoiceField(
        label="Power",
        required=False,
        coerce=int,
        choices=[("", "All powers"), *reversed(Level.choices)],
    )

    shown = ("q", "category", "power", "project")

    def apply(self, stakeholders: StakeholderQuerySet) -> StakeholderQuerySet:
        """Narrow by everything but the project; ask after `scope`."""
        chosen = self.cleaned_data
        rows: StakeholderQuerySet = self.searched(stakeholders)
        if category := chosen.get("category"):
            rows = rows.of_category(category)
        if power := chosen.get("power"):
            rows = rows.filter(power=power)
        match chosen.get("state"):
            case "gap":
                return rows.away_from_wanted()
            case "against":
                return rows.powerful_and_against()
            case "nobody":
                return rows.nobody_talks_to()
        return rows


class ItemListFilter(OfProjects):
    """The messages' own: state, channel, mine."""

    state = forms.ChoiceField(
        required=False, choices=[("", "Open"), (DUE, "Due"), (LATE, "Late"), (ALL, "All")]
    )
    channel = forms.ChoiceField(
        label="Channel", required=False, choices=[("", "All channels"), *MessageChannel.choices]
    )
    mine = forms.BooleanField(label="Sent by me", required=False)

    shown = ("q", "category", "channel", "project", "mine")

    def apply(
        self, items: CommunicationItemQuerySet, *, user: User, today: date
    ) -> CommunicationItemQuerySet:
        """Narrow by everything but the project; ask after `scope`."""
        chosen = self.cleaned_data
        rows: CommunicationItemQuerySet = self.searched(items)
        if category := chosen.get("category"):
            rows = rows.of_category(category)
        if channel := chosen.get("channel"):
            rows = rows.filter(channel=channel)
        if chosen.get("mine"):
            rows = rows.filter(sender=user)
        match chosen.get("state"):
            case "due":
                return rows.due(today)
            case "late":
                return rows.late(today)
            case "all":
                return rows
        return rows.open()
