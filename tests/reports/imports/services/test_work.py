import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from pmo.common.background import jobs
from pmo.common.models import Attribution, AuditEvent, Job, JobState
from pmo.common.records.writing import RefusalError
from projects.models import Project
from reports.imports.domain import ImportRow
from reports.imports.models import ImportProfile, ImportRun, ImportState, RowState
from reports.imports.services import refusals, runs, staging, work
from reports.imports.services.trying import Trial
from reports.models import Snapshot
from tests.factories import UnitFactory
from tests.reports.imports.services.scene import applied, checked, faults, kept, started

pytestmark = pytest.mark.django_db
HEAD = "Code,Name,Unit\n"


@pytest.fixture(autouse=True)
def surgery():
    return UnitFactory(name="Surgery")


def rows(count: int, *, bad: int | None = None) -> str:
    lines = [f"P-{n},Project {n},{'Nowhere' if n == bad else 'Surgery'}" for n in range(count)]
    return HEAD + "\n".join(lines) + "\n"


def test_check_leaves_no_trace(lead):
    before = AuditEvent.objects.count()
    run = started(rows(3), lead)
    uploaded = AuditEvent.objects.count() - before

    work.check(run)

    assert [row.outcome for row in kept()] == ["created"] * 3
    assert Project.objects.count() == 0
    assert AuditEvent.objects.count() == before + uploaded


@pytest.mark.parametrize("bad", [0, 7, 19])
def test_good_rows_are_written_and_the_bad_one_is_handed_back(lead, bad):
    run = runs.apply(run=started(rows(20, bad=bad), lead), by=lead)

    assert (run.state, bytes(run.content)) == (ImportState.APPLIED, b"")
    assert run.report["counts"] == {"created": 19, "updated": 0, "unchanged": 0}
    assert run.report["handed_back"] == 1
    (back,) = run.rows.filter(state=RowState.REFUSED)
    assert (back.line, back.problems[0][3]) == (bad + 2, "There is no unit of this name.")
    assert not Project.objects.filter(code=f"P-{bad}").exists()


def test_file_without_a_good_row_writes_nothing(lead):
    run = started(rows(1, bad=0), lead)

    with pytest.raises(work.ImportRefusedError, match="No row could be written: 1 problem"):
        runs.apply(run=run, by=lead)

    run.refresh_from_db()
    assert (Project.objects.count(), Snapshot.objects.count()) == (0, 0)
    assert (run.state, len(run.content)) == (ImportState.FAULTY, run.size)


def test_check_names_every_bad_row_not_only_the_first(lead):
    text = HEAD + "P-1,A,Nowhere\nP-2,B,Surgery\nP-3,C,Nowhere\n"

    assert [(line, column) for line, column, _ in faults(text, lead)] == [(2, "C"), (4, "C")]


def test_applying_twice_writes_once(lead):
    run = started(rows(2), lead)
    runs.apply(run=run, by=lead)
    events = AuditEvent.objects.count()

    again = runs.apply(run=run, by=lead)

    assert again.report["counts"] == {"created": 2, "updated": 0, "unchanged": 0}
    assert (Project.objects.count(), AuditEvent.objects.count()) == (2, events)


