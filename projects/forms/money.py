"""Forms for budget lines, costs and forecasts."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import F, Q

from pmo.common.page import formats
from pmo.common.page.editing import RecordForm
from pmo.common.page.forms import MoneyInput
from pmo.common.records.search import as_read
from pmo.organization.current import organization
from projects.forms.records import narrowed
from projects.models import BudgetLine, CostEntry, FundingSource, Project
from projects.selectors.years import year_choices

WHOLE_LIFE = ("", "Whole life of the project")
REASON_HELP = "Only when there is no amount, for example “Not yet tendered”."
AMOUNT_ERRORS = {"invalid": "Enter an amount, for example 20,600,000 or 20.6M."}


def with_currency(form: forms.BaseForm) -> None:
    """Show the organization's currency before each amount."""
    for field in form.fields.values():
        if isinstance(field, forms.DecimalField):
            field.widget = MoneyInput(currency=organization().money)
            field.error_messages |= AMOUNT_ERRORS


def offer_years(form: forms.BaseForm, project: Project, today: date) -> None:
    field = form.fields["fiscal_year"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
    field.choices = [WHOLE_LIFE, *year_choices(project, today=today)]


def fiscal_year_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label="For")


class BudgetLineForm(RecordForm):
    fiscal_year = fiscal_year_field()

    class Meta:
        model = BudgetLine
        fields = (
            "category",
            "kind",
            "fiscal_year",
            "amount",
            "stated_reason",
            "approved_on",
            "funding_source",
            "cost_center",
        )
        labels = {
            "category": "Category",
            "amount": "Approved amount",
            "stated_reason": "Why there is no amount",
            "approved_on": "Approved on",
            "funding_source": "Funding source",
            "cost_center": "Cost center",
        }
        help_texts = {
            "category": "For example Building, Software, Staff.",
            "funding_source": "Who pays what is booked on this line.",
            "stated_reason": REASON_HELP,
            "cost_center": "Cost center or project number of the finance system: imported costs are"
            " booked on this line by it.",
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_currency(self)
        offer_years(self, self.instance.project, today)
        narrowed(
            self,
            "funding_source",
            FundingSource.objects.order_by(*as_read("name", "pk")),
            "None named",
        )
        self.fields[
            "fiscal_year"
        ].help_text = "Whole-life lines make the approved budget; yearly ones say how it is spread."


class CommitmentField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic forms at run time
    """A select of commitments that says what is left of each."""

    def label_from_instance(self, obj: Any) -> str:
        left = formats.money_exact(obj.amount - obj.paid, organization().money)
        return f"{obj.note or obj.get_kind_display()}, {formats.day(obj.entry_date)}, {left} left"


class CostEntryForm(RecordForm):
    commitment = CommitmentField(
        queryset=CostEntry.objects.none(),
        required=False,
        label="Paid against",
        help_text="The commitment falls by this amount, so that nothing counts twice.",
    )

    class Meta:
        model = CostEntry
        fields = ("kind", "entry_date", "amount", "commitment", "line", "note")
        labels = {"entry_date": "Date", "line": "Budget line"}
        help_texts = {
            "amount": "A credit is negative.",
            "note": "For example the invoice or contract number. No patient data.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_currency(self)
        lines = self.instance.project.budget_lines.order_by("category", "pk")
        narrowed(self, "line", lines, "No line")
        open_ones = self.instance.project.cost_entries.commitments().filter(
            Q(amount__gt=F("paid")) | Q(pk=self.instance.commitment_id), amount__gt=0
        )
        narrowed(self, "commitment", open_ones.order_by("entry_date", "pk"), "No commitment")


class ForecastForm(forms.Form):
    """A new forecast; the ones before it stay."""

    fiscal_year = fiscal_year_field()
    amount = forms.DecimalField(
        label="Forecast cost", required=False, max_digits=16, decimal_places=2
    )
    stated_reason = forms.CharField(
        label="Why there is no amount", required=False, max_length=200, help_text=REASON_HELP
    )

    def __init__(self, *args: Any, project: Project, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_currency(self)
        offer_years(self, project, today)
        self.fields["fiscal_year"].help_text = "A forecast is what it will have cost in the end."
