"""Lists of records in JSON (OData, an API's answer): read in a process of its own with bounds."""

import json
from pathlib import Path

from pmo.common.tabular.apart import UnreadError, told_apart
from pmo.common.tabular.errors import EmptyTableError, UnknownFileError
from pmo.common.tabular.limits import DEFAULT, Limits
from pmo.common.tabular.table import Flaw, Grid, GridLine, Hints, is_blank
from pmo.common.tabular.values import value_told

CHILD = Path(__file__).with_name("jsonchild.py")
START = 200  # letters in which a list of records shows itself
KIND = "JSON"


def is_json(data: bytes) -> bool:
    """Say whether bytes begin as a list of objects does, or as an object; no table does."""
    head = (
        data[: START * 4].decode(json.detect_encoding(data[:4]), "ignore").lstrip("\ufeff \t\r\n")
    )
    inside = head[1:].lstrip()[:1]
    return (head[:1] == "{" and inside in ('"', "}")) or (head[:1] == "[" and inside in ("{", "]"))


def read_json(data: bytes, _hints: Hints, limits: Limits = DEFAULT) -> Grid:
    """Read the records of a JSON file into lines of cells, the names first; raise a TableError."""
    try:
        told = told_apart(CHILD, data, KIND, limits)
    except UnreadError as error:
        raise UnknownFileError(
            "This JSON file is damaged or holds no list of records. Export the table as CSV or Excel"
            " (.xlsx) and upload that."
        ) from error
    total = next(told)
    read = (GridLine(at, tuple(map(value_told, one))) for at, one in enumerate(told, start=1))
    lines = [line for line in read if not all(map(is_blank, line.cells))]
    if not lines:
        raise EmptyTableError("The file holds no records.")
    flaws = () if total is None else (_one_page(len(lines) - 1, total),)
    return Grid(tuple(lines), flaws=flaws)


def _one_page(count: int, total: int) -> Flaw:
    of = f" of {total:,}" if total else ""
    return Flaw(1, f"{count:,}{of} records of a longer list are in this file.")
