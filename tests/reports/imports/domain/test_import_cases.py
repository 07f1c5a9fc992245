"""Small tables that hospitals really have, each with what reading it must come to."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pmo.common.tabular import CautionKind, Hints, SourceTable, read
from pmo.common.tabular.table import LeftOut, Sifted
from reports.imports.domain import RECORD_KINDS, Records, guess_fields, profile_from_dict, records

CASES = Path(__file__).resolve().parents[3] / "cases" / "imports"


def table_of(name: str, record: str = "project", **hints: object) -> SourceTable:
    path = next(CASES.glob(f"{name}_*"))
    return read(path.read_bytes(), Hints(record=record, **hints))


def records_of(name: str, record: str = "project", **entries: object) -> Records:
    table = table_of(name, record, **(entries.pop("hints", {})))
    fields = guess_fields(table, RECORD_KINDS[record]) | entries.pop("fields", {})
    return records(
        table, profile_from_dict({"name": name, "record": record, "fields": fields, **entries})
    )


def values(found: Records, field: str) -> list[object]:
    return [row.values.get(field) for row in found.rows]


def places(found: Records) -> list[tuple[int, str]]:
    return [(one.line, one.field) for one in found.problems]


def kinds(found: Records) -> dict[CautionKind, tuple[int, ...]]:
    return {one.kind: one.lines for one in found.cautions}


def test_one_bad_row_leaves_fourteen_good_ones():
    found = records_of("01")

    assert len(found.rows) == 14
    assert places(found) == [(16, "forecast_cost")]


def test_percent_is_what_the_sheet_shows():
    found = records_of("03")

    assert values(found, "percent_complete") == [45, 80, 10, 100]
    assert places(found) == [(4, "percent_complete")]  # 105 %


def test_misaligned_rows_are_problems_and_are_put_right_when_somebody_says_so():
    found = records_of("04")

    assert values(found, "name") == ["Imaging refit", "Lift renewal"]
    assert [(one.line, one.wrong) for one in found.problems] == [
        (3, "This row has 11 cells; the header has 8."),
        (4, "This row has 11 cells; the header has 8."),
        (5, "This row has 9 cells; the header has 8."),
    ]
    assert kinds(found)[CautionKind.MISALIGNED] == (3, 4, 5)

    mended = records_of("04", hints={"realign": True})
    assert values(mended, "name") == ["Imaging refit", "Lab move", "Lab fit-out", "Pharmacy robot", "Lift renewal"]  # fmt: skip
    assert mended.problems == ()


def test_amounts_in_millions_are_said_and_not_applied_unasked():
    found = records_of("04")

    assert values(found, "approved_budget") == [Decimal("1.50"), Decimal("3.10")]
    assert [one.said for one in found.cautions if one.kind is CautionKind.UNIT_SAID] == [("1,000,000",)]  # fmt: skip
    answered = records_of("04", fields={"approved_budget": {"from": ["Budget ($m)"], "unit": 1_000_000}})  # fmt: skip
    assert values(answered, "approved_budget") == [1_500_000, 3_100_000]
    assert CautionKind.UNIT_SAID not in kinds(answered)


def test_totals_are_left_out_and_listed():
    found = records_of("05")

    assert sum(values(found, "approved_budget")) == 175_000
    assert found.problems == ()
    assert "Left out as a total: line 4, 6." in found.notes


def test_two_rows_of_headers_are_one():
    table = table_of("06")
    found = records_of("06")

    assert table.headers == (
        "Project / Code", "Project / Name", "Schedule / Start", "Schedule / Forecast finish",
        "Money / Budget", "Money / Spent",
    )  # fmt: skip
    assert table.left_out == (LeftOut(6, Sifted.TOTAL),)
    assert values(found, "code") == ["M-1", "M-2"]
    assert values(found, "forecast_finish") == [date(2026, 12, 1), date(2026, 12, 31)]
    assert values(found, "spent") == [5000, 6000]


@pytest.mark.parametrize(("record", "sheet"), [("project", "Projects"), ("risk", "Risks")])
def test_the_sheet_whose_headers_fit_is_chosen_and_all_are_listed(record, sheet):
    table = table_of("13", record)

    assert table.sheet == sheet
    assert [(one.name, one.rows) for one in table.sheets] == [("Read me", 2), ("Projects", 3), ("Risks", 2)]  # fmt: skip


def test_a_sheet_that_is_named_is_taken():
    assert table_of("13", sheet="Risks").headers[1] == "Risk"


def test_long_texts_are_refused_cut_or_go_on_in_the_longer_field():
    refused = records_of("17")
    cut = records_of("17", long_texts="cut")
    parted = records_of("17", long_texts="rest")

    assert places(refused) == [(2, "summary")]
    assert [one.said for one in refused.cautions] == [("cut", "rest", "Description")]
    assert len(cut.rows[0].values["summary"]) <= 280
    assert cut.rows[0].values["summary"].endswith(" …")
    whole = f"{parted.rows[0].values['summary'].removesuffix(' …')} {parted.rows[0].values['description']}"
    assert whole == " ".join(["Contractor has mobilised and the first phase is on schedule."] * 6)


def test_a_nul_byte_is_left_out_and_noted():
    table = table_of("20")

    assert table.rows[0].cells[1] == "Ward A"
    assert [(one.line, one.message) for one in table.flaws] == [(2, "A NUL byte was left out.")]


def test_a_forecast_far_from_its_budget_is_a_caution():
    assert kinds(records_of("22")) == {CautionKind.AGAINST_BUDGET: (2,)}


def test_closed_and_occurred_risks_stay_so_and_their_number_is_their_key():
    found = records_of("08", "risk")

    assert values(found, "state") == ["closed", "open", "occurred"]
    assert [row.key[:2] for row in found.rows] == [("ehr-01", "r1"), ("ehr-01", "r2"), ("ehr-02", "r1")]  # fmt: skip
    assert found.problems == ()


def test_rows_of_one_project_belong_to_it_and_their_ratings_are_numbers():
    assert {one.field for one in records_of("09", "risk").problems} == {"project"}

    found = records_of("09", "risk", constants={"project": "B-1"})
    assert values(found, "project") == ["B-1"] * 3
    assert values(found, "likelihood") == [4, 2, 3]
    assert values(found, "impact") == [3, 4, 4]
    assert values(found, "state") == ["open", "open", "closed"]
    assert found.notes[0] == "“Probability”: read “High” as 4, “Low” as 2, “Medium” as 3."


def test_log_is_split_by_type_and_nothing_is_written_as_something_else():
    found = records_of("12", "raid")

    assert list(zip(values(found, "type"), values(found, "title"), strict=True)) == [
        ("risk", "Late interface"),
        ("issue", "Printer queue fails"),
    ]
    assert (found.total, found.left_out, found.problems) == (2, 0, ())
    assert found.notes[-2:] == (
        "1 row is an assumption; Rounds keeps none yet. Left out: line 3.",
        "1 row is a dependency; Rounds keeps none yet. Left out: line 5.",
    )
    assert kinds(found) == {CautionKind.ONE_RATING: (2,)}


@pytest.mark.parametrize(
    ("name", "record", "mapped"),
    [
        ("07", "project", {"code": "No.", "name": "Project", "unit": "Unit", "forecast_finish": "Finish", "approved_budget": "Budget"}),
        ("08", "risk", {"project": "Project code", "external_id": "Risk ID", "title": "Risk", "likelihood": "Probability", "impact": "Impact", "state": "Status"}),
        ("09", "risk", {"external_id": "Risk ID", "title": "Description", "likelihood": "Probability", "impact": "Impact", "owner": "Owner", "state": "Status"}),
        ("12", "raid", {"type": "Type", "project": "Project code", "external_id": "ID", "title": "Title", "severity": "Severity", "state": "Status", "owner": "Owner", "due": "Due"}),
        ("11", "project", {"code": "Code", "name": "Name", "unit": "Department", "stage": "Phase", "category": "Type", "manager": "Manager"}),
    ],
)  # fmt: skip
def test_headers_of_theirs_are_known(name, record, mapped):
    assert guess_fields(table_of(name, record), RECORD_KINDS[record]) == mapped
