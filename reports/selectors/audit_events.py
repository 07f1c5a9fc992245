"""The audit trail as each reader may see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import CharField, Model, QuerySet, Value

from pmo.accounts.models import User
from pmo.common.models import AuditEvent
from portfolio.intake.models import ProjectRequest
from portfolio.models import Portfolio
from projects.models import Program, Project
from reports.models import Summary, VarianceReport

REQUEST = f"{ProjectRequest._meta.label_lower}:"
PREFIX = f"{Project._meta.label_lower}:"
NAMED: Mapping[str, type[Model]] = {
    model._meta.label_lower: model for model in (Project, Program, Portfolio, User)
}
DOCUMENTS: Mapping[str, type[Summary] | type[VarianceReport]] = {
    model._meta.label_lower: model for model in (Summary, VarianceReport)
}


def visible_events(user: User) -> QuerySet[AuditEvent]:
    """Leave out what concerns a project or a request that the reader may not see, drafts among them."""
    projects, requests = _kept_from(user)
    events = AuditEvent.objects.select_related("by")
    if requests:  # also where one is not the scope but the record
        events = events.exclude(scope__in=requests).exclude(target__in=requests)
    if projects and not Project.objects.visible_to(user).exists():
        return events.exclude(scope__startswith=PREFIX)
    return events.exclude(scope__in=projects) if projects else events


def _kept_from(user: User) -> tuple[list[str], list[str]]:
    """Return the projects and the requests kept from the reader as scopes name them, in one statement."""
    kinds = (Project.objects, PREFIX), (ProjectRequest.objects, REQUEST)
    kept, others = (
        rows.exclude(pk__in=rows.visible_to(user).values("pk"))
        .order_by()
        .values_list(Value(prefix, CharField()), "pk")
        for rows, prefix in kinds
    )
    names = [(prefix, f"{prefix}{pk}") for prefix, pk in kept.union(others, all=True)]
    return (
        [name for prefix, name in names if prefix == PREFIX],
        [name for prefix, name in names if prefix == REQUEST],
    )


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of those records of events that have one today; a statement for each kind."""
    found: dict[str, str] = {}
    for label, ids in _by_kind(keys).items():
        if model := NAMED.get(label):
            rows = model._default_manager.filter(pk__in=ids).values_list("pk", "name")
            found |= {f"{label}:{pk}": name for pk, name in rows}
    return found


def documents_of(keys: Iterable[str]) -> dict[str, tuple[str, date]]:
    """Return what it is about and the day of those records that are summaries or variance reports."""
    found: dict[str, tuple[str, date]] = {}
    for label, ids in _by_kind(keys).items():
        if model := DOCUMENTS.get(label):
            rows = model.objects.filter(pk__in=ids).with_scope()
            for one in rows.defer("content"):
                found[f"{label}:{one.pk}"] = (one.scope.name, one.date)
    return found


def _by_kind(keys: Iterable[str]) -> dict[str, set[int]]:
    kinds = defaultdict[str, set[int]](set)
    for key in keys:
        label, _, number = key.partition(":")
        if number.isdecimal():
            kinds[label].add(int(number))
    return kinds
