from datetime import date, timedelta
from decimal import Decimal

import pytest

from reports.domain.lines import Mark, ProjectLine, Seen
from reports.domain.summary import page_for
from reports.words.summary import OfficeWords, changes_of, sheet_of, voice_of

SUNDAY, BEFORE = date(2026, 11, 15), date(2026, 11, 8)
OFFICE = OfficeWords(headline="We are fine. Really.", note="Note.", comments={"1": "Ours."})


def line(key, color="green", **fields):
    values = {"name": f"P{key}", "is_active": True, "was_active": True, "overall_before": color}
    return ProjectLine(id=key, overall=color, measured=color, **(values | fields))


def sheet(*lines, hidden=0, since=BEFORE, words=OFFICE):
    seen = Seen(lines=lines, hidden=hidden, is_all=not hidden)
    page = page_for(seen, as_of=SUNDAY, since=since)
    voice = voice_of(as_of=SUNDAY, since=since, currency="$", year_start=7)
    return sheet_of(page, words=words, voice=voice)


def test_who_sees_all_reads_the_office_s_words():
    found = sheet(line(1, "red"))

    assert (found.headline, found.note, found.words_note) == ("We are fine. Really.", "Note.", "")
    assert (found.first_sentence, found.other_sentences) == ("We are fine.", "Really.")
    assert found.attention.rows[0].comment == "Ours."


def test_who_does_not_see_all_reads_computed_words_and_why():
    found = sheet(line(1, "red"), hidden=2)

    assert found.headline.startswith("1 of 1 project is red.")
    assert found.note == ""
    assert "2 running projects here are hidden from you" in found.words_note


@pytest.mark.parametrize(
    ("since", "words"),
    [(BEFORE, "1 more than the week before"), (date(2025, 11, 15), "1 more than on 15 Nov 2025")],
)
def test_a_count_says_with_which_day_it_is_compared(since, words):
    found = sheet(line(1, "red", overall_before="green"), since=since)

    assert found.facts[0].change == words
    assert found.facts[0].direction == "worse"


def test_without_a_freeze_before_a_count_says_so():
    found = sheet(line(1, "red", was_active=False, overall_before=None), since=None)

    assert found.facts[0].change == "Nothing to compare with yet"


def test_money_says_over_how_many_projects_and_why_others_are_left_out():
    found = sheet(
        line(1, approved_budget=Decimal(1_000_000), forecast_cost=Decimal(1_500_000)),
        line(2, approved_budget=Decimal(5), reasons={"forecast_cost": "Exempt under section 43."}),
    )

    assert found.money_facts == (
        ("Approved", "$1.0M"),
        ("Spent", "–"),
        ("Forecast", "$1.5M"),
        ("Over or under", "+$500K (+50.0%)"),
    )
    assert found.money_note == "From 1 of 2 projects. Left out: Exempt under section 43 (1)."


def test_no_money_is_a_dash_never_zero():
    found = sheet(line(1))

    assert [value for _, value in found.money_facts] == ["–"] * 4
    assert found.facts[2].value == ""


def test_a_disputed_report_stands_beside_what_the_data_says():
    found = sheet(
        ProjectLine(
            id=1,
            name="Pump",
            is_active=True,
            overall="green",
            note="All good.",
            measured="red",
            measured_rule="59 days late.",
            is_disputed=True,
        )
    )

    row = found.attention.rows[0]
    assert (row.color, row.why, row.data_says) == (
        "green",
        "All good.",
        "Data says Red: 59 days late.",
    )


