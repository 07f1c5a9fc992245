"""
The rows that figures are made of, in one shape, so that one statement can read several tables.

A snapshot is rebuilt after each change, so the statements it takes are those that everybody waits for.
A higher app shapes its rows in the same way and joins them to these.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DecimalField,
    F,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from projects.models import BudgetLine, CostEntry, ForecastEntry, Milestone

CENT = Decimal("0.01")
MANY = 100


class TableFact(NamedTuple):
    """One row; which table means what by the last six is up to its reader."""

    source: str
    project_id: int
    pk: int | None
    number: int | None
    amount: Decimal | None
    text: str
    first: date | None
    second: date | None
    third: date | None


Facts = Mapping[str, list[TableFact]]

_EMPTY: dict[str, Combinable] = {
    "fact_pk": Cast(Value(None), BigIntegerField()),
    "fact_number": Cast(Value(None), BigIntegerField()),
    "fact_amount": Cast(Value(None), DecimalField(max_digits=18, decimal_places=2)),
    "fact_text": Value("", output_field=CharField()),
    "fact_first": Cast(Value(None), DateField()),
    "fact_second": Cast(Value(None), DateField()),
    "fact_third": Cast(Value(None), DateField()),
}


def shaped(rows: "QuerySet[Any]", source: str, **columns: Combinable) -> "QuerySet[Any, Any]":
    """Return the rows as facts of this source; what is not named stays empty."""
    named = {f"fact_{name}": column for name, column in columns.items()}
    filled = {
        "fact_source": Value(source, output_field=CharField()),
        "fact_project": F("project_id"),
        **{name: named.get(name, empty) for name, empty in _EMPTY.items()},
    }
    facts: QuerySet[Any, Any] = rows.order_by().annotate(**filled).values_list(*filled)
    return facts


def read(queries: Iterable["QuerySet[Any, Any]"]) -> Facts:
    """Read all the queries in one statement; the facts by source, in no order."""
    return by_source(together(queries))


def together(queries: Iterable["QuerySet[Any, Any]"]) -> "QuerySet[Any, Any]":
    first, *others = queries
    return first.union(*others, all=True) if others else first


def by_source(rows: Iterable[tuple[Any, ...]]) -> Facts:
    """Group the rows of one or several queries that are shaped as facts."""
    found: dict[str, list[TableFact]] = defaultdict(list)
    make = tuple.__new__  # a third of a named tuple's own time
    for source, project, pk, number, amount, text, one, two, three in rows:
        cents = amount if amount is None else amount.quantize(CENT)
        row = source, project, pk, number, cents, text, one, two, three
        found[source].append(make(TableFact, row))
    return found


def among(ids: Collection[int]) -> dict[str, Any]:
    """
    Return the condition that a row belongs to one of these projects.

    Many projects in a row are asked for by their ends: naming each of ten thousand takes longer than
    reading them, and a few rows too many do no harm to a reader who looks up the ids.
    """
    if len(ids) > MANY:
        first, last = min(ids), max(ids)
        if last - first < 2 * len(ids):
            return {"project__gte": first, "project__lte": last}
    return {"project__in": ids}


def money_facts(ids: Collection[int], *, as_of: date) -> list["QuerySet[Any, Any]"]:
    """
    Budget lines, sums of costs by kind, payments of commitments, forecasts; nothing after `as_of`.
    """
    costs = CostEntry.objects.filter(entry_date__lte=as_of, **among(ids)).order_by()
    return [
        shaped(
            BudgetLine.objects.filter(**among(ids)),
            "budget",
            pk=F("pk"),
            number=Cast("fiscal_year", BigIntegerField()),
            amount=F("amount"),
            text=F("stated_reason"),
        ),
        shaped(costs.values("project_id", "kind"), "cost", amount=Sum("amount"), text=F("kind")),
        shaped(
            costs.filter(commitment__isnull=False).values("project_id"),
            "payment",
            amount=Sum("amount"),
        ),
        shaped(
            ForecastEntry.objects.filter(made_on__lte=as_of, **among(ids)),
            "forecast",
            pk=F("pk"),
            number=Cast("fiscal_year", BigIntegerField()),
            amount=F("amount"),
            text=F("stated_reason"),
            first=F("made_on"),
        ),
    ]


def milestone_facts(ids: Collection[int]) -> list["QuerySet[Any, Any]"]:
    """Milestones: name, baseline, actual and due date."""
    rows = Milestone.objects.filter(**among(ids))
    dates = {"first": F("baseline_date"), "second": F("actual_date"), "third": F("due_date")}
    return [shaped(rows, "milestone", pk=F("pk"), text=F("name"), **dates)]


def in_order(facts: Iterable[TableFact]) -> list[TableFact]:
    """Sort by date, then by id, as they were entered."""
    return sorted(facts, key=lambda fact: (fact.first or date.min, fact.pk or 0))
