"""Microsoft Project XML (MSPDI) into a plan, with a report of what was kept, changed or lost."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from projects.domain.exchange.guarded_xml import DEFAULT, Element, XmlLimits, ends, local
from projects.domain.exchange.mspdi_calendars import RawCalendar, calendar_row, raw_calendar
from projects.domain.exchange.mspdi_splits import (
    Days,
    ended_on_working_days,
    grown,
    note_splits,
    worked_days,
)
from projects.domain.exchange.mspdi_tasks import EVERY_DAY_KEY, RawTask, Reader, raw_task
from projects.domain.exchange.mspdi_values import (
    MINUTES_OF_24_HOURS,
    MINUTES_PER_DAY,
    MORNING,
    is_true,
    minutes_of,
    number_of,
    start_of,
    time_of,
)
from projects.domain.exchange.planfile import (
    EVERY_DAY,
    LONGEST_NAME,
    CalendarRow,
    LinkRow,
    PlanFile,
    PlanFileError,
    ReadingLedger,
    TaskRow,
    clean,
    steady_depths,
    summaries,
)
from projects.domain.exchange.recalculating import calendar_of
from projects.domain.plan.calendars import Calendar

FORMAT = "mspdi"
MOST_TASKS = 20_000
NOBODY = -65535  # the file's resource of work that is assigned to nobody
HEADER, RECORD = 2, 3  # depths: Project is 1
EVERY_DAY_NAME = "Every day"


@dataclass(slots=True)
class Document:
    """What was found in the file, before it means anything."""

    header: dict[str, str] = field(default_factory=dict)
    calendars: dict[int, RawCalendar] = field(default_factory=dict)
    tasks: list[RawTask] = field(default_factory=list)
    resources: int = 0
    assignments: int = 0
    work: int = 0  # minutes
    worked: dict[str, list[Days]] = field(default_factory=dict)  # by the task's key
    pending: list[Days] = field(default_factory=list)  # of the assignment that is being read

    @property
    def minutes_per_day(self) -> int:
        found = number_of(self.header.get("MinutesPerDay", ""))
        return found if found and 0 < found <= MINUTES_OF_24_HOURS else MINUTES_PER_DAY


def read_mspdi(data: bytes, *, limits: XmlLimits = DEFAULT) -> PlanFile:
    """Read a schedule; raises PlanFileError with a sentence for the user."""
    document = _document(data, limits)
    ledger = ReadingLedger()
    morning = time_of(document.header.get("DefaultStartTime", "")) or MORNING
    reader = Reader(minutes_per_day=document.minutes_per_day, ledger=ledger, morning=morning)
    raws = [raw for raw in document.tasks if reader.is_wanted(raw)]
    if not raws:
        raise PlanFileError("The file holds no tasks.")
    depths = steady_depths([raw.level for raw in raws])
    ledger.changed(
        "Outline levels",
        "A row lies at most one level below the row above it.",
        count=sum(raw.level - 1 != depth for raw, depth in zip(raws, depths, strict=True)),
    )
    rows = [
        reader.row(raw, depth, is_summary=is_summary)
        for raw, depth, is_summary in zip(raws, depths, summaries(depths), strict=True)
    ]
    links = tuple(_links(reader, raws))
    calendars, default = _calendars(document, rows, ledger)
    tasks = tuple(_with_known_calendars(rows, {calendar.key for calendar in calendars}, ledger))
    tasks = _as_worked(document, reader, zip(raws, tasks, strict=True), (calendars, default))
    baseline = tuple(item for raw in raws for item in reader.baseline(raw))
    _report(document, tasks, reader, ledger)
    ledger.kept("Links between tasks", "With their kind and lag.", count=len(links))
    ledger.kept(
        "Baseline of the file",
        "Dates and costs of the file's first baseline are kept and shown with this import. They "
        "approve nothing: a baseline that is set here freezes the plan as it stands.",
        count=len(baseline),
    )
    return PlanFile(
        title=clean(
            document.header.get("Title") or document.header.get("Name") or "", LONGEST_NAME
        ),
        format=FORMAT,
        start=start_of(document.header.get("StartDate", "")),
        status_on=start_of(document.header.get("StatusDate", "")),
        default_calendar=default,
        calendars=calendars,
        tasks=tasks,
        links=links,
        baseline=baseline,
        losses=ledger.losses(),
    )


def _document(data: bytes, limits: XmlLimits) -> Document:
    document = Document()
    for depth, element in ends(data, "Project", limits):
        name = local(element.tag)
        if depth == HEADER:
            document.header.setdefault(name, element.text or "")
            element.clear()
        elif depth == RECORD:
            _take(name, element, document)
            document.pending.clear()
            element.clear()
        elif name == "TimephasedData":
            if days := worked_days(element):
                grown(document.pending, days)
            element.clear()
    return document


def _take(name: str, element: Element, document: Document) -> None:
    match name:
        case "Calendar":
            calendar = raw_calendar(element)
            document.calendars.setdefault(calendar.uid, calendar)
        case "Task":
            document.tasks.append(raw_task(element))
            if len(document.tasks) > MOST_TASKS:
                raise PlanFileError(f"The file has more than {MOST_TASKS:,} tasks. Split it.")
        case "Resource":
            # resource 0 stands for "nobody" in every file
            document.resources += any(
                local(child.tag) == "UID" and (child.text or "").strip() != "0" for child in element
            )
        case "Assignment":
            said = {local(child.tag): child.text or "" for child in element}
            task = str(number_of(said.get("TaskUID", "")))
            document.worked.setdefault(task, []).extend(document.pending)
            if number_of(said.get("ResourceUID", "")) != NOBODY:
                document.assignments += 1
                document.work += minutes_of(said.get("Work", "")) or 0


def _links(reader: Reader, raws: list[RawTask]) -> Iterator[LinkRow]:
    by_key = {raw.key: raw for raw in raws}
    for raw in raws:
        yield from reader.links(raw, by_key)


def _calendars(
    document: Document, rows: list[TaskRow], ledger: ReadingLedger
) -> tuple[tuple[CalendarRow, ...], str | None]:
    """Return the calendars that rows use, and the key of the default one (None when there is none)."""
    project = number_of(document.header.get("CalendarUID", ""))
    used = {row.calendar for row in rows if row.calendar is not None}
    if project in document.calendars:
        used.add(str(project))
    found = [
        calendar_row(calendar, document.calendars, ledger)
        for uid, calendar in document.calendars.items()
        if str(uid) in used
    ]
    ledger.kept("Calendars", "Weeks, holidays and worked weekends as whole days.", count=len(found))
    ledger.lost(
        "Calendars that no task uses",
        "Calendars of people and machines are not part of a plan here.",
        count=len(document.calendars) - len(found),
    )
    if EVERY_DAY_KEY in used:
        found.append(CalendarRow(key=EVERY_DAY_KEY, name=EVERY_DAY_NAME, weekdays=EVERY_DAY))
    default = str(project) if project in document.calendars else None
    return tuple(found), default


def _with_known_calendars(
    rows: list[TaskRow], known: set[str], ledger: ReadingLedger
) -> Iterator[TaskRow]:
    for row in rows:
        if row.calendar is None or row.calendar in known:
            yield row
            continue
        ledger.changed(
            "Calendars of tasks",
            "The file does not hold the calendar they name; they take the project's.",
            task=row.name,
        )
        yield replace(row, calendar=None)


def _as_worked(
    document: Document,
    reader: Reader,
    rows: Iterable[tuple[RawTask, TaskRow]],
    named: tuple[tuple[CalendarRow, ...], str | None],
) -> tuple[TaskRow, ...]:
    """Return the rows with ends on days worked, and name those that the file interrupts."""
    calendars: dict[str | None, Calendar] = {row.key: calendar_of(row) for row in named[0]}
    calendars[None] = calendars.get(named[1], Calendar())
    pairs = list(rows)
    note_splits(pairs, document.worked, calendars, reader.ledger)
    ends = reader.ended_before_work
    return tuple(
        ended_on_working_days(row, ends.get(row.key, ()), calendars[row.calendar])
        for _, row in pairs
    )


def _report(
    document: Document, tasks: tuple[TaskRow, ...], reader: Reader, ledger: ReadingLedger
) -> None:
    """Say what stays of the file as a whole and what has no place here."""
    ledger.kept("Tasks", "Names, levels, durations, progress and notes.", count=len(tasks))
    costed = [task.planned_cost for task in tasks if task.planned_cost is not None]
    if costed:
        total = sum(costed, Decimal(0))
        ledger.kept("Planned costs", f"{total:,.2f} in total, on the rows they belong to.", count=len(costed))  # fmt: skip
    ledger.lost(
        "People and machines",
        "A plan here assigns no resources.",
        count=document.resources,
    )
    hours = Decimal(document.work) / 60
    ledger.lost(
        "Assignments",
        f"A plan here assigns no resources. {hours:,.1f} hours of work in total; "
        "the costs stay with the tasks.",
        count=document.assignments,
    )
    if reader.actual_cost:
        ledger.lost(
            "Actual costs",
            f"{reader.actual_cost:,.2f} in total. Money that was spent is recorded on the page Money.",
            count=reader.with_actual_cost,
        )
    if document.header.get("ScheduleFromStart") and not is_true(
        document.header["ScheduleFromStart"]
    ):
        ledger.changed("Direction", "The file is calculated back from its end; here, from the start.")  # fmt: skip
