"""A payment lowers the commitment that it is booked against, and never by more than there is."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from projects.models import CostEntry
from projects.selectors.figures import Amount, money_of
from projects.selectors.years import lines_of, years_of
from projects.services import money as services
from tests.factories import BudgetLineFactory, CostEntryFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def line(project):
    return BudgetLineFactory(project=project)


@pytest.fixture
def commitment(project, line):
    return CostEntryFactory(
        project=project, line=line, kind="commitment", entry_date=date(2026, 3, 1), amount=1000
    )


def pay(commitment, by, amount, **fields):
    values = {"entry_date": DAY, "amount": Decimal(amount), "commitment": commitment} | fields
    return services.record_cost(project=commitment.project, by=by, **values)


def test_what_is_paid_is_spent_and_no_longer_committed(lead, project, line, commitment):
    pay(commitment, lead, "300.50")
    services.record_cost(project=project, by=lead, line=line, entry_date=DAY, amount=Decimal(50))

    money = money_of([project.pk], as_of=DAY)[project.pk]

    assert (money.spent, money.committed) == (Amount(Decimal("350.50")), Amount(Decimal("699.50")))
    booked = lines_of(project, as_of=DAY)[0]
    assert (booked.spent, booked.committed) == (Decimal("350.50"), Decimal("699.50"))


def test_a_commitment_paid_in_full_is_committed_no_more(lead, project, commitment):
    pay(commitment, lead, 1000)

    assert money_of([project.pk], as_of=DAY)[project.pk].committed == Amount(Decimal("0.00"))


def test_a_payment_after_the_day_does_not_count_yet(lead, project, commitment):
    pay(commitment, lead, 400)

    money = money_of([project.pk], as_of=date(2026, 11, 19))[project.pk]

    assert (money.spent.value, money.committed) == (None, Amount(Decimal("1000.00")))


def test_a_payment_lowers_the_year_in_which_was_committed(lead, project, commitment):
    pay(commitment, lead, 400)  # in the fiscal year 2027, on a commitment of 2026

    years = {y.year: (y.spent.value, y.committed.value) for y in years_of(project, as_of=DAY)}

    assert years == {2026: (None, 600), 2027: (400, None)}


def test_a_payment_is_booked_on_the_line_of_its_commitment(lead, line, commitment):
    assert pay(commitment, lead, 10).line == line


@pytest.mark.parametrize(
    ("amount", "fields", "problem"),
    [
        ("1000.01", {}, r"Of the commitment \$1,000 is left"),
        ("-0.01", {}, "more than was paid against the commitment"),
        ("10", {"entry_date": date(2026, 2, 28)}, "dated before its commitment"),
    ],
)
def test_a_payment_that_does_not_fit_leaves_no_trace(lead, commitment, amount, fields, problem):
    with pytest.raises(RefusalError, match=problem):
        pay(commitment, lead, amount, **fields)

    assert list(CostEntry.objects.all()) == [commitment]
    assert not AuditEvent.objects.exists()


def test_the_second_payment_gets_what_the_first_left(lead, commitment):
    pay(commitment, lead, 700)

    with pytest.raises(RefusalError, match=r"Of the commitment \$300 is left"):
        pay(commitment, lead, 301)
    pay(commitment, lead, 300)

    assert [c.paid for c in CostEntry.objects.commitments()] == [1000]


def test_a_payment_on_another_line_is_refused(lead, project, commitment):
    other = BudgetLineFactory(project=project, category="Staff")

    with pytest.raises(RefusalError, match="on another budget line"):
        pay(commitment, lead, 10, line=other)


def test_a_commitment_of_another_project_is_refused(lead, project):
    foreign = CostEntryFactory(kind="commitment")

    with pytest.raises(RefusalError, match="does not exist in this project"):
        services.record_cost(
            project=project, by=lead, commitment=foreign, entry_date=DAY, amount=Decimal(1)
        )


def test_only_an_actual_cost_is_a_payment(lead, commitment):
    with pytest.raises(ValidationError, match="Only an actual cost is paid"):
        pay(commitment, lead, 10, kind="commitment")

    assert CostEntry.objects.count() == 1


def test_a_payment_may_be_changed_up_to_what_is_left(lead, commitment):
    entry = pay(commitment, lead, 700)

    services.change_cost(entry=entry, version=1, by=lead, amount=Decimal(1000))
    with pytest.raises(RefusalError, match=r"Of the commitment \$1,000 is left"):
        services.change_cost(entry=entry, version=2, by=lead, amount=Decimal(1001))

    assert CostEntry.objects.get(pk=entry.pk).amount == 1000


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"amount": Decimal(699)}, r"\$700 was paid against this commitment"),
        ({"entry_date": date(2026, 11, 21)}, "A payment is dated before that day"),
        ({"kind": "actual"}, "its kind and line stay"),
        ({"line": None}, "its kind and line stay"),
    ],
)
def test_a_commitment_is_not_made_less_than_its_payments(lead, commitment, fields, problem):
    pay(commitment, lead, 700)

    with pytest.raises(RefusalError, match=problem):
        services.change_cost(entry=commitment, version=1, by=lead, **fields)

    saved = CostEntry.objects.get(pk=commitment.pk)
    assert (saved.amount, saved.kind, saved.version) == (1000, "commitment", 1)


def test_a_commitment_may_be_lowered_to_what_was_paid(lead, commitment):
    pay(commitment, lead, 700)

    services.change_cost(entry=commitment, version=1, by=lead, amount=Decimal(700))

    assert CostEntry.objects.get(pk=commitment.pk).amount == 700
