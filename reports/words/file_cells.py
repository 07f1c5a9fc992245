"""Columns of files out of the table of figures, and how their cells are written."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from pmo.common.page import formats
from pmo.common.page.sheets import ColumnKind, SheetColumn
from projects.domain.earning.indices import Method
from projects.domain.kinds import Lane
from projects.domain.stages import Stage
from reports.domain.figure_table import FigureField, Kind

KINDS = {Kind.MONEY: ColumnKind.MONEY, Kind.DATE: ColumnKind.DAY} | dict.fromkeys(
    (Kind.COUNT, Kind.SCORE, Kind.DAYS, Kind.PERCENT, Kind.YEAR), ColumnKind.NUMBER
)
# how codes are written; a category's name is the organization's own, or the document's
CODES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "lane": dict(Lane.choices()),
        "stage": dict(Stage.choices()),
        "eac_method": dict(Method.choices()),
    }
)


def column_of(one: FigureField) -> SheetColumn:
    return SheetColumn(one.label, KINDS.get(one.kind, ColumnKind.TEXT), one.width)


def writer_of(one: FigureField) -> Callable[[Any], Any] | None:
    """Return what writes a figure's cell; None when it stands there as it is kept."""
    codes = formats.COLOR_WORDS if one.kind is Kind.COLOR else CODES.get(one.name)
    return None if codes is None else lambda value: codes.get(value, "")
