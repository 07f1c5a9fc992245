from datetime import date

import pytest

from pmo.accounts.roles import Role
from projects.models import Milestone, Stakeholder
from risks import services as risks
from risks.models import Issue, Risk
from tests.factories import (
    IssueFactory,
    MemberFactory,
    ProjectFactory,
    RiskFactory,
    UnitFactory,
    person,
)
from tests.factories.changes import baselined
from tests.reports.imports.services.scene import applied, checked, faults, shown

pytestmark = pytest.mark.django_db
MILESTONES = "Project,Name,Kind,Planned\nP-1,Open,Go-live,2026-12-04\n"
RISKS = "Project,Title,L,I,Owner\nP-1,Fire,2,5,{owner}\n"


@pytest.fixture
def wing():
    return ProjectFactory(code="P-1")


def test_milestone_is_created_found_again_and_changed(lead, wing):
    assert applied(MILESTONES, lead, record="milestone")["created"] == 1
    assert applied(MILESTONES, lead, record="milestone")["unchanged"] == 1

    later = MILESTONES.replace("2026-12-04", "2026-12-11").replace("Open", "open")
    checked(later, lead, record="milestone")
    assert shown() == [[("Name", "Open", "open"), ("Baseline", "4 Dec 2026", "11 Dec 2026")]]
    applied(later, lead, record="milestone")

    milestone = Milestone.objects.get()
    assert (milestone.project, milestone.kind, milestone.baseline_date) == (wing, "go_live", date(2026, 12, 11))  # fmt: skip


def test_approved_dates_of_a_baselined_project_are_not_imported(lead, wing):
    applied(MILESTONES, lead, record="milestone")
    baselined(project=wing)
    kept = "This date belongs to the project's baseline. Raise a change request to move it."

    assert applied(MILESTONES, lead, record="milestone")["unchanged"] == 1
    assert faults(MILESTONES.replace("12-04", "12-11"), lead, record="milestone") == [(2, "", kept)]
    head, row = "Code,Name,Baseline,End", f"P-1,{wing.name}"
    moved = f"{head}\n{row},2027-03-01,2027-05-01\n"
    kept_as_it_is = f"{head}\n{row},{wing.baseline_finish_date},2027-05-01\n"
    assert faults(moved, lead) == [(2, "", kept)]
    assert applied(kept_as_it_is, lead)["updated"] == 1


def test_milestone_of_no_project_or_without_a_date_is_refused(lead, wing):
    assert faults(MILESTONES.replace("P-1", "P-7"), lead, record="milestone") == [
        (2, "A", "No project has this code.")
    ]
    assert faults("Project,Name\nP-1,Open\n", lead, record="milestone") == [
        (2, "", "Give the milestone a baseline or a forecast date.")
    ]


def test_risk_is_created_found_again_and_changed(lead, wing):
    owner = person(Role.STAFF)
    text = RISKS.format(owner=owner.email)
    assert applied(text, lead, record="risk")["created"] == 1
    assert applied(text, lead, record="risk")["unchanged"] == 1
    assert applied(text.replace("2,5", "3,5"), lead, record="risk")["updated"] == 1

    risk = Risk.objects.get()
    assert (risk.project, risk.likelihood, risk.impact, risk.owner) == (wing, 3, 5, owner)


def test_status_of_a_risk_is_read_and_its_number_is_its_key(lead, wing):
    text = (
        "Project,Ref,Title,L,I,Status\n"
        "P-1,R1,Late interface,4,3,Closed\n"
        "P-1,R2,Users leave,2,5,Active\n"
        "P-1,R3,Outage,3,4,Occurred\n"
    )
    assert applied(text, lead, record="risk")["created"] == 3
    assert applied(text, lead, record="risk")["unchanged"] == 3
    states = {risk.external_id: risk.state for risk in Risk.objects.all()}
    assert states == {"R1": "closed", "R2": "open", "R3": "occurred"}

    checked(text.replace("Late interface", "Interface late"), lead, record="risk")
    assert [one for row in shown() for one in row] == [
        ("Title", "Late interface", "Interface late")
    ]


def test_risk_of_this_name_without_a_number_gets_it_and_one_with_another_number_stays(lead, wing):
    plain = RiskFactory(project=wing, title="Fire")
    other = RiskFactory(project=wing, title="Flood", external_id="R-9")
    text = "Project,Ref,Title,L,I\nP-1,R-1,Fire,3,3\nP-1,R-2,Flood,3,3\n"

    assert applied(text, lead, record="risk") == {"created": 1, "updated": 1, "unchanged": 0}

    plain.refresh_from_db()
    other.refresh_from_db()
    assert (plain.external_id, other.external_id) == ("R-1", "R-9")
    assert Risk.objects.filter(title="Flood").count() == 2


