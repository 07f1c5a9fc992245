from datetime import date
from decimal import Decimal

import pytest

from reports.imports.models import StagedRow
from reports.imports.services import mending, runs, undoing, work
from reports.imports.words.ledger import lines_said, reconciled
from tests.factories import CostEntryFactory, ProjectFactory
from tests.reports.imports.services.test_cost_rows import LEDGER, started, written

pytestmark = pytest.mark.django_db
WITH_TOTALS = (
    "Project code,Posting date,Amount,Document number,Line item,Project to date\n"
    "P-1,2026-03-02,100,1,1,300\nP-1,2026-03-09,200,1,2,300\nP-2,2026-03-16,50,2,1,80\n"
)


@pytest.fixture(autouse=True)
def projects():
    return ProjectFactory(code="P-1"), ProjectFactory(code="P-2")


def checked(text, by, **entries):
    run = started(text, by, **entries)
    return work.finish_check(run, work.check(run))


def shown(run):
    found = reconciled(run)
    return {one.code: tuple(one)[1:] for one in [*found.lines, found.total]}


def test_check_shows_what_stands_what_the_file_has_and_what_would_stand(lead, projects):
    CostEntryFactory(project=projects[0], amount=500, source_id="9|9|")
    CostEntryFactory(project=projects[0], amount=7000, kind="commitment")

    assert shown(checked(LEDGER, lead)) == {
        "P-1": (500, Decimal("800.25"), Decimal("1300.25"), None, None),
        "P-2": (0, -75, -75, None, None),
        "All projects": (500, Decimal("725.25"), Decimal("1225.25"), None, None),
    }


def test_file_that_is_here_already_would_change_nothing_that_stands(lead):
    written(LEDGER, lead)
    later = LEDGER.replace("1000.50", "1100.50")

    assert shown(checked(LEDGER, lead))["P-1"][:3] == (Decimal("800.25"),) * 3
    assert shown(checked(later, lead))["P-1"][:3] == (
        Decimal("800.25"),
        Decimal("900.25"),
        Decimal("900.25"),
    )


def test_totals_of_the_ledger_are_compared_those_that_differ_first(lead):
    run = checked(WITH_TOTALS, lead)

    assert shown(run) == {
        "P-1": (0, 300, 300, 300, 0),
        "P-2": (0, 50, 50, 80, -30),
        "All projects": (0, 350, 350, 380, -30),
    }
    assert reconciled(run).lines[0].code == "P-2"
    assert run.report["sums"] == [["Amount", "350"]]


@pytest.mark.parametrize(
    ("control", "said"),
    [
        (None, "The rows of the file add up to $725.25."),
        ("725.25", "The rows of the file add up to $725.25, as its control total says."),
        ("800.25", "The rows of the file add up to $725.25. The control total is $800.25: $75 missing."),
        ("700.25", "The rows of the file add up to $725.25. The control total is $700.25: $25 too much."),
    ],
)  # fmt: skip
def test_control_total_is_compared_with_the_rows(lead, control, said):
    run = checked(LEDGER, lead, answers={"control": control} if control else {})

    found = reconciled(run)
    assert (found.control, found.is_even) == (said, control in {None, "725.25"})
    assert lines_said(run)[0] == said


def test_row_that_is_left_out_or_refused_is_not_what_would_stand(lead):
    run = checked(LEDGER + "P-9,2026-03-02,1,Build,Acme,X,1999,1\n", lead)

    run = mending.leave_out(run=run, by=lead, positions=[1])

    assert shown(run)["P-1"][:3] == (0, Decimal("800.25"), Decimal("-200.25"))
    assert StagedRow.objects.of(run).filter(state="refused").count() == 1
    assert reconciled(run).control == "The rows of the file add up to $726.25."


def test_done_import_shows_what_stood_and_what_stands_now(lead, projects):
    CostEntryFactory(project=projects[0], amount=500, source_id="9|9|")
    run = checked(LEDGER, lead)

    run = runs.apply(run=run, by=lead)

    found = reconciled(run)
    assert (found.stands_label, found.would_label) == ("Stood before", "Stands now")
    assert shown(run)["P-1"][:3] == (500, Decimal("800.25"), Decimal("1300.25"))


def test_costs_that_came_from_no_ledger_are_warned_of(lead, projects):
    CostEntryFactory(project=projects[0], amount=500, entry_date=date(2026, 1, 5))

    assert checked(LEDGER, lead).report["warnings"][-1] == (
        "Costs that came from no ledger stand on P-1 ($500). Check that the file does not bring the"
        " same money again."
    )


def test_new_postings_that_look_like_costs_that_are_here_are_counted(lead):
    written(LEDGER, lead)
    renumbered = LEDGER.replace("1900,1", "A1,1").replace("1901,1", "A2,1")

    assert checked(LEDGER, lead).report["ledger"]["alike"] == 0
    assert checked(renumbered, lead).report["warnings"][-1] == (
        "2 new postings have the project, day and amount of costs that are here. Check that they are"
        " not the same."
    )


def test_late_postings_and_those_on_no_line_are_counted(lead):
    assert checked(LEDGER, lead).report["warnings"] == [
        "3 rows are booked on no budget line: their account or cost center is not that of exactly one line."
    ]


def test_pages_show_the_table(client, lead):
    client.force_login(lead)
    run = checked(WITH_TOTALS, lead, answers={"control": "350"})

    page = client.get(run.get_absolute_url()).content.decode()
    for said in (
        "Reconciled with what stands",
        "as its control total says",
        "−$30.00",
        "Would stand",
    ):
        assert said in page
    run = runs.apply(run=run, by=lead)
    done = client.get(run.get_absolute_url()).content.decode()
    assert "Stands now" in done
    assert "Put the projects into a portfolio" not in done
    run = undoing.undo(run=run, by=lead)
    assert "Reconciled" not in client.get(run.get_absolute_url()).content.decode()
