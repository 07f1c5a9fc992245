"""Tables as other programs export them, with rows made up here: what is guessed without a profile."""

import pytest

from pmo.common.tabular import Hints, read
from reports.imports.domain import RECORD_KINDS, guess_fields, suggested_fields

PROJECT_ONLINE = """Project Name,Project Owner Name,Project Start Date,Project Finish Date,Project Percent Completed,Project Baseline Cost,Project Actual Cost
New ward,Anna Reid,2026-01-05,2026-11-30,45,1200000,400000
Portal,Tom Baker,2026-02-01,2027-01-31,10,300000,20000
"""
PLANNER = """Plan name,Capital works
Plan ID,abc

Task ID,Task Name,Bucket Name,Progress,Priority,Assigned To,Created By,Created Date,Start date,Due date,Is Recurring,Late,Completed Date,Completed By,Description
t1,Fit out,Delivery,In progress,Medium,Anna Reid,Tom Baker,01/15/2026,02/01/2026,06/30/2026,false,false,,,Walls
t2,Order beds,Planning,Not started,Urgent,Tom Baker,Tom Baker,01/16/2026,03/01/2026,05/31/2026,false,true,,,
t3,Tender,Planning,Completed,Low,Tom Baker,Tom Baker,01/17/2026,01/20/2026,02/28/2026,false,false,02/27/2026,Tom Baker,
"""
SMARTSHEET = """Project Name,Project Manager,Schedule Health,Planned Start,Planned Finish,% Complete,Budget,Actual Spend,Comments
New ward,anna@hospital.example,Green,01/05/26,11/30/26,45%,"$1,200,000","$400,000",On track
Portal,tom@hospital.example,Red,02/13/26,01/31/27,10%,"$300,000","$20,000",Late
"""
JIRA = """Summary,Issue key,Issue id,Issue Type,Status,Project key,Project name,Project lead,Priority,Assignee,Created,Due date,Description
Ward fit-out,CAP-1,10001,Epic,In Progress,CAP,Capital,Anna Reid,High,Tom Baker,05/Jan/26 9:00 AM,30/Nov/26 12:00 AM,Walls
Portal,CAP-2,10002,Epic,To Do,CAP,Capital,Anna Reid,Low,Tom Baker,06/Jan/26 9:00 AM,31/Jan/27 12:00 AM,Web
Lab move,CAP-3,10003,Epic,To Do,CAP,Capital,Anna Reid,Low,Tom Baker,07/Jan/26 9:00 AM,28/Feb/27 12:00 AM,
"""
ASANA = """Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,Tags,Notes,Projects
1201,2026-01-05,,2026-01-06,Ward fit-out,Delivery,Anna Reid,anna@hospital.example,2026-01-05,2026-11-30,,Walls,Capital
1202,2026-01-05,,2026-01-06,Portal,Planning,Tom Baker,tom@hospital.example,2026-02-01,2027-01-31,,Web,Capital
"""
MONDAY = """Capital works

Buildings
Name,Person,Status,Timeline - Start,Timeline - End,Budget
Ward fit-out,Anna Reid,Working on it,2026-01-05,2026-11-30,1200000
Lab move,Tom Baker,Done,2026-02-01,2026-03-31,80000

Digital
Name,Person,Status,Timeline - Start,Timeline - End,Budget
Portal,Tom Baker,Stuck,2026-02-01,2027-01-31,300000
"""
OPEN_PROJECT = """ID,Subject,Type,Status,Assignee,Accountable,Priority,Start date,Finish date,% Complete,Description
11,Ward fit-out,Phase,In progress,Tom Baker,Anna Reid,High,2026-01-05,2026-11-30,45,Walls
12,Portal,Phase,New,Tom Baker,Anna Reid,Normal,2026-02-01,2027-01-31,10,
"""
REDMINE = """#,Project,Tracker,Parent task,Status,Priority,Subject,Author,Assignee,Updated,Category,Start date,Due date,% Done,Created
21,Capital,Feature,,New,High,Ward fit-out,Anna Reid,Tom Baker,01/06/2026 09:00 AM,Build,01/05/2026,11/30/2026,45,01/05/2026
22,Capital,Feature,,New,Low,Portal,Anna Reid,Tom Baker,01/06/2026 09:00 AM,Build,02/01/2026,01/31/2027,10,01/05/2026
23,Capital,Feature,,New,Low,Lab move,Anna Reid,Tom Baker,01/06/2026 09:00 AM,Build,02/02/2026,02/28/2027,10,01/05/2026
"""
EXPORTS = {
    "Project Online": (PROJECT_ONLINE, "project", {"name": "Project Name", "start_date": "Project Start Date", "forecast_finish": "Project Finish Date", "percent_complete": "Project Percent Completed", "spent": "Project Actual Cost"}),
    "Planner": (PLANNER, "milestone", {"name": "Task Name", "forecast_date": "Due date", "actual_date": "Completed Date"}),
    "Smartsheet": (SMARTSHEET, "project", {"name": "Project Name", "manager": "Project Manager", "color": "Schedule Health", "start_date": "Planned Start", "baseline_finish": "Planned Finish", "percent_complete": "% Complete", "approved_budget": "Budget", "spent": "Actual Spend", "summary": "Comments"}),
    "Jira": (JIRA, "project", {"code": "Issue key", "name": "Summary", "forecast_finish": "Due date", "description": "Description", "manager": "Project lead"}),
    "Asana": (ASANA, "project", {"name": "Name", "start_date": "Start Date", "forecast_finish": "Due Date", "description": "Notes"}),
    "monday.com": (MONDAY, "project", {"name": "Name", "start_date": "Timeline - Start", "forecast_finish": "Timeline - End", "approved_budget": "Budget"}),
    "OpenProject": (OPEN_PROJECT, "project", {"code": "ID", "name": "Subject", "manager": "Accountable", "start_date": "Start date", "forecast_finish": "Finish date", "percent_complete": "% Complete", "description": "Description"}),
    "Redmine": (REDMINE, "project", {"code": "#", "name": "Subject", "start_date": "Start date", "forecast_finish": "Due date", "percent_complete": "% Done"}),
}  # fmt: skip
# what no export may be taken for: whoever looks at the page sees at most a suggestion
NEVER = {
    "Created Date", "Created By", "Created At", "Created", "Late", "Progress", "Completed By", "Last Modified",
    "Issue id", "Assignee Email", "Priority", "Project key", "Updated", "Author", "Bucket Name",
}  # fmt: skip


@pytest.mark.parametrize("tool", EXPORTS)
def test_the_columns_of_an_export_are_known(tool):
    text, record, wanted = EXPORTS[tool]
    table = read(text.encode(), Hints(record=record))

    guessed = guess_fields(table, RECORD_KINDS[record])

    assert {name: guessed.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("tool", EXPORTS)
def test_no_column_of_an_export_is_chosen_for_what_it_is_not(tool):
    text, record, _wanted = EXPORTS[tool]
    table = read(text.encode(), Hints(record=record))

    assert not NEVER & set(guess_fields(table, RECORD_KINDS[record]).values())


def test_groups_of_a_board_are_no_records():
    table = read(MONDAY.encode(), Hints(record="project"))

    assert [row.cells[0] for row in table.rows if row.cells[1]] == ["Ward fit-out", "Lab move", "Portal"]  # fmt: skip
    assert [one.line for one in table.left_out] == [8, 9]
    assert table.cautions == ()


def test_what_may_be_meant_is_suggested_and_not_chosen():
    table = read(ASANA.encode(), Hints(record="project"))

    assert suggested_fields(table, RECORD_KINDS["project"])["manager"] == "Assignee"
