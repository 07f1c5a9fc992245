"""Forms of capital cycles, the replacement list and the rules of intake."""

from typing import Any

from django import forms

from pmo.accounts.forms import UnitChoiceField
from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import RecordForm
from pmo.common.page.forms import MoneyInput
from pmo.common.page.sentences import Sentences
from pmo.organization.current import money
from portfolio.intake.models import CapitalCycle, ContingencyDraw, IntakeRules, ReplacementItem
from portfolio.intake.models.capital import DATES
from portfolio.intake.words.cycles import DATE_LABELS
from projects.forms.records import narrowed, units_for


def _with_currency(form: forms.BaseForm, *names: str) -> None:
    for name in names:
        form.fields[name].widget = MoneyInput(currency=money())


class CycleForm(RecordForm):
    class Meta:
        model = CapitalCycle
        fields = ("year", "envelope", "contingency", *DATES, "note")
        labels = {"year": "Fiscal year", **DATE_LABELS}
        help_texts = {
            "year": "The calendar year in which it ends.",
            "contingency": "The part of the envelope that is kept for emergencies; 5 to 10% is usual.",
        }
        widgets = {"note": Sentences(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _with_currency(self, "envelope", "contingency")


class DrawForm(RecordForm):
    """Money that leaves the contingency."""

    class Meta:
        model = ContingencyDraw
        fields = ("amount", "reason")
        labels = {"reason": "What for?"}
        widgets = {"reason": Sentences(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = "Say what it is drawn for."
        _with_currency(self, "amount")


class ReplacementForm(RecordForm):
    unit = UnitChoiceField(Unit.objects.none(), label="Unit", empty_label="Choose a unit")

    class Meta:
        model = ReplacementItem
        fields = (
            "name",
            "asset",
            "unit",
            "in_use_since",
            "life",
            "condition",
            "support",
            "safety",
            "service_cost",
            "new_cost",
            "is_outdated",
            "is_failing",
            "is_active",
        )
        labels = {
            "name": "Asset",
            "asset": "Asset number",
            "in_use_since": "In use since",
            "life": "Expected life in years",
            "support": "Vendor’s support",
            "safety": "Risk to safety",
            "service_cost": "Service cost of a year",
            "new_cost": "Cost of a new one",
            "is_outdated": "The standard of care moved on",
            "is_failing": "It fails more often than its fleet",
            "is_active": "On the list",
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _with_currency(self, "service_cost", "new_cost")
        now = self.instance.unit if self.instance.pk else None
        narrowed(self, "unit", units_for(by, Permission.CAPITAL_CHANGE, now), "Choose a unit")
        if not self.instance.pk:
            del self.fields["is_active"]


class RulesForm(RecordForm):
    class Meta:
        model = IntakeRules
        fields = (
            "answer_days",
            "similarity_percent",
            "declined_months",
            "ground_days",
            "capital_threshold",
            "small_below",
            "medium_below",
            "large_below",
            "service_percent",
            "signs_needed",
        )
        labels = {
            "answer_days": "Working days to an answer",
            "similarity_percent": "Titles are alike from this percentage",
            "declined_months": "Months in which a declined request is hinted at",
            "ground_days": "Days by which a ground’s date may move",
            "capital_threshold": "Capital from",
            "small_below": "Size S below",
            "medium_below": "Size M below",
            "large_below": "Size L below",
            "service_percent": "Service is costly above this percentage of a new one",
            "signs_needed": "Signs that make an asset due",
        }
        help_texts = {
            "capital_threshold": "The cost of an item or set from which it is capital, if it lasts more than a year.",
            "signs_needed": "Of four: costly service, support ended, standard of care moved on, failures above fleet.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _with_currency(self, "capital_threshold", "small_below", "medium_below", "large_below")
