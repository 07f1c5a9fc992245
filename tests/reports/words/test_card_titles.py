from decimal import Decimal

import pytest

from reports.domain.overspend import Overspend
from reports.words import card_titles


def overspend(*largest, over=None, total=None, comparable=12):
    amounts = tuple(Decimal(amount) for amount in largest)
    return Overspend(
        comparable=comparable,
        over=len(amounts) if over is None else over,
        over_sum=sum(amounts, Decimal()) if total is None else Decimal(total),
        largest=amounts,
    )


@pytest.mark.parametrize(
    ("largest", "total", "over", "causes"),
    [
        (("80", "10"), "100", 5, 1),
        (("79", "1"), "100", 5, 2),
        (("40", "30", "9.99"), "100", 9, None),
        (("40", "30", "10"), "100", 9, 3),
        (("5",), "5", 1, None),
        (("5", "5"), "10", 2, None),
        ((), "0", 0, None),
    ],
)
def test_causes_are_the_fewest_that_make_four_fifths_but_never_all(largest, total, over, causes):
    assert overspend(*largest, total=total, over=over).causes == causes


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        (overspend(comparable=0), "Forecast against approved budget"),
        (overspend(), "No project is forecast over its budget"),
        (overspend("5"), "One project causes the overspend"),
        (overspend("4", "4"), "Two projects cause the overspend"),
        (overspend("90", total="100", over=7), "One project causes most of the overspend"),
        (overspend("80", "10", "9", over=7, total="120"), "Three projects cause most"),
        (overspend("1", "1", "1", over=17, total="17"), "17 projects are forecast over budget"),
    ],
)
def test_cost_title_names_how_many_cause_it(facts, title):
    assert card_titles.cost_title(facts).startswith(title)


@pytest.mark.parametrize(
    ("dated", "late", "title"),
    [
        (0, 0, "Planned and forecast finish"),
        (9, 0, "No project finishes later than planned"),
        (9, 1, "One project finishes later than planned"),
        (9, 5, "Five projects finish later than planned"),
    ],
)
def test_schedule_title(dated, late, title):
    assert card_titles.schedule_title(dated=dated, late=late) == title


@pytest.mark.parametrize(
    ("open_risks", "high", "title"),
    [
        (0, 0, "No open risk is registered"),
        (4, 0, "No high risk is open"),
        (4, 1, "One high risk is open"),
        (30, 12, "12 high risks are open"),
    ],
)
def test_risk_title(open_risks, high, title):
    assert card_titles.risk_title(open_risks=open_risks, high=high) == title


@pytest.mark.parametrize(
    ("decisions", "overdue", "title"),
    [
        (0, 0, "No decision is waiting"),
        (1, 0, "One decision is waiting"),
        (4, 2, "Four decisions are waiting, two past the date"),
    ],
)
def test_decision_title(decisions, overdue, title):
    assert card_titles.decision_title(decisions, overdue=overdue) == title


@pytest.mark.parametrize(
    ("over", "groups", "title"),
    [
        (0, 0, "Forecast against approved budget by unit"),
        (0, 3, "No unit is forecast over its budget"),
        (1, 3, "Radiology alone is forecast over budget, by $2.0M"),
        (2, 3, "Radiology is furthest over budget, by $2.0M"),
    ],
)
def test_group_title(over, groups, title):
    said = card_titles.group_title(
        noun="unit", over=over, groups=groups, worst="Radiology", amount="$2.0M"
    )

    assert said == title


@pytest.mark.parametrize(
    ("days", "money", "sentence"),
    [
        (
            24,
            "+$2.0M",
            "the forecast finish moved 24 days later and the forecast cost moved by +$2.0M.",
        ),
        (-1, "", "the forecast finish moved 1 day earlier."),
        (0, "", "the forecast finish has not moved."),
        (None, "+$1K", "the forecast cost moved by +$1K."),
        (None, "", "neither dates nor money are known."),
    ],
)
def test_course_sentence(days, money, sentence):
    said = card_titles.course_sentence(
        first="1 Nov", last="15 Nov", moved_days=days, moved_money=money
    )

    assert said == f"From 1 Nov to 15 Nov {sentence}"


@pytest.mark.parametrize(
    ("worse", "better", "reported", "measured", "title"),
    [
        ((), (), 2, 0, "Nothing could be measured yet"),
        (("cost",), ("risk",), 3, 3, "The data says worse on cost"),
        (("schedule", "cost", "risk"), (), 3, 3, "The data says worse on schedule, cost and risk"),
        ((), ("schedule", "cost"), 3, 3, "The data says better on schedule and cost"),
        ((), (), 0, 2, "No report to compare with the data"),
        ((), (), 1, 2, "The report and the data agree"),
    ],
)
def test_dispute_title(worse, better, reported, measured, title):
    said = card_titles.dispute_title(
        worse=worse, better=better, reported=reported, measured=measured
    )

    assert said == title
