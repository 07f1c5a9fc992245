"""Many writers of one draft at once: exactly one wins, and the others are told."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.records import audit
from projects.models import StatusUpdate
from projects.services.status import publish_update, save_draft
from tests.factories import ProjectFactory, person


def race(count, act):
    """Run `act(number)` in `count` threads at once; return each outcome, "won" or its error's name."""
    start, outcomes = threading.Barrier(count), []

    def run(number):
        try:
            start.wait()
            act(number)
            outcomes.append("won")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


ON_SERVER = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite lets one writer in at a time; 4 tell as much."
)
SAVERS = [pytest.param(4), pytest.param(32, marks=[pytest.mark.services, ON_SERVER])]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("savers", SAVERS)
@pytest.mark.parametrize("opened_with", [0, 1])
def test_of_many_savers_at_once_exactly_one_wins(savers, opened_with):
    project, manager = ProjectFactory(), person(Role.STAFF)
    if opened_with:
        save_draft(project=project, by=manager, version=0, overall_note="Before")

    outcomes = race(
        savers,
        lambda number: save_draft(
            project=project, by=manager, version=opened_with, overall_note=f"Saver {number}"
        ),
    )

    assert sorted(outcomes) == ["DraftConflictError"] * (savers - 1) + ["won"]
    kept = StatusUpdate.objects.get()
    assert kept.version == opened_with + 1
    assert kept.overall_note.startswith("Saver")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("publishers", SAVERS)
@pytest.mark.parametrize("opened_with", [0, 1])
def test_of_many_publishers_at_once_exactly_one_wins(publishers, opened_with):
    project, manager = ProjectFactory(), person(Role.STAFF)
    if opened_with:
        save_draft(project=project, by=manager, version=0, overall_note="Before")

    outcomes = race(
        publishers,
        lambda number: publish_update(
            project=project,
            by=manager,
            version=opened_with,
            revision=1,
            overall="green",
            overall_note=f"Publisher {number}",
        ),
    )

    assert sorted(outcomes) == ["DraftConflictError"] * (publishers - 1) + ["won"]
    kept = StatusUpdate.objects.get()
    assert (kept.revision, kept.is_published) == (1, True)
    assert audit.faults() == []
    assert timezone.now() - kept.published_at < timedelta(minutes=1)
