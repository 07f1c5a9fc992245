"""Rows of a table that are no records kept here: told from the others before they are read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pmo.common.tabular import SourceTable, TableRow
from pmo.common.tabular.table import is_blank
from reports.imports.domain.cells import clean, read_cell
from reports.imports.domain.columns import Column, indexes
from reports.imports.domain.profile import Profile, RowFilter, normalized

MOST_NAMED = 20


def rows_of(table: SourceTable, rows: RowFilter) -> list[TableRow]:
    """Return the rows that a filter means; none where the table lacks its column."""
    return [
        row
        for index in indexes(table, (rows.header,))
        for row in table.rows
        if normalized(clean(row.cells[index])) in rows.accepted
    ]


def own_table(table: SourceTable, profile: Profile) -> SourceTable:
    """Return the table without the rows of another one that lie between its own."""
    if profile.not_rows is None:
        return table
    others = {row.position for row in rows_of(table, profile.not_rows)}
    return replace(table, rows=tuple(row for row in table.rows if row.position not in others))


def without_unkept(
    table: SourceTable, rows: Sequence[TableRow], columns: Sequence[Column], profile: Profile
) -> tuple[list[TableRow], list[str]]:
    """Return the rows of kinds that are kept here, and a sentence for each kind that is not."""
    kind = profile.kind
    own = [one for one in columns if one.field.name == kind.sorted_by]
    if not own:
        return list(rows), []
    kept: list[TableRow] = []
    lines: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        said = next((one for one in own if not is_blank(row.cells[one.index])), None)
        code = (
            read_cell(row.cells[said.index], said.field, said.source, said.style).value
            if said
            else None
        )
        if code in kind.unkept:
            lines[str(code)].append(table.place(row, own[0].index).line)
        else:
            kept.append(row)
    return kept, [_said(kind.unkept[code], lines[code]) for code in kind.unkept if code in lines]  # fmt: skip


def _said(names: tuple[str, str], lines: Sequence[int]) -> str:
    one, many = names
    count = f"{len(lines):,} rows are {many}" if len(lines) > 1 else f"1 row is {one}"
    more = " …" if len(lines) > MOST_NAMED else ""
    named = ", ".join(map(str, lines[:MOST_NAMED])) + more
    return f"{count}; Rounds keeps none yet. Left out: line {named}."
