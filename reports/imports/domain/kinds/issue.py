"""Issues as a table brings them: the fields, what each means, and some to start from."""

from dataclasses import replace

from reports.imports.domain.fields import (
    BELONGS_TO,
    CellKind,
    Field,
    RecordKind,
    SampleFor,
    SampleRow,
    months_later,
)
from reports.imports.domain.kinds.register_fields import SEVERITY_FIELD, own_id, owner, titled
from reports.imports.domain.kinds.spellings import OPEN, OVER, spelled

# title, severity, months until it is to be solved (or since it was), how it was resolved
ISSUES = (
    ("The old and the new system disagree on ward names", "high", 1, ""),
    ("Two rooms have no network socket", "medium", 2, ""),
    ("Training rooms were booked twice", "low", -1, "Another room was found."),
)
RESOLUTION = Field(
    "resolution",
    "Resolution",
    meaning="How it was resolved.",
    longest=1000,
    may_be=("notes", "actions", "comments"),
    aliases=(
        "how it was resolved",
        "outcome",
        "resolution notes",
        "resolution details",
        "closure comments",
        "closure notes",
        "action taken",
        "actions taken",
    ),
)


def issue_rows(start: SampleFor) -> list[SampleRow]:
    """Return three issues for each of the projects with these codes."""
    return [
        {
            "project": code,
            "title": title,
            "severity": severity,
            "state": "resolved" if resolution else "open",
            "owner": start.person or None,
            "due": months_later(start.today, month),
            "resolution": resolution or None,
        }
        for code in start.codes
        for title, severity, month, resolution in ISSUES
    ]


ISSUE = RecordKind(
    name="issue",
    label="Issues",
    key=("project", "title"),
    own_id="external_id",
    purpose="What went wrong and how it is solved; belongs to a project's code.",
    rows=issue_rows,
    fields=(
        BELONGS_TO,
        own_id("issue"),
        titled(
            "issue",
            "What went wrong.",
            "issue",
            "name",
            "issue title",
            "issue name",
            "summary",
            "subject",
            "problem",
            "issue description",
            "description",
            may_be=("event", "item", "task"),
        ),
        Field(
            "description",
            "Description",
            meaning="What it means, and what is being done.",
            longest=1000,
            in_sample=False,
            may_be=("notes", "comments", "background"),
            aliases=("details", "impact description", "full description", "action", "action plan"),
        ),
        replace(SEVERITY_FIELD, meaning="How bad it is. New issues are medium without it."),
        Field(
            "state",
            "Status",
            CellKind.CHOICE,
            meaning="Open or resolved. New issues are open without it.",
            choices=(("open", "Open"), ("resolved", "Resolved")),
            spellings=spelled(open=OPEN, resolved=OVER),
            aliases=("issue status", "state", "issue state", "current status"),
        ),
        owner("issue"),
        Field(
            "due",
            "To be solved by",
            CellKind.DATE,
            meaning="The day by which it is to be solved.",
            may_be=("date", "deadline"),
            aliases=(
                "due date",
                "due",
                "target date",
                "target resolution date",
                "resolve by",
                "resolution date",
                "date due",
            ),
        ),
        RESOLUTION,
    ),
)