def test_live_rows_are_refreshed_once_after_all_is_written(
    lead, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        applied(rows(5), lead)

    assert len(callbacks) == 1
    assert Snapshot.objects.count() == 5


def test_jobs_check_and_apply(lead, django_capture_on_commit_callbacks):
    run = started(rows(2), lead)

    with django_capture_on_commit_callbacks(execute=True):
        runs.request_check(run=run, by=lead)
    run.refresh_from_db()
    assert (run.state, run.job.state, run.job.done) == (ImportState.READY, JobState.DONE, 2)

    with django_capture_on_commit_callbacks(execute=True):
        runs.request_apply(run=run, by=lead)
    run.refresh_from_db()
    assert (run.state, bytes(run.content)) == (ImportState.APPLIED, b"")
    assert run.job.result == {"created": 2, "updated": 0, "unchanged": 0}


def test_row_that_the_world_overtook_since_the_check_is_handed_back(
    lead, surgery, django_capture_on_commit_callbacks
):
    UnitFactory(name="Medicine")
    run = started(rows(2) + "P-2,Project 2,Medicine\n", lead)
    with django_capture_on_commit_callbacks(execute=True):
        runs.request_check(run=run, by=lead)
    surgery.name = "Operations"
    surgery.save()

    run.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        runs.request_apply(run=run, by=lead)

    run.refresh_from_db()
    assert (run.state, run.job.state) == (ImportState.APPLIED, JobState.DONE)
    assert [one["wrong"] for one in run.report["problems"]] == [
        "There is no unit of this name."
    ] * 2
    assert list(Project.objects.values_list("code", flat=True)) == ["P-2"]


def test_second_worker_finishes_once_what_a_killed_one_left(lead):
    run = started(rows(2), lead)
    ImportRun.objects.update(state=ImportState.APPLYING)
    job = Job.objects.create(
        kind="imports.apply", key="x", params={"run": run.pk}, state="running", attempts=1
    )

    assert jobs.run(job.pk) is True
    assert jobs.run(job.pk) is False

    assert Project.objects.count() == 2


def test_only_a_clean_check_can_be_applied(lead):
    run = started(rows(1), lead)

    with pytest.raises(RefusalError, match="Only an import that was checked"):
        runs.request_apply(run=run, by=lead)


def test_import_that_is_over_takes_nothing_more(lead):
    run = started(rows(1), lead)
    runs.apply(run=run, by=lead)
    run.refresh_from_db()

    for act in (
        lambda: runs.discard(run=run, by=lead),
        lambda: runs.request_check(run=run, by=lead),
        lambda: runs.read_again(run=run, by=lead, source={}),
    ):
        with pytest.raises(RefusalError):
            act()


def test_profile_is_saved_replaced_and_never_over_a_packaged_one(lead):
    run = started(rows(1), lead)
    runs.map_columns(run=run, by=lead, document=run.document, save_as="Ours")
    runs.map_columns(run=run, by=lead, document=run.document | {"title": "New"}, save_as="Ours")

    assert ImportProfile.objects.get().document["title"] == "New"
    assert runs.profile_document("Ours")["fields"] == run.document["fields"]
    with pytest.raises(RefusalError, match="comes with Rounds"):
        runs.map_columns(run=run, by=lead, document=run.document, save_as="nhs_2014")
    with pytest.raises(RefusalError, match="no profile “Theirs”"):
        runs.profile_document("Theirs")


def test_file_with_more_rows_than_are_written_at_once_is_refused(lead, monkeypatch):
    monkeypatch.setattr(work, "MOST_ROWS", 5)

    findings = checked(rows(6), lead)

    assert [(p.wrong, p.right) for p in findings.problems] == [
        ("The file has 6 rows to write.", "At most 5: split the file or filter its rows.")
    ]
    assert kept() == []


def test_same_file_without_rows_is_no_import(lead):
    findings = checked(rows(2), lead, keep={"column": "Unit", "in": ["Radiology"]})

    assert (findings.total, findings.left_out, findings.problems) == (0, 2, [])
    run = started(rows(2), lead, keep={"column": "Unit", "in": ["Radiology"]})
    assert work.finish_check(run, findings).state == ImportState.FAULTY


def test_attribution_of_the_profile_is_kept_once(lead):
    for _ in range(2):
        applied(rows(1), lead, attribution="By the office.")

    assert [a.text for a in Attribution.objects.all()] == ["By the office."]


def test_check_that_was_overtaken_says_nothing(lead, django_capture_on_commit_callbacks):
    run = started(rows(1), lead)
    with django_capture_on_commit_callbacks() as waiting:
        run = runs.request_check(run=run, by=lead)
    run = runs.map_columns(run=run, by=lead, document=run.document)

    for callback in waiting:
        callback()

    run.refresh_from_db()
    assert (run.state, run.report) == (ImportState.MAPPING, {})
    assert run.job.state == JobState.DONE


def test_check_that_is_stopped_reads_no_further(
    lead, monkeypatch, django_capture_on_commit_callbacks
):
    run, tried = started(rows(30), lead), []
    attempt = Trial.judge

    def stopped_meanwhile(trial, some):
        tried.append(len(some))
        runs.request_stop(run=run, by=lead)
        return attempt(trial, some)

    monkeypatch.setattr(Trial, "judge", stopped_meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        runs.request_check(run=run, by=lead)

    run.refresh_from_db()
    assert (run.state, run.report, run.job.state) == (ImportState.MAPPING, {}, JobState.DONE)
    assert tried == [10]
    assert not run.rows.exists()


@pytest.mark.parametrize("calls", [1, 2])
@pytest.mark.parametrize("act", [runs.request_stop, runs.discard])
def test_check_that_ends_while_its_rows_are_kept_says_nothing(
    lead, monkeypatch, django_capture_on_commit_callbacks, act, calls
):
    run, keep, kept = started(rows(3), lead), staging.RowKeeper.keep, []

    def meanwhile(keeper, judged):
        keep(keeper, judged)
        kept.append(run.rows.count())
        if len(kept) == calls:
            act(run=run, by=lead)

    monkeypatch.setattr(staging.RowKeeper, "keep", meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        runs.request_check(run=run, by=lead)

    run.refresh_from_db()
    expected = ImportState.MAPPING if act is runs.request_stop else ImportState.DISCARDED
    assert (run.state, run.report, run.rows.count()) == (expected, {}, 0)


def test_rows_are_kept_as_they_are_tried(lead, monkeypatch):
    """What a long file comes to is never held as a whole."""
    run, judge, kept = started(rows(30), lead), Trial.judge, []

    def counted(trial, some):
        kept.append((len(some), run.rows.count()))
        return judge(trial, some)

    monkeypatch.setattr(Trial, "judge", counted)

    work.check(run)

    assert kept == [(10, 0), (20, 10)]
    assert list(run.rows.values_list("position", "line").order_by("position")) == [
        (number, number + 1) for number in range(1, 31)
    ]


def test_check_whose_worker_was_killed_begins_anew(lead, monkeypatch):
    run, judge = started(rows(30), lead), Trial.judge

    def killed(trial, some):
        if run.rows.exists():
            raise KeyboardInterrupt
        return judge(trial, some)

    monkeypatch.setattr(Trial, "judge", killed)
    with pytest.raises(KeyboardInterrupt):
        work.check(run)
    assert run.rows.count() == 10
    monkeypatch.undo()

    work.finish_check(run, work.check(run))

    assert run.rows.filter(state=RowState.READY).count() == run.rows.count() == 30


def test_row_that_says_a_record_again_is_handed_back(lead):
    text = HEAD + "P-1,A,Surgery\np-1,B,Surgery\nP-2,C,Surgery\n"

    run = runs.apply(run=started(text, lead), by=lead)

    assert run.report["counts"] == {"created": 2, "updated": 0, "unchanged": 0}
    assert Project.objects.get(code="P-1").name == "A"
    (back,) = run.rows.filter(state=RowState.REFUSED)
    assert (back.line, back.problems[0][3]) == (
        3,
        "This record was there before, at line 2, column A.",
    )


def test_file_that_cannot_be_read_any_more_goes_back_to_the_columns(
    lead, django_capture_on_commit_callbacks
):
    run = started(rows(1), lead)
    with django_capture_on_commit_callbacks(execute=True):
        runs.request_check(run=run, by=lead)
        ImportRun.objects.update(content=b"%PDF")

    run.refresh_from_db()
    assert (run.state, run.job.state) == (ImportState.MAPPING, JobState.FAILED)
    assert run.job.error.startswith("This is a PDF file.")


def test_run_that_is_being_written_is_left_alone(lead):
    run = started(rows(1), lead)
    job = Job.objects.create(kind="imports.apply", key="x", state="running")
    ImportRun.objects.update(state=ImportState.APPLYING, job=job)

    for act in (
        lambda: runs.discard(run=run, by=lead),
        lambda: runs.map_columns(run=run, by=lead, document=run.document),
        lambda: runs.read_again(run=run, by=lead, source={}),
        lambda: runs.request_check(run=run, by=lead),
    ):
        with pytest.raises(RefusalError, match="is being written"):
            act()


def test_mapping_that_is_none_is_refused(lead):
    run = started(rows(1), lead)

    with pytest.raises(RefusalError, match="“record” is one of"):
        runs.map_columns(run=run, by=lead, document={"name": "x"})
    with pytest.raises(RefusalError, match="below the end"):
        runs.read_again(run=run, by=lead, source={"header": 99})


def test_problem_without_a_field_is_placed_at_its_row():
    row = ImportRow(7, "", ("a",), {}, {}, {}, {"name": (7, "B")})

    found = [
        refusals.problems_of(error, row)[0]
        for error in (
            ValidationError("Plain."),
            ValidationError({"name": ["Named."]}),
            IntegrityError("secret"),
        )
    ]

    assert [(p.line, p.column, p.wrong) for p in found] == [
        (7, "", "Plain."),
        (7, "B", "Named."),
        (7, "", "This row contradicts a record that is there already."),
    ]
