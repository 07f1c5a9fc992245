from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from portfolio.models import PortfolioProject
from projects.models import BudgetLine, CostEntry, ForecastEntry, Project, StatusUpdate
from projects.services import status
from reports.models import Freeze, Snapshot
from reports.models.snapshots import LIVE
from tests.factories import (
    MemberFactory,
    PortfolioFactory,
    ProgramFactory,
    ProjectFactory,
    UnitFactory,
    UserFactory,
    person,
)
from tests.reports.imports.services.scene import applied, checked, faults, kept, shown

pytestmark = pytest.mark.django_db
FULL = (
    "Code,Name,Unit,Program,Lane,Stage,Manager,Start,Baseline,End,Budget,Year,Year forecast,Cost,"
    "Spent,Done,RAG,Sentence\n"
    "P-1,New wing,Surgery,Growth,Mandatory,Delivery,Ada Byron,2026-01-05,2027-01-04,2027-03-01,1.5m,"
    "700k,650k,1.6m,200k,40%,Amber,Permit is late.\n"
)


@pytest.fixture
def surgery():
    return UnitFactory(name="Surgery")


@pytest.fixture
def ada():
    return UserFactory(name="Ada Byron", email="ada@example.org")


def test_everything_a_row_says_is_written(lead, surgery, ada):
    program = ProgramFactory(code="G", name="Growth")

    counts = applied(FULL, lead)

    assert counts == {"created": 1, "updated": 0, "unchanged": 0}
    project = Project.objects.get()
    assert (project.code, project.name, project.unit, project.program) == ("P-1", "New wing", surgery, program)  # fmt: skip
    assert (project.lane, project.stage) == ("mandatory", "delivery")
    assert (project.start_date, project.baseline_finish_date, project.forecast_finish_date) == (
        date(2026, 1, 5),
        date(2027, 1, 4),
        date(2027, 3, 1),
    )
    lines = BudgetLine.objects.order_by("fiscal_year").values_list("amount", flat=True)
    assert sorted(lines) == [Decimal(700_000), Decimal(1_500_000)]
    forecasts = {f.fiscal_year is None: f.amount for f in ForecastEntry.objects.all()}
    assert forecasts == {True: Decimal(1_600_000), False: Decimal(650_000)}
    assert CostEntry.objects.get().amount == Decimal(200_000)
    update = StatusUpdate.objects.get()
    assert (update.overall, update.overall_note, update.percent_complete) == ("amber", "Permit is late.", 40)  # fmt: skip
    assert project.members.get(role=Role.MANAGER).user == ada


def test_second_and_third_time_change_nothing(lead, surgery, ada):
    ProgramFactory(code="G", name="Growth")
    applied(FULL, lead)
    records = [Project, BudgetLine, ForecastEntry, CostEntry, StatusUpdate]
    before = [list(model.objects.order_by("pk").values()) for model in records]
    events = AuditEvent.objects.exclude(action__startswith="import.").count()

    for _ in range(2):
        assert applied(FULL, lead) == {"created": 0, "updated": 0, "unchanged": 1}

    assert [list(model.objects.order_by("pk").values()) for model in records] == before
    assert AuditEvent.objects.exclude(action__startswith="import.").count() == events


def test_changed_cells_change_their_records_and_nothing_else(lead, surgery):
    applied("Code,Name,Unit,Budget,RAG\nP-1,Wing,Surgery,100,Green\n", lead)
    text = "Code,Name,Unit,Budget,RAG\np-1,Wing,Surgery,150,Red\n"

    checked(text, lead)
    assert shown() == [
        [
            ("Code", "P-1", "p-1"),
            ("Approved budget", "$100", "$150"),
            ("Declared color", "Green", "Red"),
        ]
    ]
    assert BudgetLine.objects.get().amount == Decimal(100)

    applied(text, lead)
    assert BudgetLine.objects.get().amount == Decimal(150)
    assert list(StatusUpdate.objects.order_by("pk").values_list("overall", "revision")) == [
        ("green", 1),
        ("red", 2),
    ]


