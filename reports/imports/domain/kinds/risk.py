"""Risks as a table brings them: the fields, what each means, and some to start from."""

from decimal import Decimal

from reports.imports.domain.fields import (
    BELONGS_TO,
    CellKind,
    Field,
    RecordKind,
    SampleFor,
    SampleRow,
    Sort,
    months_later,
)

NEW_RISK = "Required for new risks"
# title, likelihood, impact, response, months until it is due
RISKS = (
    ("Supplier delivers late", 3, 4, "Agree on penalties and a second source.", 2),
    ("Key people are not released for training", 4, 3, "Book backfill with the wards.", 1),
    ("Costs rise before the contract is signed", 2, 4, "Hold a contingency of 5 %.", 3),
)


def risk_rows(start: SampleFor) -> list[SampleRow]:
    """Return three risks for each of the projects with these codes."""
    return [
        {
            "project": code,
            "title": title,
            "kind": "threat",
            "likelihood": Decimal(likelihood),
            "impact": Decimal(impact),
            "response": response,
            "owner": start.person or None,
            "due": months_later(start.today, month),
        }
        for code in start.codes
        for title, likelihood, impact, response, month in RISKS
    ]


RISK = RecordKind(
    name="risk",
    label="Risks",
    key=("project", "title"),
    purpose="Likelihood, impact and response; belongs to a project's code.",
    rows=risk_rows,
    fields=(
        BELONGS_TO,
        Field(
            "title",
            "Title",
            meaning="What may happen. A second import finds the risk again by it.",
            required=True,
            longest=160,
            may_be=("issue", "event", "cause"),
            rest="response",
            aliases=(
                "risk",
                "name",
                "risk title",
                "description",
                "risk description",
                "risk name",
                "summary",
                "subject",
                "risk event",
            ),
        ),
        Field(
            "kind",
            "Kind",
            CellKind.CHOICE,
            meaning="A threat or an opportunity.",
            choices=(("threat", "Threat"), ("opportunity", "Opportunity")),
            aliases=("type",),
        ),
        Field(
            "likelihood",
            "Likelihood, 1 to 5",
            CellKind.NUMBER,
            meaning="From 1, rare, to 5, almost certain.",
            needed=NEW_RISK,
            lowest=1,
            highest=5,
            may_be=("chance",),
            aliases=(
                "probability",
                "p",
                "l",
                "likelihood",
                "likelihood score",
                "probability score",
            ),
        ),
        Field(
            "impact",
            "Impact, 1 to 5",
            CellKind.NUMBER,
            meaning="From 1, negligible, to 5, severe.",
            needed=NEW_RISK,
            lowest=1,
            highest=5,
            may_be=("effect",),
            aliases=(
                "severity",
                "consequence",
                "i",
                "impact",
                "impact score",
                "severity score",
            ),
        ),
        Field(
            "response",
            "Response",
            meaning="What is done about it.",
            longest=1000,
            may_be=("actions", "notes"),
            aliases=(
                "mitigation",
                "action",
                "treatment",
                "mitigation plan",
                "mitigations",
                "response plan",
                "action plan",
                "controls",
            ),
        ),
        Field(
            "owner",
            "Owner",
            meaning="Name or e-mail address of the person who looks after it.",
            names=Sort.PERSON,
            may_be=("person", "responsible"),
            aliases=(
                "risk owner",
                "assignee",
                "assigned to",
                "risk lead",
            ),
        ),
        Field(
            "due",
            "Response due",
            CellKind.DATE,
            meaning="When the response is to be done.",
            may_be=("date", "deadline"),
            aliases=(
                "due date",
                "action due",
                "due",
                "action due date",
                "target date",
                "mitigation due",
            ),
        ),
    ),
)
