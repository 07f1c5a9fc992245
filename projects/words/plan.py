"""The sentences on the page of a plan."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pmo.common.page.formats import count, counted, day, slip
from projects.models import Project, Task
from projects.selectors.plan_audit import AuditFinding
from projects.selectors.plan_page import PlanFigures

SAVE_TASK = "Save task"
DOWNLOAD_FOR_MICROSOFT_PROJECT = "Download for Microsoft Project"
REMOVE_TASK_NOTE = (
    "Its links go too, and the plan is recalculated. The audit trail keeps what it said."
)
REMOVE_TASK = "Remove from the plan"
PLAN_RECALCULATED = "The plan is recalculated from today."
USE_PLAN_DATES_ASKED = "Use the plan's dates?"
USE_PLAN_DATES = "Use the plan's dates"
PLAN_DATES_USED = "The forecast finish and the linked milestones now have the plan's dates."
IMPORT_SCHEDULE = "Import a schedule"
ALL_ROWS = "All rows"
MOVES = {
    "up": "Moved up: {name}.",
    "down": "Moved down: {name}.",
    "in": "Indented: {name}.",
    "out": "Outdented: {name}.",
}


class FinishDeclared(NamedTuple):
    """The manager's forecast finish beside the plan's; `days` the plan is later, None when unknown."""

    said: date | None
    computed: date
    days: int | None

    @property
    def differs(self) -> bool:
        return self.days != 0


def lede(figures: PlanFigures) -> str:
    """Say when the plan finishes, how that compares with the baseline, and what drives it."""
    if figures.finish is None:
        return "There is no plan yet. Type the first task below; the dates follow."
    finishes = f"The plan finishes on {day(figures.finish)}"
    if figures.slip_days is None:
        return f"{finishes}. {_drivers(figures)}"
    return f"{finishes}, {_against(figures.slip_days)}. {_drivers(figures)}"


def _against(days: int) -> str:
    return f"{slip(days)} against its baseline" if days else "on its baseline"


def _drivers(figures: PlanFigures) -> str:
    first = figures.next_driver
    if first is None:
        return "All of it is done."
    of = count(figures.tasks, "task")
    lead = counted(figures.drivers, f"1 of {of} drives that date", f"{{n}} of {of} drive that date")
    due = f", due {day(first.finish)}" if first.finish else ""
    return f"{lead}; next is “{first.name}”{due}."


def declared(project: Project, figures: PlanFigures) -> FinishDeclared | None:
    """Return both forecasts; None once the project is finished or while there is no plan."""
    if figures.finish is None or project.actual_finish_date:
        return None
    said = project.forecast_finish_date
    return FinishDeclared(said, figures.finish, (figures.finish - said).days if said else None)


def take_over(project: Project, figures: PlanFigures) -> str:
    if figures.finish is None:
        return "The plan has no tasks yet, so it gives no dates."
    said = project.forecast_finish_date
    was = f" instead of {day(said)}" if said else ""
    return (
        f"The forecast finish becomes {day(figures.finish)}{was}. Milestones linked to a task get its"
        " date. Each change is kept in the trail."
    )


def audit_lede(findings: Sequence[AuditFinding]) -> str:
    """Say how many checks pass, and which fail."""
    if not findings:
        return "There is no plan to check yet."
    failed = [found.check.name for found in findings if found.check.passes is False]
    unknown = sum(found.check.passes is None for found in findings)
    measured = len(findings) - unknown
    lead = f"{measured - len(failed)} of {count(measured, 'check')} that can be measured pass."
    if failed:
        lead += f" {'Fails' if len(failed) == 1 else 'Fail'}: {', '.join(failed)}."
    return lead


def moved(direction: str, name: str) -> str:
    """Say which way a row went."""
    return MOVES[direction].format(name=name)


def remove_asked(task: Task) -> str:
    if task.is_summary:
        return f"Remove “{task.name}” with all rows below it?"
    return f"Remove “{task.name}”?"


def edit_row(position: object) -> str:
    return f"Edit row {position}"


def saved(task: object) -> str:
    return f"Saved: {task}."


def task_removed(task: object) -> str:
    return f"“{task}” removed."


def added(position: int, name: str) -> str:
    return f"Added: {position} {name}."


def level(number: int) -> str:
    return f"Level {number}"
