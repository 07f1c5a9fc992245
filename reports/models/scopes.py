"""The columns by which a document, a subscription or a report says what it looks at."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce

from pmo.accounts.models import Unit
from pmo.common.records.search import Folded
from portfolio.models import Portfolio
from projects.models import Program
from reports.domain.scope import HOSPITAL, PLACES, ReportScope, ScopeKey, ScopeKind

RECORDS = ("portfolio", "program", "unit")


def scope_of(record: Portfolio | Program | Unit) -> ReportScope:
    """Return the scope of a portfolio, a program, or a unit with those below it."""
    match record:
        case Portfolio():
            kind, code = ScopeKind.PORTFOLIO, record.code
        case Program():
            kind, code = ScopeKind.PROGRAM, record.code
        case Unit():
            kind, code = ScopeKind.UNIT, record.name
    return ReportScope(key=ScopeKey(kind=kind, id=record.pk), name=str(record.name), code=str(code))


def columns_of(key: ScopeKey) -> dict[str, Any]:
    """Return the columns that hold a scope, to filter by or to write."""
    return {"scope_kind": key.kind.value} | {
        f"{name}_id": key.id if name == key.kind else None for name in RECORDS
    }


def _fits(kind: ScopeKind) -> Q:
    empty = {f"{name}__isnull": name != kind.value for name in RECORDS}
    return Q(scope_kind=kind.value, **empty)


def scope_fits(name: str) -> models.CheckConstraint:
    """Let a row name one record, of the kind that it says; none for the whole hospital."""
    condition = Q()
    for kind in ScopeKind:
        condition |= _fits(kind)
    return models.CheckConstraint(condition=condition, name=name)


def once_per_scope(
    *fields: str, name: str, condition: Q | None = None, message: str | None = None
) -> models.UniqueConstraint:
    """Let each scope have one row of the same `fields`; no id is 0, for an empty id equals nothing."""
    ids = [Coalesce(F(record), Value(0)) for record in RECORDS]
    return models.UniqueConstraint(
        F("scope_kind"),
        *ids,
        *(F(field) for field in fields),
        name=name,
        condition=condition,
        violation_error_message=message,
    )


M = TypeVar("M", bound=models.Model, covariant=True)  # noqa: PLC0105 - as in the stubs


class ReportScopedQuerySet(models.QuerySet[M]):
    """For querysets of rows that have a scope."""

    def of_scope(self, key: ScopeKey) -> Self:
        return self.filter(**columns_of(key))

    def with_scope(self) -> Self:
        """Read along what the scopes are called."""
        return self.select_related(*RECORDS)

    def hospital_first(self, *before: str) -> Self:
        """Order as `ReportScope.order` does, after the columns in `before`."""
        places = [When(scope_kind=kind.value, then=Value(PLACES[kind])) for kind in ScopeKind]
        name = Coalesce("portfolio__name", "program__name", "unit__name", Value(""))
        return self.order_by(*before, Case(*places), Folded(name), "-pk")


class ReportScoped(models.Model):
    """A row that looks at the whole hospital, a portfolio, a program, or a unit."""

    scope_kind = models.CharField(
        max_length=10,
        choices=[(kind.value, kind.label) for kind in ScopeKind],
        default=ScopeKind.PORTFOLIO.value,
    )
    portfolio = models.ForeignKey(
        Portfolio, models.PROTECT, null=True, blank=True, related_name="+"
    )
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def scope_key(self) -> ScopeKey:
        ids = {"portfolio": self.portfolio_id, "program": self.program_id, "unit": self.unit_id}
        return ScopeKey(kind=ScopeKind(self.scope_kind), id=ids.get(self.scope_kind))

    @property
    def scope(self) -> ReportScope:
        """What it looks at, as it is called today; lists read the names along by `with_scope`."""
        record = self.portfolio or self.program or self.unit
        return scope_of(record) if record else HOSPITAL
