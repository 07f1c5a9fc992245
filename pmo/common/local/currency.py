"""The organization's currency: its sign or code, and on which side of an amount it is written."""

from collections.abc import Callable
from typing import NamedTuple, Self


class Currency(str):
    """
    A sign such as "$" or a code such as "CHF"; `after` says that it is written behind the amount.

    It is a text, so whatever only names the currency takes it as it is.
    """

    after: bool

    def __new__(cls, sign: str, *, after: bool = False) -> Self:
        made = super().__new__(cls, sign)
        made.after = after
        return made


class OfferedCurrency(NamedTuple):
    """A currency that is offered: how it is written, its name, its code in ISO 4217."""

    sign: str
    name: str
    code: str


OFFERED = (
    OfferedCurrency("$", "US dollar", "USD"),
    OfferedCurrency("£", "Pound", "GBP"),
    OfferedCurrency("€", "Euro", "EUR"),
    OfferedCurrency("CA$", "Canadian dollar", "CAD"),
    OfferedCurrency("CHF", "Swiss franc", "CHF"),
    OfferedCurrency("A$", "Australian dollar", "AUD"),
)
DOLLAR = Currency("$")

Ask = Callable[[], Currency]
_known: list[Ask] = []


def use_currency_of(ask: Ask) -> None:
    """Say where the organization's currency is kept."""
    _known[:] = [ask]


def currency() -> Currency:
    """Return the organization's currency as it is now."""
    return _known[0]() if _known else DOLLAR
