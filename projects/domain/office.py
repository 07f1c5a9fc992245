"""
The three kinds of project management office, and what each asks for: one table.

Supportive, controlling and directive offices differ in how much they decide (PMBOK, 5th edition, page 11).
The rows that are rules of projects: templates and evidence, gates, status reports, colors, baselines. Where
nobody chose a kind, what holds is `UNCHOSEN`, which is no kind: updates are required and changes have
tolerances, gates and colors are as in a supportive office.
"""

from collections.abc import Iterable
from typing import NamedTuple

from projects.domain.colors import Color, is_better
from projects.domain.labels import Labeled


class OfficeKind(Labeled):
    """Least strict first."""

    SUPPORTIVE = "supportive"
    CONTROLLING = "controlling"
    DIRECTIVE = "directive"


class EvidenceRule(Labeled):
    OFFERED = "offered", "Offered; the project manager may dismiss it"
    ENFORCED = "enforced", "Enforced at gates"
    OWNED = "owned", "Enforced at gates, and the office owns it"


class GateRule(Labeled):
    ADVISORY = "advisory", "Advisory checklist"
    APPROVAL = "approval", "Approval needed to advance"
    BOARD = "board", "A committee approves; the office may hold or stop"


class StatusRule(Labeled):
    OPTIONAL = "optional", "Optional, with a reminder"
    REQUIRED = "required", "Required each week; late ones are flagged"
    VALIDATED = "validated", "Required each week, and the office validates the color"


class ColorRule(Labeled):
    REASONED = "reasoned", "The project manager may set another color with a reason"
    DOWNGRADE = "downgrade", "The project manager may only set a worse color than the data"
    OFFICE = "office", "The office sets another color than the data"


class BaselineRule(Labeled):
    RECORDED = "recorded", "The project manager records changes"
    TOLERANCE = "tolerance", "A change request over the tolerance goes up"
    OFFICE = "office", "The office approves every change"


class OfficeRules(NamedTuple):
    """One column of the table."""

    evidence: EvidenceRule
    gates: GateRule
    status: StatusRule
    color: ColorRule
    baseline: BaselineRule


ROWS: dict[str, str] = {
    "evidence": "Templates and required fields",
    "gates": "Gates",
    "status": "Status report",
    "color": "Color other than the data's",
    "baseline": "Change of the baseline",
}
TABLE: dict[OfficeKind, OfficeRules] = {
    OfficeKind.SUPPORTIVE: OfficeRules(
        EvidenceRule.OFFERED,
        GateRule.ADVISORY,
        StatusRule.OPTIONAL,
        ColorRule.REASONED,
        BaselineRule.RECORDED,
    ),
    OfficeKind.CONTROLLING: OfficeRules(
        EvidenceRule.ENFORCED,
        GateRule.APPROVAL,
        StatusRule.REQUIRED,
        ColorRule.DOWNGRADE,
        BaselineRule.TOLERANCE,
    ),
    OfficeKind.DIRECTIVE: OfficeRules(
        EvidenceRule.OWNED,
        GateRule.BOARD,
        StatusRule.VALIDATED,
        ColorRule.OFFICE,
        BaselineRule.OFFICE,
    ),
}
UNCHOSEN = OfficeRules(
    EvidenceRule.OFFERED,
    GateRule.ADVISORY,
    StatusRule.REQUIRED,
    ColorRule.REASONED,
    BaselineRule.TOLERANCE,
)


def strictest(kinds: Iterable[OfficeKind | None]) -> OfficeKind | None:
    """Return the strictest kind; None, which is said of a portfolio without one, decides nothing."""
    order = list(OfficeKind)
    return max((kind for kind in kinds if kind), key=order.index, default=None)


def rules_of(kind: OfficeKind | None) -> OfficeRules:
    return TABLE[kind] if kind else UNCHOSEN


class RuleChange(NamedTuple):
    """A row of the table whose rule would be another."""

    row: str
    before: Labeled
    after: Labeled


def differences(before: OfficeRules, after: OfficeRules) -> list[RuleChange]:
    """Return the rows in which two columns differ, in the order of the table."""
    return [
        RuleChange(row, getattr(before, row), getattr(after, row))
        for row in ROWS
        if getattr(before, row) is not getattr(after, row)
    ]


def is_for_office(rule: ColorRule, *, said: Color, measured: Color) -> bool:
    """
    True for a color that only the office may set.

    What is not judged, or not measured, is no color other than the data's.
    """
    if Color.NONE in (said, measured):
        return False
    if rule is ColorRule.DOWNGRADE:
        return is_better(said, measured)
    return rule is ColorRule.OFFICE and said is not measured


def office_of(kind: OfficeKind, portfolios: str) -> str:
    """Name whose rule it is, as every sentence on it begins; `portfolios` are those that ask for it."""
    return f"The {kind.label.lower()} office of {portfolios}"


def stages_held(rule: GateRule) -> bool:
    """True where a stage is not entered without its gate."""
    return rule is not GateRule.ADVISORY
