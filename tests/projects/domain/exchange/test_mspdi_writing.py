"""The export: valid by the schema's order and types, and read back as the same plan."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from defusedxml.ElementTree import fromstring
from hypothesis import given, settings

from projects.domain.exchange import LinkRow, PlanFile, TaskRow, read_mspdi, write_mspdi
from projects.domain.kinds import LinkKind, TaskKind
from tests.projects.domain.exchange.files import MADE_AT, plans
from tests.projects.domain.exchange.mspdi_shape import NAMESPACE, faults


def tree_of(plan: PlanFile):
    return fromstring(write_mspdi(plan, made_at=MADE_AT))


@settings(max_examples=120, deadline=None)
@given(plans())
def test_a_plan_comes_back_as_it_went_out(plan):
    again = read_mspdi(write_mspdi(plan, made_at=MADE_AT))

    assert replace(again, losses=()) == plan
    assert {loss.fate.value for loss in again.losses} == {"kept"}


@settings(max_examples=60, deadline=None)
@given(plans())
def test_every_export_has_the_order_and_types_of_the_schema(plan):
    assert faults(tree_of(plan)) == []


def test_a_shape_that_is_wrong_is_noticed():
    tree = tree_of(PlanFile(title="Wing", tasks=(TaskRow(key="1", name="Move"),)))
    task = tree.find(f".//{NAMESPACE}Task")
    task.append(task[0])
    task.find(f"{NAMESPACE}Duration").text = "5 days"
    tree.remove(tree[0])

    assert faults(tree) == [
        "Project has no SaveVersion",
        f"Tasks/Task is out of order: {[child.tag.removeprefix(NAMESPACE) for child in task]}",
        "Tasks/Task has UID twice",
        "Tasks/Task/Duration is '5 days'",
    ]


def test_rows_without_a_number_get_a_free_one_and_links_follow():
    plan = PlanFile(
        tasks=(
            TaskRow(key="100-1", name="Dig", number=7),
            TaskRow(key="1", name="Pour"),
            TaskRow(key="row 9", name="Cure"),
        ),
        links=(LinkRow(predecessor="100-1", successor="row 9", kind=LinkKind.START_START, lag=2),),
    )

    again = read_mspdi(write_mspdi(plan, made_at=MADE_AT))

    assert [(row.key, row.name, row.number) for row in again.tasks] == [
        ("2", "Dig", 7),
        ("1", "Pour", None),
        ("3", "Cure", None),
    ]
    assert again.links == (
        LinkRow(predecessor="2", successor="3", kind=LinkKind.START_START, lag=2),
    )


def test_outline_numbers_count_the_rows_of_each_level():
    depths = [0, 1, 2, 2, 1, 0, 1]
    tasks = tuple(TaskRow(key=str(n), name=f"Row {n}", depth=d) for n, d in enumerate(depths, 1))

    tree = tree_of(PlanFile(tasks=tasks))

    assert [e.text for e in tree.iter(f"{NAMESPACE}OutlineNumber")] == [
        "1",
        "1.1",
        "1.1.1",
        "1.1.2",
        "1.2",
        "2",
        "2.1",
    ]


def test_costs_are_written_in_hundredths_and_support_keeps_its_kind():
    row = TaskRow(
        key="4",
        name="Crane & <mast>",
        kind=TaskKind.SUPPORT,
        planned_cost=Decimal("1234.56"),
        finish=date(2026, 3, 6),
        notes="hired\x0bmonthly",
    )

    tree = tree_of(PlanFile(title="Tower", tasks=(row,)))
    task = {e.tag.removeprefix(NAMESPACE): e.text for e in tree.iter(f"{NAMESPACE}Task") for e in e}

    assert task["Cost"] == "123456"
    assert task["Name"] == "Crane & <mast>"
    assert task["Notes"] == "hiredmonthly"
    assert task["Finish"] == "2026-03-06T17:00:00"
    assert [e.text for e in tree.iter(f"{NAMESPACE}Value")] == ["rounds::support"]
