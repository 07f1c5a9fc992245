"""Which scopes there are, for whom, and which of them get a document each week."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, CharField, Exists, OuterRef, QuerySet, Value

from pmo.accounts.models import Unit, User, in_tree_order
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of as granted
from pmo.common.folding import by_name
from portfolio.models import Portfolio, PortfolioProject
from projects.models import Program, Project
from projects.models.project import ProjectQuerySet
from reports.domain.scope import HOSPITAL, ReportScope, ScopeKey, ScopeKind
from reports.models import DocumentKind, Snapshot, Subscription, scope_of

RECORDS: Mapping[ScopeKind, Any] = {
    ScopeKind.PORTFOLIO: Portfolio,
    ScopeKind.PROGRAM: Program,
    ScopeKind.UNIT: Unit,
}


def scope_named(text: str) -> ReportScope | None:
    """Return what the API names: "program-4"; None for what is not there."""
    try:
        key = ScopeKey.of(text)
    except ValueError:
        return None
    if key.id is None:
        return HOSPITAL
    record = RECORDS[key.kind].objects.filter(pk=key.id).first()
    return scope_of(record) if record else None


def key_in(params: Mapping[str, Any]) -> ScopeKey:
    """Return the scope's key of a job; release 0.1 named a portfolio's id alone."""
    if "scope" in params:
        return ScopeKey.of(params["scope"])
    return ScopeKey(kind=ScopeKind.PORTFOLIO, id=params["portfolio"])


def scope_in(params: Mapping[str, Any]) -> ReportScope:
    """Return the scope of a job, as it is called today."""
    key = key_in(params)
    if key.id is None:
        return HOSPITAL
    return scope_of(RECORDS[key.kind].objects.get(pk=key.id))


class OfferedScopes:
    """
    What a person may look at beside the whole hospital, read when a page asks for it.

    Every portfolio, and the programs and units in which this person may see a project. Who sees
    all projects, confidential ones too, is offered all of them, as yet empty ones as well.
    """

    def __init__(self, user: User) -> None:
        self._user = user

    @cached_property
    def portfolios(self) -> list[ReportScope]:
        return self._listed(ScopeKind.PORTFOLIO)

    @cached_property
    def programs(self) -> list[ReportScope]:
        return self._listed(ScopeKind.PROGRAM)

    @cached_property
    def units(self) -> list[Unit]:
        """In the order of their tree; those above a unit with such a project, too."""
        rows = [row for row in self._rows if row.scope_kind == ScopeKind.UNIT.value]
        seen = {part for row in rows if row.is_seen for part in row.path.split("/")}
        return in_tree_order(
            Unit(pk=row.pk, name=row.name, path=row.path) for row in rows if str(row.pk) in seen
        )

    def _listed(self, kind: ScopeKind) -> list[ReportScope]:
        return [
            ReportScope(key=ScopeKey(kind=kind, id=row.pk), name=row.name, code=row.code)
            for row in self._rows
            if row.scope_kind == kind.value and row.is_seen
        ]

    @cached_property
    def _rows(self) -> list[Any]:
        """Everything by name, in one statement: a page asks for the portfolios anyway."""
        portfolios, programs, units = (
            self._named(kind, seen)
            for kind, seen in (
                (ScopeKind.PORTFOLIO, None),
                (ScopeKind.PROGRAM, "program"),
                (ScopeKind.UNIT, "unit"),
            )
        )
        return sorted(
            portfolios.union(programs, units, all=True), key=lambda one: by_name(one.name, one.pk)
        )

    def _named(self, kind: ScopeKind, seen: str | None) -> "QuerySet[Any, Any]":
        """Name the records of a kind; `seen` is the column of the projects that tells who sees one."""
        is_seen: Any = Value(value=True, output_field=BooleanField())
        if seen and not self._sees_all:
            # a name may say what a confidential project is about
            # from and to the same: for what is equal, PostgreSQL reads every project of the hospital
            inside = {f"{seen}__gte": OuterRef("pk"), f"{seen}__lte": OuterRef("pk")}
            is_seen = Exists(self._visible.filter(**inside))
        is_unit = kind == ScopeKind.UNIT
        said = {
            "scope_kind": Value(kind.value, CharField()),
            "is_seen": is_seen,
            **({"code": Value("", CharField())} if is_unit else {"path": Value("", CharField())}),
        }
        rows: QuerySet[Any, Any] = RECORDS[kind].objects.order_by().annotate(**said)
        columns = ("scope_kind", "pk", "code", "name", "path", "is_seen")
        return rows.values_list(*columns, named=True)

    @cached_property
    def _visible(self) -> ProjectQuerySet:
        return Project.objects.visible_to(self._user)

    @cached_property
    def _sees_all(self) -> bool:
        needed = (Permission.PROJECT_VIEW, Permission.PROJECT_VIEW_CONFIDENTIAL)
        return all(granted(self._user, one).everywhere for one in needed)

    def find(self, text: str) -> ReportScope | None:
        """Return what a key names; None for what is not offered."""
        if text == str(HOSPITAL.key):
            return HOSPITAL
        kind = text.partition("-")[0]
        offered = {
            ScopeKind.PORTFOLIO.value: lambda: self.portfolios,
            ScopeKind.PROGRAM.value: lambda: self.programs,
            ScopeKind.UNIT.value: lambda: [scope_of(one) for one in self.units],
        }
        known = offered[kind]() if kind in offered else []
        return next((one for one in known if str(one.key) == text), None)


def projects_in(scope: ReportScope, *, on: date) -> ProjectQuerySet:
    """Return the projects that are in a scope, each once; those of a portfolio on that day."""
    number = scope.key.id
    match scope.kind:
        case ScopeKind.HOSPITAL:
            return Project.objects.all()
        case ScopeKind.PORTFOLIO:
            entries = PortfolioProject.objects.filter(portfolio=number).on(on)
            return Project.objects.filter(pk__in=entries.values("project"))
        case ScopeKind.PROGRAM:
            return Project.objects.filter(program=number)
        case ScopeKind.UNIT:
            return Project.objects.filter(unit__path__contains=f"/{number}/")


def weekly_scopes(day: date, document: DocumentKind) -> list[ReportScope]:
    """
    Return the scopes that get a document of the week frozen on `day`.

    Each scope that somebody active subscribes to; and a summary for each portfolio that held a
    project, whoever reads it.
    """
    rows = Subscription.objects.filter(document=document, user__is_active=True).with_scope()
    found = {one.scope_key: one.scope for one in rows}
    if document == DocumentKind.SUMMARY:
        held = PortfolioProject.objects.on(day).values("portfolio")
        ours = [scope_of(one) for one in Portfolio.objects.filter(pk__in=held)]
        found = {key: one for key, one in found.items() if key.kind != ScopeKind.PORTFOLIO}
        found |= {one.key: one for one in ours}
    return sorted(found.values(), key=lambda one: one.order)


def with_projects(scopes: Iterable[ReportScope], day: date) -> list[ReportScope]:
    """Keep the scopes that held a project on that day: a portfolio by its list, others as frozen."""
    return [one for one in scopes if _holds_any(one, day)]


def _holds_any(scope: ReportScope, day: date) -> bool:
    if scope.kind == ScopeKind.PORTFOLIO:
        return PortfolioProject.objects.on(day).filter(portfolio=scope.key.id).exists()
    return Snapshot.objects.at(day).of_scope(scope, on=day).exists()


def subscribers_of(scope: ReportScope, document: DocumentKind) -> QuerySet[User]:
    """Return who gets this document by mail: active people with an address."""
    rows = Subscription.objects.of_scope(scope.key).filter(document=document)
    return User.objects.filter(
        pk__in=rows.values("user"), is_active=True, email__isnull=False
    ).order_by("pk")
