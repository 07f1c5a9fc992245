import pytest

from reports.imports.domain.plans import is_plan


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ("ID,Task Mode,Task Name,Duration,Start,Finish,Predecessors,Resource Names", True),
        ("WBS,Activity,Duration (days),Start,Finish", True),
        ("Outline Level,Name,Predecessors", True),
        ("Code,Name,Unit,Start,Finish,Duration", False),
        ("Project,Milestone,Date", False),
        ("Issue key,Summary,Status,Dependencies", False),
        ("Duration,Predecessors", False),
    ],
)
def test_plan_is_known_by_lengths_links_and_levels(headers, found):
    assert is_plan(headers.split(",")) is found
