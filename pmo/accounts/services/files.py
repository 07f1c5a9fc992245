"""A list of people or units: checked, answered, written in chunks, discarded or forgotten."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from pmo.accounts.lists import ListKind, ListLine, Result, RowEffect, compare, lines_of, screened
from pmo.accounts.models import FileState, PeopleFile, User
from pmo.accounts.services.writing import CHUNK, WRITE, write_results
from pmo.common.background import jobs
from pmo.common.models import JobState
from pmo.common.records import audit
from pmo.common.records.uploads import kept_name
from pmo.common.records.writing import RefusalError, all_or_nothing
from pmo.common.tabular import Hints, Orientation, SourceTable, TableError, table_from

NOT_OPEN = "This file is not open any more: {}."
NOTHING_TO_WRITE = "No row of this file changes anything, so there is nothing to write."


def read_list(content: bytes) -> SourceTable:
    """Read the file of a list; raises TableError."""
    return table_from(content, Hints(orientation=Orientation.ROWS))


@all_or_nothing
def stage_file(*, kind: ListKind, file_name: str, content: bytes, by: User) -> PeopleFile:
    """Keep the rows of a file with what each would do; raises RefusalError for what is no list."""
    try:
        table = read_list(content)
    except TableError as error:
        raise RefusalError(str(error)) from error
    lines, unread = lines_of(kind, table)
    record = PeopleFile(
        kind=kind.value,
        file_name=kept_name(file_name),
        digest=hashlib.sha256(content).hexdigest(),
        unread=unread[:50],
        created_by=by,
        created_at=timezone.now(),
    )
    _check(record, lines)
    record.save(force_insert=True)
    audit.record(
        action="people_file.checked",
        target=record,
        by=by,
        after={"kind": record.kind, "digest": record.digest, **record.counts},
    )
    return record


def _check(record: PeopleFile, lines: Sequence[ListLine]) -> None:
    """Compare the rows with what is here now, and put both in the order of writing."""
    results = compare(ListKind(record.kind), list(lines), record.answers)
    by_number = {line.number: line for line in lines}
    record.rows = [by_number[one.line].kept() for one in results]
    record.report = [one.told() for one in results]
    record.counts = counted(results)


def counted(results: Sequence[Result]) -> dict[str, int]:
    """Count the rows by effect, those that there are none of too."""
    found = Counter(one.effect for one in results)
    return {effect.value: found[effect] for effect in RowEffect}


def _open(record: PeopleFile) -> PeopleFile:
    """Return the file as saved, held; raises RefusalError when it is written or gone already."""
    saved = PeopleFile.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if not saved.is_open:
        raise RefusalError(NOT_OPEN.format(saved.get_state_display().lower()))
    return saved


@all_or_nothing
def answer_questions(*, record: PeopleFile, answers: Mapping[str, str], by: User) -> PeopleFile:
    """Take who is meant by rows that could mean several, and compare all rows anew."""
    saved = _open(record)
    saved.answers = {**saved.answers, **{line: one for line, one in answers.items() if one}}
    _check(saved, [ListLine.of(row) for row in saved.rows])
    saved.save(update_fields=["answers", "rows", "report", "counts"])
    audit.record(action="people_file.answered", target=saved, by=by, after=dict(answers))
    return saved


@all_or_nothing
def request_writing(*, record: PeopleFile, by: User) -> PeopleFile:
    """Hand the good rows to a job; a second request finds the file taken. Raises RefusalError."""
    saved = _open(record)
    if not any(saved.counts.get(effect.value) for effect in RowEffect if effect.writes):
        raise RefusalError(NOTHING_TO_WRITE)
    saved.state = FileState.WRITING
    saved.job = jobs.enqueue(
        kind=WRITE,
        key=str(saved.pk),
        params={"file": saved.pk, "title": f"List {saved.file_name}"},
        by=by,
    )
    saved.save(update_fields=["state", "job"])
    audit.record(action="people_file.writing_requested", target=saved, by=by)
    return saved


@all_or_nothing
def discard_file(*, record: PeopleFile, by: User) -> PeopleFile:
    saved = _open(record)
    saved.state, saved.rows, saved.report = FileState.DISCARDED, [], []
    saved.save(update_fields=["state", "rows", "report"])
    audit.record(action="people_file.discarded", target=saved, by=by)
    return saved


@all_or_nothing
def forget_files(*, before: datetime) -> int:
    """Empty the lists that are here since before then; return how many. Those being written wait."""
    is_over = ~Q(state=FileState.WRITING) | Q(job__state=JobState.FAILED)
    old = PeopleFile.objects.filter(is_over, created_at__lt=before).exclude(rows=[])
    found = list(old.select_for_update(of=("self",)).order_by("pk"))
    for record in found:
        if record.state != FileState.WRITTEN:
            record.state = FileState.FORGOTTEN
        record.rows, record.report = [], []
        record.save(update_fields=["state", "rows", "report"])
    if found:
        audit.record_all(
            [audit.Entry("people_file.forgotten", record) for record in found], by=None
        )
    return len(found)


@all_or_nothing
def add_rows(
    *, kind: ListKind, rows: Sequence[Mapping[str, str]], by: User, is_dry_run: bool = False
) -> list[Result]:
    """Write what may be written of rows that a program sent; return what became of each, in order."""
    lines = [screened(number, row) for number, row in enumerate(rows, start=1)]
    results = compare(kind, lines, {})
    if not is_dry_run:
        for start in range(0, len(results), CHUNK):
            write_results(kind=kind, results=results[start : start + CHUNK], by=by)
    return sorted(results, key=lambda one: one.line)
