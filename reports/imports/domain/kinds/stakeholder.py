"""Stakeholders as a table brings them: the fields, what each means, and some to start from."""

from reports.imports.domain.fields import (
    BELONGS_TO,
    CellKind,
    Field,
    RecordKind,
    SampleFor,
    SampleRow,
    Sort,
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
# as projects.domain.kinds.StakeholderCategory has them
CATEGORIES = (
    ("c_suite", "Executives"),
    ("medical_staff", "Medical staff"),
    ("nursing", "Nursing"),
    ("clinical_services", "Clinical services"),
    ("it", "Information technology"),
    ("patients", "Patients"),
    ("board", "Board"),
    ("vendors", "Vendors"),
    ("payers", "Payers"),
    ("unions", "Unions"),
    ("regulators", "Regulators"),
)
CATEGORY_WORDS = spelled(
    c_suite=("executive", "c-suite", "leadership", "management", "senior management"),
    medical_staff=("physicians", "physician", "doctors", "medical"),
    nursing=("nurses", "nurse"),
    clinical_services=("clinical", "pharmacy", "laboratory", "allied health"),
    it=("informatics", "digital", "ict"),
    patients=("patient", "patients and families", "families", "public", "community"),
    board=("trustees", "governors"),
    vendors=("vendor", "supplier", "suppliers", "contractor", "contractors"),
    payers=("payer", "insurer", "insurers", "commissioner", "commissioners"),
    unions=("union", "staff side", "trade union"),
    regulators=("regulator", "surveyor", "accreditor", "government"),
)
# name, position, category, power, interest, engagement now, what is done
STAKEHOLDERS = (
    (
        "Ward managers",
        "Nursing",
        "nursing",
        "medium",
        "high",
        "neutral",
        "Invite to the weekly walk-through.",
    ),
    (
        "Medical director",
        "Executive team",
        "c_suite",
        "high",
        "medium",
        "supportive",
        "Report each month.",
    ),
)


def stakeholder_rows(start: SampleFor) -> list[SampleRow]:
    """Return two stakeholders for each of the projects with these codes."""
    return [
        {
            "project": code,
            "name": name,
            "position": position,
            "category": category,
            "power": power,
            "interest": interest,
            "engagement": engagement,
            "engagement_wanted": "supportive",
            "approach": approach,
        }
        for code in start.codes
        for name, position, category, power, interest, engagement, approach in STAKEHOLDERS
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
            "category",
            "Category",
            CellKind.CHOICE,
            meaning="Which part of the hospital, or of the world around it, they speak for.",
            choices=CATEGORIES,
            spellings=CATEGORY_WORDS,
            aliases=("stakeholder category", "stakeholder type"),
        ),
        Field(
            "group",
            "Group in the register",
            meaning="The same one in the organization's register, by its name there.",
            longest=120,
            aliases=("registered group", "stakeholder register"),
            in_sample=False,
        ),
        Field(
            "lead",
            "Who talks to them",
            meaning="The named person who talks to them; a person of Rounds.",
            aliases=("relationship owner", "engagement owner", "stakeholder owner", "lead"),
            names=Sort.PERSON,
            in_sample=False,
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
        Field(
            "action_due",
            "Action by",
            CellKind.DATE,
            meaning="By when the action is done that brings them where they should stand.",
            may_be=("deadline", "due date"),
            aliases=("action due", "action due date", "engage by"),
            in_sample=False,
        ),
    ),
)
