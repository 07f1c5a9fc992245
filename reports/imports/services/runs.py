"""An import's way: uploaded, mapped, checked in the background, applied or discarded."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from pmo.accounts.acting import acting
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.background import jobs
from pmo.common.page import formats
from pmo.common.records import audit, doubts
from pmo.common.records.uploads import kept_name
from pmo.common.records.writing import ClashError, RefusalError, add, all_or_nothing, change
from pmo.common.tabular import Hints, SourceTable, TableError, table_from
from portfolio.models import Portfolio
from reports.imports import profiles
from reports.imports.domain import (
    RECORD_KINDS,
    Profile,
    ProfileError,
    guess_fields,
    normalized,
    profile_from_dict,
    profile_to_dict,
)
from reports.imports.models import OVER, WROTE, ImportProfile, ImportRun, ImportState, StagedRow
from reports.imports.selectors import (
    PROJECT,
    awaits_a_check,
    beside,
    is_waiting,
    open_warnings,
    projects_beside,
)
from reports.imports.services import applying, handing_back, staging, undoing, work
from reports.imports.services.brought import standing_of
from reports.imports.services.month_columns import with_months
from reports.imports.services.remembering import remember_answers
from reports.imports.words.losses import IS_A_PLAN
from reports.imports.words.sheets import PROJECTS_FIRST
from reports.imports.words.warnings import wait

OF_PRODUCTS = frozenset(("product", "not_taken"))  # of a mapping, while the file is that product's
SCHEDULE = b"http://schemas.microsoft.com/project"  # the namespace of a plan, which has an import of its own
# filled by services only
UNCHECKED = ("content", "document", "report", "headers", "effects", "mends", "job", "checked_at", "applied_at", "undone_at")  # fmt: skip


def profile_document(name: str) -> dict[str, Any]:
    """Return a saved profile's mapping, or one that comes with Rounds; raise RefusalError."""
    saved = ImportProfile.objects.filter(name=name).first()
    if saved:
        return dict(saved.document)
    try:
        return profile_to_dict(profiles.load(name))
    except ProfileError as error:
        raise RefusalError(str(error)) from error


def first_read(
    content: bytes, document: dict[str, Any], record: str, *, sheet: str = ""
) -> SourceTable:
    """Read an uploaded file as its profile says, or as this kind of record; raise TableError."""
    hints = profile_from_dict(document).hints if document else Hints(record=record)
    return table_from(content, replace(hints, sheet=sheet) if sheet else hints)


@all_or_nothing
def start_import(
    *,
    file_name: str,
    content: bytes,
    by: User,
    profile: str = "",
    record: str = "project",
    sheet: str = "",
    follows: ImportRun | None = None,
) -> ImportRun:
    """
    Keep the file if it is a table, with the profile's mapping or a guessed one; raise RefusalError.

    `follows` is the first import of those that were chosen of one workbook.
    """
    name = kept_name(file_name)
    if SCHEDULE in content[:2_000]:
        raise RefusalError(IS_A_PLAN)
    document = profile_document(profile) if profile else {}
    try:
        table = first_read(content, document, record, sheet=sheet)
    except TableError as error:
        raise RefusalError(str(error)) from error
    first = None if document else handing_back.first_file_of(table, by)
    if first:
        document = first.document | {"source": handing_back.SOURCE}
    if not document:
        document = first_document(name, table, record, is_said=bool(sheet))
    elif document.get("product"):
        document = profile_to_dict(profiles.on(profile_from_dict(document), table))
    if sheet:
        document = document | {"source": (document.get("source") or {}) | {"sheet": sheet}}
    document = with_months(document, table)
    run = ImportRun(
        file_name=name,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
        document=document,
        portfolio=first.portfolio if first else None,
        as_of=first.as_of if first else None,
        follows=follows,
        created_by=by,
        created_at=timezone.now(),
    )
    run.full_clean(exclude=UNCHECKED)
    run.save(force_insert=True)
    audit.record(
        action="import.uploaded", target=run, by=by, after={"digest": run.digest, "size": run.size}
    )
    return run


def first_document(
    name: str, table: SourceTable, record: str, *, is_said: bool = True
) -> dict[str, Any]:
    """
    Return how a file is read at first: as the export of the product that it is, or by guesses.

    That its rows are projects is what nobody has to say: without `is_said` a product knows better.
    """
    is_said = is_said or record != PROJECT
    if known := profiles.recognized(table, record, is_said=is_said):
        source = {"sheet": table.sheet} if table.sheet else {}
        return profile_to_dict(known) | {"name": name[:80], "source": source}
    guesses = guess_fields(table, RECORD_KINDS[record])
    return {"name": name[:80], "record": record, "fields": guesses}


