from datetime import date, timedelta
from decimal import Decimal

from projects.domain.earning.finishes import NOBODY, ThreeFinishes, finishes_of

PLANNED = date(2026, 12, 1)


def due(name, forecast, pace):
    return ThreeFinishes(
        name, PLANNED, PLANNED + timedelta(days=forecast), PLANNED + timedelta(days=pace)
    )


def test_the_project_in_the_middle_is_given_and_days_are_not_added():
    found = finishes_of([due("A", 0, 10), due("B", 5, 40), due("C", 10, 400)])

    assert (found.forecast, found.at_pace) == (Decimal(5), Decimal(40))
    assert (found.furthest, found.furthest_days) == ("C", 400)
    assert found.furthest_date == PLANNED + timedelta(days=400)


def test_an_even_number_of_projects_has_its_middle_between_two():
    found = finishes_of([due("A", 0, 1), due("B", 1, 2)])

    assert (found.forecast, found.at_pace) == (Decimal("0.5"), Decimal("1.5"))


def test_both_middles_are_of_the_projects_that_have_every_date():
    lacking = [
        ThreeFinishes("D", PLANNED, PLANNED, None),
        ThreeFinishes("E", None, PLANNED, PLANNED),
    ]

    found = finishes_of([due("A", 3, 9), *lacking])

    assert (found.projects, found.counted) == (3, 1)
    assert (found.forecast, found.at_pace) == (Decimal(3), Decimal(9))


def test_without_dates_the_reason_is_said():
    found = finishes_of([ThreeFinishes("D")])

    assert (found.projects, found.counted, found.at_pace) == (1, 0, None)
    assert found.reason == NOBODY
