"""A checked file is mended on its page: only what was touched is judged again."""

import pytest

from pmo.accounts.roles import Role
from pmo.common.records.writing import RefusalError
from projects.models import Project
from reports.imports.models import ImportState, RowState
from reports.imports.services import chunks, mending, runs, trying, work
from tests.factories import ProjectFactory, UnitFactory, person
from tests.reports.imports.services.scene import started

pytestmark = pytest.mark.django_db
TEXT = "Code,Name,Unit,Start\nP-1,A,Surgery,2026-01-05\nP-2,B,,2026-01-05\nP-3,C,Surgery,soon\n"


@pytest.fixture
def run(lead):
    UnitFactory(name="Surgery")
    run = started(TEXT, lead)
    return work.finish_check(run, work.check(run))


def states(run):
    return list(run.rows.order_by("position").values_list("state", flat=True))


def test_row_that_is_mended_to_what_is_kept_nowhere_is_left_out_and_counted(lead):
    ProjectFactory(code="P-1")
    text = "Type,Project,Title\nWish,P-1,Fire\nAction,P-1,Call\nIssue,P-1,Flood\n"
    run = started(text, lead, record="raid")
    run = work.finish_check(run, work.check(run))
    assert states(run) == ["refused", "ready"]

    run = mending.mend_value(run=run, by=lead, header="Type", old="Wish", new="Action")

    assert states(run) == ["left_out", "ready"]
    assert run.report["notes"] == [
        "2 rows are actions; Rounds keeps none yet. Left out: line 2, 3."
    ]
    assert (run.report["set_aside"], run.report["problem_count"]) == (1, 0)
    again = mending.leave_out(run=run, by=lead, positions=[1], is_left_out=False)
    assert states(again) == ["left_out", "ready"]
    mending.mend_value(run=run, by=lead, header="Type", old="Action", new="Risk")
    mending.leave_out(run=run, by=lead, positions=[1], is_left_out=False)
    assert states(run) == ["refused", "ready"]  # a new risk needs its scores


def test_mended_cell_is_judged_at_once_and_written(lead, run, monkeypatch):
    assert states(run) == ["ready", "refused", "ready"]
    judged, kept = [], chunks.write_rows

    def noted(rows, *args, **options):
        judged.extend(row.line for row in rows)
        return kept(rows, *args, **options)

    monkeypatch.setattr(trying, "write_rows", noted)

    run = mending.mend_cells(run=run, by=lead, cells={2: {"Unit": "Surgery"}})

    assert (states(run), judged) == (["ready"] * 3, [3])
    assert (run.report["handed_back"], run.report["problem_count"]) == (0, 0)
    runs.apply(run=run, by=lead)
    assert list(Project.objects.order_by("code").values_list("code", "unit__name")) == [
        ("P-1", "Surgery"),
        ("P-2", "Surgery"),
        ("P-3", "Surgery"),
    ]


def test_value_is_mended_wherever_it_stands(lead, run):
    assert mending.values_in(run, "Start") == [("2026-01-05", 2), ("soon", 1)]

    run = mending.mend_value(run=run, by=lead, header="Start", old="2026-01-05", new="2026-02-05")
    runs.apply(run=run, by=lead)

    assert str(Project.objects.get(code="P-1").start_date) == "2026-02-05"


def test_row_left_out_is_not_written_and_can_be_taken_in_again(lead, run):
    run = mending.leave_out(run=run, by=lead, positions=[1, 2])
    assert (states(run), run.report["set_aside"]) == (["left_out", "left_out", "ready"], 2)

    run = mending.leave_out(run=run, by=lead, positions=[1], is_left_out=False)
    assert states(run) == ["ready", "left_out", "ready"]

    runs.apply(run=run, by=lead)
    assert sorted(Project.objects.values_list("code", flat=True)) == ["P-1", "P-3"]
    assert run.rows.get(position=2).state == RowState.LEFT_OUT


def test_mends_are_refused_where_they_cannot_be(lead, run):
    for act in (
        lambda: mending.mend_cells(run=run, by=lead, cells={2: {"Nothing": "x"}}),
        lambda: mending.mend_cells(run=run, by=lead, cells={9: {"Unit": "x"}}),
        lambda: mending.mend_cells(run=run, by=lead, cells={2: {"Name": "MRN 12345678"}}),
        lambda: mending.mend_value(run=run, by=lead, header="Unit", old="Nowhere", new="x"),
        lambda: mending.leave_out(run=run, by=person(Role.PMO_LEAD), positions=[1]),
    ):
        with pytest.raises(RefusalError):
            act()
    runs.apply(run=run, by=lead)
    run.refresh_from_db()
    assert run.state == ImportState.APPLIED
    with pytest.raises(RefusalError, match="Only a checked import"):
        mending.leave_out(run=run, by=lead, positions=[1])


def test_name_that_a_mended_cell_brings_is_asked_about(lead, run):
    run = mending.mend_cells(run=run, by=lead, cells={2: {"Unit": "Cardiology"}})

    assert [one["name"] for one in run.report["unknown"]] == ["Cardiology"]
