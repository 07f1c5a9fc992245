"""What lists can be narrowed to; the address alone reproduces the list."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import F, OrderBy, Q, QuerySet

from pmo.accounts.models import Unit, User, in_tree_order
from pmo.accounts.roles import PROJECT_ROLES
from pmo.common.records.prepared import prepared
from pmo.common.records.search import found, sort_key
from pmo.organization.current import category_names
from projects.domain.kinds import MilestoneKind
from projects.domain.stages import ACTIVE as ACTIVE_STAGES
from projects.domain.stages import Stage
from projects.models import (
    ChangeRequestQuerySet,
    MilestoneQuerySet,
    Project,
    ProjectQuerySet,
)
from projects.selectors import changes
from projects.selectors.milestones import window
from projects.selectors.overview import FINISH_SLIP

UNITS_OFFERED = 200
ACTIVE, ALL = "", "all"
DUE = ("late", "soon", "later", "done")
PROJECT_ORDERS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "unit": ("unit__name", "name"),
    "stage": ("stage", "name"),
    "finish": ("forecast_finish_date",),
    "late": ("finish_slip",),
}


def unit_choices() -> list[tuple[str, str]]:
    """Return the upper units only: a unit stands for everything below it."""
    units = [unit for unit in in_tree_order(_units()) if unit.depth <= 1]
    rows = [(str(unit.pk), f"{'– ' * unit.depth}{unit.name}") for unit in units[:UNITS_OFFERED]]
    return [("", "All units"), *rows]


@prepared
def _units() -> "QuerySet[Unit]":
    return Unit.objects.all()


def ordering(name: str, *, descending: bool) -> OrderBy:
    """Order by a column with the unknown last, whichever way it is read."""
    column = sort_key(name)
    return column.desc(nulls_last=True) if descending else column.asc(nulls_last=True)


class ProjectListFilter(forms.Form):
    """Search, stage, category, unit and "mine" over projects; anything unknown is ignored."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": "Name, code or manager"}),
    )
    stage = forms.ChoiceField(
        required=False,
        choices=[
            (ACTIVE, "Active"),
            (ALL, "All stages"),
            *Stage.choices(),
        ],
    )
    category = forms.ChoiceField(required=False)
    unit = forms.ChoiceField(required=False)
    mine = forms.BooleanField(label="Only mine", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "unit": unit_choices(),
            "category": [("", "All categories"), *category_names().items()],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
            field.choices = offered

    def chosen(self, *, user: User) -> Q:
        """Return what was chosen as one condition, to list by and to count by."""
        self.is_valid()
        chosen, wanted = self.cleaned_data, Q()
        if words := chosen.get("q"):
            wanted &= found(Project, words)
        stage = chosen.get("stage", ACTIVE)
        if stage == ACTIVE:
            wanted &= Q(stage__in=[one.value for one in ACTIVE_STAGES])
        elif stage != ALL:
            wanted &= Q(stage=stage)
        if category := chosen.get("category"):
            wanted &= Q(category=category)
        if unit := chosen.get("unit"):
            wanted &= Q(unit__path__startswith=Unit.objects.get(pk=int(unit)).path)
        if chosen.get("mine"):
            wanted &= Q(pk__in=Project.objects.named(user, *PROJECT_ROLES).values("pk"))
        return wanted

    def apply(self, projects: ProjectQuerySet, *, user: User) -> ProjectQuerySet:
        return projects.filter(self.chosen(user=user))


def sorted_projects(projects: ProjectQuerySet, wanted: str) -> ProjectQuerySet:
    """Order by one of PROJECT_ORDERS, "-" before it for the other way round; by name otherwise."""
    descending, key = wanted.startswith("-"), wanted.removeprefix("-")
    names = PROJECT_ORDERS.get(key, PROJECT_ORDERS["name"])
    if key == "late":
        projects = projects.annotate(finish_slip=FINISH_SLIP)
    return projects.order_by(*(ordering(name, descending=descending) for name in names), "pk")


class MilestoneListFilter(forms.Form):
    """When, search, kind and one project over milestones; anything unknown is ignored."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": "Milestone, project or code"}),
    )
    kind = forms.ChoiceField(required=False, choices=[("", "All kinds"), *MilestoneKind.choices()])
    slipped = forms.BooleanField(label="Late against baseline", required=False)
    project = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    due = forms.ChoiceField(required=False, choices=[(w, w) for w in DUE], widget=forms.HiddenInput)

    def scope(self, milestones: MilestoneQuerySet) -> MilestoneQuerySet:
        """Narrow to one project when the address names one; the segments count within this."""
        self.is_valid()
        project = self.cleaned_data.get("project")
        return milestones.filter(project=project) if project else milestones

    def apply(self, milestones: MilestoneQuerySet, *, as_of: date) -> MilestoneQuerySet:
        """Narrow by the rest; ask after `scope`."""
        chosen = self.cleaned_data
        milestones = milestones.filter(window(chosen.get("due", ""), as_of))
        if words := chosen.get("q"):
            milestones = milestones.filter(found(milestones.model, words))
        if kind := chosen.get("kind"):
            milestones = milestones.filter(kind=kind)
        if chosen.get("slipped"):
            milestones = milestones.filter(due_date__gt=F("baseline_date"))
        return milestones


class ChangeFilter(forms.Form):
    """State, search, emergencies and one project over change requests; anything unknown is ignored."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": "Change, project or code"}),
    )
    emergency = forms.BooleanField(label="Emergencies only", required=False)
    project = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        required=False,
        choices=[
            (one, one)
            for one in (changes.RAISED, changes.ASSESSED, changes.APPROVED, changes.CLOSED, ALL)
        ],
        widget=forms.HiddenInput,
    )

    def scope(self, requests: ChangeRequestQuerySet) -> ChangeRequestQuerySet:
        """Narrow to one project when the address names one; the segments count within this."""
        self.is_valid()
        project = self.cleaned_data.get("project")
        return requests.filter(project=project) if project else requests

    def apply(self, requests: ChangeRequestQuerySet) -> ChangeRequestQuerySet:
        """Narrow by the rest; ask after `scope`."""
        chosen = self.cleaned_data
        state = chosen.get("state", changes.OPEN)
        if state != ALL:
            requests = requests.filter(changes.window(state))
        if words := chosen.get("q"):
            requests = requests.filter(found(requests.model, words))
        return requests.filter(is_emergency=True) if chosen.get("emergency") else requests
