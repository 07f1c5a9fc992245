from datetime import date
from decimal import Decimal

import pytest

from pmo.common.tabular import CautionKind, SourceTable, TableRow, read
from reports.imports.domain import (
    RECORD_KINDS,
    Problem,
    ProfileError,
    Question,
    Records,
    guess_mapping,
    profile_from_dict,
    profile_to_dict,
    records,
)


def found(text: str, **entries: object) -> Records:
    document = {"name": "test", "record": "project", "fields": {"name": "Name"}, **entries}
    return records(read(text.encode()), profile_from_dict(document))


def test_values_of_every_kind():
    text = (
        "Code,Name,Lane,Start,Budget,Done,RAG\n"
        "7,New  wing,Strategic,25/02/2026,$1.5m,45%,Yellow\n"
        "8,Scanner,mandatory,01/02/2026,250,50,Green\n"
    )
    result = found(
        text,
        fields={
            "code": "Code",
            "name": "name",
            "lane": "Lane",
            "start_date": "Start",
            "approved_budget": {"from": "Budget", "unit": 1000},
            "percent_complete": "Done",
            "color": "RAG",
        },
        constants={"unit": "Main site"},
        as_of="2026-03-31",
    )

    assert result.problems == ()
    assert [dict(row.values) for row in result.rows] == [
        {
            "unit": "Main site",
            "code": "7",
            "name": "New wing",
            "lane": "strategic",
            "start_date": date(2026, 2, 25),
            "approved_budget": Decimal("1500000.00"),
            "percent_complete": Decimal(45),
            "color": "amber",
            "as_of": date(2026, 3, 31),
        },
        {
            "unit": "Main site",
            "code": "8",
            "name": "Scanner",
            "lane": "mandatory",
            "start_date": date(2026, 2, 1),
            "approved_budget": Decimal("250000.00"),
            "percent_complete": Decimal(50),
            "color": "green",
            "as_of": date(2026, 3, 31),
        },
    ]
    assert [row.key for row in result.rows] == [("7",), ("8",)]
    assert result.notes == ("“Start”: only day first fits all cells.",)


def test_words_in_place_of_a_value_are_its_stated_reason():
    text = (
        "Name,End,Cost,RAG\nA,No end date,Exempt under section 43,Reset\nB,#N/A,£0.00m,Red\nC,,,\n"
    )
    result = found(
        text,
        fields={
            "name": "Name",
            "forecast_finish": "End",
            "approved_budget": "Cost",
            "color": "RAG",
        },
    )

    assert [(dict(row.values), dict(row.reasons)) for row in result.rows] == [
        (
            {"name": "A", "color": "none"},
            {
                "forecast_finish": "No end date",
                "approved_budget": "Exempt under section 43",
                "color": "Reset",
            },
        ),
        (
            {"name": "B", "color": "red", "approved_budget": Decimal("0.00")},
            {"forecast_finish": "#N/A"},
        ),
        ({"name": "C"}, {}),
    ]


def test_problems_say_where_what_and_what_would_be_right_but_not_the_value():
    text = (
        "Name,Start,Cost,Lane,Done\n"
        "A,31/02/2026,12O0,vital,130\n"
        ",25/02/2026,-5,strategic,\n"
        "B,March 2026,45%,strategic,\n"
    )
    result = found(
        text,
        fields={
            "name": "Name",
            "start_date": "Start",
            "approved_budget": "Cost",
            "lane": "Lane",
            "percent_complete": "Done",
        },
    )

    day = "A date such as 2026-12-04 or 4 Dec 2026."
    amount = "An amount such as 1,250,000 or 1.25m."
    assert not result.rows
    assert result.problems == (
        Problem(2, "B", "start_date", "Start is no date of the calendar.", day),
        Problem(2, "C", "approved_budget", "Approved budget starts like a number but is none.", amount),
        Problem(2, "D", "lane", "Lane is a word that is not known here.", "One of: Mandatory, Strategic, Operational."),
        Problem(2, "E", "percent_complete", "Complete, % is too high.", "At most 100."),
        Problem(3, "C", "approved_budget", "Approved budget is too low.", "At least 0."),
        Problem(3, "A", "name", "Name is empty.", "Fill it in."),
        Problem(4, "B", "start_date", "Start names a month without a day.", day),
        Problem(4, "C", "approved_budget", "Approved budget is a percentage.", amount),
    )  # fmt: skip


def test_both_date_orders_fit_asks():
    text = "Name,Start\nA,03/04/2026\nB,05/06/2026\n"
    fields = {"name": "Name", "start_date": "Start"}

    assert found(text, fields=fields).questions == (Question("Start", "B"),)

    answered = found(text, fields=fields, date_order="mdy")
    assert answered.questions == ()
    assert [row.values["start_date"] for row in answered.rows] == [
        date(2026, 3, 4),
        date(2026, 5, 6),
    ]


