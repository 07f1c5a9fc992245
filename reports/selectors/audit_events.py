"""The audit trail as each reader may see it."""

from collections.abc import Iterable

from django.db.models import QuerySet

from pmo.accounts.models import User
from pmo.common.models import AuditEvent
from projects.models import Project

PREFIX = f"{Project._meta.label_lower}:"


def visible_events(user: User) -> QuerySet[AuditEvent]:
    """Leave out what concerns a project the reader may not see."""
    hidden = Project.objects.exclude(pk__in=Project.objects.visible_to(user).values("pk"))
    names = [f"{PREFIX}{pk}" for pk in hidden.values_list("pk", flat=True)]
    events = AuditEvent.objects.select_related("by")
    if names and not Project.objects.visible_to(user).exists():
        return events.exclude(scope__startswith=PREFIX)
    return events.exclude(scope__in=names) if names else events


def names_of_projects(scopes: Iterable[str]) -> dict[str, str]:
    """Return the names of those scopes of events that are projects."""
    keys = {scope.removeprefix(PREFIX) for scope in scopes if scope.startswith(PREFIX)}
    wanted = [int(key) for key in keys if key.isdecimal()]
    found = Project.objects.filter(pk__in=wanted).values_list("pk", "name")
    return {f"{PREFIX}{pk}": name for pk, name in found}
