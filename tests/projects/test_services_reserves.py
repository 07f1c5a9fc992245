from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.domain.change_control import DEFAULT_LIMITS, ApprovalLevel, Limit
from projects.domain.kinds import ReserveKind
from projects.models import ReserveMovement, Tolerance
from projects.selectors.baselining import balances_of
from projects.selectors.change_control import limits
from projects.services.reserves import move_reserve
from projects.services.tolerances import set_tolerance
from tests.factories import BudgetLineFactory, ProjectFactory
from tests.factories.changes import baselined

pytestmark = pytest.mark.django_db
CONTINGENCY = ReserveKind.CONTINGENCY


def move(project, lead, amount, reserve=CONTINGENCY):
    return move_reserve(
        project=project, reserve=reserve, amount=Decimal(amount), reason="Set aside", by=lead
    )


def test_money_is_set_aside_and_taken_back_before_the_baseline(lead):
    project = ProjectFactory()
    move(project, lead, 100)
    move(project, lead, 7, ReserveKind.MANAGEMENT)
    move(project, lead, -40)

    assert balances_of(project) == {CONTINGENCY: 60, ReserveKind.MANAGEMENT: 7}
    assert list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True)) == [
        "reserve.set_aside",
        "reserve.set_aside",
        "reserve.drawn",
    ]


def test_a_reserve_never_falls_below_zero(lead):
    project = ProjectFactory()
    move(project, lead, 100)
    before = AuditEvent.objects.count()

    with pytest.raises(RefusalError) as refusal:
        move(project, lead, "-100.01")

    assert str(refusal.value) == "The contingency holds $100; this takes $100.01 out of it."
    assert (ReserveMovement.objects.count(), AuditEvent.objects.count()) == (1, before)


def test_nothing_is_no_movement(lead):
    with pytest.raises(ValidationError):
        move(ProjectFactory(), lead, 0)


def test_a_baselined_project_draws_through_a_change_only(lead):
    project = baselined(reserves=[("contingency", 100)])

    with pytest.raises(ValidationError, match="raise a change request to draw on its reserves"):
        move(project, lead, -1)

    assert balances_of(project)[CONTINGENCY] == 100


def test_money_that_the_baseline_holds_is_not_set_aside_again(lead):
    project = baselined(reserves=[("contingency", 100)])
    before = AuditEvent.objects.count()

    with pytest.raises(ValidationError, match=r"leaves \$0 of the approved budget free"):
        move(project, lead, 50)
    assert (ReserveMovement.objects.count(), AuditEvent.objects.count()) == (1, before)

    BudgetLineFactory(project=project, category="Equipment", amount=Decimal(50))
    with pytest.raises(ValidationError, match=r"leaves \$50 of the approved budget free"):
        move(project, lead, "50.01")
    move(project, lead, 50)
    assert balances_of(project)[CONTINGENCY] == 150


class TestTolerance:
    def change(self, lead, level=ApprovalLevel.MANAGER, percent=3, days=7, version=0):
        return set_tolerance(
            level=level, cost_percent=Decimal(percent), days=days, version=version, by=lead
        )

    def test_starts_with_the_defaults(self):
        assert limits() == DEFAULT_LIMITS

    def test_is_set_and_changed(self, lead):
        self.change(lead)
        self.change(lead, percent=4, version=1)

        assert limits() == DEFAULT_LIMITS | {ApprovalLevel.MANAGER: Limit(Decimal(4), 7)}
        assert [e.action for e in AuditEvent.objects.all()] == ["tolerance.set"] * 2

    @pytest.mark.parametrize("version", [0, 5])
    def test_is_not_overwritten_unseen(self, lead, version):
        self.change(lead)

        with pytest.raises(EditConflictError):
            self.change(lead, percent=4, version=version)

        assert Tolerance.objects.get().cost_percent == 3

    @pytest.mark.parametrize(
        ("level", "percent", "days"),
        [
            (ApprovalLevel.MANAGER, 6, 1),
            (ApprovalLevel.MANAGER, 1, 21),
            (ApprovalLevel.SPONSOR, 1, 30),
        ],
    )
    def test_of_the_manager_is_never_the_larger(self, lead, level, percent, days):
        with pytest.raises(RefusalError, match="cannot approve more than the sponsor"):
            self.change(lead, level, percent, days)

        assert not Tolerance.objects.exists()

    @pytest.mark.parametrize("percent", [-1, 101])
    def test_is_a_share(self, lead, percent):
        with pytest.raises((ValidationError, RefusalError)):
            self.change(lead, ApprovalLevel.SPONSOR, percent, 30)


def test_movements_are_dated(lead):
    day = date(2026, 1, 5)
    movement = move_reserve(
        project=ProjectFactory(),
        reserve=CONTINGENCY,
        amount=Decimal(1),
        reason="Board",
        by=lead,
        on=day,
    )

    assert (movement.made_on, movement.made_by) == (day, lead)
