"""The audit trail as each reader may see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Model, QuerySet

from pmo.accounts.models import User
from pmo.common.models import AuditEvent
from portfolio.models import Portfolio
from projects.models import Program, Project
from reports.models import Summary, VarianceReport

PREFIX = f"{Project._meta.label_lower}:"
NAMED: Mapping[str, type[Model]] = {
    model._meta.label_lower: model for model in (Project, Program, Portfolio, User)
}
DOCUMENTS: Mapping[str, type[Model]] = {
    model._meta.label_lower: model for model in (Summary, VarianceReport)
}


def visible_events(user: User) -> QuerySet[AuditEvent]:
    """Leave out what concerns a project the reader may not see."""
    hidden = Project.objects.exclude(pk__in=Project.objects.visible_to(user).values("pk"))
    names = [f"{PREFIX}{pk}" for pk in hidden.values_list("pk", flat=True)]
    events = AuditEvent.objects.select_related("by")
    if names and not Project.objects.visible_to(user).exists():
        return events.exclude(scope__startswith=PREFIX)
    return events.exclude(scope__in=names) if names else events


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of those records of events that have one today; a statement for each kind."""
    found: dict[str, str] = {}
    for label, ids in _by_kind(keys).items():
        if model := NAMED.get(label):
            rows = model._default_manager.filter(pk__in=ids).values_list("pk", "name")
            found |= {f"{label}:{pk}": name for pk, name in rows}
    return found


def documents_of(keys: Iterable[str]) -> dict[str, tuple[str, date]]:
    """Return portfolio and day of those records of events that are summaries or variance reports."""
    found: dict[str, tuple[str, date]] = {}
    for label, ids in _by_kind(keys).items():
        if model := DOCUMENTS.get(label):
            rows = model._default_manager.filter(pk__in=ids)
            for pk, name, day in rows.values_list("pk", "portfolio__name", "date"):
                found[f"{label}:{pk}"] = (name or "", day)
    return found


def _by_kind(keys: Iterable[str]) -> dict[str, set[int]]:
    kinds = defaultdict[str, set[int]](set)
    for key in keys:
        label, _, number = key.partition(":")
        if number.isdecimal():
            kinds[label].add(int(number))
    return kinds
