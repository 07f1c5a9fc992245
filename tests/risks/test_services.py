"""Writing the registers: effect, one event, one announcement, and a refusal that leaves no trace."""

import pytest
from django.core.exceptions import ValidationError

from pmo.common.background import events
from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.services.projects import TOPIC
from risks import services
from risks.models import Issue, Risk
from tests.factories import IssueFactory, ProjectFactory, RiskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    """Return the projects announced as changed."""
    keys = []
    monkeypatch.setattr(events, "_listeners", {TOPIC: [keys.extend]})
    return keys


def trail():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", "target", "scope"))


def test_create_risk(project, manager, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        risk = services.create_risk(
            project=project, by=manager, title="Pump recall", likelihood=4, impact=5
        )

    stored = Risk.objects.get()
    assert (stored.title, stored.score, stored.changed_by) == ("Pump recall", 20, manager)
    scope = f"projects.project:{project.pk}"
    assert trail() == [("risk.created", f"risks.risk:{risk.pk}", scope)]
    assert heard == [project.pk]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "", "likelihood": 4, "impact": 5},
        {"title": "Pump recall", "likelihood": 6, "impact": 5},
        {"title": "Pump recall", "likelihood": 4, "impact": 5, "strategy": "exploit"},
        {"title": "Pump recall", "likelihood": 4, "impact": 5, "target_impact": 2},
        {"title": "Patient MRN 12345678 fell", "likelihood": 4, "impact": 5},
    ],
)
def test_create_risk_refuses_and_leaves_no_trace(project, manager, fields):
    with pytest.raises(ValidationError):
        services.create_risk(project=project, by=manager, **fields)

    assert not Risk.objects.exists()
    assert trail() == []


def test_a_service_writes_no_field_of_another_record(project, manager):
    with pytest.raises(TypeError, match="project_id"):
        services.change_risk(risk=RiskFactory(), version=None, by=manager, project_id=project.pk)


def test_change_risk_writes_what_differs(manager, heard, django_capture_on_commit_callbacks):
    risk = RiskFactory(likelihood=3, impact=3)

    with django_capture_on_commit_callbacks(execute=True):
        changed = services.change_risk(risk=risk, version=1, by=manager, impact=5, likelihood=3)

    assert (changed.version, changed.changed_by) == (2, manager)
    event = AuditEvent.objects.get()
    assert event.action == "risk.changed"
    assert '"impact":5' in event.body.replace(" ", "")
    assert '"likelihood"' not in event.body
    assert heard == [risk.project_id]


def test_change_risk_refuses_an_old_version(manager):
    risk = RiskFactory(title="First")
    services.change_risk(risk=risk, version=1, by=manager, title="Second")

    with pytest.raises(EditConflictError):
        services.change_risk(risk=risk, version=1, by=manager, title="Third")

    assert Risk.objects.get().title == "Second"
    assert len(trail()) == 1


def test_an_issue_from_a_risk_marks_it_and_keeps_the_link(
    manager, heard, django_capture_on_commit_callbacks
):
    risk = RiskFactory()

    with django_capture_on_commit_callbacks(execute=True):
        issue = services.create_issue(
            project=risk.project, by=manager, from_risk=risk, title="Pumps recalled"
        )

    risk.refresh_from_db()
    assert (risk.state, list(risk.issues.all())) == ("occurred", [issue])
    assert [action for action, _, _ in trail()] == ["issue.created", "risk.occurred"]
    assert {scope for _, _, scope in trail()} == {f"projects.project:{risk.project_id}"}
    assert heard == [risk.project_id]


@pytest.mark.parametrize(
    ("state", "words"), [("occurred", "has occurred already"), ("closed", "is closed")]
)
def test_a_risk_that_is_over_does_not_occur(manager, state, words):
    risk = RiskFactory(state=state)

    with pytest.raises(RefusalError, match=f"This risk {words}"):
        services.create_issue(project=risk.project, by=manager, from_risk=risk, title="Again")

    assert not Issue.objects.exists()
    assert trail() == []


def test_an_issue_comes_from_a_risk_of_its_own_project(manager):
    risk = RiskFactory()

    with pytest.raises(RefusalError, match="the same project"):
        services.create_issue(project=ProjectFactory(), by=manager, from_risk=risk, title="Far off")

    risk.refresh_from_db()
    assert risk.state == "open"
    assert not Issue.objects.exists()


def test_change_issue_resolves_only_with_words(manager):
    issue = IssueFactory()

    with pytest.raises(ValidationError, match="Say how the issue was resolved"):
        services.change_issue(issue=issue, version=1, by=manager, state="resolved")

    done = services.change_issue(
        issue=issue, version=1, by=manager, state="resolved", resolution="New pumps came."
    )

    assert (done.state, done.resolution) == ("resolved", "New pumps came.")
    assert [action for action, _, _ in trail()] == ["issue.changed"]
