"""The jobs of a schedule file: each asks for the rights again and does one thing with its row."""

from typing import Any

from django.db import transaction

from pmo.accounts.acting import acting
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.background import jobs
from projects.models import PlanImport, PlanImportState
from projects.services.plan_imports.checking import PatientDataError
from projects.services.plan_imports.runs import apply_import, check_again, discard_import
from projects.services.projects import locked


def run_check(running: jobs.Run) -> dict[str, Any]:
    """
    Check a file that waits for it; one that was discarded meanwhile is left alone.

    One that names a patient is discarded: nothing of a patient stays here, not even in a file.
    """
    running.progress(0, 0, "Reading the file and comparing it with the plan")
    try:
        with transaction.atomic():
            run = _run(running)
            by, adds = _rights(running, run)
            if run.state == PlanImportState.CHECKING:
                check_again(run=run, by=by, adds_calendars=adds)
    except PatientDataError:
        discard_import(run=_run(running), by=_by(running))
        raise
    return _result(run, "Open the report")


def run_apply(running: jobs.Run) -> dict[str, Any]:
    """Write a checked file; one that is written already stays so."""
    running.progress(0, 0, "Writing everything in one go")
    with transaction.atomic():
        run = _run(running)
        if run.state == PlanImportState.CHECKED:
            by, adds = _rights(running, run)
            apply_import(
                run=run,
                by=by,
                removes_started=running.params["removes_started"],
                adds_calendars=adds,
            )
    return _result(run, "Open the import")


def _rights(running: jobs.Run, run: PlanImport) -> tuple[User | None, bool]:
    """Return for whom the job acts and whether it may add calendars; raises RefusalError."""
    project = locked(run.project)
    by = acting(running.job.requested_by, Permission.PLAN_CHANGE, project)
    adds = bool(running.params["adds_calendars"])
    return by, adds and (by is None or can(by, Permission.CALENDAR_CHANGE, project).allowed)


def _run(running: jobs.Run) -> PlanImport:
    return PlanImport.objects.select_related("project").get(pk=running.params["run"])


def _by(running: jobs.Run) -> User | None:
    by = running.job.requested_by
    return by if isinstance(by, User) else None


def _result(run: PlanImport, label: str) -> dict[str, Any]:
    return {"url": run.get_absolute_url(), "label": label}