def test_silence_is_said_with_its_last_day():
    found = sheet(line(1, "none", is_silent=True, updated_on=date(2026, 10, 15)))

    assert found.attention.rows[0].why == "No update since 15 Oct 2026."
    assert "1 without an update" in found.freshness


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"overall": "red", "overall_before": "amber"}, ["Worse, was Amber"]),
        ({"overall": "green", "overall_before": "red"}, ["Better, was Red"]),
        ({"overall": "none", "overall_before": "green"}, ["No report, was Green"]),
        ({"overall": "amber", "overall_before": "none"}, ["Reports again"]),
        ({"was_active": False, "overall_before": None}, ["New here"]),
        ({"overall_before": "green"}, ["No change"]),
        (
            {
                "overall_before": "green",
                "forecast_cost": Decimal(30),
                "forecast_cost_before": Decimal(10),
                "forecast_finish": date(2026, 1, 2),
                "forecast_finish_before": date(2026, 1, 3),
            },
            ["forecast +$20", "finish 1 day earlier"],
        ),
    ],
)
def test_what_changed_is_said_in_order(fields, words):
    values = {"overall": "green", "is_active": True, "was_active": True} | fields

    assert changes_of(ProjectLine(id=1, **values), "$", compared=True) == words


def test_nothing_changed_where_nothing_is_compared():
    assert changes_of(line(1), "$", compared=False) == []


def test_a_reader_who_sees_no_project_is_told_so():
    found = sheet(hidden=3)

    assert found.headline == "There is no running project here that you can see."
    assert found.freshness.startswith("0 running projects; 3 more hidden from you.")


def test_where_nothing_is_recorded_a_count_is_a_dash_never_zero():
    bare = {"lacks_milestones": True, "lacks_register": True}
    nothing, some = sheet(line(1, **bare)), sheet(line(1, **bare), line(2))

    assert [(fact.label, fact.value, fact.change) for fact in nothing.facts[3:5]] == [
        ("Late milestones", "", "None recorded"),
        ("High risks", "", "None registered"),
    ]
    assert [fact.value for fact in some.facts[3:5]] == ["0", "0"]


def test_a_milestone_says_how_far_off_its_day_is():
    marks = tuple(
        Mark(name=f"{days}", due_date=SUNDAY + timedelta(days=days)) for days in (-2, -1, 0, 1, 9)
    )
    found = sheet(line(1, milestones=marks))

    rows = [*found.missed.rows, *found.soon.rows]
    assert {row.name: row.when for row in rows} == {
        "-2": "2 days overdue",
        "-1": "1 day overdue",
        "0": "today",
        "1": "in 1 day",
        "9": "in 9 days",
    }


def test_where_only_this_year_can_be_compared_this_year_is_shown():
    found = sheet(
        line(
            1,
            approved_budget=Decimal(9),
            fiscal_year=2027,
            year_budget=Decimal(4),
            year_forecast=Decimal(3),
        ),
        hidden=1,
    )

    assert (found.facts[2].label, found.facts[2].value) == ("Forecast cost FY2026/27", "$3")
    assert (found.facts[2].change, found.facts[2].direction) == ("$1 under $4 budget", "")
    assert "Forecast cost in FY2026/27 is $1 under budget (25.0%)." in found.headline
    assert dict(found.money_facts) == {
        "Approved": "$9",
        "Spent": "–",
        "Forecast": "–",
        "Over or under": "–",
        "Budget this year": "$4",
        "Forecast this year": "$3",
        "Over or under this year": "−$1 (−25.0%)",
    }


def test_a_rating_published_elsewhere_is_said_in_its_own_words():
    found = sheet(line(1, "red", published_rating="Amber/Red"))

    assert found.attention.rows[0].why == "Published as Amber/Red."


def test_only_projects_that_owe_an_update_are_counted_as_on_time_or_missing():
    found = sheet(
        line(1, stage="delivery"),
        line(2, "none", stage="delivery", is_silent=True),
        line(3, "none", stage="proposal"),
    )

    assert found.facts[5][:5] == ("Updates on time", "1", "2", "1 missing", "worse")


def test_where_nobody_owes_an_update_none_is_on_time():
    found = sheet(line(1, "none", stage="proposal"))

    assert found.facts[5][:4] == ("Updates on time", "", "", "None is due")
