"""Whatever a newcomer does to a start: real processes end with one sentence and no traceback."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from pmo.common.background.copies import copies_of
from tests.tree import ROOT

# all tables are made by the program itself, on whatever machine
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

PROGRAMS = Path(sys.executable).parent
RUN = ("manage.py", "rounds", "run", "--port")
MIGRATE = ("manage.py", "migrate", "--no-input")
WEB = ("-m", "gunicorn", "pmo.wsgi", "--preload", "--no-control-socket", "--bind", "127.0.0.1:0")
WORKER = ("-m", "celery", "--app", "pmo.background", "worker")
SCHEDULER = ("-m", "celery", "--app", "pmo.background", "beat")
NOBODY = 65534


def environment(folder: Path, more: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    own = {"SECRET_KEY": "k" * 50, "VAR_DIR": str(folder), "EXAMPLE": "none"}
    return {**kept, **own, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", **more}


def run(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(folder, more),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def refused(folder: Path, *command: str, **more: str) -> str:
    """Return the one sentence of a start that fails, having looked at everything else."""
    done = run(folder, *command, **more)
    lines = done.stderr.splitlines()

    assert done.returncode == 1
    assert len(lines) == 1
    assert "Traceback" not in done.stdout + done.stderr
    return lines[0]


def logged(sentence: str) -> str:
    """Return what stands in the log that a sentence names."""
    found = re.search(r"The details are in (\S+)\.$", sentence)
    assert found
    return (ROOT / found[1]).read_text()


def with_tables(path: Path, *statements: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path


@pytest.fixture
def port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture(scope="module")
def migrated(tmp_path_factory) -> Path:
    """A database with all tables and nothing in them."""
    folder = tmp_path_factory.mktemp("migrated")
    assert run(folder, *MIGRATE).returncode == 0
    return folder / "none" / "rounds.sqlite3"


@pytest.fixture
def tables(migrated, tmp_path) -> Path:
    """The same, for one test to spoil."""
    path = tmp_path / "none" / "rounds.sqlite3"
    path.parent.mkdir()
    with closing(sqlite3.connect(migrated)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    return path


SETTINGS = [
    ({"TIME_ZONE": "Mars/Olympus"}, "TIME_ZONE is 'Mars/Olympus', which is no time zone."),
    ({"TIME_ZONE": "Europe"}, "TIME_ZONE is 'Europe', which is no time zone."),
    ({"TIME_ZONE": "/etc/passwd"}, "TIME_ZONE is '/etc/passwd', which is no time zone."),
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'loud'; set it to one of DEBUG, INFO, WARNING,"),
    ({"EMAIL_URL": "smtp://mail:post"}, "EMAIL_URL names the port 'post';"),
    ({"EMAIL_URL": "smtp://me:a/b#c"}, "EMAIL_URL names the port 'a';"),
    ({"EMAIL_URL": "pigeon://mail"}, "EMAIL_URL starts with an unknown word;"),
    ({"EMAIL_URL": "file:///dev/null"}, "EMAIL_URL names /dev/null, which is not a folder;"),
    ({"EMAIL_FROM": "rounds"}, "EMAIL_FROM is 'rounds', which is no mail address;"),
    ({"DATABASE_URL": "nonsense"}, "DATABASE_URL begins with none of postgres:// and sqlite://"),
    ({"DATABASE_URL": "mysql://db/x"}, "DATABASE_URL begins with none of postgres:// and"),
    ({"DATABASE_URL": "postgres://db"}, "DATABASE_URL names no database."),
    ({"DATABASE_URL": "postgres://db:0/x"}, "DATABASE_URL names the port '0';"),
    ({"DATABASE_URL": "sqlite://:memory:"}, "DATABASE_URL names a database in memory,"),
    ({"DATABASE_URL_FILE": "/dev"}, "DATABASE_URL_FILE points at /dev, which cannot be read:"),
    ({"REDIS_URL": "nonsense"}, "REDIS_URL is not an address."),
    ({"REDIS_URL": "http://redis"}, "REDIS_URL names no Redis server:"),
    ({"BASE_URL": "rounds.example"}, "BASE_URL is not an address."),
    ({"BASE_URL": "https://"}, "BASE_URL is 'https://';"),
    ({"BASE_URL": "https://rounds.example/app"}, "BASE_URL is 'https://rounds.example/app';"),
    ({"ALLOWED_HOSTS": "https://rounds.example"}, "ALLOWED_HOSTS holds 'https://rounds.example';"),
    ({"SECURE": "1"}, "SECURE is on, and BASE_URL is http://127.0.0.1:8000:"),
    ({"SECURE": "perhaps"}, "SECURE is 'perhaps'; set it to 1 or 0."),
    ({"DEBUG": "perhaps"}, "DEBUG is 'perhaps'; set it to 1 or 0."),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is too short;"),
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
    ({"SECRET_KEY_FILE": "/nowhere"}, "SECRET_KEY_FILE points at /nowhere, which cannot be read:"),
    ({"EXAMPLE": "hospital"}, "EXAMPLE is 'hospital', and there is no such example. Set it to"),
    ({"FISCAL_YEAR_START_MONTH": "13"}, "FISCAL_YEAR_START_MONTH is '13'; set it to a whole"),
    ({"FISCAL_YEAR_START_MONTH": "²"}, "FISCAL_YEAR_START_MONTH is '²'; set it to a whole"),
    ({"FORGET_UPLOADS_AFTER_DAYS": "0"}, "FORGET_UPLOADS_AFTER_DAYS is '0'; set it to a whole"),
]


@pytest.mark.parametrize(("wrong", "begins"), SETTINGS, ids=lambda value: str(value)[:40])
def test_a_wrong_setting_is_a_sentence_that_says_what_would_be_right(wrong, begins, tmp_path, port):
    sentence = refused(tmp_path, *RUN, port, **wrong)

    assert sentence.startswith(begins)
    assert list(tmp_path.rglob("*.log")) == []


def test_the_suite_says_it_before_its_first_test(tmp_path):
    assert refused(tmp_path, "tools/run_tests.py", TIME_ZONE="Europe").startswith(
        "TIME_ZONE is 'Europe', which is no time zone."
    )


def test_a_wrong_address_of_a_service_is_no_traceback(tmp_path):
    nonsense = ("nonsense", "redis://127.0.0.1:6379/5")

    assert refused(tmp_path, "tools/check_services.py", *nonsense)


@pytest.mark.parametrize("program", [MIGRATE, WEB, WORKER, SCHEDULER], ids=str)
def test_each_program_of_the_container_says_it_the_same_way(program, tmp_path):
    assert refused(tmp_path, *program, LOG_LEVEL="loud") == (
        "LOG_LEVEL is 'loud'; set it to one of DEBUG, INFO, WARNING, ERROR, CRITICAL."
    )


def test_redis_that_does_not_answer_is_named(tmp_path, port):
    sentence = refused(tmp_path, *RUN, port, REDIS_URL="redis://127.0.0.1:1/0")

    assert sentence.startswith("Redis does not answer at the address in REDIS_URL (")
    assert "redis.exceptions.ConnectionError" in logged(sentence)


NO_POSTGRESQL = "PostgreSQL does not answer at the address in DATABASE_URL."


@pytest.mark.parametrize(
    ("program", "url", "begins"),
    [
        ((*RUN, "8119"), "postgres://127.0.0.1:1/x", NO_POSTGRESQL),
        (MIGRATE, "postgres://127.0.0.1:1/x", NO_POSTGRESQL),
        (MIGRATE, "postgres://no.invalid/x", "The host in DATABASE_URL is not known here."),
        (MIGRATE, "sqlite:////no/such/folder/x", "The database file cannot be opened."),
    ],
)
def test_a_database_that_does_not_answer_is_named(program, url, begins, tmp_path):
    sentence = refused(tmp_path, *program, DATABASE_URL=url)

    assert sentence.startswith(begins)
    assert "OperationalError" in logged(sentence)


@pytest.mark.services
def test_a_server_without_the_database_or_for_another_password_is_named(tmp_path, port):
    address = urlsplit(settings.DATABASE_URL)
    if not address.scheme.startswith("postgres"):
        pytest.skip("It needs PostgreSQL: make test-services.")
    none = refused(tmp_path, *RUN, port, DATABASE_URL=address._replace(path="/no_such").geturl())
    stranger = f"postgres://nobody_here:x@{address.hostname}:{address.port or 5432}{address.path}"
    unknown = refused(tmp_path, *RUN, port, DATABASE_URL=stranger)

    assert none.startswith("PostgreSQL has no such database.")
    assert re.match("PostgreSQL (has no such user|refuses the user name or the password)", unknown)


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path, port):
    path = tmp_path / "none" / "rounds.sqlite3"
    path.parent.mkdir()
    path.write_text("my notes\n" * 1000)

    sentence = refused(tmp_path, *RUN, port)

    assert sentence.startswith("The database file is not an SQLite database. Move it away,")
    assert "file is not a database" in logged(sentence)
    assert path.read_text() == "my notes\n" * 1000


def test_a_database_that_another_program_holds_is_named(tables, tmp_path, port):
    with closing(sqlite3.connect(tables, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        sentence = refused(tmp_path, *RUN, port)

    assert sentence.startswith("The database is locked by another program.")


def test_data_that_lie_where_a_file_is_are_refused(tmp_path, port):
    (tmp_path / "file").touch()

    sentence = refused(tmp_path, *RUN, port, VAR_DIR=str(tmp_path / "file"))

    assert sentence.startswith(f"{tmp_path}/file/none cannot be a folder, because a file has that")
    assert "NotADirectoryError" in logged(sentence)


def test_fonts_in_a_folder_that_is_none_are_refused(tmp_path, port):
    sentence = refused(tmp_path, *RUN, port, FONT_DIR="/no/such/folder")

    assert (
        "FONT_DIR is '/no/such/folder', which is no folder. Make it, or unset FONT_DIR." in sentence
    )


def test_data_that_lie_where_nobody_may_write_are_refused(tmp_path, port):
    sentence = refused(tmp_path, *RUN, port, VAR_DIR="/proc/rounds")

    assert sentence.startswith("/proc/rounds cannot be used: No such file or directory.")
    assert "FileNotFoundError" in logged(sentence)


def test_static_files_never_replace_those_of_somebody_else(tmp_path, port):
    thesis = tmp_path / "static" / "thesis.txt"
    thesis.parent.mkdir()
    thesis.touch()
    (tmp_path / "file").touch()

    other = refused(tmp_path, *RUN, port, STATIC_ROOT=str(thesis.parent))
    file = refused(tmp_path, *RUN, port, STATIC_ROOT=str(tmp_path / "file"))

    assert other.startswith(f"STATIC_ROOT is {thesis.parent}, which holds other files:")
    assert file == f"STATIC_ROOT is {tmp_path}/file, which is a file. Name an empty folder."
    assert thesis.exists()


NEWER = "INSERT INTO django_migrations (app, name, applied) VALUES ('projects', '9999_x', '')"
FOREIGN = "INSERT INTO django_migrations (app, name, applied) VALUES ('polls', '0001_x', '')"
UNLIKE = "ALTER TABLE projects_milestone RENAME COLUMN name TO title"
SAID = {
    NEWER: "The database was written by a newer version of Rounds: it records projects.9999_x,",
    FOREIGN: "The database belongs to another program: it holds the records of polls.",
    UNLIKE: (
        "The tables are not those of the version that the database records: they lack"
        " projects_milestone.name."
    ),
}


@pytest.mark.parametrize(
    ("program", "spoil"),
    [
        *((program, NEWER) for program in ((*RUN, "8119"), MIGRATE, WEB, WORKER, SCHEDULER)),
        (MIGRATE, FOREIGN),
        (WEB, UNLIKE),
    ],
)
def test_tables_of_another_version_are_refused_by_every_program(program, spoil, tables, tmp_path):
    with_tables(tables, spoil)
    before = tables.read_bytes()

    assert refused(tmp_path, *program).startswith(SAID[spoil])
    assert tables.read_bytes() == before


def test_a_database_of_another_program_stays_as_it_is(tmp_path, port):
    with_tables(tmp_path / "none" / "rounds.sqlite3", "CREATE TABLE places (url TEXT)")

    assert refused(tmp_path, *RUN, port).startswith(
        "The database belongs to another program: it holds the tables places."
    )


def test_a_migration_that_fails_says_where_the_database_from_before_is(tables, tmp_path):
    with_tables(
        tables,
        "DELETE FROM django_migrations"
        " WHERE id = (SELECT max(id) FROM django_migrations WHERE app = 'audiences')",
    )

    sentence = refused(tmp_path, *MIGRATE, "--verbosity=0")

    (copy,) = copies_of(tables)
    assert sentence.startswith("The tables could not be brought up to date. ")
    assert f"Nothing is lost: the database from before is in {copy};" in sentence
    assert "Traceback" in logged(sentence)
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT count(*) FROM projects_project").fetchall() == [(0,)]


def test_half_an_example_is_put_aside_and_not_taken_for_the_whole(tables, tmp_path):
    (tmp_path / "none" / "loading").touch()
    script = (
        "import django; django.setup()\n"
        "from pmo.common.background.first_start import put_half_aside\n"
        "print(put_half_aside(), put_half_aside())"
    )

    done = run(tmp_path, "-c", script, DJANGO_SETTINGS_MODULE="pmo.settings")

    aside = tables.with_name("rounds-unfinished.sqlite3")
    assert (done.stdout, done.stderr) == (f"{aside} None\n", "")
    assert aside.exists()
    assert not tables.exists()


def wait_for(path: Path) -> None:
    """Wait until a start holds its data: from then on it collects, migrates and loads."""
    deadline = time.monotonic() + 30
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def wait_until_it_imports(pid: int) -> None:
    """Wait until the interpreter itself is up and reads the packages: until then no program has a say."""
    deadline = time.monotonic() + 20
    while "site-packages" not in Path(f"/proc/{pid}/maps").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def heard_by_children() -> Iterator[None]:
    """Let processes that begin within hear Ctrl-C: a suite that runs in the background is deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture
