"""Templates as pages show them: what each brings, and its tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from projects.domain.plan.calendars import ScheduleError
from projects.project_templates.domain.network import A_MONDAY, day_of, laid_out
from projects.project_templates.domain.sections import (
    SECTIONS,
    TASKS,
    Document,
    FieldSpec,
    Holds,
    SectionSpec,
    pin_of,
)

DAYS_A_WEEK = 5
ENDS = "Last day"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateBrief:
    """What a template brings, counted; lengths are working days, 0 where its tasks cannot be laid out."""

    tasks: int
    milestones: int
    gates: Sequence[str]
    length: int
    go_live: int
    counts: Mapping[str, int]
    pin: str

    @property
    def weeks(self) -> int:
        return -(-self.length // DAYS_A_WEEK)


def brief_of(document: Document) -> TemplateBrief:
    rows = TASKS.rows_of(document)
    points = [row for row in rows if row.get("milestone")]
    return TemplateBrief(
        tasks=len(rows) - len(points),
        milestones=len(points),
        gates=[row["gate"] for row in points if row.get("gate")],
        length=document.get("length_working_days") or 0,
        go_live=document.get("go_live_day") or 0,
        counts=Counter({one.name: len(one.rows_of(document)) for one in SECTIONS}),
        pin=pin_of(document),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionTable:
    """One section as a table of texts; an empty cell is ""."""

    section: SectionSpec
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables_of(document: Document) -> list[SectionTable]:
    """Return the sections that hold something, as tables; tasks with the day on which each ends."""
    days = _days(document)
    return [_table(section, document, days) for section in SECTIONS if section.rows_of(document)]


def _table(section: SectionSpec, document: Document, days: Mapping[str, int]) -> SectionTable:
    columns = [spec.label for spec in section.fields]
    rows = [
        [shown(spec, row.get(spec.name)) for spec in section.fields]
        for row in section.rows_of(document)
    ]
    if section is TASKS and days:
        columns.append(ENDS)
        for cells, row in zip(rows, section.rows_of(document), strict=True):
            cells.append(str(days.get(row["id"], "")))
    return SectionTable(section=section, columns=columns, rows=rows)


def _days(document: Document) -> dict[str, int]:
    """Return the working day on which each task ends; nothing where they cannot be laid out."""
    try:
        course = laid_out(document, start=A_MONDAY)
    except (ScheduleError, KeyError, TypeError, ValueError):
        return {}
    return {key: day_of(course, key) for key in course.timings}


def shown(spec: FieldSpec, value: Any) -> str:
    """Write a value as a table shows it; "" for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if spec.holds is Holds.SHARE:
        return f"{100 * value:g}%"
    if spec.holds is Holds.CHOICE:
        return worded(value)
    return f"{value:,g}" if isinstance(value, int | float) else str(value)


def worded(code: str) -> str:
    """Write a code of a choice as words; one in capitals stays."""
    return code if code.isupper() else code.replace("_", " ").capitalize()
