"""Which words of the file were read as which of ours without being asked about, for each column."""

from collections.abc import Sequence

from pmo.common.tabular import SourceTable, TableRow
from reports.imports.domain.cells import clean
from reports.imports.domain.columns import Column
from reports.imports.domain.profile import normalized


def spelling_notes(
    table: SourceTable, rows: Sequence[TableRow], columns: Sequence[Column]
) -> list[str]:
    """Return a sentence for each column with such words: “Probability”: “High” is read as 4."""
    notes = []
    for column in columns:
        if not column.field.spellings:
            continue
        words = dict(column.field.choices)
        ours = {normalized(one) for pair in column.field.choices for one in pair}
        asked = {normalized(one) for one in column.source.values}
        read: dict[str, str] = {}
        for row in rows:
            said = clean(row.cells[column.index])
            key = normalized(said)
            if key in column.field.spellings and key not in ours | asked:
                code = column.field.spellings[key]
                read.setdefault(key, f"“{said}” as {words.get(code, code)}")
        if read:
            header = table.headers[column.index]
            notes.append(f"“{header}”: read {', '.join(read.values())}.")
    return notes
