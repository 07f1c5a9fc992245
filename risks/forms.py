"""Forms of the registers; what they hold goes to a service, never to the table."""

from typing import Any

from django import forms

from pmo.common.page.editing import RecordForm
from pmo.common.page.sentences import Sentences
from projects.models import Project
from risks.domain.matrix import IMPACTS, LIKELIHOODS, Band, Grade, grade
from risks.models import Issue, Risk, RiskState, Severity, Strategy
from risks.selectors import owners_for

PAIRS = (
    ("Today", "", "As things stand now."),
    ("Before any response", "inherent_", "As it was, or would be, without any response."),
    ("Wanted", "target_", "What the responses should bring it to."),
)
REFERENCE = "Its number in a register of your own, such as R-017. An import finds it by that."
LONG_TEXT = Sentences(attrs={"rows": 3})
SEVERITY_OF = {
    Band.LOW: Severity.LOW,
    Band.MODERATE: Severity.MEDIUM,
    Band.HIGH: Severity.HIGH,
    Band.EXTREME: Severity.CRITICAL,
}


def offer_owners(form: forms.BaseForm, project: Project, owner_id: int | None) -> None:
    """Limit the owner to those who may answer for the project, and whoever does already."""
    field = form.fields["owner"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
    field.queryset = owners_for(project, and_also=owner_id)
    field.empty_label = "No owner yet"


class ScoreForm(forms.Form):
    """Six numbers as chosen so far; anything else counts as not chosen."""

    likelihood = forms.IntegerField(required=False, min_value=1, max_value=5)
    impact = forms.IntegerField(required=False, min_value=1, max_value=5)
    inherent_likelihood = forms.IntegerField(required=False, min_value=1, max_value=5)
    inherent_impact = forms.IntegerField(required=False, min_value=1, max_value=5)
    target_likelihood = forms.IntegerField(required=False, min_value=1, max_value=5)
    target_impact = forms.IntegerField(required=False, min_value=1, max_value=5)

    def grade(self, prefix: str) -> Grade | None:
        """Return the score of one pair; None while a part is missing."""
        self.is_valid()
        chosen = self.cleaned_data
        return grade(chosen.get(f"{prefix}likelihood"), chosen.get(f"{prefix}impact"))


class RiskForm(RecordForm):
    """A risk; it occurs only by making it an issue, so that state is not offered here."""

    class Meta:
        model = Risk
        fields = (
            "title",
            "description",
            "kind",
            "likelihood",
            "impact",
            "inherent_likelihood",
            "inherent_impact",
            "target_likelihood",
            "target_impact",
            "strategy",
            "response",
            "owner",
            "review_date",
            "proximity_date",
            "cost_impact",
            "external_id",
            "state",
        )
        labels = {
            "title": "What may happen?",
            "description": "Cause and effect",
            "strategy": "Response",
            "response": "What is being done?",
            "review_date": "Look at it again on",
            "proximity_date": "May happen from",
            "cost_impact": "Cost if it happens",
            "external_id": "Reference",
        }
        help_texts = {
            "title": "One sentence that an outsider understands.",
            "description": "Because of what, and what would follow? No patient data.",
            "strategy": "Threats: avoid, reduce, transfer or accept. "
            "Opportunities: exploit, enhance, share or accept.",
            "owner": "Named on the project, or in the office.",
            "external_id": REFERENCE,
        }
        widgets = {"description": LONG_TEXT, "response": LONG_TEXT}
        error_messages = {
            "title": {"required": "Say what may happen."},
            "likelihood": {"required": "Choose how likely it is."},
            "impact": {"required": "Choose how large the effect would be."},
        }

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored_state = self.instance.state
        offer_owners(self, project, self.instance.owner_id)
        for _, prefix, _ in PAIRS:
            self._offer_scale(f"{prefix}likelihood", LIKELIHOODS, "Likelihood")
            self._offer_scale(f"{prefix}impact", IMPACTS, "Impact")
        self._offer("strategy", [("", "Not decided"), *Strategy.choices])
        if self.instance._state.adding:
            del self.fields["state"]
        else:
            kept = {self.stored_state, RiskState.OPEN, RiskState.CLOSED}
            self._offer("state", [pair for pair in RiskState.choices if pair[0] in kept])

    def _offer_scale(self, name: str, words: dict[int, str], label: str) -> None:
        pairs = [(value, f"{value} {word}") for value, word in words.items()]
        empty = "Choose" if self.fields[name].required else "Not scored"
        self.fields[name].label = label
        self._offer(name, [("", empty), *pairs])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = choices

    @property
    def pairs(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Return the three scores: legend, hint and the two fields."""
        return [
            (legend, hint, [self[f"{prefix}likelihood"], self[f"{prefix}impact"]])
            for legend, prefix, hint in PAIRS
        ]


class IssueForm(RecordForm):
    """An issue as it stands; resolving has a form of its own."""

    class Meta:
        model = Issue
        fields = ("title", "description", "severity", "owner", "due_date", "external_id")
        labels = {
            "title": "What went wrong?",
            "description": "What it means, and what is being done",
            "due_date": "To be solved by",
            "external_id": "Reference",
        }
        help_texts = {
            "title": "One sentence that an outsider understands.",
            "description": "No patient data.",
            "owner": "Named on the project, or in the office.",
            "external_id": REFERENCE,
        }
        widgets = {"description": LONG_TEXT}
        error_messages = {"title": {"required": "Say what went wrong."}}

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_owners(self, project, self.instance.owner_id)


class ResolveForm(RecordForm):
    """How an issue was resolved."""

    class Meta:
        model = Issue
        fields = ("resolution",)
        labels = {"resolution": "How was it resolved?"}
        help_texts = {"resolution": "One or two plain sentences. No patient data."}
        widgets = {"resolution": LONG_TEXT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resolution"].required = True
        self.fields["resolution"].error_messages["required"] = "Say how the issue was resolved."
