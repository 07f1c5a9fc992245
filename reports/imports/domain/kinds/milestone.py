"""Milestones as a table brings them: the fields, what each means, and some to start from."""

from datetime import timedelta

from projects.domain.kinds import MilestoneKind
from reports.imports.domain.fields import (
    BELONGS_TO,
    CellKind,
    Field,
    RecordKind,
    SampleFor,
    SampleRow,
    months_later,
)

# name, months since the project's start, days that the forecast is later, done
MILESTONES = (
    ("Business case approved", -4, 0, True),
    ("Contract signed", -2, 0, True),
    ("Delivery complete", 3, 14, False),
    ("Go-live", 6, 14, False),
)


def milestone_rows(start: SampleFor) -> list[SampleRow]:
    """Return four milestones for each of the projects with these codes."""
    return [
        {
            "project": code,
            "name": name,
            "baseline_date": (planned := months_later(start.today, month)),
            "forecast_date": planned + timedelta(days=late),
            "actual_date": planned + timedelta(days=late) if is_done else None,
        }
        for code in start.codes
        for name, month, late, is_done in MILESTONES
    ]


MILESTONE = RecordKind(
    name="milestone",
    label="Milestones",
    key=("project", "name"),
    purpose="What must be true by when; belongs to a project's code.",
    rows=milestone_rows,
    fields=(
        BELONGS_TO,
        Field(
            "name",
            "Name",
            meaning="What the milestone is called. A second import finds it again by it.",
            required=True,
            may_be=("activity", "description"),
            aliases=(
                "milestone",
                "milestone name",
                "task name",
                "title",
                "task",
                "summary",
                "subject",
                "deliverable",
                "key date",
                "item",
            ),
        ),
        Field(
            "kind",
            "Kind",
            CellKind.CHOICE,
            meaning="The kind of milestone.",
            choices=tuple(MilestoneKind.choices()),
            aliases=("type",),
        ),
        Field(
            "baseline_date",
            "Baseline",
            CellKind.DATE,
            meaning="The approved date; delays are counted from it.",
            may_be=("target", "start date"),
            aliases=(
                "baseline date",
                "planned date",
                "planned end",
                "baseline finish",
                "planned finish",
                "baseline end",
                "target date",
                "original date",
            ),
        ),
        Field(
            "forecast_date",
            "Forecast",
            CellKind.DATE,
            meaning="The date as things stand today.",
            may_be=("deadline", "timeline end"),
            aliases=(
                "forecast date",
                "due date",
                "due",
                "date",
                "finish",
                "finish date",
                "end date",
                "end",
                "expected date",
                "forecast finish",
            ),
        ),
        Field(
            "actual_date",
            "Actual",
            CellKind.DATE,
            meaning="The day it was reached; empty until then.",
            may_be=("closed",),
            aliases=(
                "actual date",
                "done",
                "completed",
                "actual end",
                "completed date",
                "completed at",
                "actual finish",
                "date completed",
                "completed on",
            ),
        ),
    ),
)
