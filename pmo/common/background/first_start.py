"""What must be in place before the first page: static files, tables and the example's records."""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from starting.progress import shown
from starting.sentences import StartError
from starting.telling import ended_at_once

Say = Callable[[str], None]
# Pages of Django REST framework that Rounds never shows.
UNUSED_STATIC = ["rest_framework"]
LOADERS = {"demo": "load_demo", "nhs": "load_nhs_example"}
REDIS_SECONDS = 5
COLLECTING = "being collected"


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


def collect_static(say: Say) -> bool:
    """Collect and compress the static files unless those collected are current; True when it did."""
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(f"{root.name}.sha256")
    current = static_fingerprint()
    if root.is_dir() and stamp.exists() and stamp.read_text(encoding="utf-8") == current:
        return False
    require_own_folder(root, stamp)
    stamp.write_text(COLLECTING, encoding="utf-8")
    with ended_at_once(), shown("Collecting static files", speak=say) as progress:
        progress.ask = lambda: f" {sum(1 for _ in root.rglob('*.*'))} files"
        call_command(
            "collectstatic",
            interactive=False,
            clear=True,
            ignore_patterns=UNUSED_STATIC,
            verbosity=0,
        )
    stamp.write_text(current, encoding="utf-8")
    return True


def require_own_folder(root: Path, stamp: Path) -> None:
    """Raise StartError where collecting, which empties the folder first, would delete other files."""
    if root.exists() and not root.is_dir():
        raise StartError(f"STATIC_ROOT is {root}, which is a file. Name an empty folder.")
    if root.is_dir() and not stamp.exists() and any(root.iterdir()):
        raise StartError(
            f"STATIC_ROOT is {root}, which holds other files: collecting would delete them. Name an"
            " empty folder."
        )
    root.mkdir(parents=True, exist_ok=True)


def migrate(say: Say) -> bool:
    """Bring the tables up to date; True when there was something to do."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    with shown("Bringing the tables up to date", speak=say) as progress:
        call_command("migrate", interactive=False, verbosity=0, progress=progress)
    return True


def require_services() -> None:
    """Raise StartError, or Redis's own error, where what the processes share cannot be shared."""
    if settings.DATABASES["default"]["NAME"] == ":memory:":
        raise StartError(
            "DATABASE_URL names a database in memory, and the processes of Rounds share one. Name a"
            " file, or leave it out."
        )
    if settings.REDIS_URL:
        _ping()


def require_redis_lets_us_in() -> None:
    """Raise Redis's error where the password is wrong; a Redis that is not up yet is waited for."""
    if settings.REDIS_URL:
        try:
            _ping()
        except redis.AuthenticationError:
            raise
        except redis.RedisError:
            return


def _ping() -> None:
    server = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS
    )
    try:
        server.ping()
    finally:
        server.close()


@contextmanager
def only_one(port: int) -> Iterator[None]:
    """Hold the data for this process; raises StartError while another one runs on the same data."""
    path = Path(settings.DATA_DIR) / "running"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError(
                f"Rounds runs already with this data {file.read().strip()}. Stop it first, or give"
                " this one data of its own: make run VAR_DIR=var2 PORT=8001."
            ) from None
        file.truncate(0)
        file.write(f"(process {os.getpid()}, port {port})")
        file.flush()
        yield


@contextmanager
def unfinished() -> Iterator[None]:
    """Mark that the example is being loaded: whoever starts after a cut does not take half for all."""
    mark = Path(settings.DATA_DIR) / "loading"
    mark.touch()
    yield
    mark.unlink()


def put_half_aside() -> Path | None:
    """Move a database whose loading was cut off out of the way; return where, None when there is none."""
    mark = Path(settings.DATA_DIR) / "loading"
    if not mark.exists():
        return None
    if connection.vendor != "sqlite":
        if is_empty():
            mark.unlink()
            return None
        raise StartError(
            "The loading of the example was cut off, and half of it is in the database. Empty the"
            f" database (drop it and create it again), delete {mark}, then start again."
        )
    connection.close()
    database = Path(settings.DATABASES["default"]["NAME"])
    aside = database.with_name(f"{database.stem}-unfinished.sqlite3")
    for tail in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{database}{tail}").rename(f"{aside}{tail}")
    if database.exists():
        database.rename(aside)
    mark.unlink()
    return aside


def is_empty() -> bool:
    """Say whether nobody has an account yet."""
    return not get_user_model()._default_manager.exists()


def load_example(say: Say) -> bool:
    """Fill the empty database with the example; False where the installation is to start empty."""
    name = LOADERS.get(settings.EXAMPLE)
    if name is None or name not in get_commands():
        return False
    say("Filling the empty database with the example; this happens once.")
    with unfinished(), shown("Loading the example", speak=say) as progress:
        call_command(name, verbosity=0, progress=progress.at)
    return True


def sign_ins() -> list[SignIn]:
    """Return the example's accounts; none where no example was loaded."""
    kept = Path(settings.DATA_DIR) / "sign-ins.json"
    if not kept.exists():
        return []
    return [
        SignIn(role=row["role"], email=row["email"], password=row["password"])
        for row in json.loads(kept.read_text(encoding="utf-8"))
    ]
