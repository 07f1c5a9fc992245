"""A word that is asked about comes with the choice that it most likely means, or with none."""

import pytest

from projects.domain.stages import Stage
from reports.imports.domain.likely_words import likely

CATEGORIES = [
    ("ehr", "Health records and clinical IT"),
    ("facilities", "Buildings and facilities"),
    ("safety", "Patient safety and infection"),
    ("cyber", "Cybersecurity"),
    ("finance", "Finance and ERP"),
]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("IT", "ehr"),
        ("Facilities", "facilities"),
        ("Facilites", ""),  # two words of the name, one of them misspelled
        ("Cyber security", "cyber"),
        ("and", ""),  # in several
        ("Capital", ""),
        ("", ""),
    ],
)
def test_category_is_guessed_where_one_stands_out(word, meant):
    assert likely("category", word, CATEGORIES) == meant


@pytest.mark.parametrize(
    ("word", "stage"),
    [("Construction", "delivery"), ("In  progress", "delivery"), ("COMPLETED", "closed"),
     ("Paused", "on_hold"), ("Deliverry", "delivery"), ("Purple", "")],
)  # fmt: skip
def test_stage_is_guessed_by_what_others_call_it(word, stage):
    assert likely("stage", word, Stage.choices()) == stage
    words = [(str(name), str(name)) for _, name in Stage.choices()]
    assert likely("stage", word, words) == (str(Stage(stage).label) if stage else "")
    assert likely("category", "Completed", CATEGORIES) == ""
