from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from pmo.common.models import AppendOnlyError, AuditEvent, AuditHead, Job
from pmo.common.records import audit
from pmo.common.records.writing import EditConflictError, RefusalError
from reports.models import Delivery, Snapshot, Summary, SummaryReading, SummaryState, scope_of
from reports.selectors.documents import misses_of
from reports.services.summaries import (
    canonical_text,
    compile_summary,
    is_intact,
    issue_summary,
    note_reading,
    request_summary,
    review_summary,
)
from tests.factories import PortfolioFactory, ProjectFactory
from tests.reports.documents import BEFORE, SUNDAY, finished, freeze, member, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(draft, lead):
    reviewed = review_summary(
        summary=draft, version=1, by=lead, headline="Steady.", comments={"1": ""}
    )
    return issue_summary(summary=reviewed, version=reviewed.version, by=lead)


def rewrite(sql, *values):
    """Do what only the owner of the database can: go round the services and the fence."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS reports_summary_fence_update")
        cursor.execute(sql, values)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def test_what_is_sealed_is_written_letter_by_letter_as_it_always_was():
    """A seal holds for as long as this text stays the same, whatever order a database gives back."""
    summary = Summary(
        portfolio_id=7,
        date=date(2026, 11, 22),
        compared_with=date(2026, 11, 15),
        content={"lines": [{"name": "Café", "id": 3}], "kind": "week"},
        headline="Steady – so far.",
        comments={"3": "See “below”"},
        reviewed_by_id=1,
        issued_by_id=2,
        issued_at=datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
        audit_sequence=41,
        audit_mac="ab12",
    )

    assert canonical_text(summary) == (
        r'{"audit_head":[41,"ab12"],"comments":{"3":"See \u201cbelow\u201d"},'
        r'"compared_with":"2026-11-15","content":{"kind":"week","lines":[{"id":3,"name":"Caf\u00e9"}]},'
        r'"date":"2026-11-22","headline":"Steady \u2013 so far.",'
        r'"issued_at":"2026-11-23T08:30:00+00:00","issued_by":2,"office_note":"","portfolio":7,'
        r'"reviewed_by":1}'
    )


def test_a_summary_holds_a_line_for_each_project_and_the_freeze_before(portfolio, draft):
    wing, portal, secret = portfolio.projects

    assert [line["id"] for line in draft.content["lines"]] == [wing.pk, portal.pk, secret.pk]
    assert (draft.date, draft.compared_with, draft.state) == (SUNDAY, BEFORE, SummaryState.DRAFT)
    assert draft.headline.startswith("1 of 3 projects is red. One got worse since the week before")
    assert AuditEvent.objects.filter(action="summary.compiled").count() == 1


def test_a_line_holds_what_is_missed_or_due_soon_and_no_other_milestone(draft):
    wing = draft.content["lines"][0]

    assert [mark["name"] for mark in wing["milestones"]] == ["Permit", "Topped out"]
    assert wing["milestones"][0]["due_date_before"] == "2026-11-06"


def test_a_line_says_what_was_never_recorded(portfolio):
    day = date(2026, 11, 22)
    freeze(day)
    bare, full = (member(portfolio, ProjectFactory()).project for _ in range(2))
    row(bare, day)
    row(full, day, milestones=1, open_risks=1)
    row(closed := member(portfolio, ProjectFactory()).project, day, measured_risk="green")

    lines = compile_summary(scope=scope_of(portfolio), day=day, by=None).content["lines"]

    found = {
        line["id"]: (line.get("lacks_milestones"), line.get("lacks_register")) for line in lines
    }
    assert found[bare.pk] == (True, True)
    assert found[full.pk] == (None, None)
    assert found[closed.pk] == (True, None)


def test_a_freeze_is_compiled_once(portfolio, draft):
    again = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)

    assert again == draft
    assert AuditEvent.objects.filter(action="summary.compiled").count() == 1


def test_the_first_freeze_is_compared_with_nothing(portfolio):
    first = compile_summary(scope=scope_of(portfolio), day=BEFORE, by=None)

    assert first.compared_with is None


def test_a_project_taken_out_of_the_portfolio_is_named_as_gone(portfolio):
    wing, *_ = portfolio.projects
    wing.portfolio_entries.update(removed_on=SUNDAY)

    lines = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None).content["lines"]

    assert (lines[0]["id"], lines[0]["stage"]) == (wing.pk, "left")
    assert "is_active" not in lines[0]


def test_only_a_frozen_day_can_be_asked_for(portfolio, lead):
    with pytest.raises(RefusalError, match="Nothing was frozen"):
        request_summary(scope=scope_of(portfolio), day=date(2026, 11, 14), by=lead)

    assert not Job.objects.exists()


def test_a_freeze_of_another_portfolio_is_not_offered(portfolio, lead):
    freeze(date(2026, 10, 1), portfolio=PortfolioFactory())

    with pytest.raises(RefusalError):
        request_summary(scope=scope_of(portfolio), day=date(2026, 10, 1), by=lead)


def test_a_review_changes_words_and_leaves_numbers(draft, lead):
    wing = str(draft.content["lines"][0]["id"])

    reviewed = review_summary(
        summary=draft,
        version=1,
        by=lead,
        headline="One red.",
        office_note="Committee on Tuesday.",
        comments={wing: " We stand behind this. "},
    )

    reviewed.refresh_from_db()
    assert (reviewed.headline, reviewed.reviewed_by, reviewed.version) == ("One red.", lead, 2)
    assert reviewed.comments == {wing: "We stand behind this."}
    assert reviewed.content == draft.content


def test_the_trail_of_a_review_does_not_repeat_its_words(draft, lead):
    review_summary(summary=draft, version=1, by=lead, headline="Juniper is red.", comments={})

    event = AuditEvent.objects.get(action="summary.reviewed")
    assert "Juniper" not in event.body
    assert "words_sha256" in event.body


def test_the_second_reviewer_does_not_overwrite_the_first(draft, lead):
    review_summary(summary=draft, version=1, by=lead, headline="First.", comments={})

    with pytest.raises(EditConflictError):
        review_summary(summary=draft, version=1, by=lead, headline="Second.", comments={})

    assert Summary.objects.get().headline == "First."


@pytest.mark.parametrize(
    ("key", "text"),
    [("999999", "Not in here."), ("own", "x" * 281), ("own", "Patient MRN 12345678 fell.")],
)
def test_a_comment_is_refused_at_its_field(draft, lead, key, text):
    key = str(draft.content["lines"][0]["id"]) if key == "own" else key

    with pytest.raises(ValidationError) as refused:
        review_summary(summary=draft, version=1, by=lead, comments={key: text})

    assert list(refused.value.error_dict) == [f"comment_{key}"]
    assert Summary.objects.get().comments == {}


def test_a_summary_is_not_issued_before_somebody_reviewed_it(draft, lead):
    with pytest.raises(RefusalError, match="Nobody has reviewed"):
        issue_summary(summary=draft, version=1, by=lead)

    assert Summary.objects.get().state == SummaryState.DRAFT
    assert not Delivery.objects.exists()


def test_words_changed_meanwhile_are_not_issued_unread(draft, lead):
    review_summary(summary=draft, version=1, by=lead, headline="New.", comments={})

    with pytest.raises(EditConflictError):
        issue_summary(summary=draft, version=1, by=lead)


def test_an_issued_summary_is_sealed_with_the_end_of_the_trail(draft, lead):
    reviewed = review_summary(summary=draft, version=1, by=lead, comments={})
    head = AuditHead.objects.get()

    issued = issue_summary(summary=reviewed, version=None, by=lead)

    assert (issued.audit_sequence, issued.audit_mac) == (head.sequence, head.mac)
    assert audit.faults(head=(issued.audit_sequence, issued.audit_mac)) == []
    assert is_intact(Summary.objects.select_related("portfolio").get())
    assert issued.seal in AuditEvent.objects.get(action="summary.issued").body


def test_nothing_of_an_issued_summary_changes(issued, lead):
    before = Summary.objects.values().get()

    with pytest.raises(RefusalError, match="sealed"):
        review_summary(summary=issued, version=None, by=lead, headline="No.", comments={})
    with pytest.raises(RefusalError, match="sealed"):
        issue_summary(summary=issued, version=None, by=lead)
    with pytest.raises(AppendOnlyError):
        Summary.objects.filter(pk=issued.pk).update(headline="No.")

    assert Summary.objects.values().get() == before


@pytest.mark.parametrize("column", ["content", "headline", "comments", "sealed_text"])
def test_a_summary_that_was_tampered_with_is_found(issued, column):
    value = '{"lines": []}' if column in {"content", "comments"} else "Changed."
    sql = f"UPDATE reports_summary SET {column} = %s WHERE id = %s"  # noqa: S608 - one of four names
    rewrite(sql, value, issued.pk)

    assert not is_intact(Summary.objects.get())


def test_text_and_seal_forged_together_do_not_match_the_record(issued):
    import hashlib  # noqa: PLC0415 - only the forger needs it

    forged = issued.sealed_text.replace("Steady.", "Great!")
    digest = hashlib.sha256(forged.encode()).hexdigest()
    rewrite(
        "UPDATE reports_summary SET sealed_text = %s, seal = %s WHERE id = %s",
        forged,
        digest,
        issued.pk,
    )

    assert not is_intact(Summary.objects.get())


def test_a_reader_is_noted_once_and_only_for_what_is_issued(draft, lead):
    note_reading(summary=draft, by=lead)
    assert not SummaryReading.objects.exists()

    reviewed = review_summary(summary=draft, version=1, by=lead, comments={})
    issued = issue_summary(summary=reviewed, version=None, by=lead)
    for _ in range(2):
        note_reading(summary=issued, by=lead)

    assert SummaryReading.objects.count() == 1


class TestLanding:
    """Where the projects will land is compiled with the lines and sealed with them."""

    def test_a_line_holds_the_estimate_its_range_and_its_method(self, draft):
        wing, portal, _ = draft.content["lines"]

        assert {name: wing[name] for name in ("eac", "eac_low", "eac_high", "eac_method")} == {
            "eac": "100.00",
            "eac_low": "100.00",
            "eac_high": "110.00",
            "eac_method": "cpi",
        }
        assert (wing["forecast_finish_ev"], "eac_reason" in wing) == ("2027-02-01", False)
        assert ("eac" in portal, portal["eac_reason"]) == (False, "No reason recorded.")

    def test_misses_are_those_known_by_the_day(self, portfolio):
        done = finished(portfolio, cost=120, forecast=100)
        finished(portfolio, cost=150, forecast=100, frozen_on=date(2026, 11, 22))

        content = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None).content

        assert content["finished"] == [
            {"id": done.pk, "cost": "0.200000", "finish": "0.000000", "days": "0.000000"},
        ]

    def test_what_it_costs_afterwards_changes_no_miss(self, portfolio):
        done = finished(portfolio, cost=120, forecast=100)
        live = Snapshot.objects.live().get(project=done)
        live.spent = 999
        live.save()

        content = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None).content

        assert content["finished"][0]["cost"] == "0.200000"

    @pytest.mark.parametrize("part", ["finished", "elsewhere"])
    def test_the_seal_covers_it(self, portfolio, lead, part):
        for of in (portfolio, PortfolioFactory()):
            finished(of, cost=120, forecast=100)
        draft = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
        reviewed = review_summary(summary=draft, version=1, by=lead, headline="Fine.", comments={})
        issued = issue_summary(summary=reviewed, version=reviewed.version, by=lead)

        assert is_intact(issued)
        issued.content[part][0]["cost"] = "0.000000"
        assert not is_intact(issued)

    @pytest.mark.parametrize("number", [1, 6])
    def test_misses_ask_the_same_questions_for_any_number(
        self, portfolio, number, django_assert_num_queries
    ):
        for _ in range(number):
            finished(portfolio, cost=120, forecast=100)

        for _ in range(number):
            finished(PortfolioFactory(), cost=120, forecast=100)

        with django_assert_num_queries(4):
            found = misses_of(scope_of(portfolio), day=SUNDAY)

        assert [len(found[part]) for part in ("finished", "elsewhere")] == [number, number]
