"""Every figure leads to the headline: steps add up to the difference, projects to their step."""

from decimal import Decimal
from itertools import product

import pytest

from reports.domain.reconciliation import (
    ROUTES,
    Basis,
    LandingAmounts,
    StepKind,
    reconciled,
    walked,
)

KINDS = {
    (Basis.BUDGET, Basis.FORECAST): [
        StepKind.NO_FORECAST,
        StepKind.OVER_BUDGET,
        StepKind.UNDER_BUDGET,
        StepKind.SAME,
    ],
    (Basis.BUDGET, Basis.PLAN): [
        StepKind.NOT_CALCULATED,
        StepKind.NOT_IN_START,
        StepKind.RESERVE,
        StepKind.BUDGET_ABOVE_PLAN,
        StepKind.BUDGET_BELOW_PLAN,
        StepKind.SAME,
    ],
    (Basis.FORECAST, Basis.CALCULATED): [
        StepKind.NOT_CALCULATED,
        StepKind.NOT_IN_START,
        StepKind.CALCULATED_HIGHER,
        StepKind.CALCULATED_LOWER,
        StepKind.SAME,
    ],
    (Basis.FORECAST, Basis.PHASED): [
        StepKind.NOT_IN_START,
        StepKind.NO_MONTHS,
        StepKind.MONTHS_HIGHER,
        StepKind.MONTHS_LOWER,
        StepKind.SAME,
    ],
}


def amounts(*, budget=None, plan=None, forecast=None, calculated=None, phased=0, **more):
    values = {
        "budget": budget,
        "plan": plan,
        "forecast": forecast,
        "calculated": calculated,
        "phased": phased,
    }
    known = {name: None if value is None else Decimal(value) for name, value in values.items()}
    more.setdefault("is_calculated", None not in (plan, calculated))
    return LandingAmounts(**{"project": 1} | known | more)


def every_kind():
    """One project for each way in which amounts can be known, larger, smaller or missing."""
    found = product((None, 100), (None, 80, 100, 130), (None, 90, 100, 120), (0, 100, 140), (0, 15))
    for number, (budget, plan, forecast, phased, reserve) in enumerate(found, start=1):
        yield amounts(
            project=number,
            budget=budget,
            plan=plan,
            forecast=forecast,
            calculated=None if plan is None else plan + number % 3 * 10,
            phased=phased,
            reserve=Decimal(reserve),
            has_months=bool(number % 2),
        )


@pytest.mark.parametrize(("start", "end"), ROUTES)
def test_start_and_steps_add_up_to_the_end(start, end):
    rows = list(every_kind())

    walk = walked(rows, start, end)

    assert walk.start.amount == sum(one.of(start) or 0 for one in rows)
    assert walk.end.amount == sum(one.of(end) or 0 for one in rows)
    assert walk.levels[-1] == walk.end.amount
    assert walk.end.amount - walk.start.amount == sum(
        part.amount for step in walk.steps for part in step.parts
    )


@pytest.mark.parametrize(("start", "end"), ROUTES)
def test_each_project_that_either_figure_holds_explains_its_own_difference(start, end):
    rows = {one.project: one for one in every_kind()}

    walk = walked(list(rows.values()), start, end)

    explained = dict.fromkeys(rows, Decimal())
    for step in walk.steps:
        for part in step.parts:
            explained[part.one.project] += part.amount
    assert explained == {
        pk: (one.of(end) or Decimal()) - (one.of(start) or Decimal()) for pk, one in rows.items()
    }
    held = {pk for pk, one in rows.items() if (one.of(start), one.of(end)) != (None, None)}
    assert {part.one.project for step in walk.steps for part in step.parts} == held
    assert [step.kind for step in walk.steps] == KINDS[start, end]