def test_certain_column_answers_for_the_ambiguous_one():
    text = "Name,Start,End\nA,03/04/2026,25/12/2026\n"
    result = found(text, fields={"name": "Name", "start_date": "Start", "forecast_finish": "End"})

    assert result.questions == ()
    assert result.rows[0].values["start_date"] == date(2026, 4, 3)


def test_order_given_does_not_spoil_a_column_of_the_other_order():
    text = "Name,Start\nA,03/25/2026\n"
    result = found(text, fields={"name": "Name", "start_date": "Start"}, date_order="dmy")

    assert result.rows[0].values["start_date"] == date(2026, 3, 25)


def test_first_cell_that_is_filled_counts():
    text = "Name,RAG,RAG\nA,,Red\nB,Green,\nC,Green,Red\n"
    result = found(text, fields={"name": "Name", "color": {"from": ["RAG", "RAG (2)"]}})

    assert [row.values["color"] for row in result.rows] == ["red", "green", "green"]


def test_filter_keeps_rows_and_counts_the_others():
    text = "Name,Unit\nA,DoH\nB,MOD\nC,doh\n"
    result = found(text, keep={"column": "Unit", "in": ["DOH"]})

    assert [row.values["name"] for row in result.rows] == ["A", "C"]
    assert result.left_out == 1


def test_names_become_codes():
    text = "Name\nNHSmail2\nnhsmail 2\nOther\n"
    result = found(text, identities={"N-1": ["NHSmail2"], "N-2": "NHSmail 2"})

    assert [row.values["code"] for row in result.rows] == ["N-1", "N-2"]
    assert [(one.line, one.column, one.field) for one in result.problems] == [(4, "A", "code")]


def test_same_record_twice_is_refused_unless_the_date_differs():
    text = "Code,Name,As of\n1,A,2026-03-31\n1,A,2026-04-30\n1,B,2026-03-31\n"
    result = found(text, fields={"code": "Code", "name": "Name", "as_of": "As of"})

    assert [(one.line, one.wrong) for one in result.problems] == [
        (4, "This record was there before, at line 2, column A.")
    ]


def test_missing_columns_are_named_before_any_row_is_read():
    result = found("Name\nA\n", fields={"color": {"from": ["RAG", "Status"]}}, keep={"column": "Unit", "in": ["x"]})  # fmt: skip

    assert result.problems == (
        Problem(1, "", "color", "No column for Declared color was found.", "A header named “RAG” or “Status”."),
        Problem(1, "", "", "The column to filter by was not found.", "A header named “Unit”."),
        Problem(1, "", "name", "Name is not mapped.", "Choose its column."),
    )  # fmt: skip


def test_places_in_a_turned_table():
    text = "Name,A,B,C\nStart,2026-01-01,2026-01-01,2026-01-02\nEnd,2026-13-01,2026-02-01,2026-02-02\nCost,1,2,3\n"
    result = found(text, fields={"name": "Name", "forecast_finish": "End"})

    assert [(one.line, one.column) for one in result.problems] == [(3, "B")]
    assert [(row.line, row.column) for row in result.rows] == [(1, "C"), (1, "D")]


def test_milestones_and_risks():
    milestone = {
        "project": "Project",
        "name": "Milestone",
        "kind": "Kind",
        "baseline_date": "Planned",
    }
    text = "Project,Milestone,Kind,Planned\nP1,Open,Go-live,2026-12-04\n"
    rows = found(text, record="milestone", fields=milestone).rows
    assert dict(rows[0].values) == {
        "project": "P1",
        "name": "Open",
        "kind": "go_live",
        "baseline_date": date(2026, 12, 4),
    }
    assert rows[0].key == ("p1", "open")

    risk = {"project": "Project", "title": "Risk", "likelihood": "L"}
    faults = found("Project,Risk,L\nP1,Fire,6\n", record="risk", fields=risk).problems
    assert [one.right for one in faults] == ["At most 5."]


def test_guesses_by_the_words_of_the_header():
    headers = [
        "Project ID",
        "Project name",
        "RAG status",
        "End date (approved)",
        "Colour of door",
        "Budget",
    ]

    assert guess_mapping(headers, RECORD_KINDS["project"]) == {
        "code": "Project ID",
        "name": "Project name",
        "color": "RAG status",
        "forecast_finish": "End date (approved)",
        "approved_budget": "Budget",
    }


FULL = {
    "name": "full",
    "title": "Full",
    "record": "project",
    "source": {"encoding": "cp1252", "delimiter": ";", "records_in": "columns", "header": 2, "sheet": "A"},
    "as_of": "2026-03-31",
    "date_order": "dmy",
    "fields": {"name": {"from": ["Name"]}, "approved_budget": {"from": ["Cost"], "unit": "1000"}},
    "constants": {"unit": "Main"},
    "keep": {"column": "Unit", "in": ["doh"]},
    "identities": {"A-1": ["First", "Erste"]},
    "attribution": "By us.",
}  # fmt: skip


