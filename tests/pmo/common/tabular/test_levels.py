"""Programs, projects and milestones in one sheet: told by a word or a depth, each level a table of its own."""

import pytest

from pmo.common.tabular import Hints, TableError, read
from tests.reports.imports.workbooks import workbook

DEEP = """Level,Name,Code,Due
1,Digital care,,
2,Records roll-out,EHR-1,2026-12-01
3,Go-live ward A,,2026-06-01
3,Go-live ward B,,2026-08-01
2,New wing,,2027-12-01
3,Roof,,2026-11-01
"""
TYPED = """Due,Title,Type
,Digital care,Program
2026-12-01,Records roll-out,Project
2026-03-01,Design,Phase
2026-06-01,Go-live,Milestone
2027-12-01,Lone wing,Project
2026-11-01,Roof,Milestone
"""


def of(text, **hints):
    table = read(text.encode(), Hints(**hints))
    return [dict(zip(table.headers, row.cells, strict=True)) for row in table.rows]


def names(text, **hints):
    return [row.get("Name") or row["Title"] for row in of(text, **hints)]


def test_levels_are_offered_as_sheets_are():
    table = read(DEEP.encode())

    assert [(one.name, one.rows, one.likely) for one in table.sheets] == [
        ("Level 1", 2, "program"),
        ("Level 2", 3, "project"),
        ("Level 3", 4, "milestone"),
    ]
    assert table.sheet == "Level 2"


def test_projects_say_their_program_and_milestones_their_project_by_code_else_name():
    assert [(row["Name"], row["Program above"]) for row in of(DEEP, record="project")] == [
        ("Records roll-out", "Digital care"),
        ("New wing", "Digital care"),
    ]
    assert [(row["Name"], row["Project above"]) for row in of(DEEP, record="milestone")] == [
        ("Go-live ward A", "EHR-1"),
        ("Go-live ward B", "EHR-1"),
        ("Roof", "New wing"),
    ]


def test_words_tell_levels_too_and_what_lies_between_is_passed_over():
    table = read(TYPED.encode())

    assert [(one.name, one.likely) for one in table.sheets] == [
        ("Programs", "program"),
        ("Projects", "project"),
        ("Phase", ""),
        ("Milestones", "milestone"),
    ]
    assert [(row["Title"], row["Project above"]) for row in of(TYPED, sheet="Milestones")] == [
        ("Go-live", "Records roll-out"),
        ("Roof", "Lone wing"),
    ]
    assert [row["Program above"] for row in of(TYPED, sheet="Projects")] == ["Digital care"] * 2


def test_two_levels_are_projects_and_milestones():
    text = "Row Level,Task Name,Finish\n0,Wing,2026-12-01\n1,Roof,2026-11-01\n0,Ward,2027-01-01\n"

    assert [(one.name, one.likely) for one in read(text.encode()).sheets] == [
        ("Level 0", "project"),
        ("Level 1", "milestone"),
    ]
    assert of(text, record="milestone")[0]["Project above"] == "Wing"
    assert "Program above" not in of(text, record="project")[0]


def test_numbers_that_lie_in_one_another_tell_levels():
    text = (
        "WBS,Name,Due\n1,Digital care,\n1.1,Records roll-out,2026-12-01\n1.1.1,Go-live A,2026-06-01\n"
        "1.1.2,Go-live B,2026-08-01\n2,Buildings,\n2.1,New wing,2027-12-01\n"
    )

    assert [(one.name, one.likely) for one in read(text.encode()).sheets] == [
        ("Level 1", "program"),
        ("Level 2", "project"),
        ("Level 3", "milestone"),
    ]
    assert [(row["Name"], row["Project above"]) for row in of(text, record="milestone")] == [
        ("Go-live A", "Records roll-out"),
        ("Go-live B", "Records roll-out"),
    ]