@all_or_nothing
def map_columns(
    *,
    run: ImportRun,
    by: User,
    document: dict[str, Any],
    as_of: date | None = None,
    portfolio: Portfolio | None = None,
    is_complete: bool = False,
    save_as: str = "",
) -> ImportRun:
    """Take the mapping, and save it under a name when one is given; raise RefusalError."""
    held = held_open(run)
    try:
        plain = profile_to_dict(profile_from_dict(document))
    except ProfileError as error:
        raise RefusalError(str(error)) from error
    if save_as:
        plain["name"] = save_as  # what is answered later is kept there too
    answered = (held.document.get("answers") or {}).get("warnings")
    if answered:  # they hold while the rows say the same
        plain["answers"] = {"warnings": answered} | plain.get("answers", {})
    held.document, held.as_of, held.portfolio = plain, as_of, portfolio
    held.is_complete, held.state = is_complete, ImportState.MAPPING
    held.save(update_fields=["document", "as_of", "portfolio", "is_complete", "state"])
    if save_as:
        stage = profile_from_dict(plain).answers.stage  # the other answers are this file's alone
        kept = plain | {"answers": {"stage": stage} if stage else {}}
        save_profile(name=save_as, document=kept | {"name": save_as}, by=by)
    audit.record(action="import.mapped", target=held, by=by)
    return held


@all_or_nothing
def read_again(*, run: ImportRun, by: User, source: dict[str, Any], record: str = "") -> ImportRun:
    """
    Read the file another way and guess anew what the old mapping leaves open; raise RefusalError.

    With another kind of `record` everything is guessed anew.
    """
    held = held_open(run)
    document = held.document | {"source": source}
    is_other = bool(record) and record != document["record"]
    if is_other:
        document = {"name": document["name"], "record": record, "source": source}
    try:
        profile = profile_from_dict(document)
        table = table_from(bytes(held.content), profile.hints)
    except (TableError, ProfileError) as error:
        raise RefusalError(str(error)) from error
    if is_other:
        document = first_document(held.file_name, table, record) | {"source": source}
        profile = profile_from_dict(document)
    held.document = with_months(_fitted(document, profile, table), table)
    held.state, held.mends = ImportState.MAPPING, {}  # its rows stand elsewhere by now
    held.save(update_fields=["document", "state", "mends"])
    audit.record(action="import.read_again", target=held, by=by)
    return held


def _fitted(document: dict[str, Any], profile: Profile, table: SourceTable) -> dict[str, Any]:
    """Keep of a mapping what the table has columns for, and guess the rest anew."""
    if profile.product and profiles.of_headers(table.headers):
        return document | {"fields": profile_to_dict(profiles.on(profile, table))["fields"]}
    present = {normalized(header) for header in table.headers}
    known = document.get("fields") or {}
    fields = guess_fields(table, profile.kind) | {
        name: known[name]
        for name, one in profile.sources.items()
        if present & {normalized(header) for header in one.headers}
    }
    plain = {name: said for name, said in document.items() if name not in OF_PRODUCTS}
    return plain | {"fields": fields}


@all_or_nothing
def save_profile(*, name: str, document: dict[str, Any], by: User) -> ImportProfile:
    """Save a mapping under its name, over the one that has it."""
    if name in profiles.names():
        raise RefusalError("This name belongs to a profile that comes with Rounds; choose another.")
    known = ImportProfile.objects.filter(name=name).first()
    if known is None:
        record = ImportProfile(name=name, document=document)
        return add(record, by=by, action="import_profile.created")
    return change(known, version=None, by=by, action="import_profile.changed", document=document)


@all_or_nothing
def request_check(*, run: ImportRun, by: User) -> ImportRun:
    """Hand the check to a worker; one that waits for another sheet is handed over when that is checked."""
    held = held_open(run)
    if awaits_a_check(held):
        return held
    held.state = ImportState.CHECKING
    held.checks += 1
    params = {"run": held.pk, "check": held.checks, "title": f"Check of {held.file_name}"}
    held.job = jobs.enqueue(
        kind="imports.check", key=f"{held.pk}.{held.checks}", params=params, by=by
    )
    held.save(update_fields=["state", "checks", "job"])
    audit.record(action="import.check_requested", target=held, by=by)
    return held


