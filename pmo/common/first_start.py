"""What must be in place before the first page: static files, tables and the example's records."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Pages of Django REST framework that Rounds never shows.
UNUSED_STATIC = ["rest_framework"]
LOADERS = {"demo": "load_demo", "nhs": "load_nhs_example"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One account of the example that anybody may use to look around."""

    role: str
    email: str
    password: str


def static_fingerprint() -> str:
    """Return what changes when any static file does, without reading the files."""
    lines = []
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=UNUSED_STATIC):
            found = Path(storage.path(name)).stat()
            lines.append(f"{name} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def collect_static() -> bool:
    """Collect and compress the static files unless those collected are current; True when it did."""
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(f"{root.name}.sha256")
    current = static_fingerprint()
    if root.is_dir() and stamp.exists() and stamp.read_text(encoding="utf-8") == current:
        return False
    stamp.unlink(missing_ok=True)
    call_command(
        "collectstatic",
        interactive=False,
        clear=True,
        ignore_patterns=UNUSED_STATIC,
        verbosity=0,
    )
    stamp.write_text(current, encoding="utf-8")
    return True


def migrate() -> bool:
    """Bring the tables up to date; True when there was something to do."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True


def is_empty() -> bool:
    """Say whether nobody has an account yet."""
    return not get_user_model()._default_manager.exists()


def loader_of(example: str) -> str | None:
    """Return the command that fills an empty database; None when there is none by that name."""
    name = LOADERS.get(example)
    return name if name in get_commands() else None


def sign_ins() -> list[SignIn]:
    """Return the example's accounts; none where no example was loaded."""
    kept = Path(settings.DATA_DIR) / "sign-ins.json"
    if not kept.exists():
        return []
    return [
        SignIn(role=row["role"], email=row["email"], password=row["password"])
        for row in json.loads(kept.read_text(encoding="utf-8"))
    ]
