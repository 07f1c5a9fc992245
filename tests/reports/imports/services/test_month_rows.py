"""Forecasts by month, a row or a column for each: added once, closed months refused, taken back by an undo."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import Workbook

from pmo.organization.current import organization
from projects.models import MonthForecast
from projects.services.months import forecast_months
from reports.imports.domain import profile_from_dict
from reports.imports.forms.imports import ColumnsForm
from reports.imports.services import mending, runs, undoing, work
from reports.imports.words.review import lines
from reports.services.snapshots import freeze_week
from tests.factories import BudgetLineFactory, MonthForecastFactory, ProjectFactory
from tests.reports.imports.services import test_cost_rows as ledger
from tests.reports.imports.services.test_undoing import tables

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
NOV, DEC, JAN = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
WIDE = (
    "Project code,Category,Oct 2026,Nov 2026,Dec-26,2027-01,Total\n"
    "P-1,Build,50,100,200,300.50,650.50\nP-1,,,,10,,10\nP-2,Fees,,,,(5),(5)\n"
)
LONG = "Project code,Category,Month,Amount\nP-1,Build,Dec 2026,200\nP-1,Build,2027-01,300.50\nP-1,,12/2026,10\n"  # fmt: skip


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: DAY)


@pytest.fixture
def wing():
    project = ProjectFactory(code="P-1")
    BudgetLineFactory(project=project, category="Build")
    BudgetLineFactory(project=ProjectFactory(code="P-2"), category="Fees")
    return project


def counts(text, by):
    return ledger.counts(text, by, record="month_forecast")


def changes(text, by):
    return ledger.changes(text, by, record="month_forecast")


def faults(text, by):
    return ledger.faults(text, by, record="month_forecast")


def kept():
    rows = MonthForecast.objects.select_related("line", "project").order_by("project__code", "line", "month")  # fmt: skip
    return {(m.project.code, m.line.category if m.line else "", m.month): m.amount for m in rows}


def test_columns_that_are_months_are_forecasts_and_months_that_are_over_are_left_out(lead, wing):
    run = ledger.started(WIDE, lead, record="month_forecast")

    assert run.document["fields"]["month_2026_12"] == {"from": ["Dec-26"]}
    assert work.check(run).notes[-1] == (
        "Left out as months that are over: Oct 2026. What they cost is recorded as actual cost."
    )
    assert runs.apply(run=run, by=lead).report["counts"]["created"] == 3
    assert kept() == {
        ("P-1", "", DEC): 10,
        ("P-1", "Build", NOV): 100,
        ("P-1", "Build", DEC): 200,
        ("P-1", "Build", JAN): Decimal("300.50"),
        ("P-2", "Fees", JAN): -5,
    }


def test_rows_for_each_month_are_the_same_forecasts(lead, wing):
    assert counts(LONG, lead)["created"] == 3

    assert kept() == {
        ("P-1", "", DEC): 10,
        ("P-1", "Build", DEC): 200,
        ("P-1", "Build", JAN): Decimal("300.50"),
    }


@pytest.mark.parametrize("text", [WIDE, LONG])
def test_file_that_is_sent_again_changes_nothing(lead, wing, text):
    counts(text, lead)
    before = tables()

    assert counts(text, lead) == {"created": 0, "updated": 0, "unchanged": 3}
    assert tables() == before


def test_changed_months_are_shown_old_and_new_and_blank_cells_leave_what_is_there(lead, wing):
    counts(WIDE, lead)
    text = "Project code,Category,Dec-26,2027-01\nP-1,Build,250,\nP-1,,0,7\n"

    assert changes(text, lead) == [
        [("Dec 2026", "$200", "$250")],
        [("Dec 2026", "$10", "$0"), ("Jan 2027", "empty", "$7")],
    ]
    assert counts(text, lead)["updated"] == 2
    assert MonthForecast.objects.count() == 8
    standing = MonthForecast.objects.standing(as_of=DAY).filter(project=wing, line=None)
    assert dict(standing.values_list("month", "amount")) == {DEC: 0, JAN: 7}


def test_periods_of_the_fiscal_year_are_months(lead, wing):
    assert organization().fiscal_year_start_month == 7
    text = "Project code,Category,FY27 P05,FY27 P06\nP-1,Build,1,2\n"

    assert counts(text, lead)["created"] == 1
    assert kept() == {("P-1", "Build", NOV): 1, ("P-1", "Build", DEC): 2}


@pytest.mark.parametrize("style", ["dates", "dates below a title", "periods below a year"])
def test_headers_of_a_workbook_are_months_however_they_stand(lead, wing, style):
    book, months = Workbook(), [DEC, JAN, date(2027, 2, 1)]
    sheet = book.active
    if style == "periods below a year":
        sheet.append(["Project", None, "FY27", None, None])
        sheet.append(["code", "Category", "P06", "P07", "P08"])
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("C1:E1")
    else:
        for title in ("Capital forecast", "") if style == "dates below a title" else ():
            sheet.append([title])
        sheet.append(["Project code", "Category", *months])
        for cell in sheet[sheet.max_row][2:]:
            cell.number_format = "mmm-yy"
    sheet.append(["P-1", "Build", 5, 6, 0])
    sheet.append(["P-2", "Fees", 7, 0, 0])
    file = io.BytesIO()
    book.save(file)

    run = runs.start_import(
        file_name="f.xlsx", content=file.getvalue(), by=lead, record="month_forecast"
    )
    run = runs.map_columns(run=run, by=lead, document=run.document)

    assert runs.apply(run=run, by=lead).report["counts"]["created"] == 2
    assert kept() == {
        ("P-1", "Build", DEC): 5,
        ("P-1", "Build", JAN): 6,
        ("P-2", "Fees", DEC): 7,
    }


def test_line_is_that_of_the_whole_life_or_of_the_months_year(lead, wing):
    BudgetLineFactory(project=wing, category="Staff", fiscal_year=2027)
    BudgetLineFactory(project=wing, category="Staff", fiscal_year=2028)
    text = "Project code,Category,Dec 2026,Oct 2027\nP-1,Staff,1,2\n"

    counts(text, lead)

    rows = MonthForecast.objects.order_by("month").values_list("line__fiscal_year", "amount")
    assert list(rows) == [(2027, 1), (2028, 2)]


def test_rows_that_cannot_be_written_say_why(lead, wing):
    BudgetLineFactory(project=wing, category="Two", kind="capital")
    BudgetLineFactory(project=wing, category="Two", kind="operating")
    rows = ("P-9,,Dec 2026,1", "P-1,None,Dec 2026,1", "P-1,Two,Dec 2026,1", "P-1,,soon,1", "P-1,,,1", "P-1,,Dec 2026,", "P-1,,Oct 2026,1", "P-1,,Jan 2099,1")  # fmt: skip
    text = "Project code,Category,Month,Amount\n" + "\n".join(rows) + "\n"

    assert [(line, wrong) for line, _, wrong in faults(text, lead)] == [
        (2, "No project has this code."),
        (3, "No budget line of the project has this category."),
        (4, "Several budget lines of the project have this category."),
        (5, "This is no month."),
        (6, "This row names no month."),
        (7, "Amount is empty."),
        (8, "Oct 2026 is over: what it cost is recorded as actual cost."),
        (9, "A month is forecast 30 years ahead at most."),
    ]


def test_cell_of_a_month_is_mended_on_the_page(lead, wing):
    text = "Project code,Category,Dec 2026\nP-1,Build,12x\n"
    run = ledger.started(text, lead, record="month_forecast")
    run = work.finish_check(run, work.check(run))
    (line,) = lines(run.rows.all(), run)
    assert (line.problems[0].label, line.problems[0].wrong) == (
        "Dec 2026",
        "Dec 2026 starts like a number but is none.",
    )

    run = mending.mend_cells(run=run, by=lead, cells={1: {"Dec 2026": "12"}})

    runs.apply(run=run, by=lead)
    assert kept() == {("P-1", "Build", DEC): 12}


def test_form_of_the_columns_offers_each_month(lead, wing):
    run = ledger.started(WIDE, lead, record="month_forecast")
    profile = profile_from_dict(run.document)
    form = ColumnsForm(table=work.table_of(run), profile=profile, run=run, by=lead)

    assert [form[f"to_month_{month:%Y_%m}"].value() for month in (NOV, DEC, JAN)] == [
        "Nov 2026",
        "Dec-26",
        "2027-01",
    ]
    assert form["to_month_2026_12"].label == "Dec 2026"


def asked(text, by, **chosen):
    """Answer the form of the columns as a person does who leaves the rest as it stands."""
    run = ledger.started(text, by, record="month_forecast")
    options = {"table": work.table_of(run), "run": run, "by": by}
    options["profile"] = profile_from_dict(run.document)
    opened = ColumnsForm(**options)
    said = {name: opened[name].value() for name in opened.fields}
    said = {name: value for name, value in said.items() if value not in (None, False)}
    return run, ColumnsForm({**said, **chosen}, **options)


BARE = "Project code,Category,Jul,Nov,Dec,Jan,Jun\nP-1,Build,9,1,2,3,4\n"


def test_months_without_a_year_are_asked_about_and_read_as_it_was_said(lead, wing):
    run, form = asked(BARE, lead)
    assert form.errors == {"months_from": ["Say of which year the months are."]}
    assert form["months_from"].help_text == "Columns without a year: Jul, Nov, Dec and 2 more."
    assert ("2026-07-01", "Jul 2026 to Jun 2027 (fiscal year 2027)") in form.fields[
        "months_from"
    ].choices

    run, form = asked(BARE, lead, months_from="2026-07-01")
    assert form.is_valid(), form.errors
    run = runs.map_columns(run=run, by=lead, document=form.document())
    assert work.check(run).notes[-1] == (
        "Left out as months that are over: Jul 2026. What they cost is recorded as actual cost."
    )
    assert runs.apply(run=run, by=lead).report["counts"]["created"] == 1
    assert kept() == {
        ("P-1", "Build", NOV): 1,
        ("P-1", "Build", DEC): 2,
        ("P-1", "Build", JAN): 3,
        ("P-1", "Build", date(2027, 6, 1)): 4,
    }


def test_another_answer_moves_the_months_and_none_leaves_them_out(lead, wing):
    run, form = asked(BARE, lead, months_from="2026-07-01")
    assert form.is_valid()
    run = runs.map_columns(run=run, by=lead, document=form.document())

    options = {"table": work.table_of(run), "run": run, "by": lead}
    options["profile"] = profile_from_dict(run.document)
    opened = ColumnsForm(**options)
    assert opened["months_from"].value() == "2026-07-01"
    said = {name: opened[name].value() or "" for name in opened.fields}
    again = ColumnsForm({**said, "months_from": "2027-01-01"}, **options)
    assert again.is_valid(), again.errors
    months = [name for name in again.document()["fields"] if name.startswith("month_")]
    assert months == ["month_2027_07", "month_2027_11", "month_2027_12", "month_2027_01", "month_2027_06"]  # fmt: skip

    none = ColumnsForm({**said, "months_from": "none"}, **options)
    assert none.is_valid()
    run = runs.map_columns(run=run, by=lead, document=none.document())
    assert work.check(run).notes[-1] == (
        "Left out as months without a year: Jul, Nov, Dec and 2 more. Say with which month they begin."
    )


def test_a_table_with_years_is_not_asked_about_them(lead, wing):
    _, form = asked(WIDE, lead)

    assert "months_from" not in form.fields
    assert form.is_valid(), form.errors


def test_saved_mapping_takes_the_months_of_the_next_file(lead, wing):
    run = ledger.started(WIDE, lead, record="month_forecast")
    runs.map_columns(run=run, by=lead, document=run.document, save_as="Finance")

    text = "Project code,Category,Feb 2027,Mar 2027\nP-1,Build,1,2\n"
    run = runs.start_import(file_name="f.csv", content=text.encode(), by=lead, profile="Finance")
    run = runs.map_columns(run=run, by=lead, document=run.document)

    assert runs.apply(run=run, by=lead).report["counts"]["created"] == 1
    assert kept() == {("P-1", "Build", date(2027, 2, 1)): 1, ("P-1", "Build", date(2027, 3, 1)): 2}


def test_undo_leaves_every_table_as_it_was(lead, wing):
    MonthForecastFactory(
        project=wing, line=wing.budget_lines.get(), month=DEC, amount=3, made_on=DAY
    )
    before = tables()
    run = ledger.written(WIDE, lead, record="month_forecast")
    assert tables() != before

    undone = undoing.undo(run=run, by=lead)

    assert tables() == before
    assert undone.report["kept"] == 0


def test_months_that_were_reported_since_are_stated_as_before(lead, wing):
    line = wing.budget_lines.get()
    MonthForecastFactory(project=wing, line=line, month=DEC, amount=3, made_on=DAY)
    text = "Project code,Category,Dec 2026,Jan 2027,Feb 2027\nP-1,Build,5,6,7\n"
    run = ledger.written(text, lead, record="month_forecast")
    freeze_week(DAY - timedelta(days=DAY.weekday() + 1))
    later = {(line, date(2027, 2, 1)): Decimal(9)}
    forecast_months(project=wing, cells=later, by=lead, use_as_forecast=False)

    undone = undoing.undo(run=run, by=lead)

    standing = MonthForecast.objects.standing(as_of=DAY).order_by("month")
    assert list(standing.values_list("amount", flat=True)) == [3, 0, 9]
    (row,) = undone.rows.all()
    assert [one[3] for one in row.problems] == [
        "The month was reported since: the forecast before it is stated again.",
        "The month was reported, and forecast anew since: that stays.",
    ]