@pytest.mark.parametrize(
    ("one", "steps"),
    [
        (amounts(budget=100, plan=90, calculated=95), [(StepKind.BUDGET_ABOVE_PLAN, -10)]),
        (amounts(budget=100, plan=110, calculated=95), [(StepKind.BUDGET_BELOW_PLAN, 10)]),
        (
            amounts(budget=100, plan=90, calculated=95, reserve=Decimal(10)),
            [(StepKind.RESERVE, -10)],
        ),
        (
            amounts(budget=100, plan=90, calculated=95, reserve=Decimal(4)),
            [(StepKind.RESERVE, -4), (StepKind.BUDGET_ABOVE_PLAN, -6)],
        ),
        (
            amounts(budget=100, plan=99, calculated=95, reserve=Decimal(4)),
            [(StepKind.RESERVE, -4), (StepKind.BUDGET_BELOW_PLAN, 3)],
        ),
    ],
)
def test_a_reserve_is_told_from_what_changed_since(one, steps):
    walk = walked([one], Basis.BUDGET, Basis.PLAN)

    assert [(step.kind, step.amount) for step in walk.steps] == steps


def test_projects_that_lack_a_figure_stand_by_their_reason_the_largest_first():
    rows = [
        amounts(
            project=1, name="Small", budget=10, forecast=10, why={Basis.CALCULATED: "No cost."}
        ),
        amounts(
            project=2, name="Large", budget=50, forecast=60, why={Basis.CALCULATED: "No cost."}
        ),
        amounts(project=3, budget=7, forecast=8, why={Basis.CALCULATED: "No baseline."}),
        amounts(project=4, budget=1, forecast=1, plan=1, calculated=1),
    ]

    walk = walked(rows, Basis.FORECAST, Basis.CALCULATED)

    assert [(step.kind, step.reason, step.amount) for step in walk.steps] == [
        (StepKind.NOT_CALCULATED, "No cost.", -70),
        (StepKind.NOT_CALCULATED, "No baseline.", -8),
        (StepKind.SAME, "", 0),
    ]
    assert [part.one.name for part in walk.steps[0].parts] == ["Large", "Small"]


def test_projects_of_one_amount_stand_as_their_names_are_read():
    names = ["Access", "AI", "Äpfel", "Zebra"]
    rows = [
        amounts(project=number, name=name, budget=10, forecast=12)
        for number, name in enumerate(reversed(names), start=1)
    ]

    (step,) = walked(rows, Basis.BUDGET, Basis.FORECAST).steps

    assert [part.one.name for part in step.parts] == names


def test_a_forecast_without_a_budget_is_not_in_the_headline():
    rows = [amounts(project=1, forecast=70), amounts(project=2, budget=10, forecast=12)]

    walk = walked(rows, Basis.BUDGET, Basis.FORECAST)

    assert (walk.start.amount, walk.end.amount, walk.end.projects) == (10, 12, 1)


def test_months_that_differ_by_cents_are_the_same_and_still_add_up():
    one = amounts(budget=100, forecast=100, phased="100.03", has_months=True)

    walk = walked([one], Basis.FORECAST, Basis.PHASED)

    assert [(step.kind, step.amount) for step in walk.steps] == [(StepKind.SAME, Decimal("0.03"))]


def test_figures_that_nobody_has_are_named_and_not_walked_to():
    found = reconciled([amounts(budget=10, forecast=12)], bases=tuple(Basis))

    assert [(walk.start.basis, walk.end.basis) for walk in found.walks] == [
        (Basis.BUDGET, Basis.FORECAST),
        (Basis.FORECAST, Basis.PHASED),
    ]
    assert found.unknown == (Basis.PLAN, Basis.CALCULATED)


def test_months_are_left_out_where_they_are_not_asked_for():
    frozen = tuple(basis for basis in Basis if basis != Basis.PHASED)

    found = reconciled([amounts(budget=10, forecast=12)], bases=frozen)

    assert [walk.end.basis for walk in found.walks] == [Basis.FORECAST]
    assert Basis.PHASED not in found.unknown