@all_or_nothing
def request_apply(
    *, run: ImportRun, by: User, answers: Mapping[str, Any] | None = None
) -> ImportRun:
    """
    Hand a checked import to a worker, with what becomes of names that are new here.

    Raises RefusalError for one that has problems, a name or a warning without an answer.
    """
    held = ImportRun.objects.select_for_update().get(pk=run.pk)
    if held.state not in {ImportState.READY, ImportState.STOPPED}:
        raise RefusalError("Only an import that was checked can be written.")
    if is_waiting(held):
        raise RefusalError(PROJECTS_FIRST)
    if held.report.get("doubts") and not doubts.said().reason:
        raise RefusalError(doubts.IN_A_FILE)
    if held.created_by_id != by.pk:
        raise RefusalError("Only who uploaded a file may have it written.")
    document = dict(held.document)
    document["answers"] = {**(document.get("answers") or {}), **(answers or {})}
    profile = profile_from_dict(document)
    if unanswered := work.unanswered(held, profile.answers):
        names = formats.count(unanswered, "name")
        raise RefusalError(f"Say first what becomes of {names} that Rounds does not know.")
    if waiting := open_warnings(held):
        raise RefusalError(wait(len(waiting)))
    remember_answers(run=held, by=by, answers=answers or {})
    held.document, held.state = profile_to_dict(profile), ImportState.APPLYING
    held.applied_at = None
    params = {"run": held.pk, "title": f"Import of {held.file_name}"}
    held.job = jobs.enqueue(
        kind="imports.apply", key=f"{held.pk}.{held.checks}.{held.tries}", params=params, by=by
    )
    held.tries += 1
    held.save(update_fields=["document", "state", "job", "applied_at", "tries"])
    audit.record(action="import.apply_requested", target=held, by=by)
    return held


@all_or_nothing
def discard(*, run: ImportRun, by: User) -> ImportRun:
    """Forget the file; what was uploaded when and by whom stays."""
    held = held_open(run)
    held.state = ImportState.DISCARDED
    held.content, held.report = b"", {}
    held.save(update_fields=["state", "content", "report"])
    staging.forget(held)
    audit.record(action="import.discarded", target=held, by=by)
    check_others(held)
    return held


def check_others(run: ImportRun) -> None:
    """Have the other sheets of a workbook checked whose rows may name other projects by now."""
    if run.document.get("record") != PROJECT:
        return
    others = beside(run).exclude(document__record=PROJECT)
    for other in others.exclude(state__in=[*OVER, ImportState.APPLYING]):
        now = standing_of(list(projects_beside(other)))
        if other.report.get("stands_on") != now:
            request_check(run=other, by=other.created_by)


@all_or_nothing
def forget_files(*, before: datetime) -> int:
    """Empty the runs that wait since before then; return how many."""
    waiting = ImportRun.objects.left_open(before=before).order_by("pk")
    found = list(waiting.select_for_update(of=("self",)))
    for run in found:
        run.state, run.content, run.report = ImportState.FORGOTTEN, b"", {}
        run.save(update_fields=["state", "content", "report"])
        staging.forget(run)
    staging.forget_cells(before=before)
    audit.record_all([audit.Entry("import.forgotten", run) for run in found], by=None)
    return len(found)


def apply(
    *, run: ImportRun, by: User, progress: Callable[[int, int], None] | None = None
) -> ImportRun:
    """
    Write the good rows now; a run that is applied already changes nothing.

    One that nobody checked is checked first. Raises ImportRefusedError where no row can be written.
    """
    held = ImportRun.objects.select_related("created_by", "portfolio").get(pk=run.pk)
    if held.state in WROTE and held.state != ImportState.STOPPED:
        return held
    if held.state not in {ImportState.APPLYING, ImportState.READY, ImportState.STOPPED} or not (
        StagedRow.objects.of(held).exists()
    ):
        _only_open(held)
        work.finish_check(held, work.check(held, tries=False))
        if held.state == ImportState.FAULTY:
            raise work.ImportRefusedError(held.report["problems"])
    _begin_applying(held)
    return applying.write_all(held, by, progress)


@all_or_nothing
def _begin_applying(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.APPLYING, applied_at=None)
    run.state, run.applied_at = ImportState.APPLYING, None


