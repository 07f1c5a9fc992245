"""What a plan here asks of progress, applied to a file's rows: no future, no end without a start."""

from dataclasses import replace
from datetime import date

from projects.domain.exchange.planfile import Loss, PlanFile, ReadingLedger, TaskRow
from projects.domain.kinds import Constraint, TaskKind

DONE = 100


def settled(file: PlanFile, today: date) -> tuple[PlanFile, tuple[Loss, ...]]:
    """Return the file with rows that agree in themselves, and what had to change for it."""
    ledger = ReadingLedger()
    rows = tuple(
        _summary(row, position, ledger) if row.is_summary else _leaf(row, position, today, ledger)
        for position, row in enumerate(file.tasks, start=1)
    )
    late = sum(
        row.start is not None and row.start < today
        for row in rows
        if not row.is_summary and row.actual_start is None
    )
    ledger.changed(
        "Work that should have begun",
        "It starts today or later once the plan is computed. If it has begun, enter its actual start.",
        count=late,
    )
    return replace(file, tasks=rows), ledger.losses()


def _summary(row: TaskRow, position: int, ledger: ReadingLedger) -> TaskRow:
    if row.constraint is Constraint.NONE:
        return row
    ledger.lost("Constraints of summary rows", "A summary row takes its dates from the rows below it.", task=f"{position} {row.name}")  # fmt: skip
    return replace(row, constraint=Constraint.NONE, constraint_date=None)


def _leaf(row: TaskRow, position: int, today: date, ledger: ReadingLedger) -> TaskRow:
    label = f"{position} {row.name}"
    started, finished, percent = row.actual_start, row.actual_finish, row.percent_complete
    if (started and started > today) or (finished and finished > today):
        ledger.lost("Progress in the future", "What lies ahead has not happened.", task=label)
        finished = None
        if started and started > today:
            started, percent = None, 0
        percent = min(percent, DONE - 1)
    if row.kind is TaskKind.MILESTONE:
        finished = finished or (min(row.finish or today, today) if percent == DONE else None)
        return replace(
            row,
            actual_start=finished,
            actual_finish=finished,
            percent_complete=DONE if finished else 0,
        )
    is_without_start, is_without_finish = (
        percent > 0 and not started,
        percent == DONE and not finished,
    )
    if is_without_start or is_without_finish:
        ledger.changed("Progress without dates", "What has begun or is done gets its planned dates, today at the latest.", task=label)  # fmt: skip
    if is_without_start:
        started = min(row.start or today, today)
    if is_without_finish and started:
        finished = max(started, min(row.finish or today, today))
    return replace(row, actual_start=started, actual_finish=finished, percent_complete=percent)
