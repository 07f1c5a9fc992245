"""What a ledger's file says itself that its rows add up to."""

from decimal import Decimal
from typing import NamedTuple

from pmo.common.tabular import SourceTable
from pmo.common.tabular.table import Sifted
from reports.imports.domain.cells import ImportValue, read_cell
from reports.imports.domain.columns import columns_of
from reports.imports.domain.kinds.cost import COST, amount_of
from reports.imports.domain.profile import Profile

AMOUNTS = frozenset(("amount", "side", "debit", "credit"))


class TotalSaid(NamedTuple):
    """A total of the file, and its line."""

    line: int
    amount: Decimal


def total_said(table: SourceTable, profile: Profile) -> TotalSaid | None:
    """
    Return the amount of the file's row of totals below all others; None without one.

    Several are of parts, and of rows that the profile leaves out it may be too.
    """
    totals = [one for one in table.left_out if one.sort is Sifted.TOTAL]
    if profile.kind.name != COST.name or profile.keep or len(totals) != 1:
        return None
    if any(row.position > totals[0].line for row in table.rows):
        return None
    values: dict[str, ImportValue] = {}
    for column in columns_of(table, profile).columns:
        if column.field.name in AMOUNTS:
            cell = totals[0].cells[column.index]
            result = read_cell(cell, column.field, column.source, column.style)
            if result.value is not None:
                values.setdefault(column.field.name, result.value)
    amount = amount_of(values)
    return None if amount is None else TotalSaid(totals[0].line, amount)
