"""Forms for baselines, change requests, reserves and tolerances."""

from typing import Any

from django import forms

from pmo.common.page.editing import RecordForm
from pmo.common.page.forms import DAY_ERRORS, DayInput
from pmo.common.page.sentences import Sentences
from projects.domain.kinds import ReserveKind
from projects.forms.money import with_currency
from projects.forms.records import REASON_HELP, narrowed
from projects.models import ChangeRequest, Tolerance
from projects.validators import within_a_century

TEXT = Sentences(attrs={"rows": 3})
APPROVE, REJECT = "approve", "reject"
NONE_HELP = "Write “None” where there is none."


class BaselineForm(forms.Form):
    """The first baseline; what it holds is read from the plan and the budget."""

    name = forms.CharField(
        max_length=120,
        initial="Approved plan",
        help_text="For example “Full business case”.",
        error_messages={"required": "Give it a name."},
    )
    reason = forms.CharField(
        label="Why is it approved?",
        max_length=1000,
        widget=TEXT,
        help_text=REASON_HELP,
        error_messages={"required": "Say who approved it and why."},
    )
    finish = forms.DateField(
        label="Approved finish",
        widget=DayInput(),
        help_text="Delays are counted from it. Later it moves by an approved change request only.",
        error_messages=DAY_ERRORS | {"required": "Give the finish that is approved."},
    )


class ChangeForm(RecordForm):
    """What somebody asks for, and why."""

    class Meta:
        model = ChangeRequest
        fields = ("title", "justification", "cause", "is_emergency")
        labels = {
            "title": "What should change?",
            "justification": "Why?",
            "is_emergency": "Emergency: it is done already and must be approved within 5 working days",
        }
        help_texts = {
            "title": "Verb first, for example “Add a second imaging room”.",
            "justification": "What happens if it is not done? No patient data.",
        }
        widgets = {"justification": TEXT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["is_emergency"]
        self.fields["justification"].required = True
        self.fields["justification"].error_messages["required"] = "Say why the change is needed."


class AssessForm(RecordForm):
    """What the change does; every effect is said before anybody decides."""

    class Meta:
        model = ChangeRequest
        fields = (
            "scope_effect",
            "schedule_effect_days",
            "cost_effect",
            "funding",
            "budget_line",
            "benefit_effect",
            "quality_effect",
        )
        labels = {
            "scope_effect": "Scope: what is added or left out?",
            "schedule_effect_days": "Finish: calendar days later",
            "cost_effect": "Cost: how much more",
            "funding": "The money comes from",
            "budget_line": "Budget line of new money",
            "benefit_effect": "Benefits: what changes?",
            "quality_effect": "Quality and compliance: what changes?",
        }
        help_texts = {
            "scope_effect": NONE_HELP,
            "schedule_effect_days": "0 when the finish stays; negative when it comes earlier.",
            "cost_effect": "0 when it costs nothing; negative when it saves money.",
            "funding": "A saving goes back to where the money would come from.",
            "budget_line": "Without a line, new money stays undistributed in the baseline.",
            "benefit_effect": NONE_HELP,
        }
        widgets = {"scope_effect": TEXT, "benefit_effect": TEXT, "quality_effect": TEXT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_currency(self)
        # alone: the database's own bounds would speak first, in numbers that say nothing
        self.fields["schedule_effect_days"].validators = [within_a_century]
        for name in ("scope_effect", "schedule_effect_days", "cost_effect", "benefit_effect"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = (
                "Say what the effect is; “None” and 0 are answers."
            )
        lines = self.instance.project.budget_lines.order_by("category", "pk")
        narrowed(self, "budget_line", lines, "No line: undistributed")


class DecideForm(RecordForm):
    """Approve or reject, with a note."""

    decision = forms.ChoiceField(
        choices=[(APPROVE, "Approve"), (REJECT, "Reject")],
        widget=forms.RadioSelect(attrs={"class": "options"}),
        error_messages={"required": "Choose one."},
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=1000,
        widget=TEXT,
        help_text="Needed when you reject; kept with the decision for ever.",
    )

    class Meta:
        model = ChangeRequest
        fields = ()

    def changes(self) -> dict[str, Any]:
        """Return nothing to compare: a decision is no field that another could have typed."""
        return {}


class WithdrawForm(RecordForm):
    reason = forms.CharField(
        label="Why is it withdrawn?",
        max_length=500,
        widget=TEXT,
        help_text=REASON_HELP,
        error_messages={"required": "Say why it is withdrawn."},
    )

    class Meta:
        model = ChangeRequest
        fields = ()

    def changes(self) -> dict[str, Any]:
        """Return nothing to compare: the reason is no field of the request."""
        return {}


class ImplementForm(RecordForm):
    name = forms.CharField(
        label="Name of the new baseline",
        max_length=120,
        error_messages={"required": "Give it a name."},
    )

    class Meta:
        model = ChangeRequest
        fields = ()

    def changes(self) -> dict[str, Any]:
        """Return nothing to compare: the name is the baseline's."""
        return {}


class ReserveForm(forms.Form):
    """Money set aside, before or after the first baseline."""

    reserve = forms.ChoiceField(choices=ReserveKind.choices())
    amount = forms.DecimalField(
        max_digits=16,
        decimal_places=2,
        help_text="What is set aside. Negative takes it back, until there is a baseline.",
        error_messages={"required": "Give an amount."},
    )
    reason = forms.CharField(
        label="Why?", max_length=200, error_messages={"required": "Say why, in one line."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_currency(self)


class ToleranceForm(RecordForm):
    class Meta:
        model = Tolerance
        fields = ("cost_percent", "days")
        labels = {
            "cost_percent": "Cost, percent of the first baseline's budget",
            "days": "Finish, calendar days",
        }
        help_texts = {"days": "Counted together with what was approved since the last baseline of a higher level."}  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cost_percent"].widget = forms.NumberInput(attrs={"step": "0.01"})
