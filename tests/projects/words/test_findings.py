"""The sentences of project pages, word for word."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from pmo.accounts.models import User
from projects.domain.colors import Color
from projects.domain.health import Measure
from projects.models import Project, StatusUpdate
from projects.selectors.figures import Amount, Milestones, Next, ProjectMoney
from projects.selectors.milestones import MilestoneCounts
from projects.selectors.overview import Declared, ProjectCounts, ProjectRow
from projects.words import findings

AS_OF = date(2026, 11, 20)


def row(said="none", measured="green", project=None, **declared):
    figures = SimpleNamespace(overall=Measure(color=Color(measured), rule="The rule."))
    return ProjectRow(
        project or Project(stage="delivery"), Declared(color=Color(said), **declared), figures
    )


@pytest.mark.parametrize(
    ("said", "measured", "sentence"),
    [
        ("amber", "red", "The manager says Amber, but the data says Red."),
        ("green", "green", "The manager says Green, and the data says Green."),
        ("green", "none", "The manager says Green; the data cannot say yet."),
        ("none", "red", "No status update has been published yet. The data says Red."),
        ("none", "none", "No status update has been published yet."),
    ],
)
def test_status(said, measured, sentence):
    assert findings.status_finding(row(said, measured), as_of=AS_OF) == sentence


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("On hold", "On hold. Imported from a.csv by Mia."),
        ("Is it late?", "Is it late? Imported from a.csv by Mia."),
        ("", "Imported from a.csv by Mia."),
    ],
)
def test_status_out_of_a_table_is_never_called_the_managers(note, said):
    update = StatusUpdate(
        overall_note=note, published_rating="Imported from a.csv", author=User(name="Mia")
    )
    imported = row("green", "red", update=update, is_stale=False)

    assert findings.status_finding(imported, as_of=AS_OF) == (
        "The imported status is Green, but the data says Red."
    )
    assert findings.said(imported, as_of=AS_OF) == said


def test_silence_of_a_project_that_reported_once_says_what_it_said():
    silent = row(updated_on=date(2026, 10, 31), said=Color.NONE)._replace(
        declared=Declared(said=Color.GREEN, updated_on=date(2026, 10, 31))
    )

    assert findings.status_finding(silent, as_of=AS_OF) == (
        "No report for 20 days; the last one said Green. The data says Green."
    )
    assert findings.said(silent, as_of=AS_OF) == ("No report for 20 days; the last one said Green.")


def test_silence_of_a_project_that_owes_no_report_is_no_fault():
    waiting = row(project=Project(stage="on_hold"))

    assert findings.silence_finding(waiting.project, waiting.declared, as_of=AS_OF) == (
        "The project is in On hold: no weekly update is due."
    )


def test_a_closed_project_is_not_called_silent():
    closed = row(project=Project(stage="closed"), said=Color.NONE)._replace(
        declared=Declared(said=Color.GREEN, updated_on=date(2026, 10, 9))
    )

    assert findings.said(closed, as_of=AS_OF) == (
        "The project is in Closed: no weekly update is due; the last one said Green."
    )


def test_a_closed_project_opens_with_what_it_took_and_cost():
    project = Project(
        stage="closed",
        baseline_finish_date=date(2026, 6, 5),
        actual_finish_date=date(2026, 6, 9),
    )
    found = SimpleNamespace(money=money(5000, 5600, 5800))
    overview = SimpleNamespace(row=row(project=project)._replace(figures=found))

    assert findings.project_lede(overview, as_of=AS_OF) == (
        "It was finished on 9 Jun 2026, 4 days late. It cost $5,800, $800 over the approved budget."
    )


@pytest.mark.parametrize(
    ("approved", "spent", "sentence"),
    [
        (5000, None, "No cost recorded."),
        (None, 5000, "It cost $5,000."),
        (5000, 5000, "It cost $5,000, as approved."),
        (5000, 4400, "It cost $4,400, $600 under the approved budget."),
    ],
)
def test_what_a_closed_project_cost(approved, spent, sentence):
    assert findings.closing_finding(money(approved, None, spent)) == sentence


def test_what_was_said_is_quoted_while_it_counts():
    update = StatusUpdate(overall_note="Permit is late.")

    assert findings.said(row("amber", update=update, is_stale=False), as_of=AS_OF) == (
        "Permit is late."
    )


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ((None, None, None), ""),
        ((5, None, None), ""),
        ((None, 5, None), "Finish is forecast for 5 Jun 2026."),
        ((5, 9, None), "Finish is forecast for 9 Jun 2026, 4 days late."),
        ((5, 5, None), "Finish is forecast for 5 Jun 2026, on time."),
        ((5, 9, 4), "It was finished on 4 Jun 2026, 1 day early."),
    ],
)
def test_finish(dates, sentence):
    names = ("baseline_finish_date", "forecast_finish_date", "actual_finish_date")
    days = {name: n and date(2026, 6, n) for name, n in zip(names, dates, strict=True)}

    assert findings.finish_finding(Project(**days)) == sentence


def money(approved, forecast, spent=None):
    def amount(value, reason):
        return Amount(None, reason) if value is None else Amount(Decimal(value))

    return ProjectMoney(
        approved=amount(approved, "No budget approved."),
        forecast=amount(forecast, "No forecast made."),
        spent=amount(spent, "No cost recorded."),
    )


@pytest.mark.parametrize(
    ("approved", "forecast", "sentence", "title"),
    [
        (None, None, "", "Money"),
        (5000, None, "", "Money"),
        (None, 5000, "Forecast cost is $5,000.", "Money"),
        (5000, 5000, "Forecast cost is $5,000, as approved.", "Forecast is as approved"),
        (
            5000,
            5600,
            "Forecast cost is $5,600, $600 over the approved budget.",
            "Forecast is $600 over the approved budget",
        ),
        (
            5000,
            4400,
            "Forecast cost is $4,400, $600 under the approved budget.",
            "Forecast is $600 under the approved budget",
        ),
    ],
)
def test_money(approved, forecast, sentence, title):
    assert findings.money_finding(money(approved, forecast)) == sentence
    assert findings.money_title(money(approved, forecast)) == title


def test_money_page_opens_with_what_is_approved_and_spent():
    assert findings.money_lede(money(5000, 5600, 1000)) == (
        "The approved budget is $5,000. $1,000 is spent."
        " Forecast cost is $5,600, $600 over the approved budget."
    )
    assert findings.money_lede(money(None, None)) == "No budget approved."


def test_each_missing_amount_says_why():
    facts = findings.money_facts(money(5000, None))

    assert [(fact.label, fact.value, fact.reason) for fact in facts] == [
        ("Approved budget", Decimal(5000), ""),
        ("Spent", None, "No cost recorded."),
        ("Committed by contract", None, "No commitment recorded."),
        ("Forecast cost", None, "No forecast made."),
        ("Over or under", None, "Needs an approved budget and a forecast."),
    ]


@pytest.mark.parametrize(
    ("counts", "late", "title"),
    [
        (Milestones(), "", "Milestones"),
        (Milestones(total=3, done=3), "", "All milestones are done"),
        (Milestones(total=3, late=1), "1 of 3 milestones is overdue.", "1 milestone is overdue"),
        (Milestones(total=3, late=2), "2 of 3 milestones are overdue.", "2 milestones are overdue"),
        (
            Milestones(total=1, next=Next("Permit", date(2026, 12, 4), None)),
            "",
            "Next milestone on 4 Dec 2026",
        ),
    ],
)
def test_milestones_of_a_project(counts, late, title):
    assert findings.late_finding(counts) == late
    assert findings.milestone_title(counts) == title


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((0, 0, 0, 0, None), "No milestones yet."),
        (
            (5, 0, 0, 0, None),
            (
                "No milestone is due in the next 30 days. None is overdue."
                " None is late against its baseline."
            ),
        ),
        (
            (5, 0, 1, 0, None),
            (
                "1 milestone is due in the next 30 days. None is overdue."
                " None is late against its baseline."
            ),
        ),
        (
            (5, 1, 2, 3, 31),
            (
                "2 milestones are due in the next 30 days. 1 is overdue."
                " 3 are late against the baseline, at worst by 31 days."
            ),
        ),
    ],
)
def test_milestones_of_all_projects(counts, sentence):
    total, late, soon, slipped, worst = counts
    found = MilestoneCounts(
        total=total, late=late, soon=soon, later=0, done=0, slipped=slipped, worst_slip=worst
    )

    assert findings.milestones_lede(found) == sentence


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((0, 0, 0, None), "No active projects yet."),
        ((1, 0, 0, None), "1 active project. None is forecast to finish late."),
        (
            (9, 2, 1, 40),
            (
                "9 active projects. 2 are forecast to finish late, at worst by 40 days."
                " 1 has no forecast or no baseline to compare with."
            ),
        ),
        ((3, 0, 3, None), "3 active projects. 3 have no forecast or no baseline to compare with."),
    ],
)
def test_projects(counts, sentence):
    active, late, unknown, worst = counts
    found = ProjectCounts(
        total=active, listed=active, active=active, late=late, unknown=unknown, worst_slip=worst
    )

    assert findings.projects_lede(found) == sentence


@pytest.mark.parametrize(
    ("needing", "title"),
    [
        ([], "Stakeholders"),
        ([False], "Stakeholders"),
        ([True, False], "1 stakeholder is not engaged as wanted"),
        ([True, True], "2 stakeholders are not engaged as wanted"),
    ],
)
def test_stakeholders(needing, title):
    people = [SimpleNamespace(needs_work=needs) for needs in needing]

    assert findings.stakeholder_title(people) == title


def test_a_missing_date_gives_the_reason_stated_for_it(project):
    project.forecast_finish_date = None
    project.stated_reasons = {"forecast_finish_date": "No end date"}

    facts = dict(findings.project_facts(project))

    assert facts["Forecast finish"] == "No end date"
    assert facts["Start"] == "5 Jan 2026"
    assert facts["Program"] == "None"
    assert "Finished on" not in facts
