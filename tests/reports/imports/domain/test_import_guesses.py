"""Headers and words that mean one of our fields, names that look alike, and what the importer answered."""

import pytest

from pmo.common.tabular import Hints, Orientation, read
from reports.imports.domain import (
    RECORD_KINDS,
    Answers,
    ProfileError,
    guess_fields,
    mixed_header,
    profile_from_dict,
    profile_to_dict,
    similar_names,
)

PROJECT = RECORD_KINDS["project"]


def table(*words, header="Status"):
    lines = [f"Code,Name,{header}", *(f"{n},Project {n},{word}" for n, word in enumerate(words))]
    return read("\n".join(lines).encode())


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("Green", "Amber", "RED"), "color"),
        (("Green", "Unclear"), "color"),
        (("On track", "Late"), "color"),
        (("Planning", "On hold", "Delivery"), "stage"),
        (("in planning", "on-hold"), "stage"),
    ],
)
def test_status_is_what_its_words_are(words, field):
    guesses = guess_fields(table(*words), PROJECT)

    assert {name for name in ("color", "stage") if guesses.get(name) == "Status"} == {field}
    assert mixed_header(table(*words), PROJECT) == ""


def test_status_of_colors_and_stages_is_left_to_be_asked_about():
    mixed = table("Green", "On hold")

    assert set(guess_fields(mixed, PROJECT)) == {"code", "name"}
    assert mixed_header(mixed, PROJECT) == "Status"


def test_other_kinds_are_guessed_by_header_alone():
    risks = read(b"Project code,Title,Likelihood,Impact\nP-1,Late,3,4\n")

    assert set(guess_fields(risks, RECORD_KINDS["risk"])) == {"project", "title", "likelihood", "impact"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("anna reid", ["Anna Reed", "Anne Reid"]),
        ("a. reid", ["Anne Reid"]),
        ("tom baker", []),
        ("reed", []),
    ],
)
def test_names_that_look_alike(name, found):
    known = {"anna reed": "Anna Reed", "anne reid": "Anne Reid", "jo hart": "Jo Hart"}

    assert sorted(similar_names(name, known)) == found


def test_answers_go_into_the_mapping_and_come_back():
    document = {
        "name": "x",
        "record": "project",
        "answers": {
            "stage": "delivery",
            "portfolio": "All",
            "people": {"anna reid": "add"},
            "units": {"it": "7"},
            "below": 3,
        },
    }

    profile = profile_from_dict(document)

    assert profile.answers == Answers("delivery", "All", {"anna reid": "add"}, {"it": "7"}, 3)
    assert profile_to_dict(profile) == document


@pytest.mark.parametrize("answers", [{"below": "x"}, {"people": 3}, {"units": [1]}])
def test_answers_of_another_shape_are_refused(answers):
    with pytest.raises(ProfileError, match="“answers” holds stage"):
        profile_from_dict({"name": "x", "record": "project", "answers": answers})


def test_names_that_repeat_are_still_names_where_a_header_says_so():
    lines = ["Project code,Name,Baseline", *(f"P-{n},Go-live,2026-01-0{n}" for n in range(1, 6))]
    milestones = read("\n".join(lines).encode())
    history = read(b"Name,As of\nWard,2026-01-01\nWard,2026-02-01\nWard,2026-03-01\n")

    assert guess_fields(milestones, RECORD_KINDS["milestone"])["name"] == "Name"
    assert guess_fields(history, PROJECT)["name"] == "Name"


def test_a_header_that_holds_the_words_of_a_name_is_chosen_only_when_its_cells_agree():
    text = "Name,Planned finish of the works,Budget holder\nWard,2026-01-01,Anna Reid\nLab,2026-02-01,Tom Baker\n"
    works = read(text.encode())

    assert guess_fields(works, PROJECT) == {
        "name": "Name",
        "baseline_finish": "Planned finish of the works",
    }


def test_a_line_of_known_names_is_the_header_however_few_and_odd_the_rows_below():
    text = (
        "Code;Name;Unit;Start;Budget;Percent complete;Comment\n"
        ";;B-01;Lab refit;Finance;23 Jun 2026;60,044;4%;roof\n;Grand total;;;60,044;;\n"
    )
    table = read(text.encode(), Hints(record="project"))

    assert table.orientation is Orientation.ROWS
    assert table.headers[:3] == ("Code", "Name", "Unit")
    assert [one.lines for one in table.misaligned] == [(2,)]
