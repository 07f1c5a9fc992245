"""Tables of another version are found before anybody works with them, and health says so."""

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from pmo.common.background.standing import PENDING, TablesStanding, known_standing, standing
from pmo.common.models import Heartbeat
from starting.sentences import StartError

pytestmark = pytest.mark.django_db


def record(app: str, name: str) -> None:
    MigrationRecorder(connection).record_applied(app, name)


def forget(app: str, name: str) -> None:
    MigrationRecorder(connection).record_unapplied(app, name)


def newest(app: str) -> str:
    applied = MigrationRecorder(connection).applied_migrations()
    return max(name for label, name in applied if label == app)


def test_tables_that_the_migrations_made_are_well():
    assert standing() == TablesStanding()
    assert standing().sentence == ""


def test_a_migration_that_the_code_does_not_have_is_a_newer_version_s():
    record("projects", "9998_a")
    record("projects", "9999_b")
    record("risks", "9999_c")

    assert standing().refusal == (
        "The database was written by a newer version of Rounds: it records projects.9998_a,"
        " projects.9999_b and 1 more, which this version does not know. Start that version again,"
        " or restore a backup from before into an empty database."
    )


def test_an_app_that_the_code_does_not_have_is_another_program_s():
    record("polls", "0001_initial")

    assert standing().refusal == (
        "The database belongs to another program: it holds the records of polls. Give Rounds a"
        " database of its own in DATABASE_URL, or another VAR_DIR."
    )


def test_tables_that_no_migration_made_are_left_alone():
    MigrationRecorder.Migration.objects.all().delete()

    assert standing().refusal.startswith(
        "The database belongs to another program: it holds the tables "
    )


def test_a_column_that_the_recorded_version_has_is_missed():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE common_heartbeat RENAME COLUMN at TO moment")

    assert standing().refusal == (
        "The tables are not those of the version that the database records: they lack"
        " common_heartbeat.at. A development version wrote them. Keep a backup, then start with an"
        " empty database or with the version that wrote them."
    )


def test_a_migration_that_is_still_to_do_is_no_refusal():
    name = newest("common")  # it only adds: the tables of the version before hold no less
    forget("common", name)

    found = standing()
    assert found.refusal == ""
    assert found.pending == PENDING.format(what=f"common.{name}")


@pytest.mark.parametrize("spoil", [record, forget], ids=["newer", "pending"])
def test_health_is_503_with_the_reason(spoil, client):
    Heartbeat.objects.create(pk=1, at=timezone.now())
    assert client.get("/health/").status_code == 200
    spoil("reports", "9999_x" if spoil is record else newest("reports"))
    assert client.get("/health/").status_code == 200, "It looks again after half a minute."

    cache.clear()
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == {"tables": standing().sentence}


def test_what_is_known_is_asked_once(django_assert_num_queries):
    known_standing()

    with django_assert_num_queries(0):
        assert known_standing() == TablesStanding()


def test_migrate_refuses_what_it_does_not_know():
    record("projects", "9999_x")

    with pytest.raises(StartError, match="written by a newer version of Rounds"):
        call_command("migrate", verbosity=0)
