"""Each constraint is broken once, by writes that no form or service has checked."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from pmo.accounts.roles import Role
from pmo.common.models import AppendOnlyError
from projects.models import (
    BudgetLine,
    CostEntry,
    ForecastEntry,
    Milestone,
    Project,
    ProjectMember,
    Stakeholder,
    StatusUpdate,
)
from projects.models.status import UpdateState
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    MemberFactory,
    MilestoneFactory,
    ProgramFactory,
    ProjectFactory,
    UnitFactory,
    UpdateFactory,
    person,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def breaks(act):
    """Say whether the database refuses what `act` writes."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"stage": "dreaming"},
        {"start_date": DAY, "actual_finish_date": date(2026, 11, 19)},
        {"start_date": DAY, "baseline_finish_date": date(2026, 11, 19)},
    ],
    ids=["name", "stage", "finish", "baseline"],
)
def test_project_refuses(fields):
    assert breaks(lambda: ProjectFactory(**fields))


def test_project_accepts_a_finish_on_the_day_of_its_start():
    ProjectFactory(start_date=DAY, baseline_finish_date=DAY, actual_finish_date=DAY)


def test_codes_are_unique():
    ProjectFactory(code="CAP-1")
    ProgramFactory(code="PG-1")

    assert breaks(lambda: ProjectFactory(code="CAP-1"))
    assert breaks(lambda: ProgramFactory(code="PG-1"))


def test_member_is_named_once_in_a_role_and_only_in_roles_of_projects():
    member = MemberFactory(role=Role.MANAGER)
    fields = {"project": member.project, "user": member.user}

    assert breaks(lambda: ProjectMember.objects.create(**fields, role=Role.MANAGER))
    assert breaks(lambda: ProjectMember.objects.create(**fields, role=Role.EXECUTIVE))
    assert not breaks(lambda: ProjectMember.objects.create(**fields, role=Role.SPONSOR))


def test_stakeholder_is_listed_once_in_a_project(project):
    Stakeholder.objects.create(project=project, name="Ward staff")

    assert breaks(lambda: Stakeholder.objects.create(project=project, name="Ward staff"))
    assert not breaks(
        lambda: Stakeholder.objects.create(project=ProjectFactory(), name="Ward staff")
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Go-live"},
        {"baseline_date": None, "forecast_date": None},
        {"weight": 0},
        {"weight": 101},
    ],
    ids=["name", "dates", "weight-low", "weight-high"],
)
def test_milestone_refuses(project, fields):
    MilestoneFactory(project=project, name="Go-live")

    assert breaks(lambda: MilestoneFactory(project=project, **fields))


@pytest.mark.parametrize(
    ("actual", "forecast", "baseline", "due"),
    [(1, 2, 3, 1), (None, 2, 3, 2), (None, None, 3, 3)],
)
def test_milestone_is_due_when_done_else_forecast_else_planned(actual, forecast, baseline, due):
    def june(n):
        return n and date(2026, 6, n)

    milestone = MilestoneFactory(
        actual_date=june(actual), forecast_date=june(forecast), baseline_date=june(baseline)
    )

    assert Milestone.objects.get(pk=milestone.pk).due_date == june(due)


@pytest.mark.parametrize(
    "fields",
    [
        {"category": "Build"},
        {"category": "Build", "fiscal_year": 2027},
        {"category": "Other", "amount": None},
        {"category": "Other", "amount": Decimal("-0.01")},
    ],
    ids=["whole-life-twice", "year-twice", "no-amount", "negative"],
)
def test_budget_line_refuses(project, fields):
    BudgetLineFactory(project=project, category="Build")
    BudgetLineFactory(project=project, category="Build", fiscal_year=2027)

    assert breaks(lambda: BudgetLineFactory(project=project, **fields))


def test_budget_line_without_an_amount_says_why(project):
    assert not breaks(
        lambda: BudgetLineFactory(project=project, amount=None, stated_reason="Not tendered")
    )


@pytest.mark.parametrize(
    "fields", [{"amount": None}, {"amount": Decimal(-1)}], ids=["no-amount", "negative"]
)
def test_forecast_refuses(project, fields):
    assert breaks(lambda: ForecastEntry.objects.create(project=project, made_on=DAY, **fields))


