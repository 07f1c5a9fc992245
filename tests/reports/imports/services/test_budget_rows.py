from datetime import date
from decimal import Decimal

import pytest

from projects.models import BudgetLine
from reports.imports.services import undoing
from tests.factories import BudgetLineFactory, FundingSourceFactory, ProjectFactory
from tests.reports.imports.services import test_cost_rows as ledger
from tests.reports.imports.services.test_undoing import tables

pytestmark = pytest.mark.django_db
LINES = (
    "Project code,Category,Kind,Fiscal year,Approved amount,Approved on,Funding source,Cost center\n"
    "P-1,Build,Capex,,1.5m,2026-01-05,FS,7010\n"
    "P-1,Build,Capital,FY27,700k,,Board money,\n"
    "P-1,Training,OpEx,2026/27,Not yet tendered,,,7020\n"
)


@pytest.fixture
def wing():
    FundingSourceFactory(code="FS", name="Board money")
    return ProjectFactory(code="P-1")


def counts(text, by):
    return ledger.counts(text, by, record="budget_line")


def changes(text, by):
    return ledger.changes(text, by, record="budget_line")


def faults(text, by):
    return ledger.faults(text, by, record="budget_line")


def test_lines_are_created_with_all_that_the_table_says(lead, wing):
    assert counts(LINES, lead) == {"created": 3, "updated": 0, "unchanged": 0}

    whole, year, training = BudgetLine.objects.order_by("pk")
    assert (whole.kind, whole.fiscal_year, whole.amount) == ("capital", None, 1500000)
    assert (whole.approved_on, whole.funding_source.code, whole.cost_center) == (date(2026, 1, 5), "FS", "7010")  # fmt: skip
    assert (year.fiscal_year, year.amount, year.funding_source.code) == (2027, 700000, "FS")
    assert (training.kind, training.fiscal_year) == ("operating", 2027)
    assert (training.amount, training.stated_reason) == (None, "Not yet tendered")


def test_file_that_is_sent_again_changes_nothing(lead, wing):
    counts(LINES, lead)
    before = tables()

    assert counts(LINES, lead) == {"created": 0, "updated": 0, "unchanged": 3}
    assert tables() == before


def test_line_is_found_again_and_changed_and_blank_cells_leave_what_is_there(lead, wing):
    counts(LINES, lead)
    text = (
        "Project code,Category,Kind,Fiscal year,Approved amount\n"
        "P-1,build,Capital,,1.6m\nP-1,Training,Operating,FY27,48k\nP-1,Build,Operating,,5\n"
    )

    assert changes(text, lead) == [
        [("Category", "Build", "build"), ("Approved amount", "$1,500,000", "$1,600,000")],
        [("Approved amount", "empty", "$48,000"), ("Why there is no amount", "Not yet tendered", "empty")],
        [("Approved amount", "empty", "$5")],
    ]  # fmt: skip
    assert counts(text, lead) == {"created": 1, "updated": 2, "unchanged": 0}
    assert BudgetLine.objects.get(category="build").cost_center == "7010"
    assert BudgetLine.objects.get(category="Training").amount == Decimal(48000)


def test_lines_beside_an_imported_total_are_named(lead, wing):
    BudgetLineFactory(project=wing, category="Approved budget", amount=1600000)

    told = ledger.told(LINES, lead, record="budget_line")

    assert told == {"beside_total": 1}


def test_rows_that_cannot_be_written_say_why(lead, wing):
    head = "Project code,Category,Kind,Fiscal year,Approved amount,Funding source\n"
    text = head + (
        "P-9,A,,,5,\nP-1,B,,27,5,\nP-1,C,,,5,Nobody\nP-1,D,,,,\nP-1,E,,,-5,\nP-1,F,Gold,,5,\n"
        "P-1,G,,,5,\nP-1,g,Capital,Whole life,6,\n"
    )

    found = faults(text, lead)

    assert [(line, wrong) for line, _, wrong in found] == [
        (2, "No project has this code."),
        (3, "This is no fiscal year."),
        (4, "There is no funding source of this name."),
        (5, "Give an amount, or say why there is none."),
        (6, "Approved amount is too low."),
        (7, "Kind is a word that is not known here."),
        (9, "This record was there before, at line 8, column A."),
    ]


def test_undo_leaves_every_table_as_it_was(lead, wing):
    BudgetLineFactory(project=wing, category="Build", amount=9, cost_center="old")
    before = tables()
    run = ledger.written(LINES, lead, record="budget_line")
    assert tables() != before

    undone = undoing.undo(run=run, by=lead)

    assert tables() == before
    assert undone.report["kept"] == 0


def test_line_on_which_costs_are_booked_since_stays_at_the_undo(lead, wing):
    run = ledger.written(LINES, lead, record="budget_line")
    ledger.written("Cost center,Posting date,Amount\n7010,2026-03-02,5\n", lead)

    undone = undoing.undo(run=run, by=lead)

    assert undone.report["kept"] == 1
    assert list(BudgetLine.objects.values_list("cost_center", flat=True)) == ["7010"]
