"""Logs that hold risks, issues and more in one sheet: what each row is stands in its column Type."""

from dataclasses import replace
from decimal import Decimal

from reports.imports.domain.fields import (
    BELONGS_TO,
    CellKind,
    Field,
    RecordKind,
    SampleFor,
    SampleRow,
    months_later,
)
from reports.imports.domain.kinds.issue import RESOLUTION
from reports.imports.domain.kinds.register_fields import (
    IMPACT_FIELD,
    LIKELIHOOD_FIELD,
    SEVERITY_FIELD,
    own_id,
    owner,
    titled,
)
from reports.imports.domain.kinds.risk import DESCRIPTION, RESPONSE, STATE
from reports.imports.domain.kinds.spellings import HAPPENED, OPEN, OVER, spelled

# code -> what one is called, and many
UNKEPT = {
    "assumption": ("an assumption", "assumptions"),
    "dependency": ("a dependency", "dependencies"),
    "decision": ("a decision", "decisions"),
    "action": ("an action", "actions"),
    "change": ("a change", "changes"),
    "lesson": ("a lesson", "lessons"),
}
TYPES = (("risk", "Risk"), ("issue", "Issue"), *((code, code.capitalize()) for code in UNKEPT))
# type, title, severity, likelihood and impact of a risk, what is done or was
ENTRIES = (
    ("risk", "The interface is delivered late", "high", (3, 4), "Agree on a second test window."),
    ("issue", "Ward printers lose their queue", "medium", None, ""),
)


def raid_rows(start: SampleFor) -> list[SampleRow]:
    """Return a risk and an issue for each of the projects with these codes."""
    return [
        {
            "type": kind,
            "project": code,
            "title": title,
            "severity": severity,
            "likelihood": Decimal(scores[0]) if scores else None,
            "impact": Decimal(scores[1]) if scores else None,
            "response": response or None,
            "state": "open",
            "owner": start.person or None,
            "due": months_later(start.today, 2),
        }
        for code in start.codes
        for kind, title, severity, scores, response in ENTRIES
    ]


RAID = RecordKind(
    name="raid",
    label="Risks and issues in one list",
    key=("type", "project", "title"),
    own_id="external_id",
    sorted_by="type",
    unkept=UNKEPT,
    purpose="A RAID log: each row says in its column Type whether it is a risk or an issue.",
    rows=raid_rows,
    fields=(
        Field(
            "type",
            "Type",
            CellKind.CHOICE,
            meaning="Risk or issue. Rows of other types are left out and counted.",
            required=True,
            choices=TYPES,
            spellings=spelled(
                risk=("risks", "r", "threat"),
                issue=("issues", "i", "problem"),
                assumption=("assumptions",),
                dependency=("dependencies",),
                decision=("decisions",),
                action=("actions", "action item", "task"),
                change=("changes", "change request"),
                lesson=("lessons", "lesson learned", "lessons learned"),
            ),
            may_be=("kind", "class"),
            aliases=(
                "raid type",
                "item type",
                "log type",
                "entry type",
                "record type",
                "raid",
                "raid category",
                "category",
            ),
        ),
        BELONGS_TO,
        replace(
            own_id("item"),
            meaning="Its number in your log. A second import finds the entry again by type and number.",
        ),
        titled(
            "item",
            "What may happen, or what went wrong.",
            "name",
            "summary",
            "subject",
            "item description",
            "description",
            may_be=("item", "risk", "issue"),
        ),
        DESCRIPTION,
        replace(
            SEVERITY_FIELD,
            meaning="How bad it is. Of a risk without likelihood and impact it is the rating of both.",
            aliases=tuple(name for name in SEVERITY_FIELD.aliases if name != "impact"),
        ),
        replace(LIKELIHOOD_FIELD, needed="Of risks only"),
        replace(IMPACT_FIELD, needed="Of risks only"),
        replace(
            STATE,
            meaning="Open or closed; a risk also occurred. New entries are open without it.",
            spellings=spelled(open=OPEN, closed=OVER, occurred=HAPPENED),
        ),
        replace(RESPONSE, meaning="Of a risk, what is done about it."),
        replace(RESOLUTION, meaning="Of an issue, how it was resolved."),
        owner("item"),
        Field(
            "due",
            "Due",
            CellKind.DATE,
            meaning="When the response is to be done, or the issue to be solved.",
            may_be=("date", "deadline"),
            aliases=("due date", "target date", "date due", "next review", "review date"),
        ),
    ),
)