def test_each_level_may_have_a_column_of_its_own():
    text = (
        "Program,Project,Milestone,Code,Due\nDigital care,,,,\n,Records roll-out,,EHR-1,2026-12-01\n"
        ",,Go-live ward A,,2026-06-01\n,,Go-live ward B,,2026-08-01\nBuildings,New wing,,,2027-12-01\n"
        ",,Roof,,2026-11-01\n,Lone ward,Doors,,2026-11-02\n"
    )

    assert [(one.name, one.rows, one.likely) for one in read(text.encode()).sheets] == [
        ("Programs", 2, "program"),
        ("Projects", 3, "project"),
        ("Milestones", 5, "milestone"),
    ]
    assert [(row["Project"], row["Program above"]) for row in of(text, record="project")] == [
        ("Records roll-out", "Digital care"),
        ("New wing", "Buildings"),
    ]
    assert [(row["Milestone"], row["Project above"]) for row in of(text, record="milestone")] == [
        ("Go-live ward A", "EHR-1"),
        ("Go-live ward B", "EHR-1"),
        ("Roof", "New wing"),
        ("Doors", "Lone ward"),
    ]


def test_rows_keep_their_places_and_cautions_those_of_their_level():
    table = read(DEEP.encode(), Hints(record="milestone"))

    assert [row.position for row in table.rows] == [4, 5, 7]
    assert str(table.place(table.rows[0], 3)) == "line 4, column A"
    lines = {line for one in table.cautions for line in one.lines}
    assert lines <= {4, 5, 7}


def test_a_level_of_a_sheet_is_named_behind_it():
    book = workbook(Notes="Code,Name\nN-1,Wing", Plans=DEEP)

    table = read(book, Hints(sheet="Plans: Level 3"))

    assert (table.sheet, len(table.rows)) == ("Plans: Level 3", 3)
    assert [one.name for one in table.sheets] == [
        "Notes", "Plans: Level 1", "Plans: Level 2", "Plans: Level 3",
    ]  # fmt: skip
    with pytest.raises(TableError, match="There is no sheet named “Plans: Level 7”"):
        read(book, Hints(sheet="Plans: Level 7"))
    with pytest.raises(TableError, match="There is no sheet named “Notes: Level 1”"):
        read(book, Hints(sheet="Notes: Level 1"))


@pytest.mark.parametrize(
    "text",
    [
        # depths that do not lie in one another are a rating
        "Level,Name\n3,Flood\n1,Fire\n2,Theft\n",
        "Level,Name\n1,Flood\n3,Fire\n2,Theft\n",
        "Level,Name\n1,Flood\n1,Fire\n",
        "Level,Name\n1,Flood\n,Fire\n2,Theft\n",
        "Type,Name\nStrategic,Wing\nOperational,Ward\n",
        "Type,Name\nProject,Wing\nProject,Ward\n",
        "Type,Name\nProject,Wing\nOperational,Ward\n",
        "WBS,Name\n1.1,Wing\n1.2,Ward\n",
        "WBS,Name\n1,Wing\n3.1,Ward\n",
        # sorted otherwise than by what lies below what
        "WBS,Name\n1,Care\n2,Buildings\n1.1,Portal\n2.1,Ward\n1.2,Lab\n",
        # kinds of projects by size
        "Type,Name\nProject,Portal\nProgram,Ward B\nProject,Lab\n",
        "WBS,Name\n1,Wing\n1,Ward\n1.1,Roof\n",
        "WBS,Name\n1,Wing\n1.1.A,Ward\n",
        # a list of milestones, each with its project
        "Project,Milestone,Due\nWing,Roof,2026-05-01\nWing,Doors,2026-06-01\n",
        "Project,Milestone,Due\nWing,Roof,2026-05-01\nWard,,2026-06-01\n",
        # a plan of tasks has an import of its own
        # the level of a risk is how bad it is
        "Risk ID,Risk,Level,Likelihood,Impact\n1,Flood,1,2,3\n2,Fire,2,2,3\n3,Theft,3,1,1\n",
        "Level,Name,Predecessors\n1,Wing,\n2,Roof,1\n",
        "Outline number,Name,Depends on\n1,Wing,\n1.1,Roof,\n",
        "Outline level,Name,Duration\n1,Wing,20 d\n2,Roof,5 d\n",
    ],
)
def test_other_tables_have_no_levels(text):
    table = read(text.encode())

    assert (table.sheets, table.sheet) == ((), "")
    assert len(table.rows) == len(text.splitlines()) - 1


