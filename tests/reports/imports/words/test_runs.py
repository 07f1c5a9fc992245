"""Where an import stands, in one sentence."""

import pytest

from projects.domain.stages import Stage
from reports.imports.models import ImportRun, ImportState
from reports.imports.words import warnings
from reports.imports.words.runs import added, state_sentence


def run(state, **report):
    return ImportRun(state=state, report={"total": 12, "problem_count": 0, **report})


COUNTS = {"created": 9, "updated": 2, "unchanged": 1}
UNKNOWN = [{"sort": "person"}, {"sort": "person"}, {"sort": "unit"}]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (
            run(ImportState.READY, counts=COUNTS),
            "All 12 rows can be written: 9 new, 2 changed, 1 unchanged.",
        ),
        (
            run(ImportState.READY, counts=COUNTS, unknown=UNKNOWN),
            (
                "All 12 rows can be written: 9 new, 2 changed, 1 unchanged. The file names 2 people and"
                " 1 unit not in Rounds: choose below what to do with them."
            ),
        ),
        (
            run(ImportState.APPLIED, counts=COUNTS),
            "All 12 rows are written: 9 new, 2 changed, 1 unchanged.",
        ),
        (
            run(ImportState.FAULTY, problem_count=1),
            "1 problem in 12 rows. Nothing was written.",
        ),
        (
            run(ImportState.FAULTY, questions=[{"header": "Start"}]),
            "Nothing was written. Answer the question below first.",
        ),
        (
            run(ImportState.FAULTY, questions=[]),
            "No rows to import were found. Check the header line and the columns.",
        ),
    ],
)
def test_an_import_says_where_it_stands(one, said):
    assert state_sentence(one) == said


def test_what_was_added_is_named_by_what_it_is():
    one = run(ImportState.APPLIED, added={"person": ["Ann", "Bo"], "unit": []})

    assert added(one) == [("People added, who cannot sign in yet", "Ann, Bo")]


@pytest.mark.parametrize(
    ("stage", "amount", "said"),
    [
        (
            *(Stage.ON_HOLD, 1),
            "1 project arrives in the stage On hold: no weekly update is due until the stage changes.",
        ),
        (
            *(Stage.CANCELLED, 2),
            (
                "2 projects arrive in the stage Cancelled: no weekly update is due, and no summary shows"
                " them."
            ),
        ),
    ],
)
def test_projects_that_are_never_asked_for_an_update_are_said(stage, amount, said):
    assert warnings.never_reports(stage, amount) == said


def test_red_projects_without_an_ask_are_said():
    assert warnings.without_ask(0) == ""
    assert warnings.without_ask(1) == (
        "The file does not say what help 1 red project needs; its next update asks for it."
    )
    assert warnings.without_ask(3) == (
        "The file does not say what help 3 red projects need; their next updates ask for it."
    )
