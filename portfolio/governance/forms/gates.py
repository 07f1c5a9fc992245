"""Forms of gates: planned, shown by evidence, reviewed; the office's sets; what reviews are narrowed to."""

from datetime import date
from typing import Any

from django import forms

from pmo.accounts.models import User
from pmo.common.page.editing import RecordForm
from pmo.common.page.forms import DayInput
from pmo.common.page.sentences import Sentences
from pmo.common.records.fields import Prose
from pmo.common.records.search import as_read, found
from pmo.organization.current import categories
from portfolio.governance.domain.gates import EVIDENCE_FIELDS, EvidenceKind
from portfolio.governance.domain.kinds import DecisionState
from portfolio.governance.models import (
    Committee,
    Decision,
    EvidenceItem,
    GateReviewQuerySet,
    GateSet,
    ProjectGate,
    SetGate,
)
from portfolio.governance.selectors.gates import not_ratified
from portfolio.governance.selectors.people import deciders_for
from portfolio.governance.words.gates import DOCUMENT_WANTS, NOTE_WANTED
from projects.models import Project

SENTENCES = Sentences(attrs={"rows": 3})
ALL = "all"
MOST = 2**63 - 1
OPTIONAL = "(optional)"
EVIDENCE_HELP = (
    "One a line: “document: Business case”, “assessment: Clinical safety”, “obligation: Privacy review”, or"
    " “field: sponsor”. Add “(optional)” to what is not required. Fields: {fields}."
)


def _committees(field: forms.Field) -> None:
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
    field.queryset = Committee.objects.standing().order_by(*as_read("name", "pk"))
    field.empty_label = "No committee"


