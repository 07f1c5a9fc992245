"""Risks as a table brings them: the fields, what each means, and some to start from."""

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
from reports.imports.domain.kinds.register_fields import (
    IMPACT_FIELD,
    LIKELIHOOD_FIELD,
    own_id,
    owner,
    titled,
)
from reports.imports.domain.kinds.spellings import HAPPENED, OPEN, OVER, spelled

NEW_RISK = "Required for new risks"
STATES = (("open", "Open"), ("closed", "Closed"), ("occurred", "Occurred"))
STRATEGIES = (
    ("avoid", "Avoid"),
    ("reduce", "Reduce"),
    ("transfer", "Transfer"),
    ("accept", "Accept"),
    ("exploit", "Exploit"),
    ("enhance", "Enhance"),
    ("share", "Share"),
)
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
            "state": "open",
            "likelihood": Decimal(likelihood),
            "impact": Decimal(impact),
            "response": response,
            "owner": start.person or None,
            "due": months_later(start.today, month),
        }
        for code in start.codes
        for title, likelihood, impact, response, month in RISKS
    ]


def scored(field: Field, moment: str, label: str, meaning: str, *aliases: str) -> Field:
    """Return likelihood or impact of another moment than today."""
    return replace(
        field,
        name=f"{moment}_{field.name}",
        label=label,
        meaning=meaning,
        may_be=(),
        aliases=(f"{moment} {field.name}", *aliases),
        in_sample=False,
    )


STATE = Field(
    "state",
    "Status",
    CellKind.CHOICE,
    meaning="Open, closed, or occurred when it became an issue. New risks are open without it.",
    choices=STATES,
    spellings=spelled(open=OPEN, closed=OVER, occurred=HAPPENED),
    aliases=("risk status", "state", "risk state", "current status"),
)
RESPONSE = Field(
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
        "mitigating actions",
        "mitigating action",
        "mitigation action",
        "mitigation actions",
        "risk response",
        "risk mitigation",
    ),
)
DUE = Field(
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
        "next review",
        "review date",
        "next review date",
    ),
)
DESCRIPTION = Field(
    "description",
    "Description",
    meaning="Because of what, and what would follow.",
    longest=1000,
    in_sample=False,
    may_be=("notes", "background"),
    aliases=("cause and effect", "details", "cause", "risk cause", "full description"),
)

RISK = RecordKind(
    name="risk",
    label="Risks",
    key=("project", "title"),
    own_id="external_id",
    purpose="Likelihood, impact and response; belongs to a project's code.",
    rows=risk_rows,
    fields=(
        BELONGS_TO,
        own_id("risk"),
        titled(
            "risk",
            "What may happen.",
            "risk",
            "name",
            "risk title",
            "risk name",
            "summary",
            "subject",
            "risk event",
            "risk statement",
            "risk description",
            "description",
            may_be=("issue", "event", "cause"),
        ),
        DESCRIPTION,
        Field(
            "kind",
            "Kind",
            CellKind.CHOICE,
            meaning="A threat or an opportunity.",
            choices=(("threat", "Threat"), ("opportunity", "Opportunity")),
            spellings={"risk": "threat", "negative": "threat", "positive": "opportunity"},
            may_be=("type",),
            aliases=("threat or opportunity",),
        ),
        STATE,
        replace(LIKELIHOOD_FIELD, needed=NEW_RISK),
        replace(IMPACT_FIELD, needed=NEW_RISK, aliases=("severity", *IMPACT_FIELD.aliases)),
        scored(
            LIKELIHOOD_FIELD,
            "inherent",
            "Likelihood, before responses",
            "As it was without any response, 1 to 5. Needs the impact beside it.",
            "gross likelihood",
            "inherent probability",
            "initial likelihood",
            "initial probability",
            "gross probability",
        ),
        scored(
            IMPACT_FIELD,
            "inherent",
            "Impact, before responses",
            "As it was without any response, 1 to 5. Needs the likelihood beside it.",
            "gross impact",
            "initial impact",
        ),
        scored(
            LIKELIHOOD_FIELD,
            "target",
            "Likelihood, wanted",
            "What the responses should bring it to, 1 to 5. Needs the impact beside it.",
            "target probability",
            "residual target likelihood",
        ),
        scored(
            IMPACT_FIELD,
            "target",
            "Impact, wanted",
            "What the responses should bring it to, 1 to 5. Needs the likelihood beside it.",
        ),
        Field(
            "strategy",
            "Strategy",
            CellKind.CHOICE,
            meaning="Threats: avoid, reduce, transfer or accept. Opportunities: exploit, enhance, share or accept.",
            choices=STRATEGIES,
            spellings=spelled(
                avoid=("avoidance", "eliminate", "terminate"),
                reduce=("mitigate", "reduction", "mitigation", "treat"),
                transfer=("transference",),
                accept=("acceptance", "tolerate"),
            ),
            in_sample=False,
            aliases=("response strategy", "response type", "treatment strategy", "risk strategy"),
        ),
        RESPONSE,
        owner("risk"),
        DUE,
        Field(
            "proximity",
            "May happen from",
            CellKind.DATE,
            meaning="The day from which it may happen.",
            in_sample=False,
            aliases=("proximity", "proximity date", "expected date", "trigger date"),
        ),
        Field(
            "cost_impact",
            "Cost if it happens",
            CellKind.MONEY,
            meaning="What it would cost.",
            lowest=0,
            in_sample=False,
            may_be=("cost", "financial impact", "exposure"),
            aliases=("cost impact", "cost exposure", "estimated cost impact"),
        ),
    ),
)
