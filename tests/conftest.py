"""Scenes that several files need, and a clean slate for what lives in the process."""

import copy
import re
from contextlib import contextmanager
from datetime import date

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings

from pmo.accounts.roles import Role
from pmo.organization.current import forget, hold, hold_categories
from pmo.organization.defaults import first_categories, initial
from tests.chance import django_db_setup  # noqa: F401 - wraps pytest-django's own
from tests.factories import MemberFactory, ProjectFactory, person
from tests.ready import django_db_keepdb, django_db_modify_db_settings  # noqa: F401 - in place of pytest-django's

pytest_plugins = ["tests.calendar_plugin"]
# the machine that runs the suite may be busy: an example that takes long shows nothing wrong
settings.register_profile("rounds", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", settings.get_profile("rounds"), max_examples=10)
settings.load_profile("rounds")
DATABASE_FIXTURES = {"db", "transactional_db"}
# a whole file of tests that a fast run leaves out
NEVER_FAST = re.compile(
    r"^pytestmark = .*\b(django_db|browser|services|slow)\b|^pytestmark = \[[^\]]*\b(django_db|browser|services|slow)\b",
    re.MULTILINE,
)


def pytest_addoption(parser):
    parser.addoption(
        "--only-database",
        action="store_true",
        help="leave out tests in which a second database shows nothing new: without one, or walks of pages",
    )
    parser.addoption(
        "--by-chance",
        action="store_true",
        help="on SQLite: let ids begin anywhere, and rows that no query orders come the other way",
    )
    parser.addoption(
        "--fast",
        action="store_true",
        help="only tests that touch no database and take no seconds; ten examples of each property",
    )
    parser.addoption(
        "--tables",
        type=int,
        default=300,
        help="how many made-up tables are read in test_any_table.py",
    )


def pytest_configure(config):
    if config.getoption("--fast"):
        settings.load_profile("fast")


def pytest_ignore_collect(collection_path, config):
    """Spare a fast run the import of files in which every test asks for a database or a browser."""
    if not config.getoption("--fast") or not collection_path.name.startswith("test_"):
        return None
    return bool(NEVER_FAST.search(collection_path.read_text(encoding="utf-8"))) or None


def is_of_database(item):
    return bool(
        item.get_closest_marker("django_db")
        or item.get_closest_marker("services")
        or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    )


def pytest_collection_modifyitems(config, items):
    # files of slow tests first: one that begins last is waited for by an idle core
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    if config.getoption("--only-database"):
        left_out = [
            item for item in items if not is_of_database(item) or item.get_closest_marker("either")
        ]
    elif config.getoption("--fast"):
        left_out = [i for i in items if is_of_database(i) or i.get_closest_marker("slow")]
    else:
        return
    config.hook.pytest_deselected(items=left_out)
    gone = set(left_out)
    items[:] = [item for item in items if item not in gone]


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture(autouse=True)
def _own_organization():
    """Let the environment's organization be in force, without a look into the database for it."""
    hold(initial())
    hold_categories(first_categories())
    yield
    forget()


@contextmanager
def laid_for_a_file(request, blocker):
    """Let a fixture of a module write what the tests of a file share; with the file it is taken back."""
    request.getfixturevalue("django_db_setup")
    with blocker.unblock(), transaction.atomic():
        hold(initial())
        hold_categories(first_categories())
        yield
        forget()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def standing(request, django_db_blocker):
    """An open and a confidential scene that the tests of a file share; what each writes is taken back."""
    from tests.test_api_rules import scene  # noqa: PLC0415 - asks for half of the product

    with laid_for_a_file(request, django_db_blocker):
        confidential = scene(is_confidential=True)
        yield scene(), confidential


@pytest.fixture
def records(standing, db):
    """The records of the open scene, as if nothing had read them yet."""
    return copy.deepcopy(standing[0])


@pytest.fixture
def hidden(standing, db):
    return copy.deepcopy(standing[1])


@pytest.fixture
def november(monkeypatch):
    """Let the day be 20 November 2026: before the plans of the tests begin and their projects end."""
    monkeypatch.setattr(timezone, "localdate", lambda *_args: date(2026, 11, 20))


@pytest.fixture
def lead(db):
    """The head of the project management office: sees and does everything in it."""
    return person(Role.PMO_LEAD)


@pytest.fixture
def manager(db):
    """A project manager, named on `project` only."""
    return person(Role.STAFF)


@pytest.fixture
def project(manager):
    project = ProjectFactory()
    MemberFactory(project=project, user=manager, role=Role.MANAGER)
    return project


@pytest.fixture
def signed_in(client):
    """Return a function that signs somebody in and gives the client back."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
