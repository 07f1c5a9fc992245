"""Forecasts by month: a row for each month, or a column for each."""

from collections.abc import Mapping
from decimal import Decimal

from projects.domain.kinds import BudgetKind
from reports.imports.domain.fields import (
    BELONGS_TO,
    CellKind,
    Field,
    RecordKind,
    RowKey,
    SampleFor,
    SampleRow,
    months_later,
)
from reports.imports.domain.kinds.budget_line import BUDGET_LINE
from reports.imports.domain.kinds.money_fields import said_of
from reports.imports.domain.periods import read_month

ONE_EACH = "Required, unless each month has a column of its own"
# months from now, amount
MONTHS = ((1, "120000.00"), (2, "95000.00"), (3, "40000.00"))


def month_rows(start: SampleFor) -> list[SampleRow]:
    """Return three months to come for each of the projects with these codes."""
    return [
        {
            "project": code,
            "month": f"{months_later(start.today, months):%b %Y}",
            "amount": Decimal(amount),
        }
        for code in start.codes
        for months, amount in MONTHS
    ]


def identity(values: Mapping[str, object]) -> RowKey:
    """Return what a row is known by: project and line, and its month where it is about one."""
    month = said_of(values, "month")
    known = read_month(month, start_month=None) if month else None
    named = known.isoformat() if known else month
    return RowKey((said_of(values, "project"), said_of(values, "category"), said_of(values, "kind"), named))  # fmt: skip


MONTH_FORECAST = RecordKind(
    name="month_forecast",
    label="Forecasts by month",
    key=("project", "category", "kind", "month"),
    purpose="What each month is expected to cost: a row or a column for each month.",
    rows=month_rows,
    identify=identity,
    has_months=True,
    fields=(
        BELONGS_TO,
        Field(
            "category",
            "Category",
            meaning="The category of a budget line of the project. Empty is of no line.",
            longest=80,
            may_be=BUDGET_LINE.field("category").may_be,
            aliases=BUDGET_LINE.field("category").aliases,
        ),
        Field(
            "kind",
            "Kind",
            CellKind.CHOICE,
            meaning="Capital or operating, where two lines have the same category.",
            choices=tuple(BudgetKind.choices()),
            spellings=BUDGET_LINE.field("kind").spellings,
            aliases=BUDGET_LINE.field("kind").aliases,
            in_sample=False,
        ),
        Field(
            "month",
            "Month",
            meaning="The month, such as Jan 2027, 2027-01 or FY27 P03. Months that are over are refused.",
            needed=ONE_EACH,
            longest=40,
            may_be=("date",),
            aliases=(
                "period",
                "forecast month",
                "fiscal period",
                "accounting period",
                "month year",
                "period name",
                "posting period",
            ),
        ),
        Field(
            "amount",
            "Amount",
            CellKind.MONEY,
            meaning="What the month is expected to cost. 0 takes a forecast back.",
            needed=ONE_EACH,
            may_be=("cost", "value"),
            varies=True,
            aliases=(
                "forecast",
                "forecast amount",
                "forecast cost",
                "expected cost",
                "planned cost",
                "projected cost",
                "month forecast",
            ),
        ),
    ),
)
