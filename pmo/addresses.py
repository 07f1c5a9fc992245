"""Read the addresses among the settings; refuse what is none with a sentence that says what would be."""

import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

# The last @ ends the password, so that a / or # in it needs no percent sign.
ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][\w+.-]*)://(?:(?P<who>.*)@)?(?P<where>[^@]*)", re.DOTALL)
PLACE = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s/?#:\[\]@]*)(?::(?P<port>[^/?#]*))?(?P<rest>[/?#].*)?"
)
HOST = re.compile(r"\*|\[[0-9A-Fa-f:.]+\]|\.?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")
HIGHEST_PORT = 65535
# One process's own; `rounds run` refuses it, because its processes share their database.
IN_MEMORY = "sqlite://:memory:"
POSTGRESQL = {"postgres", "postgresql", "pgsql"}
# Of mail servers: the scheme, and the port where the address names none.
MAIL_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
REDIS_SCHEMES = {"redis", "rediss"}


class Address(NamedTuple):
    """The parts of an address; user and password as they are meant, `port` None where none is given."""

    scheme: str
    user: str
    password: str
    host: str
    port: int | None
    rest: str

    def url(self) -> str:
        """Return the address in the one form that every package reads alike."""
        who = quote(self.user, safe="")
        if self.password:
            who += f":{quote(self.password, safe='')}"
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{who}{'@' if who else ''}{self.host}{port}{self.rest}"


class Mail(NamedTuple):
    """Where mail goes: into `folder`, to the log, or to a server."""

    backend: str
    folder: str | None = None
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    is_ssl: bool = False
    is_tls: bool = False


def address_of(name: str, text: str, example: str) -> Address:
    """Take an address apart; the sentence of a refusal names the setting and never the password."""
    found = ADDRESS.fullmatch(text)
    place = PLACE.fullmatch(found["where"]) if found else None
    if found is None or place is None:
        raise ImproperlyConfigured(f"{name} is not an address. Write it as {example}.")
    user, _, password = (found["who"] or "").partition(":")
    port = _port(name, place["port"])
    scheme = found["scheme"].lower()
    return Address(
        scheme, unquote(user), unquote(password), place["host"], port, place["rest"] or ""
    )


def _port(name: str, text: str | None) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= HIGHEST_PORT:
        raise ImproperlyConfigured(
            f"{name} names the port {text!r}; use a whole number from 1 to {HIGHEST_PORT}."
            " If that is a part of the password, an @ has to stand between it and the host."
        )
    return int(text)


def database(text: str) -> dict[str, Any]:
    """Return Django's settings for a database; SQLite needs a file, PostgreSQL a database's name."""
    example = "postgres://user:password@host:5432/name, or leave it out for SQLite under VAR_DIR"
    scheme = text.partition(":")[0].lower()
    if text == IN_MEMORY:
        return sqlite(Path(":memory:"))
    if scheme == "sqlite":
        path = unquote(text.partition(":///")[2])
        if not path:
            raise ImproperlyConfigured(
                "DATABASE_URL names no file: the processes of Rounds share one. Write it as"
                " sqlite:////folder/rounds.sqlite3, or leave it out."
            )
        return sqlite(Path(path))
    if scheme not in POSTGRESQL:
        raise ImproperlyConfigured(
            "DATABASE_URL begins with none of postgres:// and sqlite://, the databases that Rounds"
            f" knows. Write it as {example}."
        )
    address = address_of("DATABASE_URL", text, example)
    if not address.rest.partition("?")[0].strip("/"):
        raise ImproperlyConfigured(f"DATABASE_URL names no database. Write it as {example}.")
    return dict(dj_database_url.parse(address.url(), conn_max_age=600))


def sqlite(path: Path) -> dict[str, Any]:
    """Return Django's settings for an SQLite file, whatever characters its path has."""
    parsed = dict(dj_database_url.parse("sqlite:///rounds.sqlite3", conn_max_age=600))
    return parsed | {"NAME": str(path)}


def redis(text: str) -> str:
    """Return the address of Redis; an empty text means none."""
    if not text:
        return ""
    example = "redis://:password@host:6379/0, or leave it out"
    address = address_of("REDIS_URL", text, example)
    if address.scheme not in REDIS_SCHEMES or not address.host:
        raise ImproperlyConfigured(
            f"REDIS_URL names no Redis server: it begins with redis:// or rediss:// and a host."
            f" Write it as {example}."
        )
    if not re.fullmatch(r"/?[0-9]{0,4}", address.rest.partition("?")[0]):
        raise ImproperlyConfigured(
            f"REDIS_URL ends in {address.rest!r}; a database of Redis has a number: write it as {example}."
        )
    return address.url()


def mail(text: str) -> Mail:
    """Read where mail goes: file:// is a folder, console:// the log, the others are servers."""
    backend = "django.core.mail.backends.{}.EmailBackend"
    scheme = text.partition(":")[0].lower()
    if scheme == "file":
        return Mail(backend.format("filebased"), folder=_mail_folder(text))
    if scheme == "console":
        return Mail(backend.format("console"))
    if scheme not in MAIL_PORTS or "://" not in text:
        raise ImproperlyConfigured(
            "EMAIL_URL starts with an unknown word; use file://, console://, smtp://,"
            " smtp+tls:// or smtps://."
        )
    example = f"{scheme}://user:password@host:{MAIL_PORTS[scheme]}"
    address = address_of("EMAIL_URL", text, example)
    if address.rest.strip("/"):
        raise ImproperlyConfigured(
            f"EMAIL_URL has something after the host and the port. Write it as {example}."
        )
    return Mail(
        "pmo.common.background.mailing.MailBackend",
        host=address.host.strip("[]") or "localhost",
        port=address.port or MAIL_PORTS[scheme],
        user=address.user,
        password=address.password,
        is_ssl=scheme == "smtps",
        is_tls=scheme == "smtp+tls",
    )


def _mail_folder(text: str) -> str:
    path = Path(unquote(text.removeprefix("file://")))
    if not text.startswith("file:///"):
        raise ImproperlyConfigured(
            "EMAIL_URL names no whole path. Write it with three slashes: file:///folder/mail."
        )
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(
            f"EMAIL_URL names {path}, which is not a folder; each mail becomes a file of its own in one."
        )
    return str(path)


def base_url(text: str) -> str:
    """Return the address that people type, without a slash at its end."""
    example = "https://rounds.hospital.example"
    address = address_of("BASE_URL", text, example)
    if address.scheme not in {"http", "https"} or not HOST.fullmatch(address.host):
        raise ImproperlyConfigured(
            f"BASE_URL is {text!r}; it begins with http:// or https:// and the name of this server."
            f" Write it as {example}."
        )
    if address.user or address.rest.strip("/"):
        raise ImproperlyConfigured(
            f"BASE_URL is {text!r}; it ends after the host and the port: Rounds has a host of its"
            f" own. Write it as {example}."
        )
    return address._replace(rest="").url()


def hosts(names: list[str]) -> list[str]:
    """Return the host names; refuses what is a whole address or holds a port."""
    for name in names:
        if not HOST.fullmatch(name):
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS holds {name!r}; it takes names of hosts alone, without http://, port"
                " and path, and commas between them: rounds.hospital.example,10.1.2.3."
            )
    return names


def host_of(url: str) -> str:
    """Return the host of an address that was read already."""
    found = ADDRESS.fullmatch(url)
    place = PLACE.fullmatch(found["where"]) if found else None
    return place["host"] if place else ""
