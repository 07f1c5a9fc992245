"""The audit trail as people read it."""

import json
from datetime import date

import pytest

from pmo.common.models import AuditEvent
from pmo.common.records.audit import Fault
from reports.words.changes import (
    action_words,
    chain_faults,
    chain_words,
    document_name,
    event_line,
)
from reports.words.seals import short_seal


def event(*, action="risk.changed", target="risks.risk:7", scope="projects.project:3", **body):
    text = json.dumps({"before": {}, "after": {}} | body)
    return AuditEvent(action=action, target=target, scope=scope, body=text)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("variance.made", "Variance report created"),
        ("role.granted", "Role added"),
        ("task.waits_changed", "Predecessors changed"),
        ("budget_line.created", "Budget line added"),
        ("tolerance.set", "Tolerance changed"),
        ("risk.created", "Risk created"),
        ("cost.recorded", "Cost recorded"),
    ],
)
def test_what_was_done_reads_as_a_sentence(action, words):
    assert action_words(action) == words


def test_an_event_names_its_record_and_its_project():
    line = event_line(
        event(before={"title": "Leak", "score": 4, "owner_id": None}, after={"score": 9}),
        {"projects.project:3": "North tower"},
    )

    assert (line.what, line.about, line.details) == (
        "Risk changed",
        "Leak · North tower",
        "2 changes",
    )
    assert line.fields == [("Score", 4, 9), ("Title", "Leak", None)]


def test_a_document_is_named_by_its_portfolio_and_day():
    names = {"reports.summary:1": document_name("Capital", date(2026, 11, 22))}

    line = event_line(event(action="summary.issued", target="reports.summary:1", scope=""), names)

    assert (line.what, line.about) == ("Summary issued", "Capital, 22 Nov 2026")
    assert document_name("", date(2026, 11, 22)) == "22 Nov 2026"


def test_a_project_is_called_as_it_is_called_today():
    line = event_line(
        event(action="project.changed", target="projects.project:3", before={"name": "Tower"},
              after={"name": "North tower", "is_confidential": True}),
        {"projects.project:3": "North tower"},
    )  # fmt: skip

    assert line.about == "North tower"
    assert line.fields == [("Is confidential", None, "Yes"), ("Name", "Tower", "North tower")]


@pytest.mark.parametrize("body", ["", "[]", '{"before": 3}', "null"])
def test_an_altered_event_still_opens(body):
    line = event_line(AuditEvent(action="risk.changed", target="x:1", body=body), {})

    assert (line.what, line.about, line.fields, line.details) == ("Risk changed", "", [], "Details")


def test_the_end_of_the_trail_is_said_with_a_short_seal():
    assert chain_words(1_234, "7098b817" + "0" * 56) == (
        "1,234 events, the last with seal 7098 b817."
    )
    assert short_seal("7098b817ffff") == "7098 b817"


def test_a_whole_trail_and_a_broken_one_are_told_apart():
    assert chain_faults([]) == "Checked: nothing was altered."
    assert chain_faults([Fault(1, "its text was changed")]) == (
        "1 event is not as recorded: event 1, its text was changed."
    )
    assert chain_faults([Fault(number, "gone") for number in range(1, 8)]) == (
        "7 events are not as recorded: event 1, gone; event 2, gone; event 3, gone; event 4, gone;"
        " event 5, gone."
    )
