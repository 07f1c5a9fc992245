"""Forms for portfolios, objectives and alignments; what they hold goes to a service."""

from typing import Any

from django import forms

from pmo.common.page.editing import RecordForm
from pmo.common.page.forms import ColorRadio, DayInput
from pmo.common.page.sentences import Sentences
from pmo.common.records.fields import Line, Prose
from portfolio.models import Alignment, Objective, Portfolio
from portfolio.selectors import unaligned
from portfolio.words import office as words
from projects.domain.colors import CHOICES as COLORS
from projects.models import Project, ProjectQuerySet

SENTENCES = Sentences(attrs={"rows": 3})


class PortfolioForm(RecordForm):
    class Meta:
        model = Portfolio
        fields = ("name", "code", "description")
        help_texts = {
            "code": "Short and unique, for example CAPITAL. Addresses and imports use it.",
            "description": "What is looked at, funded and decided on together here?",
        }
        widgets = {"description": SENTENCES}
        error_messages = {"code": {"unique": "Another portfolio already has this code."}}


class ChosenForm(forms.Form):
    """Projects that were ticked, or all that match the filters of the page."""

    everything = forms.BooleanField(required=False)
    projects = forms.ModelMultipleChoiceField(Project.objects.none(), required=False)

    def __init__(self, *args: Any, projects: ProjectQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["projects"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - narrows the type
        field.queryset = projects

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("everything") and not said.get("projects") and not self.errors:
            raise forms.ValidationError(
                "Select at least one project, or all that match.", code="required"
            )
        return said


class ObjectiveForm(RecordForm):
    class Meta:
        model = Objective
        fields = ("name", "code", "pillar", "description")
        labels = {"pillar": "Pillar of the strategy"}
        help_texts = {
            "name": "What the organization wants to be true.",
            "code": "Short and unique, for example SAFE-1.",
            "pillar": "The heading that it stands under, for example Safety.",
        }
        widgets = {"description": SENTENCES}
        error_messages = {"code": {"unique": "Another objective already has this code."}}


class ObjectiveChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic forms at run time
    """A select of objectives that shows their pillar."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.pillar}: {obj.name}" if obj.pillar else str(obj.name)


class AlignmentForm(RecordForm):
    """How a project serves an objective; which one is chosen once."""

    objective = ObjectiveChoiceField(
        queryset=Objective.objects.none(),
        empty_label="Choose an objective",
        error_messages={"required": "Choose an objective."},
    )

    class Meta:
        model = Alignment
        fields = ("objective", "strength", "contribution")
        labels = {"contribution": "How does the project serve it?"}
        help_texts = {
            "strength": "Supports: it helps. Contributes strongly: without it the objective is"
            " reached later. Decides it: without it the objective is missed.",
            "contribution": "One sentence that an outsider understands.",
        }
        widgets = {"contribution": SENTENCES}

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contribution"].required = True
        self.fields["contribution"].error_messages["required"] = "Say in one sentence how."
        if self.instance.pk:
            del self.fields["objective"]
            return
        field = self.fields["objective"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        field.queryset = unaligned(project)


class KindForm(RecordForm):
    """Which kind of office the portfolio's projects stand under."""

    class Meta:
        model = Portfolio
        fields = ("kind",)
        labels = {"kind": "Kind of office"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label="Kind of office",
            required=False,
            choices=words.kind_choices(),
            widget=forms.RadioSelect(attrs={"class": "options"}),
        )


class ValidateForm(forms.Form):
    """The color that stands, with a reason where it is another than was said."""

    color = forms.ChoiceField(
        label="Overall status", choices=COLORS, widget=ColorRadio(), help_text=words.COLOR_HELP
    )
    reason = forms.CharField(
        label="Why another color?",
        required=False,
        max_length=280,
        validators=[*Prose.default_validators],
        widget=SENTENCES,
        help_text=words.REASON_HELP,
    )
    help_needed = forms.CharField(
        label="Decision or help needed",
        required=False,
        max_length=280,
        validators=[*Prose.default_validators],
        widget=SENTENCES,
        help_text=words.HELP_HELP,
    )
    help_from = forms.CharField(
        label="Who decides or helps",
        required=False,
        max_length=120,
        validators=[*Line.default_validators],
    )
    help_due = forms.DateField(label="Needed by", required=False, widget=DayInput())
