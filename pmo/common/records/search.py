"""
One search and one order for pages, pickers and the API, the same on SQLite and on PostgreSQL.

`like` finds, `as_read` orders; both read texts as `pmo/common/folding.py` folds them. What a search of a
record looks at says the model (`searched`, and `found_through` where another record is asked): the page, the
picker and the API's `?search=` all call `found`. A test refuses `icontains` and an order by the bare column elsewhere.
"""

from functools import partial
from typing import Any

from django.db.models import CharField, F, Func, Model, Q, TextField, Transform
from django.db.models.expressions import OrderBy
from django.db.models.lookups import Lookup

from pmo.common.folding import fold

# by these people read a list
NAMES = frozenset(
    {"name", "title", "pillar", "manager_name", "unit_name", "program_name", "portfolio_name"}
)


class Folded(Func):
    """A text as it is ordered by; bytes decide among folded texts, as in SQLite's own order."""

    function = "rounds_folded"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = '%(function)s(%(expressions)s) COLLATE "C"'
        return self.as_sql(compiler, connection, template=template, **context)


class _FoldedColumn(Transform):
    lookup_name = "folded"
    function = "rounds_folded"
    output_field = TextField()


class _Holds(Lookup):
    """True where the folded column holds the folded words; nothing in them has a meaning of its own."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, before = self.process_lhs(compiler, connection)
        place = "strpos" if connection.vendor == "postgresql" else "instr"
        return f"{place}(rounds_folded({column}), %s) > 0", (*before, fold(str(self.rhs)))


for _text in (CharField, TextField):
    _text.register_lookup(_Holds)
    _text.register_lookup(_FoldedColumn)


def like(words: str, *columns: str) -> Q:
    """Match where one of the columns holds the words, whatever their case and accents."""
    wanted, found = " ".join(words.split()), Q()
    for column in columns:
        found |= Q(**{f"{column}__holds": wanted})
    return found


def found(model: type[Model], words: str) -> Q:
    """Match the records that a search for the words finds, in the columns that their model declares."""
    searchable: Any = model
    searched: tuple[str, ...] = searchable.searched
    also: Any = getattr(model, "found_through", None)
    wanted = like(words, *searched)
    return wanted | also(partial(like, words)) if also else wanted


def same(text: str, column: str) -> Q:
    """Match where the column says the same, whatever its case and accents."""
    return Q(**{f"{column}__folded": fold(text)})


def sort_key(column: str) -> F | Folded:
    """Return what a column is ordered by: names as people read them, the rest as it is."""
    return Folded(F(column)) if column.rpartition("__")[2] in NAMES else F(column)


def as_read(*columns: str) -> list[OrderBy]:
    """Return an order by columns as `order_by` takes them, "-" in front for the other way round."""
    keys = [(sort_key(one.removeprefix("-")), one.startswith("-")) for one in columns]
    return [key.desc() if is_down else key.asc() for key, is_down in keys]


def teach(sender: object, connection: Any, **_signal: object) -> None:
    """Give SQLite the function that PostgreSQL has from a migration."""
    del sender
    if connection.vendor == "sqlite":
        connection.connection.create_function("rounds_folded", 1, _fold_known, deterministic=True)


def _fold_known(text: str | None) -> str | None:
    return None if text is None else fold(text)
