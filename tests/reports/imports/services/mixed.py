"""A table as a hospital sends it: three hundred projects, of which forty have something wrong in eight ways."""

from collections.abc import Iterator

HEADERS = ("Code", "Name", "Unit", "Lane", "Start", "Forecast finish", "Budget", "Percent complete")
ROWS, EACH = 300, 5
PLACES = {header: place for place, header in enumerate(HEADERS)}
# what is wrong -> the column that says it, and what it says
FAULTS = (
    ("Unit", ""),
    ("Lane", "Fast lane"),
    ("Start", "31/02/2026"),
    ("Forecast finish", "1850-03-31"),
    ("Budget", "12x4"),
    ("Percent complete", "145"),
    ("Name", "N" * 201),
    ("Budget", "45%"),
)


def table(*, rows: int = ROWS, each: int = EACH) -> str:
    """Return the table as CSV; the faults stand in its first rows, each kind some times in a row."""
    return "\n".join([",".join(HEADERS), *(",".join(cells) for cells in _rows(rows, each))]) + "\n"


def _rows(rows: int, each: int) -> Iterator[list[str]]:
    for number in range(1, rows + 1):
        cells = [
            f"P-{number:03}",
            f"Project {number:03}",
            "Surgery" if number % 2 else "Radiology",
            "Strategic",
            "2026-02-25",
            "2027-03-31",
            f"{100_000 + number * 500}",
            f"{number % 100}",
        ]
        kind = (number - 1) // each
        if kind < len(FAULTS):
            header, text = FAULTS[kind]
            cells[PLACES[header]] = text
        yield cells
