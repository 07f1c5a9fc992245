"""
A file's rows against a plan's: which are the same, and what each becomes.

A row is found again by our own number where the file went out from here, else by its key in the file it
came from. Progress recorded here stays where the file has none, and so does a cost; the rest is the
file's. What was downloaded here and comes back as it was changes nothing: a text, a calendar or a cost
that says the same in the file stays as it is written here. A sheet holds no links and no notes: those that were added here stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from projects.domain.exchange.planfile import (
    LONGEST_NAME,
    LinkRow,
    Loss,
    PlanFile,
    ReadingLedger,
    TaskRow,
    clean,
    plain_notes,
)
from projects.domain.kinds import TaskKind

WITHOUT_LINKS = "workbook"
# What makes a row another one; its place among the others and its forecast dates do not.
CONTENT = tuple(
    field.name
    for field in fields(TaskRow)
    if field.name not in {"key", "number", "start", "finish", "is_summary"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """
    What applying a file does: `rows` with the plan's row each one changes (None for a new one).

    Keys are the file's throughout; `removed` are the plan's rows that the file does not hold.
    """

    rows: tuple[tuple[TaskRow, TaskRow | None], ...]
    links: tuple[LinkRow, ...]
    removed: tuple[TaskRow, ...]
    losses: tuple[Loss, ...]

    @property
    def added(self) -> list[TaskRow]:
        return [row for row, was in self.rows if was is None]

    @property
    def changed(self) -> list[TaskRow]:
        return [row for row, was in self.rows if was is not None and differences(row, was)]

    @property
    def started_and_removed(self) -> list[TaskRow]:
        return [row for row in self.removed if has_progress(row)]


def differences(row: TaskRow, was: TaskRow) -> list[str]:
    """Return the names of what differs."""
    return [name for name in CONTENT if getattr(row, name) != getattr(was, name)]


def has_progress(row: TaskRow) -> bool:
    """Say whether work on the row itself was recorded."""
    return not row.is_summary and (row.actual_start is not None or row.percent_complete > 0)


def match(file: PlanFile, plan: PlanFile) -> Match:
    """Compare; the plan's rows carry our numbers, and calendars have the same keys in both."""
    ledger = ReadingLedger()
    pairs = [
        (_merged(row, was, file.format, ledger), was)
        for row, was in zip(file.tasks, found_again(file, plan), strict=True)
    ]
    taken = {was.number for _, was in pairs if was is not None}
    return Match(
        rows=tuple(pairs),
        links=_links(file, plan, pairs, ledger),
        removed=tuple(row for row in plan.tasks if row.number not in taken),
        losses=ledger.losses(),
    )


def found_again(file: PlanFile, plan: PlanFile) -> list[TaskRow | None]:
    """Return for each of the file's rows that of the plan, None for a new one."""
    by_number = {row.number: row for row in plan.tasks}
    by_key = {row.key: row for row in plan.tasks}
    found: list[TaskRow | None] = []
    taken: set[int | None] = set()
    for row in file.tasks:
        was = by_number.get(row.number) if row.number is not None else None
        was = was or by_key.get(row.key)
        if was is not None and was.number in taken:
            was = None
        if was is not None:
            taken.add(was.number)
        found.append(was)
    return found


def _merged(row: TaskRow, was: TaskRow | None, file_format: str, ledger: ReadingLedger) -> TaskRow:
    if was is not None and row.is_summary and has_progress(was):
        ledger.lost("Progress of rows that become summaries", "A summary takes its progress from the rows below it.", task=row.name)  # fmt: skip
    if was is None:
        return replace(row, number=None)
    kept: dict[str, object] = {"number": was.number} | _as_written_here(row, was)
    if row.is_summary:
        return replace(row, **kept)  # type: ignore[arg-type]  # one dictionary of many types
    if has_progress(was) and not has_progress(row):
        kept |= {
            "actual_start": was.actual_start,
            "actual_finish": was.actual_finish,
            "percent_complete": was.percent_complete,
        }
        ledger.changed("Progress recorded here", "It stays: the file has none for these rows.", task=row.name)  # fmt: skip
    if row.planned_cost is None and was.planned_cost is not None and not was.is_summary:
        kept["planned_cost"] = was.planned_cost
        if was.planned_cost:  # a file cannot tell nothing from unknown
            ledger.changed("Planned costs entered here", "They stay: the file has none for these rows.", task=row.name)  # fmt: skip
    if file_format == WITHOUT_LINKS and not row.notes:
        kept["notes"] = was.notes
    if (was.kind, row.kind, row.number) == (TaskKind.SUPPORT, TaskKind.WORK, None):
        kept["kind"] = was.kind
    return replace(row, **kept)  # type: ignore[arg-type]  # one dictionary of many types


def _as_written_here(row: TaskRow, was: TaskRow) -> dict[str, object]:
    """Keep texts that differ only by what a file cannot hold: blanks in a row, line ends."""
    kept: dict[str, object] = {}
    if row.name == clean(was.name, LONGEST_NAME):
        kept["name"] = was.name
    if row.notes == plain_notes(was.notes):
        kept["notes"] = was.notes
    return kept


def _links(
    file: PlanFile,
    plan: PlanFile,
    pairs: Sequence[tuple[TaskRow, TaskRow | None]],
    ledger: ReadingLedger,
) -> tuple[LinkRow, ...]:
    if file.format != WITHOUT_LINKS:
        return file.links
    keys = {was.key: row.key for row, was in pairs if was is not None}
    stay = [
        replace(link, predecessor=keys[link.predecessor], successor=keys[link.successor])
        for link in plan.links
        if link.predecessor in keys and link.successor in keys
    ]
    ledger.kept("Links made here", "A sheet holds no links, so they stay.", count=len(stay))
    return tuple(stay)
