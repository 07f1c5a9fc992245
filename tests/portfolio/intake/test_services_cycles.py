"""Capital cycles and their contingency, items (1f), the replacement list, and the rules."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from pmo.accounts.roles import Role
from pmo.common.records.writing import EditConflictError, RefusalError
from portfolio.intake.models import ContingencyDraw, IntakeRules, ReplacementItem
from portfolio.intake.selectors.capital import cycle_figures, draws_of, items_of, ranked
from portfolio.intake.selectors.settings import rules
from portfolio.intake.services import cycles as services
from portfolio.intake.services.items import classify_item, create_item
from portfolio.intake.services.replacing import request_replacement
from projects.domain.kinds import BudgetKind
from tests.factories import person
from tests.factories.intake import CycleFactory, ReplacementFactory, RequestFactory, submitted

pytestmark = pytest.mark.django_db


def draw(cycle, amount, **more):
    return services.draw_contingency(
        cycle=cycle, by=None, amount=Decimal(amount), reason="Chiller.", **more
    )


def test_the_contingency_of_the_example(lead):
    cycle = CycleFactory(contingency=Decimal(2_000_000))
    draw(cycle, 310_000)
    draw(cycle, 145_000)

    assert cycle_figures(cycle, lead).left == Decimal(1_545_000)
    with pytest.raises(RefusalError, match=r"\$1,545,000 of the contingency is left"):
        draw(cycle, 1_600_000)
    assert ContingencyDraw.objects.count() == 2
    draw(cycle, 1_545_000)
    assert cycle_figures(cycle, lead).left == 0


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_is_drawn_that_is_not_above_zero(amount):
    with pytest.raises(ValidationError):
        draw(CycleFactory(), amount)

    assert not ContingencyDraw.objects.exists()


def test_less_than_is_drawn_cannot_be_set_aside():
    cycle = CycleFactory()
    draw(cycle, 310_000)

    with pytest.raises(ValidationError, match="310,000 of it is drawn already"):
        services.change_cycle(cycle=cycle, version=None, by=None, contingency=Decimal(300_000))


def test_the_six_dates_follow_each_other():
    cycle = CycleFactory()

    with pytest.raises(ValidationError, match="six dates follow"):
        services.change_cycle(cycle=cycle, version=None, by=None, board_on=cycle.call_on)


def test_a_draw_for_a_confidential_request_keeps_silent(lead):
    cycle, hidden = CycleFactory(), RequestFactory(is_confidential=True)
    draw(cycle, 10, request=hidden)

    assert [one.is_open for one in draws_of(cycle, lead)] == [True]
    assert [one.is_open for one in draws_of(cycle, person(Role.EXECUTIVE))] == [False]


def test_1f_the_items_of_a_request_by_side(lead):
    sent = submitted()
    for name, nature, quantity, cost, group in (
        ("Chairs", "equipment", 40, 250, ""),
        ("Reader", "equipment", 1, 4_500, "Readers"),
        ("Reader software", "software", 1, 900, "readers"),
        ("Course", "training", 1, 8_000, ""),
    ):
        create_item(
            request=sent,
            by=lead,
            name=name,
            nature=nature,
            quantity=quantity,
            unit_cost=Decimal(cost),
            life=Decimal(5),
            bought_with=group,
        )

    found = items_of(sent, rules())

    assert {item.name: side.value for item, side in found.rows} == {
        "Chairs": "capital",
        "Reader": "capital",
        "Reader software": "capital",
        "Course": "operating",
    }
    assert (found.sums.capital, found.sums.operating) == (15_400, 8_000)


def test_1f_finance_says_otherwise_with_a_reason(lead):
    sent = submitted()
    item = create_item(
        request=sent, by=lead, name="Course", nature="training", unit_cost=Decimal(8_000)
    )

    with pytest.raises(ValidationError, match="Say why finance"):
        classify_item(item=item, version=None, by=lead, side=BudgetKind.CAPITAL, reason="")
    said = classify_item(
        item=item, version=None, by=lead, side=BudgetKind.CAPITAL, reason="Part of the build."
    )

    assert items_of(sent, rules()).sums.capital == 8_000
    assert said.override_by == lead
    back = classify_item(item=said, version=None, by=lead, side=None, reason="")
    assert (back.override, back.override_reason, back.override_by) == ("", "", None)


def test_the_rules_hold_before_they_are_saved_and_are_kept_once(lead):
    assert (rules().answer_days, rules().capital_threshold) == (10, 5_000)
    saved = services.change_rules(by=lead, version=0, answer_days=15)

    assert (rules().answer_days, saved.version) == (15, 1)
    with pytest.raises(EditConflictError):
        services.change_rules(by=lead, version=0, answer_days=5)
    assert IntakeRules.objects.count() == 1


def test_the_list_is_ranked_by_score(november):
    from django.utils import timezone  # noqa: PLC0415 - the fixture's day

    ReplacementFactory(name="New", condition=1, in_use_since="2026-01-01")
    ReplacementFactory(
        name="CT",
        condition=4,
        support="ended",
        safety=4,
        service_cost=Decimal(38_000),
        in_use_since="2015-11-20",
    )

    rows = ranked(ReplacementItem.objects.all(), rules(), timezone.localdate())

    assert [(row.item.name, row.score, row.is_due) for row in rows] == [
        ("CT", 88, True),
        ("New", 31, False),
    ]


def test_a_replacement_is_asked_for_once(lead):
    item = ReplacementFactory(name="CT")

    draft = request_replacement(item=item, by=lead, title="Replace CT")

    assert (draft.state, draft.kind, draft.unit, draft.systems) == (
        "draft",
        "replace",
        item.unit,
        "CT",
    )
    with pytest.raises(RefusalError, match="asked for already"):
        request_replacement(item=item, by=lead, title="Replace CT")
