"""What is only tried keeps nobody from writing: on SQLite it is tried on a copy."""

import sqlite3

import pytest
from django.db import connection, transaction

from pmo.accounts.models import Unit
from pmo.common.records import aside as module
from pmo.common.records.aside import aside
from tests.factories import UnitFactory

pytestmark = pytest.mark.django_db(transaction=True)
ON_SQLITE = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="only there one writes alone"
)


def names():
    return sorted(Unit.objects.values_list("name", flat=True))


def written_by_another(name, *, to):
    """Write from outside without waiting; an error when somebody keeps it out."""
    other = sqlite3.connect(to, timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE accounts_unit SET name = ?", [name])
        other.execute("COMMIT")
    finally:
        other.close()


@ON_SQLITE
def test_others_write_while_something_is_tried_and_nothing_of_it_stays():
    UnitFactory(name="Surgery")
    file = connection.settings_dict["NAME"]

    with aside() as apart:
        assert (apart.is_apart, names()) == (True, ["Surgery"])
        with transaction.atomic():
            UnitFactory(name="Radiology")
            written_by_another("Theatre", to=file)
            assert names() == ["Radiology", "Surgery"]
        with apart.at_home():
            assert names() == ["Theatre"]
            UnitFactory(name="Pharmacy")
        assert names() == ["Radiology", "Surgery"]

    assert names() == ["Pharmacy", "Theatre"]


@ON_SQLITE
def test_the_copy_keeps_the_rules_of_the_database():
    with aside(), pytest.raises(Exception, match="FOREIGN KEY"), transaction.atomic():
        Unit.objects.bulk_create([Unit(name="Lost", parent_id=999_999)])

    assert names() == []


@ON_SQLITE
def test_a_database_that_is_too_large_is_tried_on_itself(monkeypatch):
    monkeypatch.setattr(module, "MOST", 10)

    with aside() as apart:
        assert apart.is_apart is False
        UnitFactory(name="Surgery")

    assert names() == ["Surgery"]


@pytest.mark.django_db(transaction=False)
def test_inside_of_a_transaction_there_is_no_copy():
    with aside() as apart:
        assert apart.is_apart is False
        with apart.at_home():
            UnitFactory(name="Surgery")

    assert names() == ["Surgery"]


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="there a copy is made")
def test_where_nobody_waits_there_is_no_copy():
    with aside() as apart:
        assert apart.is_apart is False
