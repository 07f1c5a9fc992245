"""What a kind of record that can be imported is made of, and which headers people give its fields."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Self


class CellKind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    COLOR = "color"
    CHOICE = "choice"


class Sort(StrEnum):
    """What a name in a cell is that of."""

    PERSON = "person"
    UNIT = "unit"
    PROGRAM = "program"


class SampleFor(NamedTuple):
    """For whom and when a sample is made; `codes` are of projects that milestones and risks belong to."""

    today: date
    units: Sequence[str] = ()
    codes: Sequence[str] = ()
    person: str = ""


SampleRow = dict[str, str | Decimal | date | None]
MONTH = re.compile(r"month_(\d{4})_(0[1-9]|1[0-2])")


class RowKey(NamedTuple):
    """What tells a record from all others; rows that share one that `may_repeat` are counted."""

    parts: tuple[str, ...]
    may_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of ours; `lowest` and `highest` bound numbers, `longest` bounds text."""

    name: str
    label: str
    kind: CellKind = CellKind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    may_be: tuple[str, ...] = ()  # headers that may mean it: only the cells can tell
    choices: tuple[tuple[str, str], ...] = ()  # code, word
    spellings: Mapping[str, str] = field(default_factory=dict)  # their words -> code or number
    unoffered: frozenset[str] = frozenset()  # codes that are read and no longer proposed
    lowest: int | None = None
    highest: int | None = None
    is_whole: bool = False  # of a number: halves are no value of it
    longest: int = 200
    meaning: str = ""  # what the column means, in the words of the sample's second sheet
    needed: str = ""  # when it is required, where that is not always or never
    in_sample: bool = True  # a first table seldom has it: explained there, without a column
    names: Sort | None = None
    rest: str = ""  # the longer field that takes what does not fit here, when somebody says so
    varies: bool = False  # pennies may stand beside millions
    adds_up: bool = True  # False for a total that rows repeat

    @property
    def known_as(self) -> tuple[str, ...]:
        """Every name that a column with this field may have."""
        return (self.name, self.label, *self.aliases)


@dataclass(frozen=True, slots=True)
class RecordKind:
    """
    A kind of record, its fields, and the fields that identify it on a second import.

    `purpose` says what its empty table is for; `rows` makes the sample's. `own_id` is the field that holds
    the record's number in somebody's own register: it identifies the record before what it is called.
    `identify` tells one record from another where the fields of `key` alone do not. A file of several kinds
    says in `sorted_by` which a row is of; of the codes in `unkept` (-> what people call one, and many) there
    is no register here. With `has_months` a table may have a column of amounts for each month; such fields
    are made as they are asked for.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    purpose: str
    rows: Callable[[SampleFor], list[SampleRow]]
    own_id: str = ""
    is_weekly: bool = False  # the record is of a week: any of its days names it
    sorted_by: str = ""
    unkept: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    identify: Callable[[Mapping[str, object]], RowKey] | None = None
    has_months: bool = False

    @property
    def is_of_projects(self) -> bool:
        """Say whether each record belongs to a project that the row names."""
        return "project" in self.key

    def has(self, name: str) -> bool:
        return any(one.name == name for one in self.fields)

    @property
    def noun(self) -> str:
        """What one record is called in a sentence."""
        return self.name.replace("_", " ")

    def field(self, name: str) -> Field:
        """Return the field of that name; KeyError when there is none."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        if self.has_months and (found := MONTH.fullmatch(name)):
            return month_field(date(int(found[1]), int(found[2]), 1))
        raise KeyError(name)

    def with_months(self, names: Iterable[str]) -> Self:
        """Return the kind with a field for each of these names that is a month's."""
        known = {one.name for one in self.fields}
        months = sorted(name for name in names if MONTH.fullmatch(name) and name not in known)
        if not self.has_months or not months:
            return self
        return replace(self, fields=(*self.fields, *map(self.field, months)))

    def with_choices(
        self, name: str, choices: Iterable[tuple[str, str]], *, unoffered: Iterable[str] = ()
    ) -> Self:
        """Return the kind with a field that takes these choices; they are data and not known here."""
        changed = replace(self.field(name), choices=tuple(choices), unoffered=frozenset(unoffered))
        fields = tuple(changed if one.name == name else one for one in self.fields)
        return replace(self, fields=fields)


def month_field(month: date) -> Field:
    """Return the field that holds the amounts of a month, named by its first day."""
    return Field(
        f"month_{month:%Y_%m}",
        f"{month:%b %Y}",
        CellKind.MONEY,
        meaning="What the month is expected to cost.",
        in_sample=False,
        varies=True,
    )


BELONGS_TO = Field(
    "project",
    "Project code",
    meaning="The code of a project that is in Rounds.",
    required=True,
    longest=40,
    may_be=("project", "project name", "projects", "plan"),
    aliases=(
        "project above",  # of a table of several levels
        "project code",
        "code",
        "project id",
        "project key",
        "project no",
        "project number",
        "project #",
    ),
)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later or earlier, at most the 28th, so that each month has it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))
