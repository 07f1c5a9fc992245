"""Scenes that several files need, and a clean slate for what lives in the process."""

import pytest
from django.core.cache import cache

from pmo.accounts.roles import Role
from tests.factories import MemberFactory, ProjectFactory, person


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


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
