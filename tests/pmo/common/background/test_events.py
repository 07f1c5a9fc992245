"""Announcements come after commit, once per transaction, and never after a rollback."""

import pytest
from django.db import transaction

from pmo.common.background import events


@pytest.fixture
def heard(monkeypatch):
    calls = []
    monkeypatch.setattr(events, "_listeners", {"things": [lambda keys: calls.append(set(keys))]})
    return calls


@pytest.mark.django_db(transaction=True)
def test_all_keys_of_a_transaction_arrive_together_after_commit(heard):
    with transaction.atomic():
        events.announce("things", 1)
        events.announce("things", 2)
        events.announce("things", 1)
        assert heard == []

    assert heard == [{1, 2}]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_part_announces_nothing(heard):
    with transaction.atomic():
        events.announce("things", 1)
        with transaction.atomic():
            events.announce("things", 2)
            transaction.set_rollback(True)

    assert heard == [{1}]


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_does_not_undo_the_change(monkeypatch, heard):
    def broken(_keys):
        raise ValueError

    monkeypatch.setattr(events, "_listeners", {"things": [broken]})

    with transaction.atomic():
        events.announce("things", 1)
