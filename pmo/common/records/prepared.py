"""
Queries that are asked on every page, put into SQL once instead of each time.

Building a query and writing its SQL takes longer than the database needs to answer most of them. What
is kept is the text of the question for as many values as are asked for, never an answer, so there is
nothing that could be out of date.
"""

from collections.abc import Callable, Collection, Mapping
from copy import copy
from datetime import date, datetime, timedelta
from functools import lru_cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models

Given = ParamSpec("Given")
Row = TypeVar("Row")

MANY = 100  # more ids than a page shows come in too many lengths to keep a text for each
TEXTS_KEPT = 64
# values that nobody asks for: in the parameters of the SQL they say where a given one belongs
STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 2_000_000_000 + number,  # within every whole number's column
    str: "the value {}".format,
    date: lambda number: date(1000, 1, 1) + timedelta(number),
}


class _Kind(NamedTuple):
    """What is given in one place: a single value, or a list of so many."""

    of: type
    length: int | None


class _Text:
    """The SQL of one query and where the values go."""

    def __init__(self, rows: "models.QuerySet[Any, Any]", stand_ins: Mapping[Any, int]) -> None:
        self.rows = rows
        self.compiler = rows.query.get_compiler(using=rows.db)
        self.sql, parameters = self.compiler.as_sql()
        self.parameters = list(parameters)
        self.places = [
            (place, stand_ins[value])
            for place, value in enumerate(parameters)
            if isinstance(value, tuple(STAND_INS)) and value in stand_ins
        ]
        if {number for _, number in self.places} != set(stand_ins.values()):
            raise ValueError(f"Not every value is asked for as it is given: {self.sql}")

    def read(self, values: list[Any]) -> list[Any]:
        parameters = self.parameters.copy()
        for place, number in self.places:
            parameters[place] = values[number]
        # a compiler, a query and a queryset of our own: others read at the same time
        compiler: Any = copy(self.compiler)
        compiler.connection = connections[self.rows.db]
        compiler.as_sql = lambda *_args, **_options: (self.sql, tuple(parameters))
        query: Any = copy(self.rows.query)
        query.get_compiler = lambda *_args, **_options: compiler
        bound: Any = type(self.rows).__new__(type(self.rows))
        bound.__dict__.update(self.rows.__dict__, _query=query)
        return list(bound._iterable_class(bound))


def prepared(
    build: "Callable[Given, models.QuerySet[Any, Row]]",
) -> Callable[Given, list[Row]]:
    """
    Make a function that reads what the query asks for that `build` makes of ids, texts and days.

    `build` may do nothing with its values but ask for them: it is called with others in their place.
    A value may be a list of ids; one that is empty or long is asked for in the usual way.
    """

    @lru_cache(maxsize=TEXTS_KEPT)
    def text(_vendor: str, kinds: tuple[_Kind, ...]) -> _Text:
        stand_ins: dict[Any, int] = {}

        def stand_in(of: type) -> Any:
            value = STAND_INS[of](len(stand_ins))
            stand_ins[_sent(value)] = len(stand_ins)
            return value

        values: list[Any] = [
            stand_in(of) if length is None else [stand_in(of) for _ in range(length)]
            for of, length in kinds
        ]
        ask: Callable[..., models.QuerySet[Any, Row]] = build
        return _Text(ask(*values), stand_ins)

    @wraps(build)
    def read(*args: Given.args, **options: Given.kwargs) -> list[Row]:
        if options:
            raise TypeError("A prepared query takes its values by their places.")
        kinds: list[_Kind] = []
        values: list[Any] = []
        for given in args:
            if isinstance(given, Collection) and not isinstance(given, str):
                if not 0 < len(given) <= MANY:
                    return list(build(*args, **options))
                kinds.append(_Kind(int, len(given)))
                values += given
            else:
                kinds.append(_Kind(_type_of(given), None))
                values.append(_sent(given))
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        return text(vendor, tuple(kinds)).read(values)

    return read


def _type_of(value: Any) -> type:
    """Return the type that stands in for a value."""
    for kind in STAND_INS:
        if isinstance(value, kind) and not isinstance(value, datetime):
            return kind
    raise TypeError(f"A prepared query asks for ids, texts and days, not for {value!r}.")


def _sent(value: Any) -> Any:
    """Return a value as it goes to the database."""
    if not isinstance(value, date):
        return value
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datefield_value(value)
