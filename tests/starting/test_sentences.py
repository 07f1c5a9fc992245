"""Each kind of error that can end a start has a sentence that says what to do."""

import errno

import kombu.exceptions
import pytest
import redis
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, IntegrityError, OperationalError

from starting.sentences import StartError, sentence_of


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            (
                'connection to server at "db" (10.0.0.5), port 5432 failed: FATAL:  password'
                ' authentication failed for user "rounds"'
            ),
            "PostgreSQL refuses the user name or the password. Check both in DATABASE_URL.",
        ),
        (
            'connection to server at "db", port 5432 failed: FATAL:  database "rounds" does not exist',
            (
                "PostgreSQL has no such database. Create it there, or check DATABASE_URL"
                ' (database "rounds" does not exist).'
            ),
        ),
        (
            'connection to server at "db", port 5432 failed: FATAL:  role "rounds" does not exist',
            (
                "PostgreSQL has no such user. Create it there, or check DATABASE_URL"
                ' (role "rounds" does not exist).'
            ),
        ),
        (
            'could not translate host name "db" to address: Name or service not known',
            "The host in DATABASE_URL is not known here. Check its name, and that the network is up.",
        ),
        (
            "connection to server at 10.0.0.5, port 5432 failed: timeout expired",
            (
                "PostgreSQL does not answer at the address in DATABASE_URL in time. Check host and port,"
                " and that nothing in between blocks them."
            ),
        ),
        (
            "permission denied for schema public",
            (
                "The user in DATABASE_URL may not create tables in this database. Make that user its"
                " owner, then start again."
            ),
        ),
        (
            "database or disk is full",
            "There is no space left for the database. Make room on the disk, then start again.",
        ),
        (
            "attempt to write a readonly database",
            (
                "The database file may only be read. Start as the user who owns it, or give this user"
                " the right to write it and its folder."
            ),
        ),
        (
            "database is locked",
            "The database is locked by another program. End that program, then start again.",
        ),
        (
            "database disk image is malformed",
            "The database file is damaged. Put the newest copy of it in its place.",
        ),
        (
            "server closed the connection\nunexpectedly",
            (
                "The database cannot be used (server closed the connection unexpectedly). Check"
                " DATABASE_URL, and that the server runs."
            ),
        ),
    ],
)
def test_what_a_database_says_becomes_what_to_do(said, sentence):
    assert sentence_of(OperationalError(said)) == (sentence, False)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (
            errno.ENOSPC,
            "{path} cannot be written: the disk is full. Make room, then start again.",
        ),
        (
            errno.EROFS,
            "{path} lies on a disk that may only be read. Set VAR_DIR to a folder that you may write.",
        ),
        (
            errno.ENOTDIR,
            (
                "{path} cannot be a folder, because a file has that name. Move the file away, or set"
                " VAR_DIR to another folder."
            ),
        ),
        (errno.EIO, "{path} cannot be used: went wrong."),
    ],
)
def test_what_the_system_refuses_names_the_file(number, sentence, tmp_path):
    said = sentence_of(OSError(number, "went wrong", str(tmp_path)))

    assert said == (sentence.format(path=tmp_path), False)


def test_a_closed_file_says_whose_it_is(tmp_path):
    said = sentence_of(PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "key")))

    assert said.sentence == (
        f"{tmp_path}/key is closed to this user ({tmp_path} belongs to {tmp_path.owner()}). Start as"
        " its owner, or set VAR_DIR to a folder of your own."
    )


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (redis.ConnectionError("Connection refused"), "Redis does not answer at the address"),
        (kombu.exceptions.OperationalError("refused"), "Redis does not answer at the address"),
        (DatabaseError("file is not a database"), "The database file is not an SQLite database."),
        (ModuleNotFoundError(name="django"), "The Python package 'django' is missing"),
        (IntegrityError("a rule"), "Something that nobody foresaw ended the start: IntegrityError"),
        (MemoryError(), "There is not enough memory."),
        (ValueError("odd"), "Something that nobody foresaw ended the start: ValueError: odd"),
    ],
)
def test_every_other_kind_has_its_sentence(error, begins):
    sentence, is_plain = sentence_of(error)

    assert sentence.startswith(begins)
    assert not is_plain


def test_a_sentence_written_for_people_is_said_as_it_stands():
    assert sentence_of(ImproperlyConfigured("Set\n  it.")) == ("Set it.", True)
    assert sentence_of(StartError("Stop.")) == ("Stop.", True)


def test_a_sentence_about_another_error_keeps_that_error_for_the_log():
    about = StartError("The tables could not be brought up to date.")
    about.__cause__ = ValueError("odd")

    assert sentence_of(about) == ("The tables could not be brought up to date.", False)
