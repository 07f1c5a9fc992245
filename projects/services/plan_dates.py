"""Carry what the plan computes over to what the project reports."""

from typing import Any

from django.db.models import Max

from pmo.accounts.models import User
from pmo.common.records.writing import RefusalError, all_or_nothing
from projects.models import Project, Task
from projects.services.milestones import change_milestone
from projects.services.projects import change_project, locked


@all_or_nothing
def take_over_dates(*, project: Project, by: User | None) -> None:
    """Give the forecast finish and the linked milestones the plan's dates: each an edit like others."""
    saved = locked(project)
    tasks = Task.objects.filter(project=saved)
    finish = tasks.aggregate(last=Max("finish"))["last"]
    if finish is None:
        raise RefusalError("The plan has no tasks yet, so it gives no dates.")
    if saved.actual_finish_date is None and saved.forecast_finish_date != finish:
        change_project(project=saved, version=None, by=by, forecast_finish_date=finish)
    for task in tasks.filter(milestone__isnull=False).select_related("milestone"):
        milestone = task.milestone
        assert milestone is not None  # noqa: S101 - the filter says so
        dates: dict[str, Any] = {"forecast_date": task.finish, "actual_date": task.actual_finish}
        if any(getattr(milestone, name) != day for name, day in dates.items()):
            change_milestone(milestone=milestone, version=None, by=by, **dates)