def test_blank_cells_leave_what_is_there(lead, surgery):
    applied("Code,Name,Unit,Start,Budget\nP-1,Wing,Surgery,2026-01-05,100\n", lead)

    counts = applied("Code,Name,Unit,Start,Budget\nP-1,Wing,,,\n", lead)

    assert counts == {"created": 0, "updated": 0, "unchanged": 1}
    assert Project.objects.get().start_date == date(2026, 1, 5)


def test_words_become_stated_reasons_until_a_value_comes(lead, surgery):
    head = "Code,Name,Unit,End,Budget,Year forecast,RAG\n"
    applied(f"{head}P-1,Wing,Surgery,No end date,Exempt,Not given,Reset\n", lead)

    project = Project.objects.get()
    assert project.stated_reasons == {"forecast_finish": "No end date", "overall": "Reset"}
    assert project.forecast_finish_date is None
    line = BudgetLine.objects.get()
    assert (line.amount, line.stated_reason) == (None, "Exempt")
    entry = ForecastEntry.objects.get()
    assert (entry.amount, entry.stated_reason) == (None, "Not given")
    assert StatusUpdate.objects.get().published_rating == "Reset"

    applied(f"{head}P-1,Wing,Surgery,2027-01-01,5,6,Green\n", lead)

    project.refresh_from_db()
    assert (project.stated_reasons, project.forecast_finish_date) == ({}, date(2027, 1, 1))
    line.refresh_from_db()
    assert (line.amount, line.stated_reason) == (Decimal(5), "")


def test_field_filled_once_is_left_alone(lead, surgery):
    once = {"baseline_finish": {"from": ["End"], "once": True}, "name": "Name", "unit": "Unit", "code": "Code", "forecast_finish": "End"}  # fmt: skip
    applied("Code,Name,Unit,End\nP-1,Wing,Surgery,2027-01-01\n", lead, fields=once)
    applied("Code,Name,Unit,End\nP-1,Wing,Surgery,2027-06-01\n", lead, fields=once)

    project = Project.objects.get()
    assert project.baseline_finish_date == date(2027, 1, 1)
    assert project.forecast_finish_date == date(2027, 6, 1)


def test_project_without_a_code_is_known_by_its_name(lead, surgery):
    applied("Name,Unit\nWing,Surgery\n", lead)
    applied("Name,Unit\n wing ,Surgery\n", lead)

    assert list(Project.objects.values_list("code", "name")) == [("P-0001", "wing")]


def test_spent_books_the_difference(lead, surgery):
    applied("Code,Name,Unit,Spent\nP-1,Wing,Surgery,100\n", lead)
    applied("Code,Name,Unit,Spent\nP-1,Wing,Surgery,130\n", lead)

    assert sorted(CostEntry.objects.values_list("amount", flat=True)) == [Decimal(30), Decimal(100)]


def test_new_manager_replaces_the_old_one(lead, surgery, ada):
    bob = UserFactory(name="Bob", email="bob@example.org")
    applied("Code,Name,Unit,Stage,Manager\nP-1,Wing,Surgery,delivery,Ada Byron\n", lead)
    applied("Code,Name,Manager\nP-1,Wing,BOB@example.org\n", lead)

    assert [m.user for m in Project.objects.get().members.all()] == [bob]


