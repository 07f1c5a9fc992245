"""The form of a fiscal year of months; what it holds goes to one service."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from pmo.common.page.forms import MoneyInput
from projects.forms.money import AMOUNT_ERRORS
from projects.models import BudgetLine
from projects.selectors.months import MonthGrid


class MonthsForm(forms.Form):
    """One field for each month that may still be forecast; an emptied one takes its forecast back."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    use_as_forecast = forms.BooleanField(
        required=False,
        initial=True,
        label="Use the months as the forecast cost",
        help_text="The forecast cost becomes what is spent to date plus all months to come.",
    )

    def __init__(self, *args: Any, grid: MonthGrid, seen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grid = grid
        self.initial["seen"] = seen
        self.last = seen
        for cell in grid.cells:
            if not cell.is_open:
                continue
            label = f"{cell.line or 'No line'}, {cell.month:%b %Y}"
            self.fields[cell.name] = forms.DecimalField(
                label=label,
                required=False,
                max_digits=16,
                decimal_places=2,
                initial=cell.forecast,
                widget=MoneyInput(attrs={"aria-label": label, "size": "9"}, currency=""),
                error_messages=AMOUNT_ERRORS,
            )

    def cells(self) -> dict[tuple[BudgetLine | None, date], Decimal]:
        """Return what was typed, and 0 for a forecast that was emptied."""
        found: dict[tuple[BudgetLine | None, date], Decimal] = {}
        for cell in self.grid.cells:
            typed = self.cleaned_data.get(cell.name)
            if cell.name not in self.fields or (typed is None and cell.forecast is None):
                continue
            found[cell.line, cell.month] = Decimal() if typed is None else typed
        return found

    def has_seen_all(self) -> None:
        """Let the next sending go through: the page now shows what stands."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, always
        data["seen"] = str(self.last)
        self.data = data
