"""The fields that risks, issues and lists of both have in common, as registers elsewhere call them."""

from reports.imports.domain.fields import CellKind, Field, Sort
from reports.imports.domain.kinds.spellings import IMPACT, LIKELIHOOD, SEVERITY, scale, spelled

SEVERITIES = (("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical"))


def own_id(what: str) -> Field:
    """Return the field for the number that the record has in its own register."""
    return Field(
        "external_id",
        "Reference",
        meaning=f"Its number in your register, such as R-017. A second import finds the {what} again by it.",
        longest=40,
        in_sample=False,
        may_be=("item", "key", "identifier"),
        aliases=(
            f"{what} id",
            "id",
            "ref",
            "no",
            "number",
            "#",
            f"{what} no",
            f"{what} number",
            f"{what} ref",
            f"{what} reference",
            f"{what} #",
            "item id",
            "item no",
            "log id",
            "reference no",
            "reference number",
            "external id",
        ),
    )


def titled(what: str, meaning: str, *aliases: str, may_be: tuple[str, ...]) -> Field:
    """Return the field for what the record is called, whose longer text goes on in the description."""
    return Field(
        "title",
        "Title",
        meaning=f"{meaning} Without a reference, a second import finds the {what} again by it.",
        required=True,
        longest=160,
        may_be=may_be,
        rest="description",
        aliases=aliases,
    )


def owner(what: str) -> Field:
    return Field(
        "owner",
        "Owner",
        meaning="Name or e-mail address of the person who looks after it.",
        names=Sort.PERSON,
        may_be=("person", "responsible", "raised by"),
        aliases=(
            f"{what} owner",
            "assignee",
            "assigned to",
            f"{what} lead",
            "action owner",
            "owner name",
            "responsible person",
        ),
    )


LIKELIHOOD_FIELD = Field(
    "likelihood",
    "Likelihood, 1 to 5",
    CellKind.NUMBER,
    meaning="From 1, rare, to 5, almost certain. Low is 2, medium 3, high 4.",
    lowest=1,
    highest=5,
    is_whole=True,
    spellings=scale(LIKELIHOOD),
    may_be=("chance",),
    aliases=(
        "probability",
        "p",
        "l",
        "likelihood",
        "likelihood score",
        "probability score",
        "likelihood rating",
        "probability rating",
    ),
)
IMPACT_FIELD = Field(
    "impact",
    "Impact, 1 to 5",
    CellKind.NUMBER,
    meaning="From 1, negligible, to 5, severe. Low is 2, medium 3, high 4.",
    lowest=1,
    highest=5,
    is_whole=True,
    spellings=scale(IMPACT),
    may_be=("effect",),
    aliases=(
        "consequence",
        "i",
        "impact",
        "impact score",
        "severity score",
        "impact rating",
        "consequence score",
    ),
)
SEVERITY_FIELD = Field(
    "severity",
    "Severity",
    CellKind.CHOICE,
    meaning="How bad it is.",
    choices=SEVERITIES,
    spellings=spelled(**SEVERITY),
    may_be=("rating", "urgency"),
    aliases=(
        "priority",
        "impact",
        "issue severity",
        "issue priority",
        "severity rating",
        "criticality",
    ),
)
