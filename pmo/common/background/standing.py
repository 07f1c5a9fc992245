"""Say whether the tables are those that this version expects, before anything reads or writes them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState

from starting.sentences import StartError

Key = tuple[str, str]
KNOWN_FOR_SECONDS = 30
NAMED = 2  # examples in a sentence; the rest is counted
COLUMNS = {
    "sqlite": (
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c"
        " WHERE m.type = 'table'"
    ),
    "postgresql": (
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = ANY (current_schemas(false))"
    ),
}
NEWER = (
    "The database was written by a newer version of Rounds: it records {what}, which this version"
    " does not know. Start that version again, or restore a backup from before into an empty database."
)
FOREIGN = (
    "The database belongs to another program: it holds {what}. Give Rounds a database of its own"
    " in DATABASE_URL, or another VAR_DIR."
)
UNLIKE = (
    "The tables are not those of the version that the database records: they lack {what}. A"
    " development version wrote them. Keep a backup, then start with an empty database or with the"
    " version that wrote them."
)
PENDING = "The tables are not up to date ({what} to do). Run `python manage.py migrate`."


class TablesStanding(NamedTuple):
    """What is wrong with the tables: `refusal` cannot be mended by a migration, `pending` can."""

    refusal: str = ""
    pending: str = ""

    @property
    def sentence(self) -> str:
        """Return why nobody should work with the tables now; empty when all is well."""
        return self.refusal or self.pending


def standing(wrapper: BaseDatabaseWrapper | None = None) -> TablesStanding:
    """Compare the recorded migrations and the columns that are there with what the code knows."""
    database = wrapper or connection
    loader = MigrationLoader(database)
    columns = _columns_of(database)
    applied: set[Key] = set(loader.applied_migrations)
    if not applied:
        return TablesStanding(refusal=_of_strangers(columns, database))
    refusal = _of_unknown(applied, loader) or _of_unlike(applied, loader, columns)
    pending = [key for key in loader.graph.leaf_nodes() if key not in applied]
    return TablesStanding(
        refusal, PENDING.format(what=_some(map(_dotted, pending))) if pending else ""
    )


def known_standing() -> TablesStanding:
    """Return how the tables stood within the last half minute: asked often, as for health, it stays cheap."""
    found = cache.get("standing")
    if not isinstance(found, TablesStanding):
        found = standing()
        cache.set("standing", found, KNOWN_FOR_SECONDS)
    return found


def refuse_unknown_tables() -> None:
    """
    Raise StartError where the tables are another version's or another program's.

    A database that does not answer is let through: the server says so itself, and waits for it.
    """
    try:
        found = standing()
    except Error:
        return
    finally:
        # Processes are forked after this; a connection is nothing that they could share.
        connection.close()
    if found.refusal:
        raise StartError(found.refusal)


def _columns_of(database: BaseDatabaseWrapper) -> set[Key]:
    with database.cursor() as cursor:
        cursor.execute(COLUMNS[database.vendor])
        return set(cursor.fetchall())


def _of_strangers(columns: set[Key], database: BaseDatabaseWrapper) -> str:
    """Return why an SQLite file, or tables named as ours, that no migration made are left alone."""
    own = {MigrationRecorder.Migration._meta.db_table, "sqlite_sequence"}
    tables = {table for table, _ in columns} - own
    if database.vendor != "sqlite":
        tables &= set(database.introspection.django_table_names())
    return FOREIGN.format(what=f"the tables {_some(tables)}") if tables else ""


def _of_unknown(applied: set[Key], loader: MigrationLoader) -> str:
    replaced = {key for found in loader.disk_migrations.values() for key in found.replaces}
    unknown = applied - set(loader.disk_migrations) - replaced
    strange = {label for label, _ in unknown} - loader.migrated_apps
    if strange:
        return FOREIGN.format(what=f"the records of {_some(strange)}")
    return NEWER.format(what=_some(map(_dotted, unknown))) if unknown else ""


def _of_unlike(applied: set[Key], loader: MigrationLoader, columns: set[Key]) -> str:
    known = [key for key in applied if key in loader.graph.nodes]
    wanted: set[Key] = set()
    for model in loader.project_state(known).models.values():
        wanted |= _columns_in(model)
    missing = wanted - columns
    return UNLIKE.format(what=_some(map(_dotted, missing))) if missing else ""


def _columns_in(model: ModelState) -> set[Key]:
    """Return the table and column names of a model as its migrations left it."""
    options = model.options
    label = f"{model.app_label}.{model.name}"
    chosen = getattr(settings, options["swappable"]) if "swappable" in options else label
    if options.get("proxy") or not options.get("managed", True) or chosen != label:
        return set()
    table = str(options.get("db_table") or f"{model.app_label}_{model.name_lower}")
    found = set()
    for name, unbound in model.fields.items():
        field: Any = unbound.clone()
        field.set_attributes_from_name(name)
        if field.column is not None and not field.many_to_many:
            found.add((table, str(field.column)))
    return found


def _dotted(key: Key) -> str:
    return ".".join(key)


def _some(names: Iterable[str]) -> str:
    ordered = sorted(names)
    more = len(ordered) - NAMED
    return ", ".join(ordered[:NAMED]) + (f" and {more} more" if more > 0 else "")