def test_problems_of_the_database_say_where(lead, surgery):
    UserFactory(name="Ada"), UserFactory(name="Ada")
    project = ProjectFactory(code="P-9", unit=surgery)
    BudgetLine.objects.create(project=project, category="Building", amount=5)
    status.save_draft(project=project, by=lead, overall="green")
    head = "Code,Name,Unit,Program,Manager,Stage,Start,Baseline,Budget,RAG\n"
    new = {"answers": {"stage": "proposal"}}

    assert faults(head + "P-1,A,Surgery,,,,,,,\n", lead) == [(2, "", "A new project needs a stage.")]  # fmt: skip
    assert faults(head + "P-1,A,,,,,,,,\n", lead, **new) == [(2, "", "A new project needs a unit.")]
    assert faults(head + "P-1,A,Nowhere,,,,,,,\n", lead, **new) == [(2, "C", "There is no unit of this name.")]  # fmt: skip
    assert faults(head + "P-1,A,Surgery,X,,,,,,\n", lead, **new) == [(2, "D", "There is no program of this name.")]  # fmt: skip
    assert faults(head + "P-1,A,Surgery,,Ada,,,,,\n", lead, **new) == [(2, "E", "Several persons have this name.")]  # fmt: skip
    assert faults(head + "P-9,A,,,,closed,,,,\n", lead) == [(2, "", "A project in Delivery cannot move to Closed.")]  # fmt: skip
    assert faults(head + "P-1,A,Surgery,,,,2027-01-01,2026-01-01,,\n", lead, **new) == [(2, "", "The baseline finish is before the start.")]  # fmt: skip
    assert faults(head + "P-9,A,,,,,,,7,\n", lead) == [(2, "I", "This budget is kept in several lines, whose sum differs.")]  # fmt: skip
    assert faults(head + "P-9,A,,,,,,,5,Red\n", lead) == [(2, "J", "The manager is writing a status update of this project.")]  # fmt: skip
    assert Project.objects.count() == 1


def test_patient_data_is_refused_without_repeating_it(lead, surgery):
    found = checked("Code,Name,Unit,End\nP-1,Wing,Surgery,for MRN 12345678\n", lead)

    assert [(p.line, p.column, p.wrong) for p in found.problems] == [
        (2, "D", "This looks like a medical record number.")
    ]


def test_confidential_project_of_others_is_not_told_of(surgery):
    ProjectFactory(code="SECRET", name="Merger", unit=surgery, is_confidential=True)
    analyst = person(Role.PMO_ANALYST)

    assert faults("Code,Name,Unit\nSECRET,X,Surgery\n", analyst) == [
        (2, "A", "This code cannot be used here.")
    ]
    checked("Name,Unit\nMerger,Surgery\n", analyst)
    assert [row.outcome for row in kept()] == ["created"]


def test_unit_role_imports_into_its_unit_only(surgery):
    other = UnitFactory(name="Radiology")
    analyst = person(Role.PMO_ANALYST, unit=surgery)
    mine = ProjectFactory(code="MINE", unit=surgery)
    MemberFactory(project=ProjectFactory(code="READ", unit=other), user=analyst, role=Role.READER)

    assert faults("Code,Name,Unit\nP-1,A,Radiology\n", analyst) == [
        (2, "C", "You may not put projects into this unit.")
    ]
    assert faults("Code,Name\nREAD,A\n", analyst) == [(2, "A", "You may not change this project.")]
    applied("Code,Name\nMINE,Better name\n", analyst)
    mine.refresh_from_db()
    assert mine.name == "Better name"


