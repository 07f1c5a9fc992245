"""What is easy to regret is asked before an import is written: whole numbers taken over, scales, doubts."""

from pathlib import Path

import pytest

from pmo.common.records.writing import RefusalError
from projects.models import Project
from reports.imports.domain import LEAVE, WRITE
from reports.imports.models import ImportState, RowState
from reports.imports.selectors import rows_of, warnings_of
from reports.imports.services import mending, runs, undoing, work
from reports.imports.services.asking import answer_warning
from tests.factories import ProjectFactory, UnitFactory
from tests.reports.imports.services.scene import started

pytestmark = pytest.mark.django_db
CASES = Path(__file__).resolve().parents[3] / "cases" / "imports"
NUMBERED = {"code": "No.", "name": "Project", "unit": "Unit", "approved_budget": "Budget"}


def case(name, by, fields):
    (path,) = CASES.glob(f"{name}.csv")
    run = runs.start_import(file_name=path.name, content=path.read_bytes(), by=by)
    document = run.document | {"fields": fields, "answers": {"stage": "delivery"}}
    return ready(runs.map_columns(run=run, by=by, document=document))


def ready(run):
    return work.finish_check(run, work.check(run))


def checked(text, by):
    return ready(started(text, by, answers={"stage": "delivery"}))


def names():
    return sorted(Project.objects.values_list("code", "name"))


@pytest.fixture
def surgery():
    return UnitFactory(name="Surgery")


def test_other_list_with_the_same_numbers_waits_for_an_answer_and_can_be_undone(lead):
    UnitFactory(name="Information Technology")
    UnitFactory(name="Facilities Management")
    runs.apply(run=case("07_codes_collide_first", lead, NUMBERED), by=lead)
    first = names()

    run = case("07_codes_collide_second", lead, NUMBERED)

    warning = next(one for one in warnings_of(run) if one.kind == "other_name")
    assert (warning.lines, warning.is_open, warning.can_leave) == ((2, 3, 4), True, True)
    assert warning.evidence[0][2:] == ("Patient portal upgrade", "Replace nurse call on 5 East")
    assert warning.sentence == (
        "3 rows whose codes belong to something of quite another name (lines 2, 3, 4):"
        " “Patient portal upgrade” stands here, “Replace nurse call on 5 East” in the file."
    )
    with pytest.raises(RefusalError, match="for an answer"):
        runs.request_apply(run=run, by=lead)
    for one in warnings_of(run):
        run = answer_warning(run=run, key=one.key, answer=WRITE, by=lead)
    asked = runs.request_apply(run=run, by=lead)
    runs.apply(run=asked, by=lead)
    assert names() != first
    undoing.undo(run=asked, by=lead)
    assert names() == first


def test_amount_of_another_scale_waits_for_an_answer(lead):
    UnitFactory(name="Finance")
    fields = {"code": "Code", "name": "Name", "unit": "Unit", "approved_budget": "Budget", "forecast_cost": "Forecast cost"}  # fmt: skip
    run = case("22_scale_slip", lead, fields)

    (warning,) = [one for one in warnings_of(run) if one.is_open]

    assert (warning.kind, warning.lines) == ("against_budget", (2,))
    run = answer_warning(run=run, key=warning.key, answer=LEAVE, by=lead)
    assert runs.request_apply(run=run, by=lead).state == ImportState.APPLYING
    done = runs.apply(run=run, by=lead)
    assert names() == [("O-2", "Scanner")]
    assert (done.report["set_aside"], done.report["counts"]["created"]) == (1, 1)
    undoing.undo(run=done, by=lead)
    assert names() == []