def started(tmp_path, port) -> Iterator[subprocess.Popen[str]]:
    with heard_by_children():
        process = subprocess.Popen(
            [sys.executable, *RUN, port],
            cwd=ROOT,
            env=environment(tmp_path, {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    with process:
        yield process
        process.terminate()


@pytest.mark.parametrize("moment", ["while it loads", "while it prepares"])
def test_an_interrupt_at_any_moment_is_one_word(moment, started, tmp_path):
    if moment == "while it loads":
        wait_until_it_imports(started.pid)
    else:
        wait_for(tmp_path / "none" / "running")
        time.sleep(0.5)
    started.send_signal(signal.SIGINT)
    said, errors = started.communicate(timeout=120)

    assert [line for line in said.splitlines() if not line.startswith("Collecting ")] == []
    assert errors == "Stopped.\n"
    assert started.returncode == 130


def test_a_second_start_on_the_same_data_is_refused(started, tmp_path, port):
    wait_for(tmp_path / "none" / "running")

    assert refused(tmp_path, *RUN, str(int(port) - 1)) == (
        f"Rounds runs already with this data (process {started.pid}, port {port}). Stop it first,"
        " or give this one data of its own: make run VAR_DIR=var2 PORT=8001."
    )


def is_open_to_all(path: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


@pytest.mark.skipif(os.getuid() != 0, reason="Only root can start a program as somebody else.")
@pytest.mark.skipif(not is_open_to_all(ROOT), reason="Another user cannot reach this project.")
def test_data_of_another_user_are_named_with_their_owner():
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "demo").mkdir(mode=0o700)
        (folder / "demo" / "secret-key.txt").write_text("k" * 50)
        script = (
            "from starting.telling import told\n"
            f"with told(): open({str(folder / 'demo' / 'secret-key.txt')!r})"
        )
        done = subprocess.run(
            ["/usr/bin/python3", "-c", script],
            cwd=ROOT,
            env={"VAR_DIR": name, "PYTHONDONTWRITEBYTECODE": "1"},
            user=NOBODY,
            capture_output=True,
            text=True,
            check=False,
        )
    log = Path(gettempdir()) / f"rounds-{NOBODY}-start-errors.log"

    assert done.stderr == (
        f"{name}/demo/secret-key.txt is closed to this user ({name}/demo belongs to root). Start as"
        f" its owner, or set VAR_DIR to a folder of your own. The details are in {log}.\n"
    )
    assert "PermissionError" in log.read_text()