class GateForm(RecordForm):
    class Meta:
        model = ProjectGate
        fields = ("code", "name", "question", "stage", "planned_on", "milestone", "committee")
        labels = {
            "stage": "Stage that it opens",
            "planned_on": "Planned for",
            "committee": "Committee that reviews it",
        }
        help_texts = {
            "code": "Short, for example G2.",
            "question": "What is asked at this gate?",
            "stage": "Empty for a gate that opens none.",
        }
        widgets = {"question": SENTENCES}

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]
        milestone = self.fields["milestone"]
        assert isinstance(milestone, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        milestone.queryset = project.milestones.order_by(*as_read("name", "pk"))
        milestone.empty_label = "No milestone"
        _committees(self.fields["committee"])


class EvidenceAskForm(RecordForm):
    class Meta:
        model = EvidenceItem
        fields = ("kind", "name", "field", "is_required")
        labels = {"name": "What has to be shown?", "is_required": "Required to pass the gate"}
        help_texts = {"field": "For a field of the project only: which one."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"] = forms.ChoiceField(
            label="Field",
            required=False,
            choices=[("", "None"), *EVIDENCE_FIELDS.items()],
            help_text=self.fields["field"].help_text,
        )


class GateEvidenceForm(RecordForm):
    """What shows it: a document by address and version, the others in words."""

    url = forms.URLField(
        label="Address of the document", required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = EvidenceItem
        fields = ("url", "revision", "sha256", "note")
        labels = {
            "revision": "Version",
            "sha256": "SHA-256 of the file",
            "note": "What shows it?",
        }
        help_texts = {
            "revision": "For example 1.2, or the day it was signed.",
            "sha256": "64 hexadecimal digits; it proves later which file was meant.",
        }
        widgets = {"note": SENTENCES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind != EvidenceKind.DOCUMENT:
            for name in ("url", "revision", "sha256"):
                del self.fields[name]
            wanted = {"note": NOTE_WANTED}
        else:
            self.fields["note"].label = "Note"
            wanted = DOCUMENT_WANTS
        for name, said in wanted.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = said


class GateReasonForm(forms.Form):
    """One reason, in a sentence."""

    reason = forms.CharField(
        label="Why?", max_length=500, validators=[*Prose.default_validators], widget=SENTENCES
    )


class GateReviewForm(forms.Form):
    """Who reviews the gate, and by when."""

    decider_committee = forms.ModelChoiceField(
        Committee.objects.none(), label="Committee", required=False, empty_label="No committee"
    )
    decider_person = forms.ModelChoiceField(
        User.objects.none(), label="Or a person", required=False, empty_label="No person alone"
    )
    needed_by = forms.DateField(label="Needed by", widget=DayInput())
    recommendation = forms.CharField(
        label="What do you recommend, and why?",
        required=False,
        max_length=1000,
        validators=[*Prose.default_validators],
        widget=SENTENCES,
    )

    def __init__(self, *args: Any, gate: ProjectGate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _committees(self.fields["decider_committee"])
        self.fields["decider_committee"].initial = gate.committee_id
        person = self.fields["decider_person"]
        assert isinstance(person, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        person.queryset = deciders_for(gate.project, None)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("decider_committee") and said.get("decider_person"):
            self.add_error("decider_person", "Exactly one decides: a committee or a person.")
        return said


class GateSetForm(RecordForm):
    class Meta:
        model = GateSet
        fields = ("name", "code", "category")
        help_texts = {"code": "Short and unique, for example CAPITAL."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"] = forms.ChoiceField(
            label="For projects of",
            required=False,
            choices=[
                ("", "Every category without a set of its own"),
                *((one.code, one.name) for one in categories()),
            ],
        )


class SetGateForm(RecordForm):
    """A gate of a set; its evidence one a line."""

    evidence = forms.CharField(
        required=False,
        widget=Sentences(attrs={"rows": 6}),
        help_text=EVIDENCE_HELP.format(fields=", ".join(EVIDENCE_FIELDS)),
    )

    class Meta:
        model = SetGate
        fields = ("code", "name", "question", "stage", "position", "committee", "evidence")
        labels = {"stage": "Stage that it opens", "committee": "Committee that reviews it"}
        help_texts = {
            "stage": "Empty for a gate that opens none.",
            "position": "Its place in the set.",
        }
        widgets = {"question": SENTENCES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["evidence"] = "\n".join(_line(one) for one in self.instance.evidence)
        _committees(self.fields["committee"])

    def clean_evidence(self) -> list[dict[str, Any]]:
        return [_read(line) for line in self.cleaned_data["evidence"].splitlines() if line.strip()]

    def saved_value(self, current: Any, name: str) -> Any:
        return getattr(current, name)


def _line(one: dict[str, Any]) -> str:
    said = one["field"] if one["kind"] == EvidenceKind.FIELD else one["name"]
    rest = "" if one.get("is_required", True) else f" {OPTIONAL}"
    return f"{one['kind']}: {said}{rest}"


def _read(line: str) -> dict[str, Any]:
    """Read one line of evidence; raises ValidationError that names it."""
    kind, _, rest = line.partition(":")
    is_required = not rest.strip().endswith(OPTIONAL)
    name = rest.strip().removesuffix(OPTIONAL).strip()
    kind = kind.strip().lower()
    if kind not in set(EvidenceKind) or not name:
        raise forms.ValidationError(f"“{line.strip()}” is not understood. Write “document: Business case”.")  # fmt: skip
    if kind != EvidenceKind.FIELD:
        return {"kind": kind, "name": name, "field": "", "is_required": is_required}
    if name not in EVIDENCE_FIELDS:
        raise forms.ValidationError(f"“{name}” is no field that gates can ask for.")
    return {
        "kind": kind,
        "name": EVIDENCE_FIELDS[name],
        "field": name,
        "is_required": is_required,
    }


class ReviewFilter(forms.Form):
    """How reviews stand, the code of the gate, words; anything unknown is ignored."""

    state = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Open"),
            ("overdue", "Overdue"),
            ("deferred", "Deferred"),
            ("decided", "Decided"),
            ("unratified", "Not ratified"),
            (ALL, "All"),
        ],
    )
    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": "Project, gate or number"}),
    )
    committee = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    portfolio = forms.IntegerField(required=False, min_value=1, max_value=MOST)

    def scope(self, rows: GateReviewQuerySet) -> GateReviewQuerySet:
        """Narrow to the committee or portfolio that the address names; counts are within this."""
        self.is_valid()
        if committee := self.cleaned_data.get("committee"):
            rows = rows.filter(decision__decider_committee=committee)
        if portfolio := self.cleaned_data.get("portfolio"):
            rows = rows.filter(
                project__portfolio_entries__portfolio=portfolio,
                project__portfolio_entries__removed_on=None,
            )
        return rows

    def apply(self, rows: GateReviewQuerySet, *, as_of: date) -> GateReviewQuerySet:
        """Narrow by state and words, what is needed first in front; ask after `scope`."""
        if words := self.cleaned_data.get("q"):
            rows = rows.filter(decision__in=Decision.objects.filter(found(Decision, words)))
        state = self.cleaned_data.get("state", "")
        if state == "decided":
            rows = rows.filter(decision__state=DecisionState.DECIDED.value)
            return rows.order_by("-decision__decided_on", "-pk")
        if state == "unratified":
            return rows.filter(not_ratified()).order_by("decision__decided_on", "pk")
        if state == ALL:
            return rows.order_by("-pk")
        if state == "deferred":
            rows = rows.filter(decision__state=DecisionState.DEFERRED.value)
        else:
            rows = rows.overdue(as_of) if state == "overdue" else rows.waiting()
        return rows.order_by("decision__needed_by", "pk")