def test_amount_ten_times_what_stands_is_asked_with_both_amounts(lead, surgery):
    runs.apply(run=checked("Code,Name,Unit,Budget\nP-1,A,Surgery,1500\nP-2,B,Surgery,900\n", lead), by=lead)  # fmt: skip

    run = checked("Code,Name,Unit,Budget\nP-1,A,Surgery,15000\nP-2,B,Surgery,1000\n", lead)

    (warning,) = warnings_of(run)
    assert (warning.kind, warning.lines, warning.evidence[0].label) == ("far_value", (2,), "Approved budget")  # fmt: skip
    assert "1,500" in warning.sentence
    assert "15,000" in warning.sentence
    assert [row.line for row in rows_of(run, "warned")] == [2]


def test_renamed_project_is_no_question(lead, surgery):
    ProjectFactory(code="P-1", name="Renewal of chiller plant", unit=surgery)

    assert warnings_of(checked("Code,Name\nP-1,Chiller plant renewal\n", lead)) == []


def test_answer_holds_over_another_check_and_no_longer_when_the_row_says_otherwise(lead, surgery):
    ProjectFactory(code="P-1", name="Badge readers", unit=surgery)
    run = checked("Code,Name\nP-1,Loading dock repair\n", lead)
    (warning,) = warnings_of(run)
    run = answer_warning(run=run, key=warning.key, answer=LEAVE, by=lead)

    run = ready(runs.request_check(run=run, by=lead))
    assert [(one.answer, one.is_open) for one in warnings_of(run)] == [(LEAVE, False)]
    assert run.rows.filter(check_number=run.checks).get().state == RowState.LEFT_OUT

    run = answer_warning(run=run, key=warning.key, answer=WRITE, by=lead)
    assert run.rows.filter(check_number=run.checks).get().state == RowState.READY
    run = mending.mend_cells(run=run, by=lead, cells={1: {"Name": "Chiller plant"}})
    (other,) = warnings_of(run)
    assert (other.answer, other.is_open, other.key != warning.key) == ("", True, True)
    run = mending.mend_cells(run=run, by=lead, cells={1: {"Name": "Badge readers 2"}})
    assert warnings_of(run) == []


def test_rows_left_out_one_by_one_settle_their_warning(lead, surgery):
    ProjectFactory(code="P-1", name="Badge readers", unit=surgery)
    run = checked("Code,Name,Unit\nP-1,Loading dock repair,Surgery\nP-2,New,Surgery\n", lead)

    run = mending.leave_out(run=run, by=lead, positions=[1])

    assert [one.is_open for one in warnings_of(run)] == [False]
    assert runs.request_apply(run=run, by=lead).state == ImportState.APPLYING


def test_answers_that_mean_nothing_are_refused(lead, surgery):
    ProjectFactory(code="P-1", name="Badge readers", unit=surgery)
    run = checked("Code,Name\nP-1,Loading dock repair\n", lead)
    (warning,) = warnings_of(run)

    with pytest.raises(RefusalError, match="no longer there"):
        answer_warning(run=run, key="other", answer=WRITE, by=lead)
    with pytest.raises(RefusalError, match="all the same"):
        answer_warning(run=run, key=warning.key, answer="perhaps", by=lead)


def test_misaligned_row_is_handed_back_with_all_its_cells_and_cannot_be_mended_in_place(
    lead, surgery
):
    text = "Code,Name,Unit\nP-1,A,Surgery\nP-2,B,Surgery,x,y\nP-3,C,Surgery\n"
    run = checked(text, lead)

    rows = list(rows_of(run))
    assert [(row.position, row.line, row.state) for row in rows] == [
        (1, 2, "ready"),
        (2, 3, "refused"),
        (3, 4, "ready"),
    ]
    assert run.rows.get(line=3).cells == ["P-2", "B", "Surgery", "x", "y"]
    with pytest.raises(RefusalError, match="does not fit"):
        mending.mend_cells(run=run, by=lead, cells={2: {"Name": "B2"}})
    run = mending.mend_cells(run=run, by=lead, cells={3: {"Name": "C2"}})
    runs.apply(run=run, by=lead)
    assert names() == [("P-1", "A"), ("P-3", "C2")]
