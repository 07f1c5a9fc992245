"""How key figures are said: the sentences of the lede, and the six figures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reports.domain.key_figures import FiguresBefore, KeyFigures, KeyMoney
from reports.words.headline import headline, lede, tone
from reports.words.key_figures import Voice, key_facts, since_words

VOICE = Voice(currency="$", year_start=7, since="the week before")
GREEN = KeyFigures(projects=12, green=12)
SPACE = "\N{NO-BREAK SPACE}"


def money(forecast, approved=62_000_000, *, largest=(), **more):
    over = tuple(Decimal(amount) for amount in largest)
    values = {"compared": 12, "over": len(over), "over_sum": sum(over, Decimal())} | more
    return KeyMoney(approved=Decimal(approved), forecast=Decimal(forecast), **values)


def said(figures=GREEN, voice=VOICE, **changes):
    return headline(replace(figures, **changes), voice).replace(SPACE, "")


def facts(figures=GREEN, voice=VOICE, **changes):
    return {one.shows: one for one in key_facts(replace(figures, **changes), voice)}


def test_lede_says_state_movement_money_dispute_and_decisions_in_this_order():
    parts = lede(
        KeyFigures(
            projects=12,
            red=3,
            amber=4,
            none=1,
            green=4,
            worse=4,
            better=2,
            disputed=2,
            decisions=4,
            life=money(65_300_000, largest=(2_200_000, 700_000, 300_000, 100_000)),
            largest=(Decimal(2_200_000), Decimal(700_000), Decimal(300_000)),
            before=FiguresBefore(),
        ),
        VOICE,
    )

    assert "".join(part.text for part in parts).replace(SPACE, "") == (
        "3 of 12 projects are red. Four got worse since the week before and two got better."
        " Forecast cost is $3.3M over budget (5.3%), most of it from two projects."
        " In two projects the data says worse than the report. Four decisions are waiting."
    )
    assert [part.text.replace(SPACE, "") for part in parts if part.is_strong] == [
        "3 of 12 projects are red.",
        "$3.3M over budget",
    ]
    assert [(part.text, part.place) for part in parts if part.place] == [
        ("Four decisions", "decisions")
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"projects": 1, "red": 1}, "1 of 1 project is red."),
        ({"amber": 4, "none": 2}, "No project is red; 4 of 12 are amber."),
        ({"none": 12}, "None of 12 projects has an update."),
        ({"none": 2}, "No project is red or amber; 2 of 12 are without an update."),
        ({}, "All 12 projects are green."),
        ({"projects": 1}, "Green."),
        ({"projects": 0}, "There is no running project here that you can see."),
    ],
)
def test_lede_starts_with_the_worst(changes, sentence):
    assert said(**changes) == sentence


@pytest.mark.parametrize(
    ("moves", "sentence"),
    [
        ({}, "No color changed since the week before."),
        ({"worse": 1}, "One got worse since the week before."),
        ({"better": 12}, "12 got better since the week before."),
        ({"worse": 2, "better": 1}, "Two got worse since the week before and one got better."),
        ({"silenced": 3}, "Three stopped reporting since the week before."),
        ({"resumed": 1}, "One reports again since the week before."),
        (
            {"worse": 2, "silenced": 1, "resumed": 2},
            "Two got worse since the week before, one stopped reporting and two report again.",
        ),
    ],
)
def test_lede_says_how_colors_moved(moves, sentence):
    assert said(before=FiguresBefore(), **moves) == f"All 12 projects are green. {sentence}"


def test_without_a_freeze_before_no_move_is_told():
    assert said(worse=2) == "All 12 projects are green."


def test_money_of_one_year_says_which():
    year = money(107, 100, fiscal_year=2023, largest=(7,))

    assert said(year=year).endswith(" Forecast cost in FY2022/23 is $7 over budget (7.0%).")
    assert facts(year=year)["over_year"][:5] == (
        "Forecast cost FY2022/23",
        "$107",
        "",
        "$7 over $100 budget",
        "worse",
    )


def test_money_of_the_whole_life_goes_before_that_of_one_year():
    found = facts(life=money(90, 100), year=money(107, 100, fiscal_year=2023))

    assert "over_year" not in found
    assert found["over"][:5] == ("Forecast cost", "$90", "", "$10 under $100 budget", "better")


def test_money_left_over_in_one_year_is_no_good_news_by_itself():
    found = facts(year=money(90, 100, fiscal_year=2023))["over_year"]

    assert (found.change, found.direction) == ("$10 under $100 budget", "")


def test_lede_never_blames_projects_for_money_left_over():
    blamed = {"life": money(90, 100, largest=(9, 1)), "largest": (Decimal(9), Decimal(1))}

    assert said(**blamed).endswith(" Forecast cost is $10 under budget (10.0%).")


def test_a_forecast_on_budget_is_no_finding():
    figures = replace(GREEN, life=money(100, 100))

    assert said(figures) == "All 12 projects are green."
    assert facts(figures)["over"].change == "On budget"


@pytest.mark.parametrize(
    ("was", "change", "direction"),
    [
        (None, "Nothing to compare with yet", ""),
        (2, "Same as the week before", ""),
        (1, "1 more than the week before", "worse"),
        (5, "3 fewer than the week before", "better"),
    ],
)
def test_a_bad_count_says_how_it_moved(was, change, direction):
    before = None if was is None else FiguresBefore(red=was)
    found = facts(red=2, green=10, before=before)["red"]

    assert found[:6] == ("Red projects", "2", "12", change, direction, "red")


def test_what_is_compared_with_a_day_says_the_day():
    voice = replace(VOICE, since="15 Nov 2025")
    found = facts(voice=voice, red=2, before=FiguresBefore(red=1))["red"]

    assert found.change == "1 more than on 15 Nov 2025"


def test_counts_say_of_how_many_that_are_open():
    found = facts(
        with_milestones=3,
        milestones_late=2,
        milestones_open=31,
        with_register=1,
        high_risks=1,
        open_risks=4,
    )

    assert found["late"][:3] == ("Late milestones", "2", "31 open")
    assert found["risks"][:3] == ("High risks", "1", "4 open")


def test_a_document_that_kept_no_open_counts_says_none():
    unknown = {"milestones_open": None, "open_risks": None}
    found = facts(with_milestones=3, milestones_late=2, with_register=1, high_risks=1, **unknown)

    assert (found["late"].of, found["risks"].of) == ("", "")


def test_where_nothing_is_recorded_a_figure_is_empty_and_says_why():
    found = facts()

    assert [(one.value, one.change, one.reason) for one in key_facts(GREEN, VOICE)[2:]] == [
        (
            "",
            "No amounts to compare",
            "No project has both an approved budget and a forecast cost.",
        ),
        ("", "None recorded", "No milestone is recorded."),
        ("", "None registered", "No risk is registered."),
        ("", "None is due", "No project owes an update."),
    ]
    assert list(found) == ["red", "amber", "over", "late", "risks", "due"]


@pytest.mark.parametrize(
    ("missing", "is_open", "expected"),
    [
        (0, False, ("Updates on time", "9", "9", "None missing", "")),
        (1, False, ("Updates on time", "8", "9", "1 missing", "worse")),
        (1, True, ("Updates this week", "8", "9", "1 missing", "")),
    ],
)
def test_updates_are_on_time_or_missing(missing, is_open, expected):
    voice = replace(VOICE, is_open=is_open)

    assert facts(voice=voice, reporting=9, update_due=missing)["due"][:5] == expected


@pytest.mark.parametrize(
    ("before", "is_weekly", "is_now", "words"),
    [
        (None, False, False, ""),
        (date(2025, 11, 15), False, True, "15 Nov 2025"),
        (date(2026, 11, 15), True, True, "last week"),
        (date(2026, 11, 15), True, False, "the week before"),
    ],
)
def test_last_week_is_said_only_now(before, is_weekly, is_now, words):
    assert since_words(before, is_weekly=is_weekly, is_now=is_now) == words


def test_the_tone_is_the_worst_color_there_is():
    colors = [{"red": 1, "amber": 1}, {"amber": 1, "none": 1}, {"none": 1}, {"green": 1}, {}]

    assert [tone(KeyFigures(**counts)) for counts in colors] == [
        *("red", "amber", "none", "green"),
        "none",
    ]
