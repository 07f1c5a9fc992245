"""Budget lines as a table brings them: the fields, and what tells one line of a project from another."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
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
from reports.imports.domain.kinds.money_fields import COST_CENTER, said_of
from reports.imports.domain.periods import read_fiscal_year

# category, kind, amount, cost center
LINES = (
    ("Equipment", "capital", "1600000.00", "7010-EQ"),
    ("Construction", "capital", "650000.00", "7010-CO"),
    ("Training", "operating", "48000.00", "7010-TR"),
)


def budget_rows(start: SampleFor) -> list[SampleRow]:
    """Return three lines for each of the projects with these codes, with cost centers of their own."""
    return [
        {
            "project": code,
            "category": category,
            "kind": kind,
            "amount": Decimal(amount),
            "approved_on": months_later(start.today, -6),
            "cost_center": f"{center}-{code}",
        }
        for code in start.codes
        for category, kind, amount, center in LINES
    ]


def identity(values: Mapping[str, object]) -> RowKey:
    """Return what a line is known by: project, category, kind and fiscal year."""
    year = said_of(values, "fiscal_year")
    with suppress(ValueError):
        year = str(read_fiscal_year(year) or "")
    kind = said_of(values, "kind") or BudgetKind.CAPITAL.value
    return RowKey((said_of(values, "project"), said_of(values, "category"), kind, year))


BUDGET_LINE = RecordKind(
    name="budget_line",
    label="Budget lines",
    key=("project", "category", "kind", "fiscal_year"),
    purpose="Approved money by category and year, with its source and cost center.",
    rows=budget_rows,
    identify=identity,
    fields=(
        BELONGS_TO,
        Field(
            "category",
            "Category",
            meaning="What the money is for. A second import finds the line again by it.",
            required=True,
            longest=80,
            may_be=("type", "item", "description"),
            aliases=(
                "budget line",
                "budget category",
                "cost category",
                "line",
                "line item",
                "budget item",
                "spend category",
                "expenditure type",
                "account",
                "account description",
                "account name",
                "cost element",
            ),
        ),
        Field(
            "kind",
            "Kind",
            CellKind.CHOICE,
            meaning="Capital or operating money. Empty is capital.",
            choices=tuple(BudgetKind.choices()),
            spellings={
                **dict.fromkeys(("capex", "cap", "capital expenditure", "c"), "capital"),
                **dict.fromkeys(
                    ("opex", "op", "operational", "operating expense", "expense", "revenue", "o"),
                    "operating",
                ),
            },
            may_be=("type", "class"),
            aliases=(
                "capital or operating",
                "capital/operating",
                "capex/opex",
                "cap ex/op ex",
                "capex or opex",
                "budget type",
                "budget kind",
                "expense type",
                "funding type",
            ),
        ),
        Field(
            "fiscal_year",
            "Fiscal year",
            meaning="The year in which it ends, such as FY27 or 2026/27. Empty is the whole life.",
            longest=30,
            may_be=("period",),
            aliases=("fy", "year", "budget year", "plan year", "fiscal yr"),
        ),
        Field(
            "amount",
            "Approved amount",
            CellKind.MONEY,
            meaning="What was approved. Words in its place are kept as the reason.",
            needed="Required, or the reason",
            lowest=0,
            may_be=("total", "value", "cost"),
            aliases=(
                "amount",
                "budget",
                "approved budget",
                "approved",
                "budget amount",
                "approved amount",
                "budgeted amount",
                "appropriation",
                "allocation",
                "authorized amount",
                "current budget",
                "revised budget",
                "original budget",
            ),
        ),
        Field(
            "reason",
            "Why there is no amount",
            meaning="Only where no amount is approved yet.",
            aliases=("reason", "stated reason", "note on amount"),
            in_sample=False,
        ),
        Field(
            "approved_on",
            "Approved on",
            CellKind.DATE,
            meaning="The day of the approval.",
            may_be=("date",),
            aliases=(
                "approval date",
                "date approved",
                "approved date",
                "board date",
                "authorization date",
            ),
        ),
        Field(
            "funding_source",
            "Funding source",
            meaning="Code or name of a funding source that is in Rounds.",
            longest=120,
            may_be=("source", "fund"),
            aliases=("funding", "fund code", "fund name", "source of funds", "funded by", "grant"),
            in_sample=False,
        ),
        replace(
            COST_CENTER,
            meaning="What the ledger books it under. Imported costs find the line by it.",
            needed="",
        ),
    ),
)
