from datetime import date
from decimal import Decimal

import pytest

from pmo.accounts.roles import Role
from projects.models import CostEntry
from reports.imports.services import undoing
from tests.factories import BudgetLineFactory, MemberFactory, ProjectFactory, person
from tests.reports.imports.services import test_cost_rows as ledger
from tests.reports.imports.services.test_undoing import tables

pytestmark = pytest.mark.django_db
ORDERS = (
    "Project code,PO number,PO line,Vendor,Short text,Order date,Order amount,Account\n"
    "P-1,4500,10,Acme,Steel,2026-01-05,1000.50,Build\n"
    "P-1,4500,20,Acme,Glass,2026-01-05,500,Build\n"
    "P-1,4501,,Smith,Advice,2027-03-01,75,\n"
)
PAID = "Project code,Posting date,Amount,Document number,Line item,PO number,PO line\n"


@pytest.fixture
def wing():
    project = ProjectFactory(code="P-1")
    BudgetLineFactory(project=project, category="Build")
    return project


def counts(text, by):
    return ledger.counts(text, by, record="commitment")


def test_orders_are_commitments_found_again_by_their_number(lead, wing):
    assert counts(ORDERS, lead) == {"created": 3, "updated": 0, "unchanged": 0}
    assert counts(ORDERS, lead) == {"created": 0, "updated": 0, "unchanged": 3}

    steel, glass, advice = CostEntry.objects.order_by("pk")
    assert (steel.kind, steel.line.category, steel.amount) == ("commitment", "Build", Decimal("1000.50"))  # fmt: skip
    assert (steel.source_id, steel.note) == ("4500|10", "Acme, Steel (4500)")
    assert (glass.source_id, advice.source_id) == ("4500|20", "4501|")
    assert (advice.entry_date, advice.line) == (date(2027, 3, 1), None)


def test_changed_order_is_reported_old_and_new(lead, wing):
    counts(ORDERS, lead)
    later = ORDERS.replace("1000.50", "1200")

    assert ledger.changes(later, lead, record="commitment")[0] == [("Amount", "$1,000.50", "$1,200")]  # fmt: skip
    assert counts(later, lead) == {"created": 0, "updated": 1, "unchanged": 2}


def test_payments_find_their_line_of_the_order(lead, wing):
    counts(ORDERS, lead)
    text = PAID + "P-1,2026-03-02,100,1,1,4500,20\nP-1,2026-03-02,50,1,2,4500,\nP-1,2026-03-02,7,1,3,4711,\n"  # fmt: skip

    assert ledger.told(text, lead) == {"no_order": 2}
    ledger.written(text, lead)

    paid = {one.source_id: one.paid for one in CostEntry.objects.commitments()}
    assert paid == {"4500|10": 0, "4500|20": 100, "4501|": 0}


def test_order_is_not_made_less_than_what_was_paid(lead, wing):
    counts(ORDERS, lead)
    ledger.written(PAID + "P-1,2026-03-02,100,1,1,4500,20\n", lead)

    found = ledger.faults(ORDERS.replace(",500,", ",60,"), lead, record="commitment")

    assert found == [(3, "", "$100 was paid against this commitment; it cannot be less.")]


def test_order_without_a_number_or_an_amount_is_refused(lead, wing):
    head = ORDERS.splitlines()[0] + "\n"
    text = head + "P-1,,10,Acme,A,2026-01-05,5,\nP-1,4600,,Acme,A,2026-01-05,,\nP-9,4601,,Acme,A,2026-01-05,5,\n"  # fmt: skip

    assert [one[2] for one in ledger.faults(text, lead, record="commitment")] == [
        "Number is empty.",
        "This row has no amount.",
        "No project has this code.",
    ]


def test_undo_leaves_every_table_as_it_was_and_keeps_what_was_paid_against(lead, wing):
    before = tables()
    run = ledger.written(ORDERS, lead, record="commitment")

    assert undoing.undo(run=run, by=lead).report["kept"] == 0
    assert tables() == before

    run = ledger.written(ORDERS, lead, record="commitment")
    ledger.written(PAID + "P-1,2026-03-02,100,1,1,4500,20\n", lead)
    assert undoing.undo(run=run, by=lead).report["kept"] == 1
    assert CostEntry.objects.commitments().get().source_id == "4500|20"


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ("cost", "Project code,Posting date,Amount\n{},2026-03-02,5\n"),
        ("cost", "Cost center,Posting date,Amount\n7010,2026-03-02,5\n"),
        ("commitment", "Project code,PO number,Order date,Order amount\n{},1,2026-03-02,5\n"),
        ("budget_line", "Project code,Category,Approved amount\n{},Build,5\n"),
        ("month_forecast", "Project code,Month,Amount\n{},Dec 2098,5\n"),
    ],
)
def test_projects_that_one_may_not_change_or_see_take_no_money(record, text):
    analyst = person(Role.PMO_ANALYST)
    seen = ProjectFactory(code="READ", is_confidential=True)
    MemberFactory(project=seen, user=analyst, role=Role.SPONSOR)
    BudgetLineFactory(project=seen, cost_center="7010")
    ProjectFactory(code="HIDDEN", is_confidential=True)

    wrong = {code: ledger.faults(text.format(code), analyst, record=record)[0][2] for code in ("READ", "HIDDEN")}  # fmt: skip

    assert wrong["READ"] == "You may not change this project."
    if "{}" in text:
        assert wrong["HIDDEN"] == "This code cannot be used here."
