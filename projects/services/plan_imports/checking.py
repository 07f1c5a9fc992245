"""What would a schedule file do to a plan? Reads, screens and compares; writes nothing."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils import timezone

from pmo.common.page.formats import day
from pmo.common.records import phi
from pmo.common.records.audit import plain
from pmo.common.records.phi import PatientDataFinding
from pmo.common.records.writing import RefusalError
from projects.domain.exchange import (
    CalendarRow,
    Loss,
    PlanFile,
    PlanFileError,
    TaskRow,
    read_mspdi,
    read_workbook_plan,
)
from projects.domain.exchange.guarded_xml import MEGABYTE
from projects.domain.exchange.matching import Match, found_again, match
from projects.domain.exchange.planfile import ReadingLedger
from projects.domain.exchange.recalculating import recalculated
from projects.domain.exchange.settling import settled
from projects.models import Project, WorkCalendar
from projects.selectors.plan_file import (
    STANDARD,
    calendar_rows,
    default_calendar_id,
    plan_file_of,
)

LARGEST = 30 * MEGABYTE
MOST_TASKS = 10_000
SHOWN = 20
SHOWN_PROBLEMS = 5
XML_STARTS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
NEW_KEY = "new-"
HIDDEN = "(not repeated here)"


class PatientDataError(RefusalError):
    """The file names a patient: it is not kept either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPlan:
    """The file as it would be written, with calendars under our keys, and the report."""

    file: PlanFile
    match: Match
    calendars: tuple[CalendarRow, ...]  # to be added, under keys that start with NEW_KEY
    losses: tuple[Loss, ...]
    doubts: tuple[PatientDataFinding, ...]  # what words of the file may be, of a patient

    @property
    def counts(self) -> dict[str, Any]:
        """Return how many rows are added, changed, unchanged and removed, with the first names."""
        found = self.match
        rows = {
            "added": found.added,
            "changed": found.changed,
            "removed": list(found.removed),
            "started_and_removed": found.started_and_removed,
        }
        doubts = sorted({finding.rule for finding in self.doubts})
        return {
            **({"doubts": doubts} if doubts else {}),
            **{name: len(of) for name, of in rows.items()},
            "tasks": len(found.rows),
            "unchanged": len(found.rows) - len(found.added) - len(found.changed),
            "links": len(found.links),
            "calendars": len(self.calendars),
            "names": {name: [_shown(row.name) for row in of[:SHOWN]] for name, of in rows.items()},
        }

    @property
    def report(self) -> list[dict[str, Any]]:
        """Return the losses as JSON can hold them, without anything that names a patient."""
        return [
            {
                **asdict(loss),
                "what": _shown(loss.what),
                "why": _shown(loss.why),
                "tasks": [_shown(task) for task in loss.tasks],
            }
            for loss in self.losses
        ]

    @property
    def baseline(self) -> list[dict[str, Any]]:
        names = {row.key: row.name for row in self.file.tasks}
        found: list[dict[str, Any]] = plain(
            [asdict(row) | {"name": names[row.task]} for row in self.file.baseline]
        )
        return found


def _shown(text: str) -> str:
    return HIDDEN if phi.findings(text) else text


def check(content: bytes, project: Project, *, adds_calendars: bool) -> CheckedPlan:
    """Read a file and compare it with the plan; raises RefusalError with a sentence for the user."""
    try:
        file = read_plan_file(content)
        _, moved = recalculated(file)
    except PlanFileError as error:
        raise RefusalError(str(error)) from error
    if len(file.tasks) > MOST_TASKS:
        raise RefusalError(f"The file has more than {MOST_TASKS:,} tasks. Split it.")
    doubtful = _screen(file)
    file, mended = settled(file, timezone.localdate())
    ledger = ReadingLedger()
    if file.start and file.start != project.start_date:
        was = day(project.start_date) if project.start_date else "unknown"
        ledger.changed("Start of the project", f"It was {was} and becomes {day(file.start)}, the start of the file.")  # fmt: skip
    plan = plan_file_of(project)
    file, added = _with_our_calendars(file, plan, project, ledger, adds_calendars=adds_calendars)
    found = match(file, plan)
    order = ("lost", "changed", "kept")
    losses = (*file.losses, *mended, *moved, *ledger.losses(), *found.losses)
    return CheckedPlan(
        file=file,
        match=found,
        calendars=added,
        losses=tuple(sorted(losses, key=lambda loss: order.index(loss.fate.value))),
        doubts=doubtful,
    )


def read_plan_file(content: bytes) -> PlanFile:
    """Read whichever kind of schedule the first bytes say it is; raises PlanFileError."""
    return reader_for(content)(content)