def test_same_numbers_belong_to_different_projects(lead, wing):
    ProjectFactory(code="P-2")
    text = "Project,Ref,Title,L,I\nP-1,R1,Fire,3,3\nP-2,R1,Flood,3,3\n"

    assert applied(text, lead, record="risk")["created"] == 2


def test_a_number_twice_in_one_project_is_refused(lead, wing):
    text = "Project,Ref,Title,L,I\nP-1,R1,Fire,3,3\nP-1,R1,Flood,3,3\n"

    assert faults(text, lead, record="risk") == [
        (3, "A", "This record was there before, at line 2, column A.")
    ]


def test_ratings_in_words_are_numbers_and_said(lead, wing):
    findings = checked("Project,Title,L,I\nP-1,Fire,High,Low\n", lead, record="risk")

    assert findings.notes == ["“L”: read “High” as 4.", "“I”: read “Low” as 2."]
    applied("Project,Title,L,I\nP-1,Fire,High,Low\n", lead, record="risk")
    assert (Risk.objects.get().likelihood, Risk.objects.get().impact) == (4, 2)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Fire,2.5,3,Open,Reduce", (2, "C", "Likelihood, 1 to 5 is between two numbers.")),
        ("Fire,2,3,Ajar,Reduce", (2, "E", "Status is a word that is not known here.")),
        (
            "Fire,2,3,Open,Exploit",
            (2, "F", "For a threat choose one of avoid, reduce, transfer and accept."),
        ),
    ],
)
def test_risk_that_does_not_fit_is_refused(lead, wing, row, problem):
    text = f"Project,Title,L,I,Status,Strategy\nP-1,{row}\n"

    assert faults(text, lead, record="risk") == [problem]


def test_a_risk_s_costs_and_strategy_are_taken(lead, wing):
    text = "Project,Title,L,I,Strategy,Loss\nP-1,Fire,2,3,Mitigate,1.5m\n"

    applied(text, lead, record="risk")

    assert applied(text, lead, record="risk")["unchanged"] == 1
    risk = Risk.objects.get()
    assert (risk.strategy, risk.cost_impact) == ("reduce", 1_500_000)


ISSUES = (
    "Project,Ref,Title,Severity,Status,Due,Resolution,Owner\n"
    "P-1,I-1,Queue fails,Major,In progress,2026-12-01,,{owner}\n"
    "P-1,I-2,No socket,Low,Closed,,Socket added.,\n"
    "P-1,I-3,Lost keys,,Closed,,,\n"
)


def test_issues_are_created_found_again_and_changed(lead, wing):
    owner = person(Role.STAFF)
    text = ISSUES.format(owner=owner.email)
    assert applied(text, lead, record="issue")["created"] == 3
    assert applied(text, lead, record="issue")["unchanged"] == 3

    unsaid = "Resolved before the import; the list does not say how."
    found = Issue.objects.order_by("external_id")
    assert list(found.values_list("severity", "state", "due_date", "resolution", "owner")) == [
        (3, "open", date(2026, 12, 1), "", owner.pk),
        (1, "resolved", None, "Socket added.", None),
        (2, "resolved", None, unsaid, None),
    ]
    checked(text.replace("Major,In progress", "Low,Done"), lead, record="issue")
    assert [one for row in shown() for one in row] == [
        ("Severity", "High", "Low"),
        ("Status", "Open", "Resolved"),
        ("Resolution", "empty", unsaid),
    ]


def test_new_row_shows_what_it_brings(lead, wing):
    text = "Type,Project,Title,Severity\nRisk,P-1,Fire,High\n"

    checked(text, lead, record="raid")

    assert [one for row in shown() for one in row] == [
        ("Title", "empty", "Fire"),
        ("Likelihood, 1 to 5", "empty", "3"),
        ("Impact, 1 to 5", "empty", "3"),
    ]


def test_issue_that_says_how_keeps_it_when_the_list_does_not(lead, wing):
    IssueFactory(project=wing, title="Lost keys", state="resolved", resolution="Found.")

    applied("Project,Title,Status\nP-1,Lost keys,Closed\n", lead, record="issue")

    assert Issue.objects.get().resolution == "Found."


LOG = (
    "Type,Ref,Project,Title,Owner,Due,Status,Severity\n"
    "Risk,1,P-1,Late interface,,2026-12-30,Open,High\n"
    "Assumption,2,P-1,Beds stay open,,,Valid,\n"
    "Issue,3,P-1,Queue fails,,2026-12-01,In progress,Medium\n"
    "Dependency,4,P-1,Core first,,2026-12-15,Open,High\n"
    "Action,5,P-1,Call them,,,Open,\n"
    "Actions,6,P-1,Write them,,,Open,\n"
)


