"""Say in one sentence what keeps a program from starting, and what to do about it."""

import errno
from pathlib import Path
from typing import NamedTuple

# Recognized by name: none of these packages need be installed where the sentence is made.
WRITTEN_FOR_PEOPLE = {"StartError", "ImproperlyConfigured", "CommandError"}
DATABASE_MODULES = ("django.db", "sqlite3", "psycopg2")
# What a database says of rows that break a rule is a fault of the code, not of the server.
OF_THE_CODE = {"IntegrityError", "DataError"}
MACHINERY = {"DatabaseError", "InterfaceError", "OperationalError", "ProgrammingError"}
# What a database's own message holds, and what to say then.
DATABASE_SENTENCES = (
    (
        "file is not a database",
        (
            "The database file is not an SQLite database. Move it away, or name another one in"
            " DATABASE_URL."
        ),
    ),
    (
        "malformed",
        "The database file is damaged. Put the newest copy of it in its place.",
    ),
    (
        "database is locked",
        "The database is locked by another program. End that program, then start again.",
    ),
    (
        "unable to open database file",
        (
            "The database file cannot be opened. Its folder must exist, and be yours to write:"
            " check VAR_DIR and DATABASE_URL."
        ),
    ),
    (
        "readonly database",
        (
            "The database file may only be read. Start as the user who owns it, or give this user"
            " the right to write it and its folder."
        ),
    ),
    (
        "disk is full",
        "There is no space left for the database. Make room on the disk, then start again.",
    ),
    (
        "disk i/o error",
        (
            "The disk of the database file cannot be read or written. Check the disk and the rights"
            " on the file's folder."
        ),
    ),
    (
        "password authentication failed",
        "PostgreSQL refuses the user name or the password. Check both in DATABASE_URL.",
    ),
    (
        "no password supplied",
        "PostgreSQL asks for a password. Put one into DATABASE_URL: postgres://user:password@host/name.",
    ),
    (
        "no pg_hba.conf entry",
        (
            "PostgreSQL does not admit this user from this machine. Allow it in pg_hba.conf, or check"
            " the user in DATABASE_URL."
        ),
    ),
    (
        "could not translate host name",
        "The host in DATABASE_URL is not known here. Check its name, and that the network is up.",
    ),
    (
        "connection refused",
        (
            "PostgreSQL does not answer at the address in DATABASE_URL. Check host and port, and that"
            " the server runs."
        ),
    ),
    (
        "timeout expired",
        (
            "PostgreSQL does not answer at the address in DATABASE_URL in time. Check host and port,"
            " and that nothing in between blocks them."
        ),
    ),
    (
        "permission denied",
        (
            "The user in DATABASE_URL may not create tables in this database. Make that user its"
            " owner, then start again."
        ),
    ),
)
OTHER_DATABASE = (
    "The database cannot be used ({said}). Check DATABASE_URL, and that the server runs."
)
WITHOUT_DATABASE = "PostgreSQL has no such {what}. Create it there, or check DATABASE_URL ({said})."
MISSING_PACKAGE = (
    "The Python package {name!r} is missing in this environment. Start with `make run`, which"
    " installs what is missing; if that says this again, delete the folder .venv first."
)
NO_MEMORY = "There is not enough memory. End other programs, then start again."
UNFORESEEN = "Something that nobody foresaw ended the start: {kind}: {said}"
CLOSED = "{path} is closed to this user{owner}. Start as its owner, or set VAR_DIR to a folder of your own."
NO_FOLDER = (
    "{path} cannot be a folder, because a file has that name. Move the file away, or set VAR_DIR to"
    " another folder."
)
SYSTEM_SENTENCES = {
    errno.ENOSPC: "{path} cannot be written: the disk is full. Make room, then start again.",
    errno.EDQUOT: "{path} cannot be written: your share of the disk is used up. Make room first.",
    errno.EROFS: (
        "{path} lies on a disk that may only be read. Set VAR_DIR to a folder that you may write."
    ),
    errno.EACCES: CLOSED,
    errno.EPERM: CLOSED,
    errno.ENOTDIR: NO_FOLDER,
    errno.EEXIST: NO_FOLDER,
    errno.EISDIR: "{path} is a folder, and a file is needed there. Move it away.",
}
REDIS = "Redis does not answer at the address in REDIS_URL ({said}). Check it, and that Redis runs."


class ToldFault(NamedTuple):
    """`sentence` is for the person; `is_plain` says that a traceback would add nothing to it."""

    sentence: str
    is_plain: bool = False


class StartError(Exception):
    """Nothing can be started; the text says in a sentence why, and what to do."""


def sentence_of(error: BaseException) -> ToldFault:
    """Return what to say about an error that ended a start."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if kinds & WRITTEN_FOR_PEOPLE:
        # A sentence about another error is for the person, and that error's traceback for the log.
        about_another = "StartError" in kinds and error.__cause__ is not None
        return ToldFault(one_line(error), is_plain=not about_another)
    module = type(error).__module__
    if module.startswith(DATABASE_MODULES) and kinds & MACHINERY and not kinds & OF_THE_CODE:
        return ToldFault(_of_database(error))
    if module.startswith(("redis", "kombu")):
        return ToldFault(REDIS.format(said=one_line(error)))
    return ToldFault(_of_python(error))


def _of_python(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError):
        return MISSING_PACKAGE.format(name=error.name)
    if isinstance(error, OSError):
        return _of_system(error)
    if isinstance(error, MemoryError):
        return NO_MEMORY
    return UNFORESEEN.format(kind=type(error).__name__, said=one_line(error))


def one_line(error: BaseException) -> str:
    """Return an error's text without line breaks, ending where its first paragraph does."""
    return " ".join(str(error).strip().split("\n\n")[0].split()) or type(error).__name__


def _of_database(error: BaseException) -> str:
    said = one_line(error)
    low = said.lower()
    if "does not exist" in low and ("database " in low or "role " in low):
        what = "database" if "database " in low.split("fatal:")[-1] else "user"
        return WITHOUT_DATABASE.format(
            what=what, said=said.rsplit("FATAL: ", maxsplit=1)[-1].strip()
        )
    for part, sentence in DATABASE_SENTENCES:
        if part in low:
            return sentence
    return OTHER_DATABASE.format(said=said)


def _of_system(error: OSError) -> str:
    where = "" if error.filename is None else str(error.filename)
    sentence = SYSTEM_SENTENCES.get(error.errno or 0, "{path} cannot be used: {said}.")
    said = error.strerror or one_line(error)
    return sentence.format(path=where or "A file", owner=_owner(where), said=said)


def _owner(where: str) -> str:
    """Return to whom the nearest part of a path that can be seen belongs, in brackets."""
    for part in (Path(where), *Path(where).parents) if where else ():
        try:
            return f" ({part} belongs to {part.owner()})"
        except (OSError, KeyError):
            continue
    return ""
