"""No page sends more statements for 1,000 projects than for 10, and none more than 15."""

import pytest
from django.db import transaction

from bench.capture import found as found_ids
from bench.capture import note, note_publishing
from bench.filling import fill
from bench.pages import BY_NAME, PAGES

MOST = 15
MOST_TO_PUBLISH = 20
pytestmark = [pytest.mark.django_db, pytest.mark.either, pytest.mark.slow, pytest.mark.timeout(300)]


def counted(size):
    """Return the number of statements by page, and of publishing, with so many projects."""
    with transaction.atomic():
        fill(size, weeks=3)
        ids, projects = found_ids()
        found = {page.name: note(page, ids)["queries"] for page in PAGES}
        with transaction.atomic():
            found["publish"] = note_publishing(projects[1])["queries"]
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module")
def counts(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return {size: counted(size) for size in (10, 1000)}


@pytest.mark.parametrize("name", [*BY_NAME, "publish"])
def test_count_does_not_grow_with_the_projects(counts, name):
    # a search with few hits looks in one place more, so fewer projects may cost one statement more
    assert counts[1000][name] <= counts[10][name]


@pytest.mark.parametrize("name", BY_NAME)
def test_page_sends_few_statements(counts, name):
    assert counts[1000][name] <= MOST


def test_publishing_sends_few_statements(counts):
    assert counts[1000]["publish"] <= MOST_TO_PUBLISH
