"""Status history as a table brings it: one row for a project and a week, and some to start from."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from reports.imports.domain.fields import (
    BELONGS_TO,
    CellKind,
    Field,
    RecordKind,
    SampleFor,
    SampleRow,
)
from reports.imports.domain.kinds.project import PROJECT

# weeks ago, color, percent complete, sentence
WEEKS = (
    (6, "green", 40, "Work is on schedule."),
    (5, "amber", 43, "A delivery is announced two weeks late."),
    (4, "green", 48, "The delivery was brought forward."),
)


def status_rows(start: SampleFor) -> list[SampleRow]:
    """Return three weeks of each of the projects with these codes."""
    return [
        {
            "project": code,
            "as_of": start.today - timedelta(weeks=weeks),
            "color": color,
            "percent_complete": Decimal(percent),
            "summary": sentence,
        }
        for code in start.codes
        for weeks, color, percent, sentence in WEEKS
    ]


STATUS = RecordKind(
    name="status",
    label="Status history",
    key=("project", "as_of"),
    is_weekly=True,
    purpose="Color, sentence and percentage of each week that was; belongs to a project's code.",
    rows=status_rows,
    fields=(
        BELONGS_TO,
        Field(
            "as_of",
            "Week",
            CellKind.DATE,
            meaning="Any day of the week that the row speaks of. A project has one status in a week.",
            required=True,
            may_be=("created", "modified", "updated"),
            aliases=(
                "date",
                "week ending",
                "week of",
                "week commencing",
                "week ended",
                "report date",
                "status date",
                "reporting date",
                "period",
                "reporting period",
                "period end",
                "period ending",
                "as of",
                "snapshot date",
                "update date",
            ),
        ),
        replace(PROJECT.field("color"), meaning="The color that was reported in that week."),
        replace(
            PROJECT.field("summary"),
            meaning="One sentence on how it stood.",
            may_be=("notes", "note", "remarks", "description"),
            rest="",
        ),
        PROJECT.field("percent_complete"),
        PROJECT.field("published_rating"),
    ),
)
