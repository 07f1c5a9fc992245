"""Stakeholders as a table brings them: the fields, what each means, and some to start from."""

from reports.imports.domain.fields import (
    BELONGS_TO,
    CellKind,
    Field,
    RecordKind,
    SampleFor,
    SampleRow,
)
from reports.imports.domain.kinds.spellings import spelled

LEVELS = (("low", "Low"), ("medium", "Medium"), ("high", "High"))
LEVEL_WORDS = spelled(
    low=("very low", "l", "minor"),
    medium=("med", "moderate", "m", "average"),
    high=("very high", "h", "major"),
)
ENGAGEMENTS = (
    ("unaware", "Unaware"),
    ("resistant", "Resistant"),
    ("neutral", "Neutral"),
    ("supportive", "Supportive"),
    ("leading", "Leading"),
)
ENGAGEMENT_WORDS = spelled(
    resistant=("opposed", "against", "blocker", "opponent", "critic"),
    supportive=("supporter", "in favor", "in favour", "positive", "for"),
    leading=("champion", "lead", "advocate"),
)
# name, position, power, interest, engagement now, what is done
STAKEHOLDERS = (
    ("Ward managers", "Nursing", "medium", "high", "neutral", "Invite to the weekly walk-through."),
    ("Medical director", "Executive team", "high", "medium", "supportive", "Report each month."),
)


def stakeholder_rows(start: SampleFor) -> list[SampleRow]:
    """Return two stakeholders for each of the projects with these codes."""
    return [
        {
            "project": code,
            "name": name,
            "position": position,
            "power": power,
            "interest": interest,
            "engagement": engagement,
            "engagement_wanted": "supportive",
            "approach": approach,
        }
        for code in start.codes
        for name, position, power, interest, engagement, approach in STAKEHOLDERS
    ]


STAKEHOLDER = RecordKind(
    name="stakeholder",
    label="Stakeholders",
    key=("project", "name"),
    purpose="Who has a stake, with power, interest and engagement; belongs to a project's code.",
    rows=stakeholder_rows,
    fields=(
        BELONGS_TO,
        Field(
            "name",
            "Person or group",
            meaning="Who has a stake. A second import finds the stakeholder again by it.",
            required=True,
            longest=120,
            may_be=("group", "organization", "organisation", "contact"),
            aliases=(
                "stakeholder",
                "stakeholder name",
                "person",
                "full name",
                "stakeholder group",
                "name of stakeholder",
            ),
        ),
        Field(
            "position",
            "Position",
            meaning="What they do, or where.",
            longest=120,
            may_be=("department", "organization", "organisation", "unit"),
            aliases=("role", "title", "job title", "function", "stakeholder role"),
        ),
        Field(
            "power",
            "Power",
            CellKind.CHOICE,
            meaning="How much they can help or stop the project. Medium without it.",
            choices=LEVELS,
            spellings=LEVEL_WORDS,
            aliases=("influence", "power influence", "level of influence", "influence level"),
        ),
        Field(
            "interest",
            "Interest",
            CellKind.CHOICE,
            meaning="How much the project touches them. Medium without it.",
            choices=LEVELS,
            spellings=LEVEL_WORDS,
            aliases=("level of interest", "interest level", "impact"),
        ),
        Field(
            "engagement",
            "Engagement now",
            CellKind.CHOICE,
            meaning="How they stand today. Neutral without it.",
            choices=ENGAGEMENTS,
            spellings=ENGAGEMENT_WORDS,
            may_be=("status", "support"),
            aliases=(
                "engagement",
                "current engagement",
                "attitude",
                "current attitude",
                "current support",
                "engagement level",
                "current engagement level",
            ),
        ),
        Field(
            "engagement_wanted",
            "Engagement wanted",
            CellKind.CHOICE,
            meaning="How they should stand. Supportive without it.",
            choices=ENGAGEMENTS,
            spellings=ENGAGEMENT_WORDS,
            aliases=(
                "desired engagement",
                "target engagement",
                "desired support",
                "desired engagement level",
                "desired attitude",
            ),
        ),
        Field(
            "approach",
            "How to get there",
            meaning="What is done so that they stand as wanted.",
            longest=500,
            may_be=("notes", "action", "actions", "strategy"),
            aliases=(
                "approach",
                "engagement strategy",
                "engagement approach",
                "communication",
                "communications",
                "communication plan",
                "engagement plan",
            ),
        ),
    ),
)