def test_profile_comes_back_from_its_dictionary():
    profile = profile_from_dict(FULL)

    assert profile_to_dict(profile) == FULL
    assert profile_from_dict(profile_to_dict(profile)) == profile


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": 1}, "no entry “colour”"),
        ({"record": "dog"}, "“record” is one of: project, milestone, risk."),
        ({"name": ""}, "needs a “name”"),
        ({"fields": ["name"]}, "“fields” is a list of names with values."),
        ({"fields": {"dog": "Dog"}}, "have no field “dog”"),
        ({"fields": {"name": {}}}, "“name” needs “from”"),
        ({"fields": {"spent": {"from": "x", "unit": "many"}}}, "unit of “spent” is a number"),
        ({"source": {"records_in": "circles"}}, "rows or columns"),
        ({"as_of": "yesterday"}, "a date like 2026-03-31"),
        ({"date_order": "ymd"}, "dmy"),
        ({"constants": {"spent": 1}}, "“spent” cannot be the same for all rows"),
        ({"keep": {"column": "Unit"}}, "“keep” needs"),
    ],
)
def test_profile_refusals(change, message):
    with pytest.raises(ProfileError, match=message):
        profile_from_dict({**FULL, **change})


@pytest.mark.parametrize(
    ("record", "field", "cell", "wrong"),
    [
        ("project", "name", "x" * 201, "Name is 201 characters long."),
        ("project", "start_date", "0026-01-05", "Start has a year that cannot be meant."),
        ("project", "approved_budget", "9999 bn", "Approved budget is above 1,000,000,000,000."),
        ("project", "percent_complete", "5m", "Complete, % starts like a number but is none."),
        ("risk", "likelihood", "3m", "Likelihood, 1 to 5 starts like a number but is none."),
    ],
)
def test_values_that_cannot_be_meant(record, field, cell, wrong):
    first = "name" if record == "project" else "title"
    fields = {first: "First", field: "Cell"} if field != first else {first: "Cell"}
    if record == "risk":
        fields["project"] = "First"
    result = found(f"First,Cell\nA,{cell}\n", record=record, fields=fields)

    assert [problem.wrong for problem in result.problems] == [wrong]


def test_day_numbers_of_a_spreadsheet():
    result = found("Name,Start\nA,45000\nB,45001\n", fields={"name": "Name", "start_date": "Start"})

    assert [row.values["start_date"] for row in result.rows] == [
        date(2023, 3, 15),
        date(2023, 3, 16),
    ]
    assert result.notes == ("“Start”: day numbers of a spreadsheet.",)


def test_order_that_fits_most_cells_is_taken_and_the_rest_reported():
    text = "Name,Start\nA,25/12/2026\nB,26/12/2026\nC,12/27/2026\n"
    result = found(text, fields={"name": "Name", "start_date": "Start"})

    assert [(one.line, one.column) for one in result.problems] == [(4, "B")]
    assert result.notes == ("“Start”: day first fits most cells, none fits all.",)


def test_decimal_mark_that_is_assumed_is_said():
    result = found('Name,Cost\nA,"1,234"\n', fields={"name": "Name", "approved_budget": "Cost"})

    assert result.rows[0].values["approved_budget"] == Decimal("1234.00")
    assert result.notes == (
        "“Cost”: the point is taken as the decimal mark; nothing contradicts it.",
    )


@pytest.mark.parametrize(
    ("cells", "percents", "doubted"),
    [
        ([0.45, 1], [45, 100], ()),
        ([45, 1], [45, 1], ()),
        ([0, 0], [0, 0], ()),
        ([0, 1], [0, 1], (3,)),
        ([1], [1], (2,)),
    ],
)
def test_percentages_that_a_spreadsheet_keeps_as_shares(cells, percents, doubted):
    headers = ("Name", "Done")
    rows = tuple(
        TableRow(n + 2, ("A" * (n + 1), Decimal(str(cell)))) for n, cell in enumerate(cells)
    )
    table = SourceTable(headers=headers, rows=rows, positions=(1, 2))
    document = {
        "name": "t",
        "record": "project",
        "fields": {"name": "Name", "percent_complete": "Done"},
    }

    result = records(table, profile_from_dict(document))

    assert [row.values["percent_complete"] for row in result.rows] == percents
    kinds = {one.kind: one.lines for one in result.cautions}
    assert kinds == ({CautionKind.ONE_OR_ALL: doubted} if doubted else {})


def test_required_field_without_a_column_of_its_own_is_placed_at_the_row():
    result = found(
        "Name,Code\n,1\n", fields={"name": "Name", "code": "Code"}, constants={"unit": "X"}
    )

    assert [(one.line, one.column, one.wrong) for one in result.problems] == [
        (2, "A", "Name is empty.")
    ]
    by_code = found(
        "Code\n1\n", fields={"code": "Code"}, constants={"name": "Same"}, identities={"N": "x"}
    )
    assert [(one.line, one.column, one.field) for one in by_code.problems] == [(2, "A", "code")]
