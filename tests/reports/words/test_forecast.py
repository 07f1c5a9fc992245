"""Where a project will land, sentence by sentence."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from pmo.common.page import formats
from projects.domain.earning.figure import known, missing
from projects.domain.earning.indices import Method
from projects.domain.earning.memory import Finished, FrozenForecast
from reports.words import forecast as words
from reports.words.finished_forecasts import sentence

pytestmark = pytest.mark.django_db  # the organization says how money is written


def standing(*, planned, earned, actual):
    """An assessment of which only the amounts of today are asked."""
    given = {"planned": planned, "earned": earned, "actual": actual}
    return SimpleNamespace(
        standing=SimpleNamespace(
            **{
                name: missing("None.") if value is None else known(Decimal(value))
                for name, value in given.items()
            }
        )
    )


@pytest.mark.parametrize(
    ("planned", "earned", "actual", "title"),
    [
        (
            *(14_500_000, 10_000_000, 22_000_000),
            (
                f"{formats.money(4_500_000)} behind plan and {formats.money(12_000_000)} over cost for"
                " the work done"
            ),
        ),
        (100, 150, 120, "$50 ahead of plan and $30 under cost for the work done"),
        (100, 100, 100, "On plan and on cost for the work done"),
        (100, 90, None, "$10 behind plan"),
        (None, 90, 90, "Planned, earned and spent"),
    ],
)
def test_the_curve_says_how_far_the_work_is_from_plan_and_cost(planned, earned, actual, title):
    one = standing(planned=planned, earned=earned, actual=actual)

    assert words.curve_title(one) == title


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (
            Method.RATE,
            "With the rest at budget, it will cost $1,500, $500 over the approved plan of $1,000.",
        ),
        (
            Method.CPI,
            "At current cost efficiency, it will cost $1,500, $500 over the approved plan of $1,000.",
        ),
        (
            Method.BUDGET,
            (
                "It will cost $1,500, $500 over the approved plan of $1,000: the approved plan, as no cost"
                " is recorded."
            ),
        ),
        (
            Method.DONE,
            (
                "It cost $1,500, $500 over the approved plan of $1,000: what was spent, as all the work is"
                " done."
            ),
        ),
    ],
)
def test_the_cost_is_said_by_its_method(method, said):
    found = SimpleNamespace(
        eac=known(Decimal(1500)),
        eac_low=known(Decimal(1500)),
        eac_high=known(Decimal(1500)),
        eac_method=method,
    )
    one = SimpleNamespace(found=found, standing=SimpleNamespace(budget=known(Decimal(1000))))

    assert words.cost_sentence(one) == said


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        (Decimal(50), "The forecast cost rose by $50 since 7 Jun 2026"),
        (Decimal(-50), "The forecast cost fell by $50 since 7 Jun 2026"),
        (Decimal(0), "The forecast cost is what it was on 7 Jun 2026"),
        (None, "How the forecasts moved"),
    ],
)
def test_the_way_of_the_forecast_cost_is_said(moved, said):
    assert words.memory_title(date(2026, 6, 7), moved) == said


@pytest.mark.parametrize(
    ("cost", "finish", "said"),
    [
        (
            *(110, date(2026, 6, 13)),
            (
                "It cost 10.0% more than forecast and finished 3 days later than forecast (median of its"
                " forecasts)"
            ),
        ),
        (90, None, "It cost 10.0% less than forecast (median of its forecasts)"),
        (
            *(100, date(2026, 6, 10)),
            "It cost what was forecast and finished as forecast (median of its forecasts)",
        ),
        (
            None,
            date(2026, 6, 9),
            "It finished 1 day earlier than forecast (median of its forecasts)",
        ),
        (None, None, ""),
    ],
)
def test_a_finished_project_is_compared_with_its_own_forecasts(cost, finish, said):
    done = Finished(
        key=1,
        start=date(2026, 1, 1),
        finish=finish or date(2026, 6, 10),
        cost=None if cost is None else Decimal(cost),
        said=[
            FrozenForecast(
                date(2026, 3, 1),
                finish=None if finish is None else date(2026, 6, 10),
                cost=None if cost is None else Decimal(100),
            )
        ],
    )

    assert sentence(done) == said


@pytest.mark.parametrize(
    ("days", "said"), [(1, "+1 day"), (-1, "−1 day"), (30, "+30 days"), (-2, "−2 days")]
)
def test_days_are_said_with_their_sign(days, said):
    assert words.signed_days(Decimal(days)) == said
