from decimal import Decimal

import pytest

from reports.domain.overspend import Overspend
from reports.words import ledes
from reports.words.ledes import MoneyFinding, Movement


def overspend(*largest, over=None, total=None, comparable=12):
    amounts = tuple(Decimal(amount) for amount in largest)
    return Overspend(
        comparable=comparable,
        over=len(amounts) if over is None else over,
        over_sum=sum(amounts, Decimal()) if total is None else Decimal(total),
        largest=amounts,
    )


def words(**changes):
    facts = {
        "projects": 12,
        "red": 0,
        "amber": 0,
        "silent": 0,
        "movement": None,
        "money": None,
        "overspend": overspend(),
        "disputed": 0,
        "decisions": 0,
    }
    return "".join(part.text for part in ledes.lede(**(facts | changes)))


def test_lede_says_state_movement_money_dispute_and_decisions_in_this_order():
    parts = ledes.lede(
        projects=12,
        red=3,
        amber=4,
        silent=1,
        movement=Movement(worse=4, better=2, since="last week"),
        money=MoneyFinding(amount="$3.3M", share="+5.3%", is_over=True),
        overspend=overspend("2.2", "0.7", "0.3", "0.1"),
        disputed=2,
        decisions=4,
    )

    assert "".join(part.text for part in parts) == (
        "3 of 12 projects are red. Four got worse since last week and two got better."
        " Forecast cost is $3.3M over budget (+5.3%), most of it from two projects."
        " In two projects the data says worse than the report. Four decisions are waiting."
    )
    assert [part.text for part in parts if part.is_strong] == [
        "3 of 12 projects are red.",
        "$3.3M over budget",
    ]
    assert [(part.text, part.place) for part in parts if part.place] == [
        ("Four decisions", "decisions")
    ]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"projects": 1, "red": 1}, "1 of 1 project is red."),
        ({"amber": 4}, "No project is red; 4 of 12 are amber."),
        ({"silent": 12}, "None of 12 projects has a current report."),
        ({"silent": 2}, "No project is red or amber; 2 of 12 without a current report."),
        ({}, "All 12 projects are green."),
        ({"projects": 1}, "Green."),
    ],
)
def test_lede_starts_with_the_worst(facts, sentence):
    assert words(**facts) == sentence


@pytest.mark.parametrize(
    ("moves", "sentence"),
    [
        ((0, 0, 0), "No color changed since last week."),
        ((1, 0, 0), "One got worse since last week."),
        ((0, 12, 0), "12 got better since last week."),
        ((2, 1, 0), "Two got worse since last week and one got better."),
        ((0, 0, 3), "Three stopped reporting since last week."),
        ((2, 1, 1), "Two got worse since last week, one got better and one stopped reporting."),
    ],
)
def test_lede_says_how_colors_moved(moves, sentence):
    worse, better, silenced = moves
    movement = Movement(worse=worse, better=better, silenced=silenced, since="last week")

    assert words(movement=movement) == f"All 12 projects are green. {sentence}"


def test_money_of_one_year_says_which():
    money = MoneyFinding(amount="£93.1M", share="+7.0%", is_over=True, year="FY2022/23")

    assert words(money=money).endswith("Forecast cost in FY2022/23 is £93.1M over budget (+7.0%).")
    assert ledes.cost_title(overspend("5"), year="FY2022/23") == (
        "One project causes the overspend in FY2022/23"
    )


def test_lede_never_blames_projects_for_money_left_over():
    money = MoneyFinding(amount="$1.0M", share="−2.0%", is_over=False)

    assert words(money=money, overspend=overspend("9", "0.1")).endswith(
        "Forecast cost is $1.0M under budget (−2.0%)."
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
    assert ledes.cost_title(facts).startswith(title)


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
    assert ledes.schedule_title(dated=dated, late=late) == title


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
    assert ledes.risk_title(open_risks=open_risks, high=high) == title


@pytest.mark.parametrize(
    ("decisions", "overdue", "title"),
    [
        (0, 0, "No decision is waiting"),
        (1, 0, "One decision is waiting"),
        (4, 2, "Four decisions are waiting, two past the date"),
    ],
)
def test_decision_title(decisions, overdue, title):
    assert ledes.decision_title(decisions, overdue=overdue) == title


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
    said = ledes.group_title(
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
    said = ledes.course_sentence(first="1 Nov", last="15 Nov", moved_days=days, moved_money=money)

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
    said = ledes.dispute_title(worse=worse, better=better, reported=reported, measured=measured)

    assert said == title
