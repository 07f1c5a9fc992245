"""What the importer should know before anything is written: stages, asks that are missing, sums."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from pmo.common.page import formats
from projects.domain.stages import REPORTING, Stage
from reports.imports.domain import ImportRow, RecordKind
from reports.imports.domain.fields import CellKind
from reports.imports.services.tally import CheckTally
from reports.imports.words import warnings as words


def warnings_of(tally: CheckTally, stage: str) -> list[str]:
    """Return a sentence for each thing that is right to write and easy to regret."""
    return [*_stage_warnings(tally, stage), *_without_ask(tally)]


def _stage_warnings(tally: CheckTally, stage: str) -> list[str]:
    """Say which new projects will never be asked for a status; `stage` is that of rows without one."""
    arriving: Counter[Stage] = Counter()
    for said, number in tally.arriving.items():
        arriving[Stage(said or stage or Stage.PROPOSAL)] += number
    return [
        words.never_reports(one, arriving[one])
        for one in Stage
        if arriving[one] and one not in REPORTING
    ]


def _without_ask(tally: CheckTally) -> list[str]:
    """Say how many red projects come without an ask, which a status written here must have."""
    said = words.without_ask(tally.red)
    return [said] if said else []


def sums_of(rows: Iterable[ImportRow], kind: RecordKind) -> list[list[str]]:
    """Return label and figure of what the file adds up to, to hold beside the file's own totals."""
    money = {one.name for one in kind.fields if one.kind is CellKind.MONEY and one.adds_up}
    colored = {one.name: Counter[str]() for one in kind.fields if one.kind is CellKind.COLOR}
    totals: dict[str, Decimal] = {}
    for row in rows:
        for name in money & row.values.keys():
            if isinstance(amount := row.values[name], Decimal):
                totals[name] = totals.get(name, Decimal()) + amount
        for name, colors in colored.items():
            colors[str(row.values.get(name, ""))] += 1
    sums = []
    for field in kind.fields:
        if field.name in totals:
            sums.append([field.label, formats.money_exact(totals[field.name], "")])
        elif field.name in colored and (said := words.colors(colored[field.name])):
            sums.append([field.label, said])
    return sums
