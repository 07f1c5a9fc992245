"""Status history: one published update for each project and week, whenever it is imported."""

from datetime import date

import pytest
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.domain.origins import is_imported
from projects.models import Project, StatusUpdate
from projects.services import status
from reports.imports.services import runs, undoing
from reports.models import Freeze
from tests.factories import MemberFactory, PortfolioFactory, ProjectFactory, UnitFactory, person
from tests.reports.imports.services.scene import applied, checked, faults, kept, shown, started
from tests.reports.imports.services.test_undoing import tables

pytestmark = pytest.mark.django_db
HISTORY = (
    "Project,Week,RAG,Sentence,Done\n"
    "P-1,2026-01-14,Red,Permit is late.,20%\n"
    "P-1,2026-01-07,Green,All is well.,15%\n"
    "P-2,2026-01-07,Amber,One nurse short.,\n"
)


@pytest.fixture
def wing():
    ProjectFactory(code="P-2")
    return ProjectFactory(code="P-1")


def said(project):
    found = StatusUpdate.objects.published().filter(project=project).order_by("week", "revision")
    return [
        (one.week, one.revision, one.overall, one.overall_note, one.percent_complete)
        for one in found
    ]


def test_each_week_is_published_once_at_its_own_time(lead, wing):
    before = wing.forecast_finish_date
    assert applied(HISTORY, lead, record="status")["created"] == 3
    assert applied(HISTORY, lead, record="status")["unchanged"] == 3

    assert said(wing) == [
        (date(2026, 1, 5), 1, "green", "All is well.", 15),
        (date(2026, 1, 12), 1, "red", "Permit is late.", 20),
    ]
    updates = StatusUpdate.objects.filter(project=wing).order_by("week")
    assert [timezone.localtime(one.published_at).date() for one in updates] == [
        date(2026, 1, 7),
        date(2026, 1, 14),
    ]
    assert all(is_imported(one.published_rating) for one in updates)
    wing.refresh_from_db()
    assert wing.forecast_finish_date == before
    assert not Freeze.objects.exists()


def test_week_that_says_otherwise_is_corrected_and_the_others_stay(lead, wing):
    applied(HISTORY, lead, record="status")

    later = HISTORY.replace("Green,All is well.", "Amber,All is well.")
    checked(later, lead, record="status")
    assert {row.outcome: one for row, one in zip(kept(), shown(), strict=True)} == {
        "unchanged": [],
        "updated": [("Declared color", "Green", "Amber")],
    }
    assert applied(later, lead, record="status")["updated"] == 1

    assert [(week, revision, color) for week, revision, color, *_ in said(wing)] == [
        (date(2026, 1, 5), 1, "green"),
        (date(2026, 1, 5), 2, "amber"),
        (date(2026, 1, 12), 1, "red"),
    ]
    assert applied(later, lead, record="status")["unchanged"] == 3


def test_history_before_what_stands_moves_nothing(lead, wing):
    status.publish_update(
        project=wing, by=lead, overall="green", overall_note="Now.", published_rating="x"
    )

    applied(HISTORY, lead, record="status")

    newest = StatusUpdate.objects.published().filter(project=wing).newest_first().first()
    assert newest.overall_note == "Now."


def test_two_rows_of_one_week_are_refused(lead, wing):
    text = HISTORY.replace("2026-01-14", "2026-01-09")

    (problem,) = checked(text, lead, record="status").problems
    assert (problem.line, problem.wrong, problem.right) == (
        3,
        "This record was there before, at line 2, column A.",
        "One row for each record and week.",
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Project,Week,RAG\nP-1,,Red\n", "Week is empty."),
        ("Project,Week,RAG\nP-1,2050-01-05,Red\n", "This date is yet to come."),
        ("Project,Week,RAG\nP-1,2026-01-07,\n", "This row says nothing of the status."),
        ("Project,Week,RAG\nP-9,2026-01-07,Red\n", "No project has this code."),
    ],
)
def test_row_that_says_no_week_or_no_status_is_refused(lead, wing, text, wrong):
    assert [one[2] for one in faults(text, lead, record="status")] == [wrong]


def test_one_refused_week_leaves_the_other_weeks(lead, wing):
    text = HISTORY.replace("Red,Permit is late.,20%", ",,")

    assert applied(text, lead, record="status")["created"] == 2


def test_draft_of_the_manager_is_not_written_over(lead, wing):
    status.save_draft(project=wing, by=lead, overall="green")

    assert {one[2] for one in faults(HISTORY, lead, record="status")} == {
        "The manager is writing a status update of this project."
    }


def test_project_that_one_may_not_change_is_refused(wing):
    analyst = person(Role.PMO_ANALYST, unit=UnitFactory(name="Annex"))
    for project in Project.objects.all():
        MemberFactory(project=project, user=analyst, role=Role.READER)

    assert {one[2] for one in faults(HISTORY, analyst, record="status")} == {
        "You may not change this project."
    }


def test_portfolio_is_neither_frozen_nor_left(lead, wing):
    portfolio = PortfolioFactory()

    applied(HISTORY, lead, record="status", portfolio=portfolio, is_complete=True)

    assert not Freeze.objects.exists()
    assert said(wing)


def test_undo_leaves_every_table_as_it_was(lead, wing):
    applied(HISTORY.replace("2026", "2025"), lead, record="status")
    before = tables()
    corrected = HISTORY.replace("P-1,2026-01-07", "P-1,2025-01-08")
    run = runs.apply(run=started(corrected, lead, record="status"), by=lead)
    assert tables() != before

    undoing.undo(run=run, by=lead)

    assert tables() == before
