"""Baselines and causes become bars; the remainder is exact."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.models import VarianceCause
from projects.selectors.bridges import End, ManyWays, bridges_of
from tests.factories import ProjectFactory
from tests.factories.earning import FINISH, START, BaselineFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def noted(project, day, **fields):
    return VarianceCause.objects.create(
        project=project, cause="delay", explanation="Late steel", noted_on=day, **fields
    )


def of(project, cost=1500, finish=FINISH + timedelta(days=50), as_of=TODAY):
    end = End(None if cost is None else Decimal(cost), finish)
    return bridges_of({project.pk: end}, as_of=as_of)[project.pk]


def bars(found):
    return [(bar.code, bar.amount, bar.words) for bar in found.bars]


def three_versions():
    project = BaselineFactory(name="First").project
    for number, budget, days in ((2, 1200, 0), (3, 1200, 30)):
        BaselineFactory(
            project=project,
            number=number,
            name=f"Change {number}",
            approved_on=START + timedelta(days=number),
            budget_at_completion=Decimal(budget),
            finish=FINISH + timedelta(days=days),
        )
    return project


def test_differences_between_baselines_are_the_approved_changes():
    found = of(three_versions())

    assert bars(found.cost) == [
        ("approved", 200, ("Baseline 2: Change 2",)),
        ("unexplained", 300, ()),
    ]
    assert bars(found.finish) == [
        ("approved", 30, ("Baseline 3: Change 3",)),
        ("unexplained", 20, ()),
    ]
    assert found.since.on == START + timedelta(days=3)


def test_causes_count_from_the_latest_baseline_until_the_day():
    project = three_versions()
    noted(project, START + timedelta(days=2), measure="cost", amount=Decimal(7))
    noted(project, START + timedelta(days=3), measure="cost", amount=Decimal(40))
    noted(project, TODAY + timedelta(days=1), measure="cost", amount=Decimal(9))
    noted(project, TODAY, measure="finish", days=20)

    found = of(project)

    assert bars(found.cost)[1:] == [("delay", 40, ("Late steel",)), ("unexplained", 260, ())]
    assert bars(found.finish)[1:] == [("delay", 20, ("Late steel",))]


def test_baselines_after_the_day_do_not_count():
    found = of(three_versions(), as_of=START + timedelta(days=1))

    assert bars(found.cost) == [("unexplained", 500, ())]


@pytest.mark.parametrize(
    ("fields", "end", "reasons"),
    [
        ({}, {"cost": None, "finish": None}, ("No forecast made.", "No forecast finish date.")),
        (
            {"budget_at_completion": None, "finish": None},
            {},
            ("The first baseline has no money.", "The first baseline has no finish date."),
        ),
    ],
)
def test_bridge_without_an_end_says_why(fields, end, reasons):
    found = of(BaselineFactory(**fields).project, **end)

    assert (found.cost, found.finish) == (None, None)
    assert (found.cost_reason, found.finish_reason) == reasons


def test_project_without_a_baseline_says_so():
    found = of(ProjectFactory())

    assert found.cost_reason == found.finish_reason == "No approved baseline to earn against."


def test_baseline_without_figures_is_stepped_over():
    project = BaselineFactory().project
    BaselineFactory(project=project, number=2, budget_at_completion=None, finish=None)
    BaselineFactory(project=project, number=3, budget_at_completion=Decimal(1100))

    assert bars(of(project, cost=1100).cost) == [("approved", 100, ("Baseline 3: First",))]


def test_many_projects_take_two_statements_and_have_the_parts_of_their_bridges(
    django_assert_num_queries,
):
    ends = {three_versions().pk: End(Decimal(1), FINISH) for _ in range(3)}
    plain = BaselineFactory().project
    bare = ProjectFactory()
    noted(plain, TODAY, measure="finish", days=12)
    ends |= {plain.pk: End(None, FINISH + timedelta(days=20)), bare.pk: End(Decimal(1), FINISH)}

    with django_assert_num_queries(2):
        ways = ManyWays(list(ends), as_of=TODAY)
        found = {pk: ways.of(pk, end) for pk, end in ends.items()}

    def shown(one):
        return [way and (way.start, way.end, list(way.parts)) for way in (one.cost, one.finish)]

    drawn = bridges_of(ends, as_of=TODAY)
    assert {pk: shown(one) for pk, one in found.items()} == {
        pk: shown(one) for pk, one in drawn.items()
    }
    assert found[plain.pk].finish.parts == [("delay", 12), ("unexplained", 8)]


def test_a_cause_entered_before_a_baseline_of_the_same_day_is_covered_by_it():
    project = BaselineFactory().project
    day = START + timedelta(days=9)
    noted(project, day, measure="cost", amount=Decimal(200))
    BaselineFactory(
        project=project,
        number=2,
        approved_on=day,
        budget_at_completion=Decimal(1200),
        finish=FINISH,
    )
    noted(project, day, measure="cost", amount=Decimal(40))

    found = of(project)

    assert [(code, amount) for code, amount, _ in bars(found.cost)] == [
        ("approved", 200),
        ("delay", 40),
        ("unexplained", 260),
    ]
