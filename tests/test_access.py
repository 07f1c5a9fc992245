"""Walks the whole URL tree: every address is guarded, by itself, from the day it is added."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from pmo.accounts.management.commands.write_permissions import page
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.roles import (
    COMMITTEE_ROLES,
    DESCRIPTIONS,
    GRANTS,
    ORGANIZATION_ROLES,
    PROJECT_ROLES,
    Role,
)
from projects.models import Milestone, Project
from tests.factories import (
    MemberFactory,
    MilestoneFactory,
    ProjectFactory,
    UnitFactory,
    UserFactory,
    person,
)

DOCS = Path(__file__).resolve().parent.parent / "docs"
# name of the URL -> why it is safe without a permission
PUBLIC = {
    "login": "the door itself",
    "logout": "ends the caller's own session and shows nothing",
    "setup": "guarded by its token, and not there once somebody administers",
    "health": "says only whether the work can be done, and what stands against it",
    "health_live": "says only that the process answers",
    "health_ready": "says only whether the work can be done, and what stands against it",
    "password_change": "asks for the caller's own password; Django sends strangers to sign in",
    "password_change_done": "Django sends strangers to sign in",
    "invitation": "guarded by its signed token",
    "password_reset": "answers the same whether the address is known or not",
    "password_reset_done": "a fixed sentence",
    "password_reset_confirm": "guarded by its signed token",
    "password_reset_complete": "a fixed sentence",
}
KEPT_OUT = {302, 401, 403, 404, 405}


def walk(patterns, namespace=""):
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, (namespace, entry.namespace)))
            yield from walk(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield ":".join(filter(None, (namespace, entry.name))), entry


VIEWS = list(walk(get_resolver().url_patterns))
GUARDED = [view for view in VIEWS if view[0] not in PUBLIC]
VALUES = {"int": 1, "str": "x", "slug": "x", "date": "2026-11-15", "uuid": "x"}


def address(name, entry):
    kinds = {key: type(c).__name__ for key, c in entry.pattern.converters.items()}
    values = {
        key: 1 if kind == "IntConverter" else "2026-11-15" if "Date" in kind else "x"
        for key, kind in kinds.items()
    }
    if not kinds and entry.pattern.regex.groupindex:
        values = {key: "1" if key == "pk" else "json" for key in entry.pattern.regex.groupindex}
    return reverse(name, kwargs=values)


def ids(views):
    return [name for name, _ in views]


@pytest.mark.parametrize(("name", "entry"), VIEWS, ids=ids(VIEWS))
def test_view_declares_a_permission_or_is_public_for_a_reason(name, entry):
    view = getattr(entry.callback, "cls", entry.callback)

    assert name, f"{entry.pattern} has no name"
    assert name in PUBLIC or isinstance(view.required_permission, Permission)


def test_the_public_list_names_only_views_that_exist():
    assert set(PUBLIC) <= set(ids(VIEWS))


@pytest.mark.django_db
@pytest.mark.either
@pytest.mark.parametrize(("name", "entry"), GUARDED, ids=ids(GUARDED))
def test_a_stranger_is_sent_away(client, name, entry):
    for method in ("get", "post", "put", "patch", "delete"):
        response = getattr(client, method)(address(name, entry))

        assert response.status_code in KEPT_OUT, method
        if response.status_code == 302:
            assert response["Location"].startswith(reverse("login")), method


@pytest.mark.django_db
@pytest.mark.either
@pytest.mark.parametrize(("name", "entry"), GUARDED, ids=ids(GUARDED))
def test_somebody_without_a_role_or_shut_out_is_kept_out(client, name, entry):
    user = person(None)
    client.force_login(user)

    for method in ("get", "post"):
        response = getattr(client, method)(address(name, entry))
        assert response.status_code in KEPT_OUT - {302}, method

    user.memberships.create(role=Role.PMO_LEAD)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get(address(name, entry)).status_code in KEPT_OUT


@pytest.mark.django_db
@pytest.mark.either
@pytest.mark.parametrize("is_confidential", [False, True])
@pytest.mark.parametrize("where", ["everywhere", "here", "above", "elsewhere"])
@pytest.mark.parametrize("own", ORGANIZATION_ROLES)
@pytest.mark.parametrize("member", [None, *PROJECT_ROLES])
def test_lists_and_checks_agree(own, where, member, is_confidential):
    above = UnitFactory()
    here = UnitFactory(parent=above)
    units = {"everywhere": None, "here": here, "above": above, "elsewhere": UnitFactory()}
    user = person(own, unit=units[where])
    project = ProjectFactory(unit=here, is_confidential=is_confidential)
    if member:
        MemberFactory(project=project, user=user, role=member)

    MilestoneFactory(project=project)

    listed = Project.objects.visible_to(user).filter(pk=project.pk).exists()
    has_records = Milestone.objects.visible_to(user).exists()

    allowed = can(user, Permission.PROJECT_VIEW, project).allowed
    assert (listed, has_records) == (allowed, allowed)


@pytest.mark.django_db
@pytest.mark.either
@pytest.mark.parametrize("role", [r for r in ORGANIZATION_ROLES if r != Role.PMO_LEAD])
def test_a_confidential_project_is_hidden_from_all_but_the_lead_and_the_named(role):
    project = ProjectFactory(is_confidential=True)
    user = person(role)

    assert list(Project.objects.visible_to(user)) == []
    assert not can(user, Permission.PROJECT_VIEW, project).allowed

    MemberFactory(project=project, user=user, role=Role.READER)

    assert list(Project.objects.visible_to(user)) == [project]


@pytest.mark.django_db
@pytest.mark.either
def test_a_unit_role_holds_below_the_unit_and_nowhere_else():
    tower = UnitFactory()
    ward, other = UnitFactory(parent=tower), UnitFactory()
    inside, _outside = ProjectFactory(unit=ward), ProjectFactory(unit=other)
    head = person(Role.UNIT_HEAD, unit=tower)

    assert list(Project.objects.visible_to(head)) == [inside]


@pytest.mark.django_db
@pytest.mark.either
def test_every_scoped_model_filters_by_the_viewer():
    stranger = UserFactory()
    scoped = [m for m in apps.get_models() if hasattr(m, "scoped_by")]

    assert Project in scoped
    for model in scoped:
        assert not model._default_manager.visible_to(stranger).exists()


def test_every_role_is_declared_and_described():
    assert set(GRANTS) == set(DESCRIPTIONS) == set(Role)
    assert set(ORGANIZATION_ROLES) | set(PROJECT_ROLES) | set(COMMITTEE_ROLES) == set(Role)


def test_every_permission_is_granted_to_somebody():
    granted = frozenset().union(*GRANTS.values())

    assert granted == set(Permission)


def test_the_printed_table_is_current():
    assert (DOCS / "permissions.md").read_text(encoding="utf-8") == page()


def test_the_command_writes_the_table(settings, tmp_path):
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path

    call_command("write_permissions")

    assert (tmp_path / "docs" / "permissions.md").read_text(encoding="utf-8") == page()
