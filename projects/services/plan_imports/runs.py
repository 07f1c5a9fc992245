"""A schedule file's way: checked, written or discarded, and undone while nobody changed the plan since."""

import hashlib
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background import jobs
from pmo.common.background.events import announce
from pmo.common.records import audit, doubts
from pmo.common.records.uploads import kept_name
from pmo.common.records.writing import RefusalError, all_or_nothing
from projects.domain.collecting import uncollected
from projects.domain.exchange import PlanFileError
from projects.models import PlanImport, PlanImportState, Project
from projects.models.plan_import import OPEN
from projects.selectors.plan_file import digest_of, document_of
from projects.services.plan import reschedule
from projects.services.plan_imports.checking import CheckedPlan, check, reader_for
from projects.services.plan_imports.writing import remove_calendars, restore, write_check
from projects.services.projects import TOPIC, change_project, locked

CHECK, APPLY = "plan_imports.check", "plan_imports.apply"
CHANGED_SINCE = "The plan was changed since this file was checked. Check it again."
CALENDARS_SINCE = (
    "This file was checked with other calendars, or by somebody who may add them. Check it again."
)
CHANGED_SINCE_WRITTEN = (
    "The plan was changed since this file was written, so it cannot be taken back as a whole."
)


@all_or_nothing
def start_import(
    *,
    project: Project,
    file_name: str,
    content: bytes,
    by: User | None,
    adds_calendars: bool = False,
) -> PlanImport:
    """Keep a file with the report of what it would do; raises RefusalError for what is no schedule."""
    found = check(content, project, adds_calendars=adds_calendars)
    run = _kept(project, file_name, content, by)
    _checked(run, found, by)
    return run


@all_or_nothing
def upload_file(
    *,
    project: Project,
    file_name: str,
    content: bytes,
    by: User | None,
    adds_calendars: bool = False,
) -> PlanImport:
    """Keep a file and hand its check to a worker; raises RefusalError for what no reader takes."""
    try:
        reader_for(content)
    except PlanFileError as error:
        raise RefusalError(str(error)) from error
    run = _kept(project, file_name, content, by)
    _enqueue_check(run, by, adds_calendars=adds_calendars)
    audit.record(
        action="plan_import.uploaded",
        target=run,
        by=by,
        scope=project,
        after={"file": run.file_name, "digest": run.digest},
    )
    return run


def _kept(project: Project, file_name: str, content: bytes, by: User | None) -> PlanImport:
    """Keep a file in place of the one that this person left open."""
    locked(project)
    left = PlanImport.objects.filter(project=project, imported_by=by, state__in=OPEN)
    for earlier in left.select_for_update():
        _forget(earlier)
    run = PlanImport(
        project=project,
        file_name=kept_name(file_name),
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        state=PlanImportState.CHECKING,
        imported_by=by,
        imported_at=timezone.now(),
    )
    run.save(force_insert=True)
    return run


def _enqueue_check(run: PlanImport, by: User | None, *, adds_calendars: bool) -> None:
    run.checks += 1
    run.job = jobs.enqueue(
        kind=CHECK,
        key=f"{run.pk}.{run.checks}",
        params={
            "run": run.pk,
            "adds_calendars": adds_calendars,
            "title": f"Check of {run.file_name}",
        },
        by=by,
    )
    run.save(update_fields=["job", "checks"])


def _checked(run: PlanImport, found: CheckedPlan, by: User | None) -> None:
    _describe(run, found)
    run.state = PlanImportState.CHECKED
    run.save(update_fields=["state", "format", "losses", "counts", "baseline", "plan_digest"])
    audit.record(
        action="plan_import.checked",
        target=run,
        by=by,
        scope=run.project,
        after={"file": run.file_name, "digest": run.digest, "tasks": run.counts["tasks"]},
    )


def _describe(run: PlanImport, found: CheckedPlan) -> None:
    run.format = found.file.format
    run.losses, run.counts, run.baseline = found.report, found.counts, found.baseline
    run.plan_digest = digest_of(document_of(run.project))


def _forget(run: PlanImport, state: PlanImportState = PlanImportState.DISCARDED) -> None:
    run.state, run.content = state, b""
    run.save(update_fields=["state", "content"])


def _open(run: PlanImport) -> PlanImport:
    """Return the import as saved, held; raises RefusalError when it is written or gone already."""
    saved = (
        PlanImport.objects.select_for_update(of=("self",)).select_related("project").get(pk=run.pk)
    )
    if not saved.is_open:
        raise RefusalError(f"This file is not open any more: {saved.get_state_display().lower()}.")
    return saved


@all_or_nothing
def check_again(*, run: PlanImport, by: User | None, adds_calendars: bool = False) -> PlanImport:
    """Compare the kept file with the plan as it is now."""
    saved = _open(run)
    _checked(saved, check(bytes(saved.content), saved.project, adds_calendars=adds_calendars), by)
    return saved


@all_or_nothing
def request_check(*, run: PlanImport, by: User | None, adds_calendars: bool = False) -> PlanImport:
    """Hand another check of the kept file to a worker."""
    saved = _open(run)
    saved.state = PlanImportState.CHECKING
    saved.save(update_fields=["state"])
    _enqueue_check(saved, by, adds_calendars=adds_calendars)
    audit.record(action="plan_import.check_requested", target=saved, by=by, scope=saved.project)
    return saved


