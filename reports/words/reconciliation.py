"""How the figures of a portfolio lead to its headline, in words and written amounts."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from pmo.common.page import formats
from reports.domain.reconciliation import (
    Basis,
    Level,
    Reconciliation,
    Step,
    StepKind,
    StepPart,
    Walk,
)
from reports.words.portfolio_and_day import as_of

TITLE = "How the figures fit together"
SHOWN = 25  # projects of a step; the files hold them all
NAMES = {
    Basis.BUDGET: "Approved budget",
    Basis.PLAN: "Approved plan",
    Basis.FORECAST: "Managers’ forecast",
    Basis.CALCULATED: "Calculated landing (EAC)",
    Basis.PHASED: "Spent and to come",
}
# what each figure is, for whoever meets it on another page
MEANINGS = {
    Basis.BUDGET: "The approved budget lines.",
    Basis.PLAN: "Budget at completion (BAC) of the baseline in force, without reserves set aside.",
    Basis.FORECAST: "The headline: the last forecast cost of each project that has an approved budget.",
    Basis.CALCULATED: "Estimate at completion from earned value, of projects with a baseline, progress"
    " and costs.",
    Basis.PHASED: "What is spent, with the months to come, as on the page by fiscal year.",
}
UNKNOWN = {
    Basis.BUDGET: "No project here has an approved budget.",
    Basis.PLAN: "No project here has an approved plan with progress and costs.",
    Basis.FORECAST: "No project here has both an approved budget and a forecast cost.",
    Basis.CALCULATED: "No project here has what earned value needs.",
    Basis.PHASED: "No project here has costs or months to come.",
}
STEPS = {
    StepKind.NO_FORECAST: ("No forecast cost", "In the approved budget and not in the headline."),
    StepKind.NOT_CALCULATED: (
        "Not calculated",
        "Earned value lacks a baseline, progress or costs here.",
    ),
    StepKind.NOT_IN_START: (
        "Only in this figure",
        "These have no approved budget or no forecast cost.",
    ),
    StepKind.OVER_BUDGET: ("Forecast over budget", "Their managers forecast more than approved."),
    StepKind.UNDER_BUDGET: ("Forecast under budget", "Their managers forecast less than approved."),
    StepKind.RESERVE: (
        "Reserve outside the plan",
        "Set aside in the baseline: approved budget that no work is planned with.",
    ),
    StepKind.BUDGET_ABOVE_PLAN: (
        "Budget above the plan",
        "The budget is more than the baseline in force holds.",
    ),
    StepKind.BUDGET_BELOW_PLAN: (
        "Plan above the budget",
        "The baseline in force holds more than the budget lines.",
    ),
    StepKind.CALCULATED_HIGHER: (
        "Calculated higher than forecast",
        "The work so far points to a higher cost than their managers forecast.",
    ),
    StepKind.CALCULATED_LOWER: (
        "Calculated lower than forecast",
        "The work so far points to a lower cost than their managers forecast.",
    ),
    StepKind.NO_MONTHS: (
        "No months to come",
        "Nothing is forecast by month, so only what is spent counts.",
    ),
    StepKind.MONTHS_HIGHER: (
        "Months add up to more",
        "Spent and the months to come are more than the forecast cost.",
    ),
    StepKind.MONTHS_LOWER: (
        "Months add up to less",
        "Spent and the months to come are less than the forecast cost.",
    ),
    StepKind.SAME: ("No difference", "Both figures are the same, to less than 1."),
}
FILE_HEADS = ("From", "To", "Line", "Code", "Project", "Before", "After", "Difference", "Why")


class PartRow(NamedTuple):
    project: int
    name: str
    code: str
    amount: str
    span: str


class StepRow(NamedTuple):
    title: str
    why: str
    projects: str
    amount: str
    after: str
    parts: tuple[PartRow, ...]
    more: str


class EndRow(NamedTuple):
    name: str
    meaning: str
    projects: str
    amount: str


class WalkTable(NamedTuple):
    key: str
    title: str
    start: EndRow
    steps: tuple[StepRow, ...]
    end: EndRow


def tables(found: Reconciliation, currency: str) -> list[WalkTable]:
    """Write each walk, the headline's first."""
    return [_table(walk, currency) for walk in found.walks]


