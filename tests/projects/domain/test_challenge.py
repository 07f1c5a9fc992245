"""Which judgments of an update are better than the data, and which sentence they owe."""

from datetime import date

import pytest

from projects.domain.challenge import (
    Dated,
    Owed,
    better_than_measured,
    challenges,
    says_nothing_new,
    unanswered,
)
from projects.domain.colors import Color
from projects.domain.health import Measure

TODAY = date(2026, 11, 20)
COLORS = ["red", "amber", "green"]


def measured(**colors):
    return {
        name: Measure(color=Color(color), rule=f"{name} rule.") for name, color in colors.items()
    }


@pytest.mark.parametrize("said", [*COLORS, "", "none"])
@pytest.mark.parametrize("data", [*COLORS, "none"])
def test_only_better_news_than_the_data_is_challenged(said, data):
    found = better_than_measured({"cost": said}, measured(cost=data))

    is_better = said in COLORS and data in COLORS and COLORS.index(said) > COLORS.index(data)
    assert list(found) == (["cost"] if is_better else [])


@pytest.mark.parametrize(
    ("sentence", "before", "owed"),
    [
        ("", "", Owed.EMPTY),
        (" \n. ", "The crane is here.", Owed.EMPTY),
        ("The crane is here.", "The crane is here.", Owed.REPEATED),
        ("the  crane is here", "The crane is here.", Owed.REPEATED),
        ("The crane is here!!", "The crane is here.", Owed.REPEATED),
        ("The crane is back.", "The crane is here.", None),
        ("The crane is here.", "", None),
        ("起重机已到", "", None),
    ],
)
def test_sentence_counts_when_it_is_of_this_week(sentence, before, owed):
    found = challenges(
        {"schedule": "green", "schedule_note": sentence},
        [{}, {"schedule_note": "Another."}, {"schedule_note": before}],
        measured(schedule="red"),
    )

    assert [(one.field, one.said, one.owed) for one in found] == (
        [("schedule_note", Color.GREEN, owed)] if owed else []
    )


def test_each_judgment_owes_its_own_sentence():
    said = {"overall": "green", "overall_note": "Fine.", "cost": "amber", "risk": "green"}

    found = challenges(
        said, [{"overall_note": "Fine."}], measured(overall="red", cost="red", risk="green")
    )

    assert [(one.field, one.owed) for one in found] == [
        ("overall_note", Owed.REPEATED),
        ("cost_note", Owed.EMPTY),
    ]


@pytest.mark.parametrize(
    ("said", "is_old"),
    [
        ({"overall_note": "Fine."}, True),
        ({"overall_note": "fine", "done": " "}, True),
        ({"overall_note": "Fine.", "done": "Slab poured."}, True),
        ({"overall_note": "Fine.", "done": "Roof on."}, False),
        ({"overall_note": "Still fine."}, False),
        ({"overall_note": "Fine.", "risk_note": "One less."}, False),
    ],
)
def test_words_are_old_when_every_text_is(said, is_old):
    assert says_nothing_new(said, {"overall_note": "Fine.", "done": "Slab poured."}) is is_old


def test_milestone_past_its_day_needs_a_new_one_or_a_reason():
    points = [
        Dated(pk=1, name="Late", due=date(2026, 11, 19)),
        Dated(pk=2, name="Today", due=TODAY),
        Dated(pk=3, name="No day", due=None),
        Dated(pk=4, name="Explained", due=date(2026, 1, 1)),
        Dated(pk=5, name="A dot", due=date(2026, 1, 1)),
    ]

    found = unanswered(points, {4: "Permit.", 5: "."}, today=TODAY)

    assert [one.name for one in found] == ["Late", "A dot"]
