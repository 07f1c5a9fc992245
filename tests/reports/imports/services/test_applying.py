"""Rows are written in chunks: killed anywhere, stopped, overtaken by others, and nobody waits for long."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError
from portfolio.models import PortfolioProject
from projects.models import BudgetLine, CostEntry, ForecastEntry, Project, StatusUpdate
from projects.services import projects
from reports.imports.models import ImportRun, ImportState, RowState
from reports.imports.services import applying, chunks, runs, work
from reports.imports.services.pacing import Pace
from reports.models import Freeze
from tests.factories import PortfolioFactory, ProjectFactory, UnitFactory, person
from tests.reports.imports.services.scene import started

pytestmark = pytest.mark.django_db
HEAD = "Code,Name,Unit,Budget,Cost,Spent,RAG\n"
RECORDS = (Project, BudgetLine, ForecastEntry, CostEntry, StatusUpdate)


class KilledError(BaseException):
    """A worker that is gone in the middle of its work."""


def rows(count: int, unit: str = "Surgery") -> str:
    return HEAD + "".join(f"P-{n},Project {n},{unit},10,20,5,Green\n" for n in range(count))


@pytest.fixture(autouse=True)
def surgery():
    return UnitFactory(name="Surgery")


@pytest.fixture
def small(monkeypatch):
    """Chunks of four rows."""
    monkeypatch.setattr(applying, "Pace", lambda **_sizes: Pace(first=4, least=4, most=4))


def ready(text, by, **options):
    run = started(text, by, answers={"stage": "delivery"}, **options)
    return work.finish_check(run, work.check(run))


def counts():
    return [model.objects.count() for model in RECORDS]


@pytest.mark.parametrize("call", range(4))
@pytest.mark.parametrize(
    "step",
    [
        (chunks, "write_rows"),
        (applying, "write_rows"),
        (applying, "_save"),
        (applying, "_finish"),
        (applying._Writing, "_close"),
        (applying._Writing, "_prepare"),
        (audit, "held_head"),
    ],
)
def test_worker_killed_in_any_step_loses_and_doubles_nothing(lead, small, monkeypatch, step, call):
    where, name = step
    run = ready(rows(10), lead)
    kept, calls = getattr(where, name), []

    def dies(*args, **options):
        calls.append(name)
        done = kept(*args, **options)  # the work is done and not committed
        if len(calls) == call + 1:
            raise KilledError
        return done

    monkeypatch.setattr(where, name, dies)
    try:
        runs.apply(run=run, by=lead)
    except KilledError:
        # after its last step it is over
        assert ImportRun.objects.get().state in {ImportState.APPLYING, ImportState.APPLIED}
    monkeypatch.setattr(where, name, kept)

    done = runs.apply(run=run, by=lead)

    assert done.state == ImportState.APPLIED
    assert done.report["counts"] == {"created": 10, "updated": 0, "unchanged": 0}
    assert counts() == [10] * 5
    assert audit.faults() == []
    created = AuditEvent.objects.filter(action="project.created").values_list("target", flat=True)
    assert len(created) == len(set(created)) == 10


def test_stop_leaves_what_is_written_and_the_rest_can_be_written_later(lead, small, monkeypatch):
    run = ready(rows(10), lead)

    def stop(done, total):
        if done == 4:
            ImportRun.objects.filter(pk=run.pk).update(is_to_stop=True)
        told.append((done, total))

    told = []
    stopped = runs.apply(run=run, by=lead, progress=stop)

    assert (stopped.state, Project.objects.count(), told) == (ImportState.STOPPED, 4, [(4, 10)])
    assert len(stopped.content) == stopped.size
    done = runs.apply(run=run, by=lead)
    assert (done.state, Project.objects.count()) == (ImportState.APPLIED, 10)


def test_row_that_somebody_changed_since_the_check_is_handed_back_and_not_overwritten(lead):
    project = ProjectFactory(code="P-1", name="Old", stage="delivery")
    run = ready("Code,Name\nP-1,From the file\n", lead)
    carla = person(Role.PMO_LEAD, name="Carla")
    projects.change_project(project=project, version=None, by=carla, name="From Carla")

    done = runs.apply(run=run, by=lead)

    project.refresh_from_db()
    assert (project.name, done.report["handed_back"]) == ("From Carla", 1)
    (problem,) = done.report["problems"]
    assert problem["wrong"] == "This was changed by Carla since the check."


def test_row_whose_project_somebody_changed_elsewhere_is_written(lead):
    project = ProjectFactory(code="P-1", name="Old", stage="delivery")
    run = ready("Code,Name\nP-1,From the file\n", lead)
    projects.change_project(project=project, version=None, by=lead, summary="Something else.")

    done = runs.apply(run=run, by=lead)

    project.refresh_from_db()
    assert (project.name, project.summary, done.report["handed_back"]) == ("From the file", "Something else.", 0)  # fmt: skip


def test_code_that_somebody_took_since_the_check_is_handed_back(lead, surgery):
    run = ready(rows(3), lead)
    ProjectFactory(code="P-1", name="Theirs", unit=surgery)

    done = runs.apply(run=run, by=lead)

    assert Project.objects.get(code="P-1").name == "Theirs"
    assert (done.report["counts"]["created"], done.report["handed_back"]) == (2, 1)


def test_rule_of_the_database_names_its_row_and_lets_the_others_be_written(lead):
    head = "Code,Name,Unit,Start,Baseline\n"
    good = [f"P-{n},Project {n},Surgery,2026-01-01,2026-12-31" for n in range(9)]
    bad = "P-9,Project 9,Surgery,2027-01-01,2026-01-01"
    run = ready(head + "\n".join([*good[:5], bad, *good[5:]]) + "\n", lead)

    (back,) = run.rows.filter(state=RowState.REFUSED)
    assert (back.line, back.problems[0][3]) == (7, "The baseline finish is before the start.")
    done = runs.apply(run=run, by=lead)
    assert (done.report["counts"]["created"], done.report["handed_back"]) == (9, 1)


def test_rights_taken_away_between_two_chunks_stop_the_writing(lead, small):
    run = ready(rows(10), lead)

    def shut_out(done, total):
        lead.memberships.all().delete()

    with pytest.raises(RefusalError, match="may not do it any more"):
        runs.apply(run=run, by=lead, progress=shut_out)

    assert Project.objects.count() == 4
    assert run.rows.filter(state=RowState.WRITTEN).count() == 4


def test_day_of_which_a_row_was_handed_back_is_frozen_once_the_rest_was_sent(lead):
    portfolio = PortfolioFactory()
    head = "Code,Name,Unit,As of\n"
    text = head + "P-1,A,Surgery,2025-03-31\nP-2,B,Nowhere,2025-03-31\nP-1,A2,Surgery,2026-03-31\n"
    run = started(text, lead, portfolio=portfolio)
    run = runs.apply(run=run, by=lead)

    assert not Freeze.objects.exists()
    assert [note for note in run.report["notes"] if "not frozen" in note] == [
        "31 Mar 2025 is not frozen: 1 row up to this day were handed back.",
        "31 Mar 2026 is not frozen: 1 row up to this day were handed back.",
    ]
    rest = head + "P-2,B,Surgery,2025-03-31\n"
    runs.apply(run=started(rest, lead, portfolio=portfolio), by=lead)

    assert list(Freeze.objects.values_list("rows", flat=True)) == [2]


def test_nobody_leaves_a_portfolio_while_rows_are_handed_back(lead, surgery):
    portfolio = PortfolioFactory()
    stays = PortfolioProject.objects.create(
        portfolio=portfolio,
        project=ProjectFactory(code="X", unit=surgery),
        added_on=timezone.localdate() - timedelta(days=9),
    )
    text = "Code,Name,Unit\nP-1,A,Surgery\nP-2,B,Nowhere\n"

    runs.apply(run=started(text, lead, portfolio=portfolio, is_complete=True), by=lead)

    stays.refresh_from_db()
    assert stays.removed_on is None


def test_known_project_enters_the_portfolio_that_the_import_makes(lead):
    runs.apply(run=started("Code,Name,Unit\nP-1,Wing,Surgery\n", lead), by=lead)
    text = "Code,Name,Unit\nP-1,North wing,Surgery\nP-2,Robot,Surgery\n"
    run = started(text, lead, answers={"portfolio": "All projects"})

    run = runs.apply(run=work.finish_check(run, work.check(run)), by=lead)

    assert run.report["handed_back"] == 0
    assert PortfolioProject.objects.count() == 2


@pytest.mark.parametrize("known", [False, True])
def test_project_whose_row_says_nothing_new_enters_the_portfolio_too(lead, surgery, known):
    text = "Code,Name,Unit\nP-1,Wing,Surgery\n"
    runs.apply(run=started(text, lead), by=lead)
    if known:
        PortfolioFactory(name="All projects")
    run = started(text, lead, answers={"portfolio": "All projects"})

    run = work.finish_check(run, work.check(run))
    assert [one.changes for one in run.rows.all()] == [[["", "Portfolio", "empty", "All projects"]]]

    assert runs.apply(run=run, by=lead).report["counts"]["updated"] == 1
    assert [one.portfolio.name for one in PortfolioProject.objects.all()] == ["All projects"]