def unknown(found: Reconciliation) -> list[tuple[str, str]]:
    """Say of each figure that cannot be given why not."""
    return [(NAMES[basis], UNKNOWN[basis]) for basis in found.unknown]


def _table(walk: Walk, currency: str) -> WalkTable:
    return WalkTable(
        key=f"{walk.start.basis}-{walk.end.basis}".replace("_", "-"),
        title=_title(walk, currency),
        start=_end(walk.start, currency),
        steps=tuple(
            _step(step, after, currency)
            for step, after in zip(walk.steps, walk.levels, strict=True)
        ),
        end=_end(walk.end, currency),
    )


def _title(walk: Walk, currency: str) -> str:
    start, end = NAMES[walk.start.basis], NAMES[walk.end.basis]
    gap = walk.end.amount - walk.start.amount
    written = formats.money(abs(gap), currency)
    if not gap or written == formats.money(Decimal(), currency):
        return f"{end}: the same as the {lower(start)}"
    return f"{end}: {written} {'above' if gap > 0 else 'below'} the {lower(start)}"


def lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _end(level: Level, currency: str) -> EndRow:
    return EndRow(
        name=NAMES[level.basis],
        meaning=MEANINGS[level.basis],
        projects=f"{level.projects:,}",
        amount=formats.money(level.amount, currency),
    )


def _step(step: Step, after: Decimal, currency: str) -> StepRow:
    title, why = STEPS[step.kind]
    rest = len(step.parts) - SHOWN
    return StepRow(
        title=title,
        why=step.reason or why,
        projects=f"{len(step.parts):,}",
        amount=formats.signed_money(step.amount, currency),
        after=formats.money(after, currency),
        parts=tuple(_part(part, currency) for part in step.parts[:SHOWN]),
        more=f"and {formats.count(rest, 'more project')} in the files" if rest > 0 else "",
    )


def _part(part: StepPart, currency: str) -> PartRow:
    before, after = (formats.money(value, currency) for value in (part.before, part.after))
    return PartRow(
        project=part.one.project,
        name=part.one.name,
        code=part.one.code,
        amount=formats.signed_money(part.amount, currency),
        span=f"{before} to {after}",
    )


def file_note(title: str, moment: str) -> str:
    return f"{TITLE}. {as_of(title, moment)}"


def file_rows(found: Reconciliation) -> Iterator[list[Any]]:
    """Yield one row for each project of each step, amounts in full, so that a sheet can add them up."""
    for walk in found.walks:
        for step in walk.steps:
            title, why = STEPS[step.kind]
            for part in step.parts:
                yield [
                    NAMES[walk.start.basis],
                    NAMES[walk.end.basis],
                    title,
                    part.one.code,
                    part.one.name,
                    part.before,
                    part.after,
                    part.amount,
                    step.reason or why,
                ]


def numbers_of(found: Reconciliation) -> list[dict[str, Any]]:
    """Return the walks as the API says them."""
    return [
        {
            "start": _level_numbers(walk.start),
            "steps": [
                {
                    "kind": step.kind.value,
                    "reason": step.reason or STEPS[step.kind][1],
                    "amount": step.amount,
                    "projects": [
                        {
                            "project": part.one.project,
                            "code": part.one.code,
                            "before": part.before,
                            "after": part.after,
                            "amount": part.amount,
                        }
                        for part in step.parts
                    ],
                }
                for step in walk.steps
            ],
            "end": _level_numbers(walk.end),
        }
        for walk in found.walks
    ]


def _level_numbers(level: Level) -> dict[str, Any]:
    return {
        "basis": level.basis.value,
        "amount": level.amount,
        "projects": level.projects,
    }
