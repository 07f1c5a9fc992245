"""An import's way: uploaded, mapped, checked in the background, applied or discarded."""

import hashlib
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common import audit, jobs
from pmo.common.tabular import TableError, read
from pmo.common.writing import RefusalError, add, change
from portfolio.models import Portfolio
from reports import import_profiles
from reports.domain.importing import (
    RECORD_KINDS,
    ProfileError,
    guess_mapping,
    normalized,
    profile_from_dict,
    profile_to_dict,
)
from reports.models import ImportProfile, ImportRun, ImportState
from reports.services.importing import work

# one transaction writes everything; the job's lease has to outlast it
HOLD = timedelta(minutes=9)


def profile_document(name: str) -> dict[str, Any]:
    """Return a saved profile's mapping, or one that comes with Rounds; raise RefusalError."""
    saved = ImportProfile.objects.filter(name=name).first()
    if saved:
        return dict(saved.document)
    try:
        return profile_to_dict(import_profiles.load(name))
    except ProfileError as error:
        raise RefusalError(str(error)) from error


@transaction.atomic
def start_import(
    *, file_name: str, content: bytes, by: User, profile: str = "", record: str = "project"
) -> ImportRun:
    """Keep the file if it is a table, with the profile's mapping or a guessed one; raise RefusalError."""
    document = profile_document(profile) if profile else {}
    try:
        hints = profile_from_dict(document).hints if document else None
        table = read(content, hints)
    except TableError as error:
        raise RefusalError(str(error)) from error
    if not document:
        guesses = guess_mapping(table.headers, RECORD_KINDS[record])
        document = {"name": file_name[:80], "record": record, "fields": guesses}
    run = ImportRun(
        file_name=file_name[:200],
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
        document=document,
        created_by=by,
        created_at=timezone.now(),
    )
    run.full_clean(exclude=["content", "report", "document", "job", "applied_at"])
    run.save(force_insert=True)
    audit.record(
        action="import.uploaded", target=run, by=by, after={"digest": run.digest, "size": run.size}
    )
    return run


@transaction.atomic
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
    _only_open(run)
    try:
        plain = profile_to_dict(profile_from_dict(document))
    except ProfileError as error:
        raise RefusalError(str(error)) from error
    run.document, run.as_of, run.portfolio, run.is_complete = plain, as_of, portfolio, is_complete
    run.state = ImportState.MAPPING
    run.save(update_fields=["document", "as_of", "portfolio", "is_complete", "state"])
    if save_as:
        save_profile(name=save_as, document=plain | {"name": save_as}, by=by)
    audit.record(action="import.mapped", target=run, by=by)
    return run


@transaction.atomic
def read_again(*, run: ImportRun, by: User, source: dict[str, Any]) -> ImportRun:
    """Read the file another way and guess anew what the old mapping leaves open; raise RefusalError."""
    _only_open(run)
    document = run.document | {"source": source}
    try:
        table = read(bytes(run.content), profile_from_dict(document).hints)
    except (TableError, ProfileError) as error:
        raise RefusalError(str(error)) from error
    present = {normalized(header) for header in table.headers}
    sources = profile_from_dict(document).sources
    fields = guess_mapping(table.headers, RECORD_KINDS[document["record"]]) | {
        name: entry
        for name, entry in (document.get("fields") or {}).items()
        if present & {normalized(header) for header in sources[name].headers}
    }
    run.document = document | {"fields": fields}
    run.state = ImportState.MAPPING
    run.save(update_fields=["document", "state"])
    audit.record(action="import.read_again", target=run, by=by)
    return run


@transaction.atomic
def save_profile(*, name: str, document: dict[str, Any], by: User) -> ImportProfile:
    """Save a mapping under its name, over the one that has it."""
    if name in import_profiles.names():
        raise RefusalError("This name belongs to a profile that comes with Rounds; choose another.")
    known = ImportProfile.objects.filter(name=name).first()
    if known is None:
        record = ImportProfile(name=name, document=document)
        return add(record, by=by, action="import_profile.created")
    return change(known, version=None, by=by, action="import_profile.changed", document=document)


@transaction.atomic
def request_check(*, run: ImportRun, by: User) -> ImportRun:
    """Hand the check to a worker."""
    _only_open(run)
    run.state = ImportState.CHECKING
    run.checks += 1
    run.job = jobs.enqueue(
        kind="imports.check", key=f"{run.pk}.{run.checks}", params={"run": run.pk}, by=by
    )
    run.save(update_fields=["state", "checks", "job"])
    audit.record(action="import.check_requested", target=run, by=by)
    return run


@transaction.atomic
def request_apply(*, run: ImportRun, by: User) -> ImportRun:
    """Hand a checked import to a worker; raises RefusalError for one that has problems."""
    held = ImportRun.objects.select_for_update().get(pk=run.pk)
    if held.state != ImportState.READY:
        raise RefusalError("Only an import that was checked without problems can be applied.")
    held.state = ImportState.APPLYING
    held.job = jobs.enqueue(
        kind="imports.apply", key=f"{held.pk}.{held.checks}", params={"run": held.pk}, by=by
    )
    held.save(update_fields=["state", "job"])
    audit.record(action="import.apply_requested", target=held, by=by)
    return held


@transaction.atomic
def discard(*, run: ImportRun, by: User) -> ImportRun:
    """Forget the file; what was uploaded when and by whom stays."""
    held = ImportRun.objects.select_for_update().get(pk=run.pk)
    if held.state == ImportState.APPLYING or not held.is_open:
        raise RefusalError("This import is being applied or over; it cannot be discarded.")
    held.state = ImportState.DISCARDED
    held.content, held.report = b"", {}
    held.save(update_fields=["state", "content", "report"])
    audit.record(action="import.discarded", target=held, by=by)
    return held


@transaction.atomic
def apply(*, run: ImportRun, by: User) -> ImportRun:
    """Write everything now; a run that is applied already changes nothing."""
    held = ImportRun.objects.select_for_update().get(pk=run.pk)
    if held.state == ImportState.APPLIED:
        return held
    _only_open(held)
    held.report = work.report_of(work.write_all(held, by))
    held.state, held.applied_at, held.content = ImportState.APPLIED, timezone.now(), b""
    held.save(update_fields=["state", "applied_at", "report", "content"])
    audit.record(
        action="import.applied",
        target=held,
        by=by,
        after={"digest": held.digest, **held.report["counts"]},
    )
    return held


def _only_open(run: ImportRun) -> None:
    if not run.is_open:
        raise RefusalError("This import is over; upload the file again.")


@jobs.handles("imports.check")
def run_check(running: jobs.Run) -> dict[str, Any]:
    """Check a run in the background."""
    run = ImportRun.objects.select_related("created_by", "portfolio").get(pk=running.params["run"])
    if run.state != ImportState.CHECKING:
        return {}
    findings = work.check(run, progress=running.progress)
    work.finish_check(run, findings)
    return {"problems": len(findings.problems)}


@jobs.handles("imports.apply")
def run_apply(running: jobs.Run) -> dict[str, int]:
    """Apply a run in the background; problems that came up since the check are kept on it."""
    run = ImportRun.objects.select_related("created_by", "portfolio").get(pk=running.params["run"])
    running.progress(0, 0, "Writing everything in one go", hold=HOLD)
    try:
        counts: dict[str, int] = apply(run=run, by=run.created_by).report["counts"]
    except work.ImportRefusedError as refusal:
        findings = work.Findings(problems=list(refusal.problems), total=run.report.get("total", 0))
        work.finish_check(run, findings)
        raise
    return counts
