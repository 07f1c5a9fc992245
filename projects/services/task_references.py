"""Take a reference out of the plan's rows before the record that they name goes."""

from django.db.models import F, QuerySet
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records import audit
from pmo.common.records.writing import all_or_nothing
from projects.models import Project, Task


@all_or_nothing
def release_tasks(*, tasks: QuerySet[Task], name: str, project: Project, by: User | None) -> None:
    """
    Empty the field `name` of these rows, with an event for each.

    The database would empty them too, but silently: nobody could say later what a row had named.
    """
    field = f"{name}_id"
    named = list(tasks.order_by("position", "pk"))
    entries = [
        audit.Entry("task.changed", task, project, {field: getattr(task, field)}, {field: None})
        for task in named
    ]
    Task.objects.filter(pk__in=[task.pk for task in named]).update(
        **{name: None}, version=F("version") + 1, changed_at=timezone.now(), changed_by=by
    )
    audit.record_all(entries, by=by)