@all_or_nothing
def request_apply(
    *,
    run: PlanImport,
    by: User | None,
    removes_started: bool = False,
    adds_calendars: bool = False,
) -> PlanImport:
    """Hand a checked file to a worker; raises RefusalError for what cannot be written as it stands."""
    saved = _open(run)
    if saved.state != PlanImportState.CHECKED:
        raise RefusalError("This file is still being checked.")
    _keep_started(saved.counts["started_and_removed"], allowed=removes_started)
    if saved.counts.get("doubts") and not doubts.said().reason:
        raise RefusalError(doubts.IN_A_FILE)
    saved.job = jobs.enqueue(
        kind=APPLY,
        key=f"{saved.pk}.{saved.plan_digest}.{removes_started}",
        params={
            "run": saved.pk,
            "removes_started": removes_started,
            "adds_calendars": adds_calendars,
            "title": f"Import of {saved.file_name}",
        },
        by=by,
    )
    saved.save(update_fields=["job"])
    audit.record(
        action="plan_import.apply_requested",
        target=saved,
        by=by,
        scope=saved.project,
        after={"removes_started": removes_started} | doubts.because(saved.counts.get("doubts")),
    )
    return saved


def _keep_started(count: int, *, allowed: bool) -> None:
    if count and not allowed:
        raise RefusalError(
            f"{count} row{'s' if count != 1 else ''} of the plan with progress "
            f"{'are' if count != 1 else 'is'} not in the file. Say that they may go, or add "
            "them to the file."
        )


@all_or_nothing
def discard_import(*, run: PlanImport, by: User | None) -> None:
    saved = _open(run)
    _forget(saved)
    audit.record(action="plan_import.discarded", target=saved, by=by, scope=saved.project)


@all_or_nothing
def forget_files(*, before: datetime) -> int:
    """Empty the files that wait since before then; return how many."""
    waiting = PlanImport.objects.left_open(before=before).select_related("project").order_by("pk")
    found = list(waiting.select_for_update(of=("self",)))
    for run in found:
        _forget(run, PlanImportState.FORGOTTEN)
    entries = [audit.Entry("plan_import.forgotten", run, run.project) for run in found]
    audit.record_all(entries, by=None)
    return len(found)


@all_or_nothing
@uncollected()
def apply_import(
    *,
    run: PlanImport,
    by: User | None,
    removes_started: bool = False,
    adds_calendars: bool = False,
) -> PlanImport:
    """
    Write the whole file, or nothing and raise RefusalError.

    Rows with progress that the file does not hold go only with `removes_started`.
    """
    project = locked(run.project)
    saved = _open(run)
    before = document_of(project)
    if digest_of(before) != saved.plan_digest:
        raise RefusalError(CHANGED_SINCE)
    found = check(bytes(saved.content), project, adds_calendars=adds_calendars)
    if len(found.calendars) != saved.counts["calendars"]:
        raise RefusalError(CALENDARS_SINCE)
    _keep_started(len(found.match.started_and_removed), allowed=removes_started)
    for finding in found.doubts:
        if not doubts.settles(finding):
            raise RefusalError(doubts.IN_A_FILE)
    start = project.start_date
    added = write_check(found, project, by)
    _start_on(project, found.file.start, by)
    reschedule(project=project, by=by)
    after = document_of(project)
    saved.before = {
        "plan": before,
        "start": audit.plain(start),
        "start_after": audit.plain(found.file.start or start),
        "calendars": added,
    }
    saved.after_digest = digest_of(after)
    saved.state, saved.content, saved.applied_at = PlanImportState.APPLIED, b"", timezone.now()
    saved.losses, saved.counts, saved.baseline = found.report, found.counts, found.baseline
    saved.save()
    audit.record(
        action="plan_import.applied",
        target=saved,
        by=by,
        scope=project,
        before={"plan": saved.plan_digest},
        after={
            "file": saved.file_name,
            "digest": saved.digest,
            "plan": saved.after_digest,
            **_numbers(saved.counts),
            **doubts.because(found.doubts),
        },
    )
    announce(TOPIC, project.pk)
    return saved


def _numbers(counts: dict[str, Any]) -> dict[str, int]:
    return {name: value for name, value in counts.items() if isinstance(value, int)}


def _start_on(project: Project, start: date | None, by: User | None) -> None:
    """Move the project's start to the file's; raises RefusalError where other dates forbid it."""
    if start is None or start == project.start_date:
        return
    try:
        change_project(project=project, version=None, by=by, start_date=start)
    except ValidationError as error:
        raise RefusalError(
            f"The project cannot start on {start.isoformat()}, as the file says: {' '.join(error.messages)}"
        ) from error


@all_or_nothing
@uncollected()
def undo_import(*, run: PlanImport, by: User | None) -> PlanImport:
    """Put the plan back as it was; raises RefusalError once anybody changed it since."""
    project = locked(run.project)
    saved = (
        PlanImport.objects.select_for_update(of=("self",)).select_related("project").get(pk=run.pk)
    )
    if saved.state != PlanImportState.APPLIED:
        raise RefusalError("Only a file that was written can be undone.")
    if digest_of(document_of(project)) != saved.after_digest:
        raise RefusalError(CHANGED_SINCE_WRITTEN)
    restore(saved.before["plan"], project, by)
    was = saved.before["start"]
    if audit.plain(project.start_date) == saved.before["start_after"] != was:
        start = date.fromisoformat(was) if was else None
        change_project(project=project, version=None, by=by, start_date=start)
    reschedule(project=project, by=by)
    remove_calendars(saved.before["calendars"], by)
    saved.state, saved.undone_at, saved.undone_by = PlanImportState.UNDONE, timezone.now(), by
    saved.save(update_fields=["state", "undone_at", "undone_by"])
    audit.record(
        action="plan_import.undone",
        target=saved,
        by=by,
        scope=project,
        before={"plan": saved.after_digest},
        after={"plan": digest_of(document_of(project))},
    )
    announce(TOPIC, project.pk)
    return saved