def test_log_is_split_by_type_and_what_is_kept_nowhere_is_counted(lead, wing):
    findings = checked(LOG, lead, record="raid")

    assert findings.problems == []
    assert findings.notes[-3:] == [
        "1 row is an assumption; Rounds keeps none yet. Left out: line 3.",
        "1 row is a dependency; Rounds keeps none yet. Left out: line 5.",
        "2 rows are actions; Rounds keeps none yet. Left out: line 6, 7.",
    ]
    assert [(one.kind, one.lines) for one in findings.cautions] == [("one_rating", (2,))]
    assert applied(LOG, lead, record="raid") == {"created": 2, "updated": 0, "unchanged": 0}
    assert applied(LOG, lead, record="raid") == {"created": 0, "updated": 0, "unchanged": 2}
    risk, issue = Risk.objects.get(), Issue.objects.get()
    assert (risk.title, risk.likelihood, risk.impact, risk.review_date) == ("Late interface", 3, 3, date(2026, 12, 30))  # fmt: skip
    assert (issue.title, issue.severity, issue.due_date, issue.external_id) == ("Queue fails", 2, date(2026, 12, 1), "3")  # fmt: skip


def test_rating_of_a_log_leaves_scores_that_come_to_it(lead, wing):
    applied(LOG, lead, record="raid")
    risk = Risk.objects.get()
    risks.change_risk(risk=risk, version=None, by=lead, likelihood=2, impact=5)

    assert applied(LOG, lead, record="raid")["unchanged"] == 2
    checked(LOG.replace("Open,High", "Open,Low", 1), lead, record="raid")
    assert [one for row in shown() for one in row] == [
        ("Likelihood, 1 to 5", "2", "1"),
        ("Impact, 1 to 5", "5", "1"),
    ]


def test_log_closes_risks_and_resolves_issues(lead, wing):
    applied(LOG, lead, record="raid")

    closed = LOG.replace("Open,High", "Closed,High", 1).replace("In progress", "Closed")
    checked(closed, lead, record="raid")

    assert [one for row in shown() for one in row] == [
        ("Status", "Open", "Closed"),
        ("Status", "Open", "Closed"),
        ("Resolution", "empty", "Resolved before the import; the list does not say how."),
    ]


def test_type_that_nobody_knows_is_asked_about(lead, wing):
    text = LOG.replace("Dependency", "Wish")

    assert faults(text, lead, record="raid") == [(5, "A", "Type is a word that is not known here.")]


STAKEHOLDERS = "Project,Name,Power,Now\nP-1,Ward managers,High,Against\n"


def test_stakeholder_is_created_found_again_and_changed(lead, wing):
    assert applied(STAKEHOLDERS, lead, record="stakeholder")["created"] == 1
    assert applied(STAKEHOLDERS, lead, record="stakeholder")["unchanged"] == 1

    one = Stakeholder.objects.get()
    assert (one.power, one.interest, one.engagement) == (3, 2, "resistant")
    checked(STAKEHOLDERS.replace("High", "Low"), lead, record="stakeholder")
    assert [one for row in shown() for one in row] == [("Power", "High", "Low")]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ("risk", "Project,Title,L,I\nP-1,Fire,3,3\n"),
        ("issue", "Project,Title\nP-1,Fire\n"),
        ("raid", "Type,Project,Title\nIssue,P-1,Fire\n"),
        ("stakeholder", STAKEHOLDERS),
    ],
)
def test_project_that_one_may_not_change_or_see_is_refused(wing, record, text):
    column = "B" if record == "raid" else "A"
    analyst = person(Role.PMO_ANALYST, unit=UnitFactory(name="Annex"))
    assert faults(text, analyst, record=record) == [(2, column, "This code cannot be used here.")]

    MemberFactory(project=wing, user=analyst, role=Role.READER)

    assert faults(text, analyst, record=record) == [(2, column, "You may not change this project.")]


def test_project_of_a_row_may_be_named_where_only_one_has_the_name(lead, wing):
    text = f"Project,Title\n{wing.name},Fire\n"

    assert applied(text, lead, record="issue")["created"] == 1
    ProjectFactory(name=wing.name)
    assert faults(text, lead, record="issue") == [(2, "A", "No project has this code.")]


def test_all_rows_belong_to_the_project_that_the_mapping_names(lead, wing):
    text = "Title,L,I\nFire,3,3\nFlood,2,2\n"

    counts = applied(text, lead, record="risk", constants={"project": "P-1"})

    assert counts["created"] == 2
    assert set(Risk.objects.values_list("project", flat=True)) == {wing.pk}


def test_new_risk_needs_its_scores(lead, wing):
    assert faults("Project,Title,L\nP-1,Fire,2\n", lead, record="risk") == [
        (2, "", "A new risk needs this score.")
    ]
