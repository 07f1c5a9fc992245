"""Postings of a ledger: booked once each, found again, never doubled."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from projects.models import CostEntry
from reports.imports.models import ImportState, RowState
from reports.imports.services import money_rows, runs, undoing, work
from reports.services.snapshots import freeze_week
from tests.factories import BudgetLineFactory, CostEntryFactory, ProjectFactory
from tests.reports.imports.services.scene import shown
from tests.reports.imports.services.test_undoing import tables

pytestmark = pytest.mark.django_db
HEAD = "Project code,Posting date,Amount,Account,Supplier,Text,Document number,Line item\n"
LEDGER = HEAD + (
    "P-1,2026-03-02,1000.50,Build,Acme,Claim 1,1900,1\n"
    "P-1,2026-03-09,(200.25),Build,Acme,Credit,1900,2\n"
    "P-2,2026-03-16,75-,Fees,Smith,Refund,1901,1\n"
)
PLAIN = "Project code,Posting date,Amount,Text\nP-1,2026-03-02,10,Gas\nP-1,2026-03-02,10,Gas\n"


@pytest.fixture
def wing():
    project = ProjectFactory(code="P-1")
    BudgetLineFactory(project=project, category="Build", cost_center="7010")
    ProjectFactory(code="P-2")
    return project


def started(text, by, *, record="cost", name="ledger.csv", **entries):
    """Take the file as the page does: its columns are guessed from the headers."""
    run = runs.start_import(file_name=name, content=text.encode(), by=by, record=record)
    return runs.map_columns(run=run, by=by, document=run.document | entries)


def written(text, by, **options):
    return runs.apply(run=started(text, by, **options), by=by)


def counts(text, by, **options):
    return written(text, by, **options).report["counts"]


def faults(text, by, **options):
    findings = work.check(started(text, by, **options), tries=False)
    return [(p.line, p.field, p.wrong) for p in findings.problems]


def changes(text, by, **options):
    work.check(started(text, by, **options))
    return shown()


def told(text, by, **options):
    findings = work.check(started(text, by, **options))
    return {one.value: rows for one, rows in findings.tally.told.items()}


def booked(project=None):
    rows = CostEntry.objects.all() if project is None else CostEntry.objects.filter(project=project)
    return sum(rows.values_list("amount", flat=True))


def test_postings_are_booked_with_their_signs_line_and_note(lead, wing):
    assert counts(LEDGER, lead) == {"created": 3, "updated": 0, "unchanged": 0}

    first, credit, refund = CostEntry.objects.order_by("pk")
    assert (first.project, first.line.category, first.entry_date) == (wing, "Build", date(2026, 3, 2))  # fmt: skip
    assert (first.amount, first.note) == (Decimal("1000.50"), "Acme, Claim 1 (1900)")
    assert (first.source, first.source_id) == ("", "1900|1|")
    assert [credit.amount, refund.amount] == [Decimal("-200.25"), -75]
    assert refund.line is None


def test_file_that_is_sent_again_adds_nothing(lead, wing):
    written(LEDGER, lead)
    before = tables()

    assert counts(LEDGER, lead) == {"created": 0, "updated": 0, "unchanged": 3}
    assert tables() == before


def test_changed_posting_is_reported_old_and_new_and_changed(lead, wing):
    written(LEDGER, lead)
    later = LEDGER.replace("1000.50", "1100.50").replace("2026-03-16", "2026-03-17")

    assert changes(later, lead) == [
        [("Amount", "$1,000.50", "$1,100.50")],
        [],
        [("Posting date", "16 Mar 2026", "17 Mar 2026")],
    ]
    assert counts(later, lead) == {"created": 0, "updated": 2, "unchanged": 1}
    assert booked() == Decimal("825.25")


def test_equal_postings_without_a_number_are_two_and_stay_two(lead, wing):
    assert counts(PLAIN, lead)["created"] == 2
    assert counts(PLAIN, lead) == {"created": 0, "updated": 0, "unchanged": 2}
    assert counts(PLAIN + "P-1,2026-03-02,10,Gas\n", lead) == {"created": 1, "updated": 0, "unchanged": 2}  # fmt: skip
    assert booked(wing) == 30


def test_lines_of_a_document_without_numbers_are_counted(lead, wing):
    text = "Project code,Posting date,Amount,Document number\nP-1,2026-03-02,10,77\nP-1,2026-03-02,5,77\n"

    assert counts(text, lead)["created"] == 2
    assert counts(text, lead)["unchanged"] == 2
    assert changes(text.replace(",5,", ",6,"), lead) == [[], [("Amount", "$5", "$6")]]


def test_same_number_of_another_ledger_or_year_is_another_posting(lead, wing):
    head = "Project code,Posting date,Amount,Document number,Line item,Company code,Fiscal year\n"
    rows = ("P-1,2026-03-02,1,77,1,1000,2026\n", "P-1,2026-03-02,1,77,1,2000,2026\n", "P-1,2025-03-02,1,77,1,1000,2025\n")  # fmt: skip

    assert counts(head + "".join(rows), lead)["created"] == 3
    assert counts(head + "".join(rows), lead)["unchanged"] == 3


def test_same_line_twice_in_one_file_is_refused(lead, wing):
    text = LEDGER + "P-1,2026-03-02,1000.50,Build,Acme,Claim 1,1900,1\n"

    assert [one[:2] for one in faults(text, lead)] == [(5, "code")]
    assert counts(text, lead)["created"] == 3


@pytest.mark.parametrize(
    ("head", "cells", "amount"),
    [
        ("Debit,Credit", "12.50,", "12.50"),
        ("Debit,Credit", ",12.50", "-12.50"),
        ("Debit,Credit", "0.00,-12.50", "-12.50"),
        ("Amount,Debit/Credit", "12.50,H", "-12.50"),
        ("Amount,Debit/Credit", "-12.50,H", "-12.50"),
        ("Amount,Debit/Credit", "12.50,S", "12.50"),
    ],
)
def test_side_of_a_posting_gives_its_sign(lead, wing, head, cells, amount):
    text = f"Project code,Posting date,{head}\nP-1,2026-03-02,{cells}\n"

    assert counts(text, lead)["created"] == 1
    assert booked() == Decimal(amount)


def test_cost_center_finds_project_and_line(lead, wing):
    text = "Cost center,Posting date,Amount\n7010,2026-03-02,5\n"

    assert counts(text, lead)["created"] == 1
    assert counts(text, lead)["unchanged"] == 1
    entry = CostEntry.objects.get()
    assert (entry.project, entry.line.category) == (wing, "Build")


def test_category_chooses_among_lines_of_a_cost_center_and_the_whole_life_before_a_year(lead, wing):
    BudgetLineFactory(project=wing, category="Fees", cost_center="7010")
    BudgetLineFactory(project=wing, category="Fees", cost_center="7010", fiscal_year=2026)
    head = "Cost center,Posting date,Amount,Account\n"

    written(head + "7010,2026-03-02,5,Fees\n7010,2026-03-02,6,Other\n", lead)

    lines = {entry.amount: entry.line for entry in CostEntry.objects.all()}
    assert (lines[5].category, lines[5].fiscal_year) == ("Fees", None)
    assert lines[6] is None
    assert told(head + "7010,2026-03-02,7,Other\n", lead) == {"no_line": 1}


def test_number_that_the_finance_system_has_for_a_project_finds_its_line(lead, wing):
    BudgetLineFactory(project=wing, category="Fees", cost_center="C-2026-014.01")
    text = "WBS Element,Cost center,Posting date,Amount\nC-2026-014.01,7010,2026-03-02,5\nP-1,7010,2026-03-02,6\n"  # fmt: skip

    assert counts(text, lead)["created"] == 2

    lines = {entry.amount: entry.line.category for entry in CostEntry.objects.all()}
    assert lines == {5: "Fees", 6: "Build"}


@pytest.mark.parametrize(
    "cells",
    [
        "7010,Build",
        "7010 Radiology,6500 Build",
        "7010 - Radiology,6500:Build",
        "7010: X,6500 - build",
    ],
)
def test_codes_and_names_in_one_cell_are_told_apart(lead, wing, cells):
    BudgetLineFactory(project=wing, category="Fees", cost_center="7010")

    written(f"Cost center,Account,Posting date,Amount\n{cells},2026-03-02,5\n", lead)

    assert CostEntry.objects.get().line.category == "Build"


def test_rows_that_find_no_project_say_why(lead, wing):
    BudgetLineFactory(project=ProjectFactory(), category="A", cost_center="8000")
    BudgetLineFactory(project=ProjectFactory(), category="A", cost_center="8000")
    hidden = ProjectFactory(is_confidential=True)
    BudgetLineFactory(project=hidden, category="A", cost_center="9000")
    later = (timezone.localdate() + timedelta(days=40)).isoformat()
    head = "Project code,Cost center,Posting date,Amount\n"
    text = head + f"P-9,,2026-03-02,5\n,9999,2026-03-02,5\n,8000,2026-03-02,5\n,,2026-03-02,5\nP-1,,2026-03-02,\nP-1,,{later},5\n"  # fmt: skip

    found = faults(text, lead)

    assert [one[:2] for one in found] == [
        (2, "project"), (3, "cost_center"), (4, "cost_center"), (5, "project"), (6, "amount"), (7, "date"),
    ]  # fmt: skip
    assert [one[2] for one in found][:5] == [
        "No project has this code.",
        "No budget line has this cost center.",
        "Several projects have budget lines with this cost center.",
        "This row names no project.",
        "This row has no amount.",
    ]
    assert "is in a month yet to come" in found[5][2]


def test_posting_that_is_booked_on_another_project_is_refused(lead, wing):
    written(LEDGER, lead)

    assert faults(LEDGER.replace("P-2", "P-1"), lead) == [
        (4, "project", "This is booked on another project already.")
    ]


def test_posting_that_came_in_at_the_same_moment_is_not_doubled(lead, wing, monkeypatch):
    written(LEDGER, lead)
    run = started(LEDGER + "P-1,2026-03-02,1,Build,Acme,More,1999,1\n", lead)
    monkeypatch.setattr(money_rows, "known_entries", lambda *_rows: {})

    run = runs.apply(run=run, by=lead)

    assert (run.report["counts"]["created"], run.report["handed_back"]) == (1, 3)
    assert run.report["problems"][0]["wrong"] == "This posting is here already."
    assert booked() == Decimal("726.25")


def test_line_that_somebody_chose_since_stays(lead, wing):
    written(LEDGER, lead)
    other = BudgetLineFactory(project=wing, category="Fees")
    CostEntry.objects.filter(source_id="1900|1|").update(line=other)

    assert counts(LEDGER, lead)["unchanged"] == 3
    assert CostEntry.objects.get(source_id="1900|1|").line == other


def test_posting_of_a_day_already_reported_is_booked_and_named(lead, wing):
    last = timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 1)
    freeze_week(last)
    text = f"Project code,Posting date,Amount,Document number,Line item\nP-1,{last},5,1,1\nP-1,{last + timedelta(days=1)},6,1,2\n"  # fmt: skip

    assert told(text, lead) == {"late": 1}
    assert counts(text, lead)["created"] == 2
    assert told(text, lead) == {}


def test_undo_leaves_every_table_as_it_was(lead, wing):
    written(LEDGER, lead)
    before = tables()
    run = written(LEDGER.replace("1000.50", "900") + "P-2,2026-03-20,8,Fees,Smith,More,1902,1\n", lead)  # fmt: skip
    assert tables() != before

    undone = undoing.undo(run=run, by=lead)

    assert tables() == before
    assert (undone.state, undone.report["kept"]) == (ImportState.UNDONE, 0)


def test_undo_after_a_freeze_answers_each_cost_and_lets_the_file_come_again(lead, wing):
    run = written(LEDGER, lead)
    freeze_week(timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 1))

    undone = undoing.undo(run=run, by=lead)

    assert (booked(), CostEntry.objects.count(), undone.report["kept"]) == (0, 6, 3)
    assert {row.state for row in undone.rows.all()} == {RowState.KEPT}
    assert counts(LEDGER, lead)["created"] == 3
    assert booked() == Decimal("725.25")


class TestPayments:
    HEAD = "Project code,Posting date,Amount,Document number,Line item,Purchase order\n"

    @pytest.fixture
    def order(self, wing):
        return CostEntryFactory(
            project=wing, line=wing.budget_lines.get(), kind="commitment", amount=100,
            entry_date=date(2026, 1, 1), source_id="4500|10",
        )  # fmt: skip

    def test_name_their_commitment_and_stand_on_its_line(self, lead, wing, order):
        written(self.HEAD + "P-1,2026-03-02,30,1,1,4500\n", lead)

        payment = CostEntry.objects.get(kind="actual")
        assert (payment.commitment, payment.line) == (order, order.line)

    def test_together_are_never_more_than_what_is_left(self, lead, wing, order):
        text = self.HEAD + "P-1,2026-03-02,60,1,1,4500\nP-1,2026-03-02,60,1,2,4500\n"

        assert counts(text, lead)["created"] == 1
        assert CostEntry.objects.commitments().get().paid == 60
        assert "Of the commitment $40 is left." in faults(text, lead)[0][2]

    def test_of_an_order_that_is_not_here_are_costs_of_their_own(self, lead, wing, order):
        text = self.HEAD + "P-1,2026-03-02,60,1,1,4711\n"

        assert told(text, lead) == {"no_order": 1}
        assert counts(text, lead)["created"] == 1
        assert CostEntry.objects.get(kind="actual").commitment is None

    def test_join_their_commitment_once_it_is_here(self, lead, wing, order):
        text = self.HEAD + "P-1,2026-03-02,60,1,1,4711\n"
        written(text, lead)
        CostEntryFactory(
            project=wing, kind="commitment", amount=90, entry_date=date(2026, 1, 1), source_id="4711|"
        )  # fmt: skip

        assert counts(text, lead)["updated"] == 1
        assert CostEntry.objects.get(kind="actual").commitment.source_id == "4711|"
