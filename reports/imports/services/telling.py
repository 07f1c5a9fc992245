"""What the importer should know before anything is written: stages, asks that are missing, sums."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from pmo.common.page import formats
from projects.domain.stages import REPORTING, Stage
from reports.imports.domain import ImportRow, RecordKind
from reports.imports.domain.fields import CellKind
from reports.imports.services.outcomes import Outcomes
from reports.imports.words import warnings as words


def warnings_of(outcomes: Outcomes, stage: str) -> list[str]:
    """Return a sentence for each thing that is right to write and easy to regret."""
    return [*_stage_warnings(outcomes, stage), *_without_ask(outcomes)]


def _stage_warnings(outcomes: Outcomes, stage: str) -> list[str]:
    """Say which new projects will never be asked for a status; `stage` is that of rows without one."""
    arriving: Counter[Stage] = Counter()
    for said, number in outcomes.arriving.items():
        arriving[Stage(said or stage or Stage.PROPOSAL)] += number
    return [
        words.never_reports(one, arriving[one])
        for one in Stage
        if arriving[one] and one not in REPORTING
    ]


def _without_ask(outcomes: Outcomes) -> list[str]:
    """Say how many red projects come without an ask, which a status written here must have."""
    said = words.without_ask(outcomes.red)
    return [said] if said else []


def sums_of(rows: Iterable[ImportRow], kind: RecordKind) -> list[list[str]]:
    """Return label and figure of what the file adds up to, to hold beside the file's own totals."""
    listed = list(rows)
    sums = []
    for field in kind.fields:
        if field.kind is CellKind.MONEY and field.adds_up:
            amounts = [v for row in listed if isinstance(v := row.values.get(field.name), Decimal)]
            if amounts:
                sums.append([field.label, formats.money_exact(sum(amounts, Decimal()), "")])
        elif field.kind is CellKind.COLOR:
            colors = Counter(str(row.values.get(field.name, "")) for row in listed)
            if said := words.colors(colors):
                sums.append([field.label, said])
    return sums