def test_a_level_that_is_chosen_is_parted_whatever_its_rows_are():
    text = "Type,Name,Owner\nProject,Portal,Ana\nMilestone,Live,Bo\nIssue,Login fails,Cy\n"

    assert [
        (row["Name"], row["Project above"]) for row in of(text, sheet="Issue", record="issue")
    ] == [("Login fails", "Portal")]


def test_a_level_that_a_later_file_does_not_have_is_said():
    flat = "Level,Name\n2,Wing\n1,Ward\n2,Lab\n"

    with pytest.raises(TableError, match="There is no level “Level 2” in this table"):
        read(flat.encode(), Hints(sheet="Level 2"))
    with pytest.raises(TableError, match="There is no level “Level 7” in this table"):
        read(DEEP.encode(), Hints(sheet="Level 7"))
    # of a mapping that was saved for a workbook
    assert len(of(flat, sheet="Projects")) == 3


def test_a_kind_that_is_no_level_takes_all_rows():
    assert len(names(DEEP, record="risk")) == 6


SORTED = (
    "Type,Name,Owner\nProgram,Buildings,Ana\nProgram,Digital care,Ana\nProject,Portal,Bo\nProject,Ward B,Bo\n"
    "Milestone,Portal live,Cy\nMilestone,Ward B open,Cy\n"
)


@pytest.mark.parametrize(
    "text",
    [
        SORTED,
        "Type,Name,Parent\nProgram,Digital care,\nProject,Portal,Digital care\nMilestone,Live,Portal\n",
    ],
)
def test_where_rows_say_otherwise_what_they_belong_to_nothing_is_taken_from_above(text):
    assert not any("above" in header for header in read(text.encode()).headers)
    assert not any("Project above" in row for row in of(text, record="milestone"))
    assert [one.likely for one in read(text.encode()).sheets] == ["program", "project", "milestone"]


def test_a_row_that_does_not_fit_names_nobody_below_it():
    text = (
        "Type,Name,Owner,Due\nProgram,Digital care,Ana,\nProject,Portal,Bo,2026-12-01\n"
        "Program,Wards, beds and rooms,Bob,2026-01-01\nProject,Ward B,Bo,2027-12-01\n"
    )

    assert [row["Program above"] for row in of(text, record="project")] == ["Digital care", None]


def test_another_program_ends_the_project_of_the_one_before():
    text = (
        "Program,Project,Milestone,Due\nDigital,Portal,,2026-12-01\n,,Live,2026-11-01\n"
        "Buildings,,Board vote,2026-10-01\n,Ward B,,2027-12-01\n,,Open,2027-11-01\n"
    )

    assert [(row["Milestone"], row["Project above"]) for row in of(text, record="milestone")] == [
        ("Live", "Portal"),
        ("Board vote", None),
        ("Open", "Ward B"),
    ]


def test_what_lies_above_programs_ends_them():
    text = (
        "Type,Name\nPortfolio,Clinical\nProgram,Digital\nProject,Portal\nPortfolio,Estates\n"
        "Project,Roof\n"
    )

    assert [row["Program above"] for row in of(text, record="project")] == ["Digital", None]


def test_a_name_counts_before_a_description():
    text = "ID,Level,Description,Name\n1,1,All things,Care\n2,2,A page,Portal\n3,3,It opens,Live\n"

    assert of(text, record="project")[0]["Program above"] == "Care"
