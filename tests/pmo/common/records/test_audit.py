"""The chain finds every way of rewriting the past."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction

from pmo.common.models import AppendOnlyError, AuditEvent, AuditHead
from pmo.common.records import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def five_events(lead):
    return [
        audit.record(action="thing.changed", target=f"things.thing:{n}", by=lead, after={"n": n})
        for n in range(5)
    ]


def alter(sql, *values):
    """Do what only the owner of the database can: take the fence down first."""
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgres:
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS common_auditevent_fence_update")
        cursor.execute(sql, values)
        if is_postgres:
            cursor.execute("SET LOCAL session_replication_role = origin")


def test_an_untouched_chain_has_no_fault(five_events):
    assert audit.faults() == []


def test_events_are_numbered_and_linked(five_events):
    rows = list(AuditEvent.objects.order_by("sequence").values_list("previous_mac", "mac"))

    assert [event.sequence for event in five_events] == [1, 2, 3, 4, 5]
    assert [previous for previous, _ in rows] == ["", *(mac for _, mac in rows[:-1])]


def test_many_events_at_once_are_one_chain_in_their_order(
    five_events, lead, django_assert_num_queries
):
    entries = [audit.Entry("thing.moved", f"things.thing:{n}", after={"n": n}) for n in range(12)]

    with django_assert_num_queries(3):
        written = audit.record_all(entries, by=lead)

    assert [event.sequence for event in written] == list(range(6, 18))
    assert [event.target for event in written] == [f"things.thing:{n}" for n in range(12)]
    assert AuditHead.objects.get().sequence == 17
    assert audit.faults() == []


def test_no_events_at_all_are_none(lead):
    assert audit.record_all([], by=lead) == []
    assert not AuditHead.objects.exists()


@pytest.mark.parametrize("column", ["action", "target", "scope", "body", "previous_mac", "mac"])
def test_a_changed_column_is_found(five_events, column):
    alter(f"UPDATE common_auditevent SET {column} = %s WHERE sequence = 3", "forged")  # noqa: S608

    assert 3 in [fault.sequence for fault in audit.faults()]


def test_a_changed_moment_is_found(five_events):
    alter(
        "UPDATE common_auditevent SET at = %s WHERE sequence = 2", datetime(2020, 1, 1, tzinfo=UTC)
    )

    assert [fault.sequence for fault in audit.faults()] == [2]


def test_a_removed_event_is_found(five_events):
    alter("DELETE FROM common_auditevent WHERE sequence = 3")

    assert audit.Fault(3, "an event is missing") in audit.faults()


def test_a_cut_off_end_is_found_by_the_head(five_events):
    alter("DELETE FROM common_auditevent WHERE sequence > 3")

    assert audit.faults() == [audit.Fault(4, "the end of the chain was cut off")]


def test_a_cut_off_end_with_a_forged_head_is_found_by_the_note_elsewhere(five_events):
    noted = (five_events[4].sequence, five_events[4].mac)
    alter("DELETE FROM common_auditevent WHERE sequence > 3")
    AuditHead.objects.update(sequence=3, mac=five_events[2].mac)

    assert audit.faults() == []
    assert audit.faults(head=noted) == [audit.Fault(5, "the event noted elsewhere is gone")]


def test_another_key_cannot_forge(five_events, settings):
    settings.AUDIT_KEY = "somebody else's key"

    assert len(audit.faults()) == 5


def test_a_rolled_back_change_leaves_no_event(lead):
    with transaction.atomic():
        audit.record(action="thing.changed", target="things.thing:1", by=lead)
        transaction.set_rollback(True)

    assert AuditEvent.objects.count() == 0
    assert audit.faults() == []


def test_rows_refuse_to_change_or_go(five_events):
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.update(action="x")
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.all().delete()


def test_the_text_is_the_same_on_every_database():
    values = {"amount": Decimal("1.10"), "day": date(2026, 1, 2), "ids": {3}, "none": None}

    assert audit.plain(values) == {"amount": "1.10", "day": "2026-01-02", "ids": [3], "none": None}


def test_a_known_event_gets_a_known_mac(settings):
    settings.AUDIT_KEY = "key"

    # printf '1||{}' | openssl dgst -sha256 -hmac key
    expected = "7409f92c6efa338e067918390e211368e4bb13d241d6865cb8deeb16c721f115"
    assert audit.mac_of(1, "", "{}") == expected


@pytest.mark.parametrize("keeps", [True, False])
def test_what_is_taken_back_leaves_no_event_however_deep_it_is_gathered(lead, keeps):
    with audit.gathered(keeps=keeps) as book, audit.gathered():
        audit.record(action="thing.changed", target="things.thing:1", by=lead)

    assert len(book.entries) == int(keeps)
    assert AuditEvent.objects.count() == int(keeps)
