"""A table to start from: for each kind of record its columns, and what they mean."""

from reports.imports.domain.fields import CellKind, Field, RecordKind

ALLOWED = {
    CellKind.DATE: "A date",
    CellKind.MONEY: "An amount such as 1,250,000 or 1.25m",
    CellKind.PERCENT: "A percentage such as 45 %",
    CellKind.COLOR: "Red, Amber, Green, or empty for no report",
}


def sample_columns(kind: RecordKind) -> list[Field]:
    """Return the fields that the sample has a column for."""
    return [field for field in kind.fields if field.in_sample]


def meaning_of(field: Field) -> tuple[str, str, str]:
    """Return what a column means, whether it is needed, and what may stand in it."""
    needed = field.needed or ("Required" if field.required else "Optional")
    return field.meaning, needed, _allowed(field)


def _allowed(field: Field) -> str:
    if field.kind is CellKind.CHOICE:
        return "One of: " + ", ".join(word for _, word in field.choices)
    if field.kind is CellKind.NUMBER:
        return f"A number from {field.lowest} to {field.highest}"
    return ALLOWED.get(field.kind, f"Text of at most {field.longest} letters")
