"""Forms for a project's records; what they hold goes to a service, never to the table."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from pmo.accounts.forms import UnitChoiceField, person_said
from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.accounts.roles import PROJECT_ROLES, Role
from pmo.common.page.editing import RecordForm
from pmo.common.page.sentences import Sentences
from pmo.common.records.search import as_read
from pmo.organization.current import category_choices
from projects.domain.stages import NEXT_STAGES, Stage
from projects.models import Program, Project, Stakeholder, StakeholderGroup, WorkCalendar
from projects.selectors.people import answering_for
from projects.services.projects import GOVERNED_FIELDS

REASON_HELP = "One or two plain sentences; kept with the change for ever."


def narrowed(
    form: forms.BaseForm, name: str, queryset: "QuerySet[Any]", empty_label: str | None
) -> None:
    """Limit a select to `queryset`; `empty_label` None means that something must be chosen."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
    field.queryset = queryset
    field.empty_label = empty_label


def units_for(user: User, permission: Permission, now: Unit | None = None) -> "QuerySet[Unit]":
    """Return the units where the user holds `permission`, and the one a record is in already."""
    scope = scope_of(user, permission)
    if scope.everywhere:
        return Unit.objects.all()
    below = Q(pk=now.pk) if now else Q(pk__in=[])
    for path in scope.paths:
        below |= Q(path__startswith=path)
    return Unit.objects.filter(below)


def hold_to_baseline(form: forms.BaseForm, name: str) -> None:
    """Show an approved date without letting anybody type another."""
    form.fields[name].disabled = True
    form.fields[name].help_text = "Set by the baseline; an approved change request moves it."


class ProjectForm(RecordForm):
    """A project; the governed fields are there only for those who may decide on them."""

    unit = UnitChoiceField(queryset=Unit.objects.none(), label="Unit")

    class Meta:
        model = Project
        fields = (
            "name",
            "code",
            "summary",
            "category",
            "lane",
            "unit",
            "program",
            "calendar",
            "start_date",
            "baseline_finish_date",
            "forecast_finish_date",
            "actual_finish_date",
            "includes_contingency",
            "is_confidential",
        )
        labels = {
            "code": "Code",
            "calendar": "Working calendar",
            "start_date": "Start",
            "baseline_finish_date": "Baseline finish",
            "forecast_finish_date": "Forecast finish",
            "actual_finish_date": "Finished on",
            "includes_contingency": "Contingency counts in the budget at completion",
            "is_confidential": "Confidential",
        }
        help_texts = {
            "code": "Short and unique, for example CAP-014.",
            "summary": "What will be different when this is done? No patient data.",
            "lane": "Mandatory: the law asks for it. Strategic: an objective does. Operational: it keeps us running.",
            "baseline_finish_date": "The approved date; delays are counted from it.",
            "forecast_finish_date": "When it will be finished as things stand today.",
            "actual_finish_date": "Leave empty until it is finished.",
            "includes_contingency": "Takes effect with the next baseline.",
            "is_confidential": "Only the people named on it and the PMO lead can see it.",
        }
        widgets = {"summary": Sentences(attrs={"rows": 4})}

    def __init__(self, *args: Any, by: User, is_governing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"] = forms.ChoiceField(
            choices=category_choices(kept=self.instance.category if self.instance.pk else ""),
            initial=self.instance.category,
        )
        narrowed(
            self,
            "calendar",
            WorkCalendar.objects.order_by(*as_read("name", "pk")),
            "The organization's",
        )
        if not is_governing:
            for name in GOVERNED_FIELDS & set(self.fields):
                del self.fields[name]
            return
        permission = Permission.PROJECT_GOVERN if self.instance.pk else Permission.PROJECT_CREATE
        now = self.instance.unit if self.instance.pk else None
        narrowed(self, "unit", units_for(by, permission, now), "Choose a unit")
        narrowed(self, "program", Program.objects.order_by(*as_read("name", "pk")), "No program")
        if self.instance.pk and self.instance.baselines.exists():
            hold_to_baseline(self, "baseline_finish_date")


class StageForm(RecordForm):
    """Where the project goes next, and why."""

    stage = forms.ChoiceField(
        label="New stage", widget=forms.RadioSelect(attrs={"class": "options"})
    )
    reason = forms.CharField(
        label="Why?",
        max_length=500,
        widget=Sentences(attrs={"rows": 3}),
        help_text=REASON_HELP,
        error_messages={"required": "Say why the project moves on."},
    )

    class Meta:
        model = Project
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        following = NEXT_STAGES[Stage(self.instance.stage)]
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(stage.value, stage.label) for stage in Stage if stage in following]

    def clean_stage(self) -> Stage:
        return Stage(self.cleaned_data["stage"])

    def changes(self) -> dict[str, Any]:
        """Return the stage only: the reason is no field of the project."""
        return {"stage": self.cleaned_data["stage"]}


class MemberForm(forms.Form):
    """Somebody to name on a project, found by e-mail address or by a name that only one person has."""

    person = forms.CharField(
        label="Person",
        help_text="Type a name, choose from the list; or type the whole email address.",
        error_messages={"required": "Say who: a name or an email address."},
        widget=forms.TextInput(attrs={"list": "people-choices", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(choices=[(role.value, role.label) for role in PROJECT_ROLES])

    def __init__(self, *args: Any, choices_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].widget.attrs |= {
            "hx-get": choices_url,
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#people-choices",
            "hx-sync": "this:replace",
        }

    def clean_person(self) -> User:
        return person_said(self.cleaned_data["person"])

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class StakeholderForm(RecordForm):
    class Meta:
        model = Stakeholder
        fields = (
            "group",
            "name",
            "position",
            "category",
            "lead",
            "power",
            "interest",
            "engagement",
            "engagement_wanted",
            "approach",
            "action_due",
        )
        labels = {
            "group": "Group in the register",
            "name": "Person or group",
            "lead": "Who talks to them",
            "engagement": "Engagement now",
            "engagement_wanted": "Engagement wanted",
            "approach": "Action: how to get there",
            "action_due": "Action by",
        }
        help_texts = {
            "group": "The same one in the organization’s register, if it is there. Its category and the person named there hold.",
            "category": "Needed where the register does not say it.",
            "lead": "Named on the project, or in the office. Empty: whom the register names.",
            "power": "How much can they help or stop the project?",
            "interest": "How much does it touch them?",
            "approach": "What will be said or done. No patient data.",
        }
        widgets = {"approach": Sentences(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = StakeholderGroup.objects.order_by(*as_read("name", "pk"))
        narrowed(self, "group", groups, "Not in the register")
        people = answering_for(
            self.instance.project, Permission.STAKEHOLDER_CHANGE, and_also=self.instance.lead_id
        )
        narrowed(self, "lead", people, "No contact yet")


class ProgramForm(RecordForm):
    class Meta:
        model = Program
        fields = ("name", "code", "purpose")
        help_texts = {
            "code": "Short and unique, for example PG-EHR.",
            "purpose": "What these projects achieve together.",
        }
        widgets = {"purpose": Sentences(attrs={"rows": 3})}
