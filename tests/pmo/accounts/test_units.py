"""The tree of units: everywhere by name, each followed by those below it."""

import pytest
from django.urls import reverse

from pmo.accounts.forms import RoleForm, UnitForm
from pmo.accounts.models import Unit, in_tree_order
from pmo.accounts.roles import Role
from projects.filters import unit_choices as offered_for_projects
from projects.forms.records import ProjectForm
from projects.models import Project
from reports.filters import unit_choices as offered_in_reports
from tests.factories import UnitFactory, person

pytestmark = pytest.mark.django_db
ORDER = ["Clinic", "Labs", "north wing", "Ward A", "Ward B"]


@pytest.fixture
def _tree():
    """Ids as they come, past ten and past a hundred: as text they sort 10, 100, 8, 9, 99."""
    clinic = UnitFactory(id=8, name="Clinic")
    north = UnitFactory(id=10, name="north wing")
    UnitFactory(id=9, name="Labs", parent=clinic)
    UnitFactory(id=99, name="Ward A", parent=north)
    UnitFactory(id=100, name="Ward B", parent=north)


@pytest.mark.usefixtures("_tree")
def test_units_follow_each_other_by_name_below_their_parents():
    assert [unit.name for unit in in_tree_order(Unit.objects.all())] == ORDER


@pytest.mark.usefixtures("_tree")
def test_what_is_left_out_places_nothing():
    some = Unit.objects.exclude(name__in=["Clinic", "north wing"])

    assert [unit.name for unit in in_tree_order(some)] == ["Labs", "Ward A", "Ward B"]


def test_trees_of_one_name_do_not_mix():
    for top in (UnitFactory(id=9, name="East"), UnitFactory(id=10, name="West")):
        ward = UnitFactory(id=top.pk * 10, name="Ward", parent=top)
        UnitFactory(name=f"Bay {top.name}", parent=ward)

    found = in_tree_order(Unit.objects.exclude(parent=None))

    assert [unit.name for unit in found] == ["Ward", "Bay East", "Ward", "Bay West"]


@pytest.mark.usefixtures("_tree")
def test_the_page_of_units_shows_the_tree(client):
    client.force_login(person(Role.ADMINISTRATOR))

    shown = client.get(reverse("accounts:unit_list")).context["units"]

    assert [unit.name for unit in shown] == ORDER


@pytest.mark.usefixtures("_tree")
def test_every_select_of_units_shows_the_tree(lead):
    tree = ["Clinic", "– Labs", "north wing", "– Ward A", "– Ward B"]
    clinic = Unit.objects.get(name="Clinic")
    project = ProjectForm(by=lead, is_governing=True, instance=Project())

    places = ["Choose where", "The whole organization", *tree]
    assert labels(RoleForm().fields["unit"].choices) == places
    assert labels(UnitForm().fields["parent"].choices) == ["Nothing, it is at the top", *tree]
    assert labels(UnitForm(instance=clinic).fields["parent"].choices)[1:] == tree[2:]
    assert labels(project.fields["unit"].choices) == ["Choose a unit", *tree]
    assert labels(offered_for_projects()) == ["All units", *tree]
    assert [
        label.strip() for label in labels(offered_in_reports(in_tree_order(Unit.objects.all())))
    ] == ORDER


def labels(choices):
    return [str(label) for _, label in choices]
