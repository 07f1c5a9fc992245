import pytest
from django.http import QueryDict

from pmo.accounts.roles import Role
from projects.filters import (
    PROJECT_ORDERS,
    MilestoneListFilter,
    ProjectListFilter,
    sorted_projects,
    unit_choices,
)
from projects.models import Milestone, Project
from tests.factories import MemberFactory, MilestoneFactory, ProjectFactory, UnitFactory, person

pytestmark = pytest.mark.django_db


def kept(query, user=None):
    form = ProjectListFilter(QueryDict(query))
    found = form.apply(Project.objects.all(), user=user or person(None))
    return set(found.values_list("name", flat=True))


@pytest.fixture
def scene():
    wing = UnitFactory(name="Wing")
    ward = UnitFactory(name="Ward", parent=wing)
    ProjectFactory(name="Portal", code="IT-1", category="telehealth", stage="planning", unit=ward)
    ProjectFactory(name="Theater", code="CAP-2", category="facility")
    ProjectFactory(name="Old", code="CAP-3", stage="closed")
    return wing


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Portal", "Theater"}),
        ("stage=all", {"Portal", "Theater", "Old"}),
        ("stage=closed", {"Old"}),
        ("q=THEA", {"Theater"}),
        ("q=cap-", {"Theater"}),
        ("q=cap-&stage=all", {"Theater", "Old"}),
        ("category=telehealth", {"Portal"}),
        ("category=nonsense", {"Portal", "Theater"}),
        ("stage=nonsense", {"Portal", "Theater"}),
        ("unit=nonsense", {"Portal", "Theater"}),
        ("q=no such project", set()),
    ],
)
def test_projects_are_narrowed(scene, query, names):
    assert kept(query) == names


def test_a_unit_stands_for_what_lies_below_it(scene):
    assert kept(f"unit={scene.pk}") == {"Portal"}


def test_mine_are_those_i_am_named_on_in_any_role(scene):
    user = person(Role.STAFF)
    MemberFactory(project=Project.objects.get(name="Theater"), user=user, role=Role.READER)

    assert kept("mine=on", user) == {"Theater"}


def test_only_the_upper_units_are_offered(scene):
    UnitFactory(name="Bay", parent=scene.children.get())

    labels = [label for _, label in unit_choices()]

    assert labels[0] == "All units"
    assert labels[-2:] == ["Wing", "– Ward"]
    assert not [label for label in labels if "Bay" in label]


class TestSorting:
    @pytest.fixture
    def _projects(self):
        for name, finish, baseline in (
            ("b", "2027-03-01", "2027-03-02"),
            ("a", "2027-02-01", "2027-01-01"),
            ("c", None, "2027-01-01"),
        ):
            ProjectFactory(name=name, forecast_finish_date=finish, baseline_finish_date=baseline)

    @pytest.mark.usefixtures("_projects")
    @pytest.mark.parametrize(
        ("wanted", "names"),
        [
            ("name", "abc"),
            ("-name", "cba"),
            ("finish", "abc"),
            ("-finish", "bac"),
            ("late", "bac"),
            ("-late", "abc"),
            ("nonsense", "abc"),
        ],
    )
    def test_puts_the_unknown_last_either_way(self, wanted, names):
        found = sorted_projects(Project.objects.all(), wanted)

        assert "".join(project.name for project in found) == names

    @pytest.mark.parametrize("wanted", PROJECT_ORDERS)
    def test_ends_with_the_key_so_that_pages_do_not_overlap(self, wanted):
        assert sorted_projects(Project.objects.all(), wanted).query.order_by[-1] == "pk"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Permit", "Go-live"}),
        ("q=perm", {"Permit"}),
        ("q=portal", {"Go-live"}),
        ("q=IT-1", {"Go-live"}),
        ("kind=gate", {"Permit"}),
        ("slipped=on", {"Go-live"}),
        ("due=nonsense&kind=nonsense", {"Permit", "Go-live"}),
    ],
)
def test_milestones_are_narrowed(query, names):
    MilestoneFactory(name="Permit", kind="gate")
    MilestoneFactory(
        name="Go-live",
        project=ProjectFactory(name="Portal", code="IT-1"),
        baseline_date="2026-06-01",
        forecast_date="2026-07-01",
    )
    form = MilestoneListFilter(QueryDict(query))

    found = form.apply(
        form.scope(Milestone.objects.all()), as_of=Milestone.objects.first().due_date
    )

    assert set(found.values_list("name", flat=True)) == names


def test_milestones_of_one_project_are_a_scope_of_their_own():
    one, _ = MilestoneFactory(), MilestoneFactory()
    form = MilestoneListFilter(QueryDict(f"project={one.project_id}"))

    assert list(form.scope(Milestone.objects.all())) == [one]