@all_or_nothing
def request_undo(*, run: ImportRun, by: User) -> ImportRun:
    """Hand the undo of an import to a worker; raise RefusalError for who may not and where nothing is."""
    held = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not undoing.may_undo(held, by):
        raise RefusalError("Only who made an import, or who leads the office, may undo it.")
    if held.state not in {ImportState.APPLIED, ImportState.STOPPED, ImportState.UNDOING}:
        raise RefusalError("Only an import that wrote something can be undone.")
    held.state = ImportState.UNDOING
    params = {"run": held.pk, "title": f"Undo of the import of {held.file_name}"}
    held.job = jobs.enqueue(kind="imports.undo", key=str(held.pk), params=params, by=by)
    held.save(update_fields=["state", "job"])
    audit.record(action="import.undo_requested", target=held, by=by)
    return held


@all_or_nothing
def request_stop(*, run: ImportRun, by: User) -> ImportRun:
    """
    Stop a check, or the writing at the end of its chunk: what is written stays and can be undone.

    A check that is stopped leaves its columns to be chosen again.
    """
    held = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.state == ImportState.CHECKING:
        held.state = ImportState.MAPPING
    elif held.state == ImportState.APPLYING:
        held.is_to_stop = True
    else:
        raise RefusalError("This import is neither checked nor written at the moment.")
    held.save(update_fields=["state", "is_to_stop"])
    audit.record(action="import.stop_requested", target=held, by=by)
    return held


def held_open(run: ImportRun) -> ImportRun:
    """Lock the run as it is now; raise RefusalError when it is over or being written."""
    held = ImportRun.objects.select_for_update().get(pk=run.pk)
    _only_open(held)
    job = held.job
    if held.state == ImportState.APPLYING and job is not None and not job.is_finished:
        raise RefusalError("This import is being written; wait until that is over.")
    return held


def _only_open(run: ImportRun) -> None:
    if not run.is_open:
        raise RefusalError("This import is over; upload the file again.")


class _NotAwaitedError(Exception):
    """Nobody waits for this check any more."""


@jobs.handles("imports.check")
def run_check(running: jobs.Run) -> dict[str, Any]:
    """Check a run in the background; one that was stopped, or overtaken by another mapping, says nothing."""
    if not _is_awaited(running):
        return {}
    run = _of_job(running)

    def progress(done: int, total: int) -> None:
        running.progress(done, total)
        _go_on(running)

    try:
        acting(run.created_by, Permission.IMPORT_RUN)
        findings = work.check(run, progress=progress)
        _go_on(running)
    except _NotAwaitedError:
        staging.forget(run)
        return {}
    except ClashError:
        raise  # the job is tried again
    except RefusalError:
        _awaited(running).update(state=ImportState.MAPPING)
        raise
    check_others(work.finish_check(run, findings))
    return {"problems": len(findings.problems)}


def _of_job(running: jobs.Run) -> ImportRun:
    runs = ImportRun.objects.select_related("created_by", "portfolio")
    return runs.get(pk=running.params["run"])


def _awaited(running: jobs.Run) -> QuerySet[ImportRun]:
    """Return the import if it still waits for this check."""
    said = running.params
    return ImportRun.objects.filter(
        pk=said["run"], state=ImportState.CHECKING, checks=said["check"]
    )


def _is_awaited(running: jobs.Run) -> bool:
    return _awaited(running).exists()


def _go_on(running: jobs.Run) -> None:
    """Raise where nobody waits for the check any more."""
    if not _is_awaited(running):
        raise _NotAwaitedError


@jobs.handles("imports.apply")
def run_apply(running: jobs.Run) -> dict[str, int]:
    """Write a run in the background, from the first row that waits."""
    run = _of_job(running)
    by = acting(run.created_by, Permission.IMPORT_RUN) or run.created_by

    def progress(done: int, total: int) -> None:
        running.progress(done, total, f"{done:,} of {total:,} rows")

    counts: dict[str, int] = apply(run=run, by=by, progress=progress).report["counts"]
    check_others(run)
    return counts


@jobs.handles("imports.undo")
def run_undo(running: jobs.Run) -> dict[str, int]:
    """Undo a run in the background, from the last row that is left."""
    run = _of_job(running)
    asked = running.job.requested_by
    is_own = asked is not None and asked.pk == run.created_by_id
    by = acting(asked, Permission.IMPORT_RUN if is_own else Permission.IMPORT_UNDO)
    if by is None:
        raise RefusalError("Nobody asked for this undo.")

    def progress(done: int, total: int) -> None:
        running.progress(done, total, f"{done:,} of {total:,} rows")

    report = undoing.undo(run=run, by=by, progress=progress).report
    return {"undone": report["undone"], "kept": report["kept"]}
