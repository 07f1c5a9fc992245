"""
What a page or a document looks at: the whole hospital, a portfolio, a program, or a unit.

A project that is in several portfolios is one row of every freeze, so it counts once in each scope.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pmo.common.folding import by_name


class ScopeKind(StrEnum):
    """In the order in which a mail and a list name them."""

    HOSPITAL = "hospital"
    PORTFOLIO = "portfolio"
    PROGRAM = "program"
    UNIT = "unit"

    @property
    def label(self) -> str:
        return "Whole hospital" if self == ScopeKind.HOSPITAL else self.value.capitalize()


PLACES = {kind: place for place, kind in enumerate(ScopeKind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeKey:
    """Which record it is; `id` is None for the whole hospital alone."""

    kind: ScopeKind
    id: int | None = None

    def __post_init__(self) -> None:
        if (self.id is None) != (self.kind == ScopeKind.HOSPITAL):
            raise ValueError("The whole hospital has no id, and everything else has one.")

    def __str__(self) -> str:
        """Name it in addresses, forms, jobs and the API: "hospital", "program-4"."""
        return str(self.kind) if self.id is None else f"{self.kind}-{self.id}"

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the key of that name; raises ValueError for any other text."""
        kind, _, number = text.partition("-")
        key = cls(kind=ScopeKind(kind), id=int(number) if number else None)
        if str(key) != text:
            raise ValueError(f"{text!r} names no scope.")
        return key


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportScope:
    """A scope with what people call it; `code` stands in file names."""

    key: ScopeKey
    name: str
    code: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> ScopeKind:
        return self.key.kind

    @property
    def is_hospital(self) -> bool:
        return self.kind == ScopeKind.HOSPITAL

    @property
    def portfolio_id(self) -> int | None:
        return self.key.id if self.kind == ScopeKind.PORTFOLIO else None

    @property
    def order(self) -> tuple[int, str, int]:
        """Sort the hospital first, then portfolios, programs and units, each by name."""
        return (PLACES[self.kind], *by_name(self.name, self.key.id or 0))

    @property
    def job_key(self) -> str:
        """Name it in the keys of jobs; a portfolio by its id alone, as release 0.1 did."""
        return str(self.key.id) if self.kind == ScopeKind.PORTFOLIO else str(self.key)


HOSPITAL = ReportScope(
    key=ScopeKey(kind=ScopeKind.HOSPITAL), name=ScopeKind.HOSPITAL.label, code="hospital"
)