def test_dates_are_frozen_in_order_and_projects_leave(
    lead, surgery, django_capture_on_commit_callbacks
):
    portfolio = PortfolioFactory()
    text = (
        "Code,Name,Unit,RAG,Budget,As of\n"
        "P-1,Wing,Surgery,Green,100,2025-03-31\n"
        "P-2,Robot,Surgery,Amber,50,2025-03-31\n"
        "P-1,New wing,Surgery,Red,120,2026-03-31\n"
    )

    with django_capture_on_commit_callbacks(execute=True):
        counts = applied(text, lead, portfolio=portfolio, is_complete=True)

    assert counts == {"created": 2, "updated": 1, "unchanged": 0}
    rows = Snapshot.objects.exclude(date=LIVE).order_by("date", "code")
    assert [
        (str(r.date), r.code, r.name, r.overall, r.overall_before, r.approved_budget) for r in rows
    ] == [
        ("2025-03-31", "P-1", "Wing", "green", "none", Decimal(100)),
        ("2025-03-31", "P-2", "Robot", "amber", "none", Decimal(50)),
        ("2026-03-31", "P-1", "New wing", "red", "green", Decimal(120)),
    ]
    assert list(Freeze.objects.order_by("date").values_list("rows", flat=True)) == [2, 1]
    left = PortfolioProject.objects.get(project__code="P-2")
    assert (left.added_on, left.removed_on) == (date(2025, 3, 31), date(2026, 3, 31))
    assert Snapshot.objects.filter(date=LIVE).count() == 2

    assert applied(text, lead, portfolio=portfolio, is_complete=True)["unchanged"] == 3
    assert Freeze.objects.count() == 2
    older = "Code,Name,Unit,As of\nP-1,Wing,Surgery,2025-06-30\n"
    assert faults(older, lead, portfolio=portfolio) == [
        (2, "D", "This portfolio is frozen as of 2026-03-31 already.")
    ]


def test_dated_rows_need_a_portfolio_and_a_past_date(lead, surgery):
    text = "Code,Name,Unit\nP-1,Wing,Surgery\n"

    assert faults(text, lead, as_of=date(2026, 3, 31)) == [
        (2, "", "Rows with a date need a portfolio to be frozen in.")
    ]
    assert faults(
        text, lead, as_of=timezone.localdate() + timedelta(days=2), portfolio=PortfolioFactory()
    ) == [(2, "", "This date is yet to come.")]


def test_names_that_fit_several_projects_need_a_code(lead, surgery):
    ProjectFactory(name="Wing", unit=surgery)
    ProjectFactory(name="wing", unit=surgery)

    assert faults("Name,Unit\nWing,Surgery\n", lead) == [(2, "A", "2 projects have this name.")]


def test_new_code_steps_over_one_that_is_taken(lead, surgery):
    ProjectFactory(code="P-0002", unit=surgery)

    applied("Name,Unit\nWing,Surgery\n", lead)

    assert Project.objects.filter(code="P-0003", name="Wing").exists()


def test_stage_moves_by_its_own_service(lead, surgery):
    project = ProjectFactory(code="P-1", unit=surgery, stage="planning")

    applied("Code,Name,Stage\nP-1,Wing,Delivery\n", lead)

    project.refresh_from_db()
    assert project.stage == "delivery"
    event = AuditEvent.objects.get(action="project.stage_changed")
    assert "Imported from file.csv" in event.body


def test_whole_portfolio_without_a_portfolio_lets_nobody_leave(lead, surgery):
    ProjectFactory(code="P-1", unit=surgery)

    assert applied("Code,Name,Unit\nP-2,Wing,Surgery\n", lead, is_complete=True)["created"] == 1
    assert Project.objects.count() == 2


def test_project_is_found_by_its_name_when_the_codes_of_the_file_are_another_numbering(lead):
    unit = UnitFactory(name="Surgery")
    known = ProjectFactory(code="P-1", name="Lift", unit=unit)
    ProjectFactory(code="P-2", name="Roof", unit=unit)
    text = "Name,Unit\nLift,Surgery\nWing,Surgery\n"

    counts = applied(text, lead, found_by="name", answers={"stage": "delivery"})

    assert counts == {"created": 1, "updated": 0, "unchanged": 1}
    assert Project.objects.get(name="Lift").pk == known.pk
    coded = "Code,Name,Unit\nP-2,Lift,Surgery\n"
    (fault,) = faults(coded, lead, found_by="name")
    assert fault[:2] == (2, "A")  # the code is that of Roof


def test_row_without_a_code_is_a_new_project_when_codes_alone_find_them(lead):
    ProjectFactory(code="P-1", name="Lift", unit=UnitFactory(name="Surgery"))

    counts = applied("Name,Unit\nLift,Surgery\n", lead, found_by="code", answers={"stage": "delivery"})  # fmt: skip

    assert counts["created"] == 1
