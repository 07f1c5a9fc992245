"""Cells as the processes that read files apart tell them: a letter for what it is, then what it says."""

from datetime import date
from decimal import Decimal

from pmo.common.tabular.table import Value


def value_told(coded: str) -> Value:
    """Return a cell; nothing for an empty one."""
    sort, text = coded[:1], coded[1:]
    if sort == "n":
        number = Decimal(text)
        return Decimal(int(number)) if number == number.to_integral_value() else number
    if sort == "d":
        return date.fromisoformat(text)
    return text or None
