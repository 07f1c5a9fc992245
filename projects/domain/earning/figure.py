"""A figure that is known, or the reason why it is not. Never 0, 1 or infinity in place of unknown."""

from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal()


class EarningError(ValueError):
    """The data contradict themselves; the text is a sentence for the user."""


class Figure(NamedTuple):
    """A value, or None with a sentence that says why."""

    value: Decimal | None
    reason: str = ""


def missing(reason: str) -> Figure:
    return Figure(None, reason)


def known(value: Decimal) -> Figure:
    return Figure(value)


def minus(one: Figure, other: Figure) -> Figure:
    """Subtract; what is not known gives the reason, the first before the second."""
    if one.value is None:
        return one
    return other if other.value is None else Figure(one.value - other.value)


def plus(one: Figure, other: Figure) -> Figure:
    if one.value is None:
        return one
    return other if other.value is None else Figure(one.value + other.value)


def times(one: Figure, other: Figure) -> Figure:
    if one.value is None:
        return one
    return other if other.value is None else Figure(one.value * other.value)


def ratio(top: Figure, bottom: Figure, *, otherwise: str) -> Figure:
    """Divide; `otherwise` says why there is no quotient when the divisor is not above zero."""
    if top.value is None:
        return top
    if bottom.value is None:
        return bottom
    return Figure(top.value / bottom.value) if bottom.value > 0 else Figure(None, otherwise)
