"""Addresses among the settings: what is read from them, and what is refused in a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from pmo import addresses

SMTP = "pmo.common.background.mailing.MailBackend"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", "", False, False)),
        ("smtps://mail.example", ("mail.example", 465, "", "", True, False)),
        ("smtp+tls://mail.example", ("mail.example", 587, "", "", False, True)),
        ("smtps://mail.example:2465/", ("mail.example", 2465, "", "", True, False)),
        ("smtp://[::1]:2525", ("::1", 2525, "", "", False, False)),
        ("smtp://me:a/b#c?d@mail.example", ("mail.example", 25, "me", "a/b#c?d", False, False)),
        ("smtp://me:p@ss:word@mail.example", ("mail.example", 25, "me", "p@ss:word", False, False)),
        (
            "smtps://rounds%40hospital.example:p%40ss%2Fword%25@mail.example",
            ("mail.example", 465, "rounds@hospital.example", "p@ss/word%", True, False),
        ),
        ("smtp://me:50% off@mail.example", ("mail.example", 25, "me", "50% off", False, False)),
    ],
)
def test_mail_server_is_read_whatever_the_password_holds(text, expected):
    read = addresses.mail(text)

    assert read.backend == SMTP
    assert read[2:] == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "smtp://mail.example:smtp",
            (
                "EMAIL_URL names the port 'smtp'; use a whole number from 1 to 65535. If that is a part"
                " of the password, an @ has to stand between it and the host."
            ),
        ),
        (
            "smtp://mail.example:0",
            (
                "EMAIL_URL names the port '0'; use a whole number from 1 to 65535. If that is a part"
                " of the password, an @ has to stand between it and the host."
            ),
        ),
        (
            "smtp://mail.example/inbox",
            (
                "EMAIL_URL has something after the host and the port. Write it as"
                " smtp://user:password@host:25."
            ),
        ),
        (
            "smtp://mail example",
            "EMAIL_URL is not an address. Write it as smtp://user:password@host:25.",
        ),
        (
            "mailto:me",
            (
                "EMAIL_URL starts with an unknown word; use file://, console://, smtp://, smtp+tls://"
                " or smtps://."
            ),
        ),
        (
            "file://mail",
            "EMAIL_URL names no whole path. Write it with three slashes: file:///folder/mail.",
        ),
    ],
)
def test_what_is_no_place_for_mail_is_refused(text, sentence):
    with pytest.raises(ImproperlyConfigured) as refusal:
        addresses.mail(text)

    assert str(refusal.value) == sentence


def test_mail_folder_may_have_any_name_and_must_be_a_folder(tmp_path):
    (tmp_path / "file").touch()

    assert addresses.mail("file:///a%20b/100%25 #1").folder == "/a b/100% #1"
    with pytest.raises(ImproperlyConfigured, match="which is not a folder"):
        addresses.mail(f"file://{tmp_path}/file")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "postgres://rounds:secret@db.example:5433/rounds",
            ("rounds", "secret", "db.example", 5433, "rounds"),
        ),
        ("postgresql://me:a/b#c@db/rounds", ("me", "a/b#c", "db", "", "rounds")),
        ("postgres://me:p%40ss%2F@db/rounds", ("me", "p@ss/", "db", "", "rounds")),
        ("postgres:///rounds", ("", "", "", "", "rounds")),
    ],
)
def test_postgresql_is_read_whatever_the_password_holds(text, expected):
    read = addresses.database(text)

    assert read["ENGINE"] == "django.db.backends.postgresql"
    assert tuple(read[part] for part in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == expected


def test_options_of_postgresql_are_kept():
    read = addresses.database("postgres://me:x#y@db/rounds?sslmode=require")

    assert (read["NAME"], read["OPTIONS"]) == ("rounds", {"sslmode": "require"})


@pytest.mark.parametrize("name", ["a b.sqlite3", "100%41.sqlite3", "#1?.sqlite3"])
def test_sqlite_file_may_have_any_name(name, tmp_path):
    assert addresses.sqlite(tmp_path / name)["NAME"] == str(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("nonsense", "DATABASE_URL begins with none of postgres:// and sqlite://"),
        ("mysql://me@db/rounds", "DATABASE_URL begins with none of postgres:// and sqlite://"),
        ("postgres:rounds", "DATABASE_URL is not an address"),
        ("postgres://db", "DATABASE_URL names no database"),
        ("postgres://db/?sslmode=require", "DATABASE_URL names no database"),
        ("postgres://db:99999/rounds", "DATABASE_URL names the port '99999'"),
        ("sqlite://", "DATABASE_URL names no file"),
        ("sqlite:///", "DATABASE_URL names no file"),
    ],
)
def test_what_is_no_database_is_refused(text, part):
    with pytest.raises(ImproperlyConfigured) as refusal:
        addresses.database(text)

    assert str(refusal.value).startswith(part)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("redis://127.0.0.1:6379/5", "redis://127.0.0.1:6379/5"),
        ("redis://:a/b#c@redis:6379/0", "redis://:a%2Fb%23c@redis:6379/0"),
        ("rediss://me:x@redis", "rediss://me:x@redis"),
    ],
)
def test_redis_is_read_whatever_the_password_holds(text, expected):
    assert addresses.redis(text) == expected


@pytest.mark.parametrize(
    "text", ["nonsense", "http://redis:6379/0", "redis://", "redis://redis:x/0", "redis://redis/a"]
)
def test_what_is_no_redis_is_refused(text):
    with pytest.raises(
        ImproperlyConfigured, match=r"^REDIS_URL .*redis://:password@host:6379/0|port"
    ):
        addresses.redis(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://rounds.example/", "https://rounds.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("HTTP://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_base_url_ends_after_the_host(text, expected):
    assert addresses.base_url(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("rounds.example", "ftp://rounds.example", "https://", "https://rounds.example/app"),
        *("http://rounds:example", "http://me@rounds.example", "http://a b", "http://-/"),
    ],
)
def test_base_url_without_scheme_or_host_is_refused(text):
    with pytest.raises(ImproperlyConfigured, match=r"^BASE_URL "):
        addresses.base_url(text)


@pytest.mark.parametrize("name", ["http://a", "a:8000", "a/b", "a b", "-", "a;b"])
def test_what_is_no_host_is_refused(name):
    with pytest.raises(ImproperlyConfigured, match=r"^ALLOWED_HOSTS holds "):
        addresses.hosts([name])


def test_hosts_may_be_names_numbers_and_wild_cards():
    names = ["rounds.example", ".example", "10.1.2.3", "[::1]", "*", "a_b"]

    assert addresses.hosts(names) == names