def test_forecasts_are_neither_changed_nor_removed(project):
    ForecastEntry.objects.create(project=project, made_on=DAY, amount=1)

    with pytest.raises(AppendOnlyError):
        ForecastEntry.objects.update(amount=2)
    with pytest.raises(AppendOnlyError):
        ForecastEntry.objects.all().delete()


@pytest.mark.parametrize(
    "fields",
    [
        {"week": date(2026, 11, 16), "revision": 1},
        {"published_at": None},
        {"overall": "red"},
        {"percent_complete": 101},
    ],
    ids=["revision-twice", "no-time", "red-without-ask", "percent"],
)
def test_published_update_refuses(project, fields):
    UpdateFactory(project=project)

    assert breaks(lambda: UpdateFactory(project=project, **{"revision": 2} | fields))


def test_update_has_one_draft_and_a_draft_has_no_time(project):
    draft = {"project": project, "state": UpdateState.DRAFT, "published_at": None}
    UpdateFactory(**draft)

    assert breaks(lambda: UpdateFactory(**draft, revision=2))
    assert breaks(lambda: UpdateFactory(state=UpdateState.DRAFT))


def test_published_updates_are_neither_changed_nor_removed_in_bulk(project):
    UpdateFactory(project=project)

    with pytest.raises(AppendOnlyError):
        StatusUpdate.objects.update(overall="red")
    with pytest.raises(AppendOnlyError):
        StatusUpdate.objects.all().delete()


@pytest.mark.parametrize(
    ("actual", "forecast", "baseline", "slip"),
    [
        (11, 9, 5, 6),
        (None, 9, 5, 4),
        (None, 5, 9, -4),
        (None, None, 5, None),
        (None, 9, None, None),
    ],
)
def test_finish_slip_counts_from_the_baseline(actual, forecast, baseline, slip):
    def june(n):
        return n and date(2026, 6, n)

    project = Project(
        actual_finish_date=june(actual),
        forecast_finish_date=june(forecast),
        baseline_finish_date=june(baseline),
    )

    assert project.finish_slip_days == slip


class TestVisibility:
    """Lists keep exactly the projects, and the records in them, that a person may see."""

    @pytest.fixture
    def scene(self):
        wing = UnitFactory()
        ward = UnitFactory(parent=wing)
        return {
            "wing": wing,
            "ward": ProjectFactory(name="ward", unit=ward),
            "elsewhere": ProjectFactory(name="elsewhere"),
            "secret": ProjectFactory(name="secret", unit=ward, is_confidential=True),
        }

    def seen(self, user):
        return set(Project.objects.visible_to(user).values_list("name", flat=True))

    @pytest.mark.parametrize(
        ("role", "names"),
        [
            (Role.PMO_LEAD, {"ward", "elsewhere", "secret"}),
            (Role.PMO_ANALYST, {"ward", "elsewhere"}),
            (Role.EXECUTIVE, {"ward", "elsewhere"}),
            (Role.STAFF, set()),
            (Role.ADMINISTRATOR, set()),
            (None, set()),
        ],
    )
    def test_of_organization_roles(self, scene, role, names):
        assert self.seen(person(role)) == names

    def test_of_a_unit_reaches_below_it_and_not_beside(self, scene):
        assert self.seen(person(Role.UNIT_HEAD, scene["wing"])) == {"ward"}
        assert self.seen(person(Role.PMO_LEAD, scene["wing"])) == {"ward", "secret"}

    def test_of_those_who_are_named(self, scene):
        user = person(Role.STAFF)
        MemberFactory(project=scene["secret"], user=user, role=Role.READER)

        assert self.seen(user) == {"secret"}

    def test_of_records_follows_their_project(self, scene):
        user = person(Role.UNIT_HEAD, scene["wing"])
        for name in ("ward", "elsewhere", "secret"):
            CostEntryFactory(project=scene[name])
            BudgetLineFactory(project=scene[name])

        for model in (CostEntry, BudgetLine):
            found = model.objects.visible_to(user)
            assert [record.project.name for record in found] == ["ward"]
        assert CostEntry.objects.visible_to(person(Role.PMO_LEAD)).count() == 3
        assert not CostEntry.objects.visible_to(person(None)).exists()

    def test_of_somebody_who_left(self, scene):
        assert self.seen(person(Role.PMO_LEAD, is_active=False)) == set()
