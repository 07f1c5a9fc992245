"""An import that is undone leaves the tables as they were, but for what somebody touched since."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError
from projects.models import BudgetLine, CostEntry, ForecastEntry, Project
from projects.services import money, projects, stakeholders
from reports.imports.models import ImportRun, ImportState, RowState
from reports.imports.services import runs, undoing
from reports.imports.services.pacing import Pace
from reports.services.snapshots import freeze_week
from tests.factories import (
    IssueFactory,
    MemberFactory,
    PortfolioFactory,
    ProgramFactory,
    ProjectFactory,
    RiskFactory,
    UnitFactory,
    UserFactory,
    person,
)
from tests.reports.imports.services.scene import started

pytestmark = pytest.mark.django_db
# the trail, the imports themselves, and rows that are computed again
APART = {"common.auditevent", "common.audithead", "common.job", "imports.importrun", "imports.stagedrow"}  # fmt: skip
STAMPS = {"version", "changed_at", "changed_by_id", "last_login", "built_at"}
FULL = (
    "Code,Name,Unit,Program,Lane,Stage,Manager,Start,Baseline,End,Budget,Year,Year forecast,Cost,"
    "Spent,Done,RAG,Sentence\n"
    "P-1,New wing,Surgery,Growth,Mandatory,Delivery,Ada Byron,2026-01-05,2027-01-04,2027-03-01,1.5m,"
    "700k,650k,1.6m,200k,40%,Amber,Permit is late.\n"
    "OLD,Old wing,Surgery,Growth,Mandatory,Delivery,Ada Byron,2026-01-05,2027-01-04,2027-03-01,1.5m,"
    "700k,650k,1.6m,200k,40%,Amber,Permit is late.\n"
)


def tables():
    """Return every row of every table, without what only counts and dates changes."""
    found = {}
    for model in apps.get_models():
        if model._meta.label_lower in APART or not model._meta.managed:
            continue
        rows = model._base_manager.order_by("pk").values()
        found[model._meta.label_lower] = [
            {name: value for name, value in row.items() if name not in STAMPS} for row in rows
        ]
    return {label: rows for label, rows in found.items() if rows}


@pytest.fixture
def scene(lead):
    surgery = UnitFactory(name="Surgery")
    ProgramFactory(code="G", name="Growth")
    UserFactory(name="Ada Byron", email="ada@example.org")
    project = ProjectFactory(code="OLD", name="Old", unit=surgery, stage="planning")
    MemberFactory(project=project, user=UserFactory(name="Bob"), role=Role.MANAGER)
    money.create_budget_line(
        project=project, by=lead, category="Approved budget", amount=Decimal(9)
    )
    money.make_forecast(project=project, by=lead, amount=Decimal(8))
    return project


def written(text, by, **options):
    return runs.apply(run=started(text, by, **options), by=by)


def test_every_table_is_as_before(lead, scene):
    before = tables()
    run = written(FULL, lead)
    assert tables() != before

    undone = undoing.undo(run=run, by=lead)

    assert tables() == before
    assert (undone.state, undone.report["undone"], undone.report["kept"]) == (ImportState.UNDONE, 2, 0)  # fmt: skip
    assert audit.faults() == []


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ("milestone", "Project,Name,Kind,Planned\nOLD,Open,Go-live,2026-12-04\n"),
        ("risk", "Project,Title,L,I,Owner\nOLD,Fire,2,5,Ada Byron\n"),
        (
            "risk",
            "Project,Ref,Title,L,I,Status\nOLD,R-1,Flood,2,5,Closed\nOLD,R-2,Known,5,5,Open\n",
        ),
        ("issue", "Project,Ref,Title,Status\nOLD,I-1,Broken,Done\nOLD,I-2,Known,Done\n"),
        (
            "raid",
            "Type,Project,Title,Severity\nRisk,OLD,Known,High\nIssue,OLD,Known,Low\nIssue,OLD,New,\n",
        ),
        ("stakeholder", "Project,Name,Power,Now\nOLD,Wards,High,Against\nOLD,Known,Low,Leading\n"),
    ],
)
def test_registers_are_as_before(lead, scene, record, text):
    RiskFactory(project=scene, title="Known", likelihood=1, impact=1)
    IssueFactory(project=scene, title="Known")
    stakeholders.create_stakeholder(project=scene, by=lead, name="Known")
    before = tables()
    run = written(text, lead, record=record)
    assert tables() != before

    undoing.undo(run=run, by=lead)

    assert tables() == before


def test_people_units_and_the_portfolio_that_were_added_go_too(lead, scene):
    before = tables()
    answers = {"stage": "planning", "portfolio": "All", "people": {"new one": "add"}, "units": {"new unit": "add"}}  # fmt: skip
    run = written("Code,Name,Unit,Manager\nX-1,New,New unit,New One\n", lead, answers=answers)
    assert run.portfolio is not None

    undoing.undo(run=run, by=lead)

    assert tables() == before


def test_rows_of_one_project_at_several_dates_are_undone_together(lead, scene):
    portfolio = PortfolioFactory()
    text = "Code,Name,Unit,Budget,As of\nP-1,Wing,Surgery,100,2025-03-31\nP-1,New wing,Surgery,120,2026-03-31\n"

    undone = undoing.undo(run=written(text, lead, portfolio=portfolio), by=lead)

    # frozen days stay, and the project that stands in them
    assert undone.report["kept"] == 2
    assert Project.objects.get(code="P-1").stage == "cancelled"
    assert not BudgetLine.objects.filter(project__code="P-1").exists()


def test_what_somebody_changed_since_stays_and_is_listed(lead, scene):
    run = written("Code,Name\nOLD,Newer\n", lead)
    other = person(Role.PMO_LEAD, name="Carla")
    projects.change_project(project=scene, version=None, by=other, name="Newest")

    undone = undoing.undo(run=run, by=lead)

    scene.refresh_from_db()
    assert (scene.name, undone.report["kept"]) == ("Newest", 1)
    (row,) = undone.rows.all()
    assert row.state == RowState.KEPT
    assert row.problems[0][3] == "The project was changed since by Carla, so it stays as it is."


def test_project_to_which_something_refers_is_cancelled_and_its_money_goes(lead, scene):
    run = written(FULL, lead)
    project = Project.objects.get(code="P-1")
    stakeholders.create_stakeholder(project=project, by=lead, name="Neighbours")

    undoing.undo(run=run, by=lead)

    project.refresh_from_db()
    assert project.stage == "cancelled"
    for kind in (BudgetLine, CostEntry, ForecastEntry):
        assert not kind.objects.filter(project=project).exists()


def test_what_was_frozen_since_is_taken_back_by_entries_that_answer_it(lead, scene):
    run = written("Code,Name,Spent,Cost\nOLD,Old,50,90\n", lead)
    freeze_week(timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 1))

    undone = undoing.undo(run=run, by=lead)

    costs = CostEntry.objects.filter(project=scene).values_list("amount", flat=True)
    assert sum(costs) == 0
    assert len(costs) == 2
    last = ForecastEntry.objects.filter(project=scene).order_by("-made_on", "-pk").first()
    assert last.amount == Decimal(8)
    assert undone.report["kept"] == 1


def test_second_undo_changes_nothing(lead, scene):
    run = undoing.undo(run=written(FULL, lead), by=lead)
    before, events = tables(), AuditEvent.objects.count()

    undoing.undo(run=run, by=lead)

    assert (tables(), AuditEvent.objects.count()) == (before, events)


@pytest.mark.parametrize("after", [0, 1])
def test_killed_undo_goes_on_where_it_was(lead, scene, monkeypatch, after):
    before = tables()
    run = written(FULL, lead)
    monkeypatch.setattr(undoing, "Pace", lambda **_sizes: Pace(first=1, least=1, most=1))
    kept, calls = undoing._undo_chunk, []

    def killed(*args):
        if len(calls) == after:
            raise KeyboardInterrupt
        calls.append(1)
        kept(*args)

    monkeypatch.setattr(undoing, "_undo_chunk", killed)
    with pytest.raises(KeyboardInterrupt):
        undoing.undo(run=run, by=lead)
    assert ImportRun.objects.get().state == ImportState.UNDOING
    monkeypatch.setattr(undoing, "_undo_chunk", kept)

    undoing.undo(run=run, by=lead)

    assert tables() == before


def test_who_did_not_import_and_leads_nothing_may_not_undo(lead, scene):
    run = written(FULL, lead)

    with pytest.raises(RefusalError, match="Only who made an import"):
        undoing.undo(run=run, by=person(Role.PMO_ANALYST))
    assert undoing.undo(run=run, by=person(Role.PMO_LEAD)).state == ImportState.UNDONE


def test_import_that_wrote_nothing_is_not_undone(lead, scene):
    with pytest.raises(RefusalError, match="wrote something"):
        undoing.undo(run=started(FULL, lead), by=lead)


def test_job_undoes(lead, scene, django_capture_on_commit_callbacks):
    before = tables()
    run = written(FULL, lead)

    with django_capture_on_commit_callbacks(execute=True):
        runs.request_undo(run=run, by=lead)

    run.refresh_from_db()
    assert (run.state, run.job.result) == (ImportState.UNDONE, {"undone": 2, "kept": 0})
    live = {"reports.snapshot"}
    assert {k: v for k, v in tables().items() if k not in live} == {k: v for k, v in before.items() if k not in live}  # fmt: skip