def reader_for(content: bytes) -> Callable[[bytes], PlanFile]:
    """Choose by size and first bytes; raises PlanFileError for what no reader takes."""
    if len(content) > LARGEST:
        raise PlanFileError(f"The file is larger than {LARGEST // MEGABYTE} MB.")
    if content.startswith(b"PK"):
        return read_workbook_plan
    if content.startswith(OLD_OFFICE):
        raise PlanFileError(
            "This is a Microsoft Project (.mpp) or an old Excel file. In Microsoft Project choose "
            "Save As and the type XML; in Excel save it as .xlsx."
        )
    if content.lstrip()[:3].startswith(XML_STARTS):
        return read_mspdi
    raise PlanFileError(
        "This is no schedule that Rounds reads. Upload a Microsoft Project XML file or an Excel "
        "(.xlsx) workbook."
    )


def _screen(file: PlanFile) -> tuple[PatientDataFinding, ...]:
    """Refuse names and notes that identify a patient, without repeating them; return what is doubtful."""
    found, doubtful = [], []
    texts = [
        (f"Row {position}, {field}", text)
        for position, row in enumerate(file.tasks, start=1)
        for field, text in (("name", row.name), ("notes", row.notes), ("id", row.key))
    ]
    for calendar in file.calendars:
        names = (calendar.name, *(row.name for row in calendar.exceptions))
        texts += [("A calendar's name", name) for name in names]
    for place, text in texts:
        findings = phi.findings(text)
        if findings and findings[0].is_sure:
            found.append(f"{place}: {findings[0].rule}.")
        doubtful += [finding for finding in findings if not finding.is_sure]
    if found:
        more = f" And {len(found) - SHOWN_PROBLEMS} more." if len(found) > SHOWN_PROBLEMS else ""
        raise PatientDataError(
            "The file holds what looks like patient data; Rounds keeps nothing of a patient. "
            f"{' '.join(found[:SHOWN_PROBLEMS])}{more} Take it out and upload the file again."
        )
    return tuple(doubtful)


_Days = tuple[str, frozenset[tuple[Any, ...]]]


def _days_of(row: CalendarRow) -> _Days:
    days = {(e.first, e.last): e.is_working for e in row.exceptions}
    return row.weekdays, frozenset((*span, works) for span, works in days.items())


def _with_our_calendars(
    file: PlanFile, plan: PlanFile, project: Project, ledger: ReadingLedger, *, adds_calendars: bool
) -> tuple[PlanFile, tuple[CalendarRow, ...]]:
    """
    Give every row a calendar of ours: its own, one with the same days, a new one, or the project's.
    """
    ours = calendar_rows(WorkCalendar.objects.prefetch_related("exceptions").order_by("pk"))
    keys = {_days_of(row): row.key for row in reversed(ours)}
    default_id = default_calendar_id(project)
    standard = next((row for row in ours if row.key == str(default_id)), STANDARD)
    added: list[CalendarRow] = []
    new: dict[str, str | None] = {}
    for calendar in file.calendars:
        days = _days_of(calendar)
        if days == _days_of(standard):
            new[calendar.key] = None
        elif days in keys:
            new[calendar.key] = keys[days]
        elif adds_calendars:
            keys[days] = f"{NEW_KEY}{len(added) + 1}"
            new[calendar.key] = keys[days]
            added.append(replace(calendar, key=keys[days]))
            ledger.changed("New calendars", f"“{calendar.name}” is added to the calendars of the organization.")  # fmt: skip
        else:
            new[calendar.key] = None
            ledger.lost("Calendars that are not here", f"Only the office adds calendars. Rows that use “{calendar.name}” take the project's.")  # fmt: skip
    usual = new.get(file.default_calendar or "")
    here: dict[str | None, _Days] = {row.key: _days_of(row) for row in ours}
    here[None] = _days_of(standard)
    there: dict[str | None, _Days] = {row.key: _days_of(row) for row in file.calendars}
    there[None] = there.get(file.default_calendar or "", here[None])

    def ours_for(row: TaskRow, was: TaskRow | None) -> str | None:
        if was and not was.is_summary and here.get(was.calendar) == there[row.calendar]:
            return was.calendar
        return usual if row.calendar is None else new[row.calendar]

    rows = tuple(
        row if row.is_summary else replace(row, calendar=ours_for(row, was))
        for row, was in zip(file.tasks, found_again(file, plan), strict=True)
    )
    used = {row.calendar for row in rows}
    return replace(file, tasks=rows), tuple(row for row in added if row.key in used)


def parents_of(rows: list[TaskRow]) -> list[int | None]:
    """Return for each row the index of the row above it in the outline; None at the top."""
    above: list[int] = []
    parents: list[int | None] = []
    for index, row in enumerate(rows):
        del above[row.depth :]
        parents.append(above[-1] if above else None)
        above.append(index)
    return parents
