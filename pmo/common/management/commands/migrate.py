from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from pmo.common.background.copies import keep_copy
from pmo.common.background.standing import standing
from starting.progress import StartProgress
from starting.sentences import StartError, sentence_of

FAILED = "The tables could not be brought up to date. {why} {what}"
WITH_COPY = "Nothing is lost: the database from before is in {copy}; put it back to go on with the version before."
WITHOUT_COPY = "Each migration is taken back as a whole: mend this, then start again."


class Command(migrate.Command):
    """
    Django's own, with three things around it.

    Tables of another version or program are refused, an SQLite database is copied before it
    changes, and a failure says where that copy is.
    """

    stealth_options = ("progress",)
    progress: StartProgress | None = None
    total = done = 0

    def handle(self, *args: Any, **options: Any) -> None:
        database = connections[options.get("database") or DEFAULT_DB_ALIAS]
        refusal = standing(database).refusal
        if refusal:
            raise StartError(refusal)
        copy = None
        if not options.get("app_label") and not options.get("check_unapplied"):
            executor = MigrationExecutor(database)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            self.progress, self.total = options.pop("progress", None), len(plan)
            if plan and executor.loader.applied_migrations:
                copy = self.keep(database)
        try:
            super().handle(*args, **options)
        except (CommandError, KeyboardInterrupt, SystemExit):
            raise
        except Exception as error:
            what = WITH_COPY.format(copy=copy) if copy else WITHOUT_COPY
            raise StartError(FAILED.format(why=sentence_of(error).sentence, what=what)) from error

    def keep(self, database: BaseDatabaseWrapper) -> Path | None:
        """Copy the database's file; None where it has none of its own, as on a server."""
        path = Path(str(database.settings_dict["NAME"]))
        if database.vendor != "sqlite" or not path.is_file() or database.in_atomic_block:
            return None
        copy = keep_copy(path, at=timezone.localtime())
        self.stdout.write(f"The database as it was is kept in {copy}.")
        self.stdout.flush()
        return copy

    def migration_progress_callback(self, action: str, *args: Any, **options: Any) -> None:
        super().migration_progress_callback(action, *args, **options)
        if action == "apply_success" and self.progress is not None:
            self.done += 1
            self.progress.at(self.done, self.total, "steps")
