"""Issues: the list, making one (also of a risk), changing, resolving and opening again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from risks import services
from risks.models import Issue
from tests.factories import IssueFactory, ProjectFactory, RiskFactory, UserFactory, person

pytestmark = pytest.mark.django_db
LIST = "/risks/issues/"
CANARY = "Zebra-canary"
TYPED = {"title": "Pumps recalled", "description": "", "severity": "3", "owner": "", "due_date": ""}


@pytest.fixture
def reader(signed_in):
    return signed_in(person(Role.EXECUTIVE))


@pytest.fixture
def writer(signed_in, manager):
    return signed_in(manager)


def url(name, record):
    return reverse(f"risks:{name}", args=[record.pk])


def titles(response):
    return [issue.title for issue in response.context["page"]]


def yesterday():
    return timezone.localdate() - timedelta(days=1)


@pytest.mark.parametrize(
    ("rows", "lede", "color"),
    [
        ([], "No issues yet.", "none"),
        ([{"state": "resolved", "resolution": "Done."}], "No issue is open.", "none"),
        ([{}], "1 issue is open; none is overdue.", "none"),
        ([{"severity": 4}], "1 issue is open and critical; none is overdue.", "red"),
        (
            [{"severity": 4}, {"due_date": "yesterday"}, {}],
            "3 issues are open, 1 of them critical; 1 is overdue.",
            "red",
        ),
        ([{"due_date": "yesterday"}], "1 issue is open; 1 is overdue.", "amber"),
    ],
)
def test_lede_says_the_finding(reader, rows, lede, color):
    for fields in rows:
        IssueFactory(**{**fields, **({"due_date": yesterday()} if "due_date" in fields else {})})

    response = reader.get(LIST)

    assert (response.context["lede"], response.context["color"]) == (lede, color)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Worst", "Late", "Plain"]),
        ({"sort": "due"}, ["Late", "Plain", "Worst"]),
        ({"sort": "-title"}, ["Worst", "Plain", "Late"]),
        ({"state": "resolved"}, ["Solved"]),
        ({"state": "all"}, ["Worst", "Late", "Plain", "Solved"]),
        ({"severity": "4"}, ["Worst"]),
        ({"severity": "9"}, ["Worst", "Late", "Plain"]),
        ({"overdue": "on"}, ["Late"]),
        ({"q": "plai"}, ["Plain"]),
        ({"owner": "none"}, ["Worst", "Plain"]),
    ],
)
def test_filters_and_order(reader, query, expected):
    IssueFactory(title="Late", severity=2, due_date=yesterday(), owner=UserFactory())
    IssueFactory(title="Plain", severity=1)
    IssueFactory(title="Worst", severity=4)
    IssueFactory(title="Solved", severity=1, state="resolved", resolution="Done.")

    assert titles(reader.get(LIST, query)) == expected


def test_list_names_the_risk_an_issue_came_from_and_marks_the_overdue(reader):
    risk = RiskFactory(title="Foreseen", state="occurred")
    IssueFactory(project=risk.project, from_risk=risk, due_date=yesterday())

    page = reader.get(LIST).content.decode()

    assert f'<a href="{risk.get_absolute_url()}">Foreseen</a>' in page
    assert '<span class="late">overdue</span>' in page


def test_swap_answers_the_table_only(reader):
    part = reader.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert '<div id="issue-table">' in part
    assert "No issues yet" in part
    assert "<html" not in part


@pytest.mark.parametrize("query", [{}, {"state": "all"}, {"q": CANARY}, {"severity": "4"}])
def test_a_confidential_issue_is_nowhere(reader, query):
    IssueFactory(
        title=f"{CANARY} title",
        severity=4,
        due_date=yesterday(),
        owner=UserFactory(name=f"{CANARY} owner"),
        project__is_confidential=True,
        project__name=f"{CANARY} project",
    )
    IssueFactory(severity=4)

    response = reader.get(LIST, query)

    assert CANARY not in response.content.decode().replace(f'value="{CANARY}"', "")
    assert response.context["counts"].total == 1
    assert "Of 2 projects: 1 hidden from you." in " ".join(response.content.decode().split())


def test_as_many_queries_for_one_row_as_for_three(reader):
    def ask():
        with CaptureQueriesContext(connection) as queries:
            reader.get(LIST)
        return len(queries)

    def add():
        risk = RiskFactory()
        IssueFactory(project=risk.project, from_risk=risk, owner=UserFactory())

    add()
    reader.get(LIST)
    one = ask()
    add()
    add()

    assert ask() == one


def test_new_issue(writer, project, manager):
    response = writer.post(
        url("issue_new", project), {**TYPED, "owner": manager.pk, "due_date": "2026-12-04"}
    )

    issue = Issue.objects.get()
    assert response["Location"] == issue.get_absolute_url()
    assert (issue.project, issue.severity, issue.owner, issue.from_risk) == (
        project,
        3,
        manager,
        None,
    )
    assert [event.action for event in AuditEvent.objects.all()] == ["issue.created"]


def test_new_issue_without_a_title_keeps_the_rest(writer, project):
    response = writer.post(
        url("issue_new", project), {**TYPED, "title": "", "description": "Kept words."}
    )

    assert response.status_code == 422
    assert "Say what went wrong." in response.content.decode()
    assert "Kept words." in response.content.decode()
    assert not Issue.objects.exists()


@pytest.mark.parametrize(("impact", "severity"), [(1, 1), (2, 2), (3, 3), (5, 4)])
def test_an_issue_starts_with_what_the_risk_says(writer, project, manager, impact, severity):
    risk = RiskFactory(
        project=project,
        title="Pump recall",
        description="Vendor warned.",
        likelihood=3,
        impact=impact,
        owner=manager,
    )

    initial = writer.get(url("issue_from_risk", risk)).context["form"].initial

    assert (initial["title"], initial["description"], initial["severity"], initial["owner"]) == (
        "Pump recall",
        "Vendor warned.",
        severity,
        manager.pk,
    )


def test_a_risk_becomes_an_issue_once(writer, project):
    risk = RiskFactory(project=project)

    first = writer.post(url("issue_from_risk", risk), TYPED)
    again = writer.post(url("issue_from_risk", risk), TYPED)

    risk.refresh_from_db()
    assert first.status_code == 302
    assert risk.state == "occurred"
    assert Issue.objects.get().from_risk == risk
    assert again.status_code == 422
    assert "This risk has occurred already: it cannot become an issue." in again.content.decode()


def test_edit(writer, project):
    issue = IssueFactory(project=project)

    writer.post(url("issue_edit", issue), {**TYPED, "version": "1"})

    issue.refresh_from_db()
    assert (issue.title, issue.severity, issue.version) == ("Pumps recalled", 3, 2)


def test_a_lost_race_answers_409(writer, project, lead):
    issue = IssueFactory(project=project)
    services.change_issue(issue=issue, version=1, by=lead, title="Theirs")

    response = writer.post(url("issue_edit", issue), {**TYPED, "version": "1"})

    issue.refresh_from_db()
    assert (response.status_code, issue.title) == (409, "Theirs")
    assert "Pumps recalled" in response.content.decode()


def test_resolve_needs_words_and_keeps_them(writer, project):
    issue = IssueFactory(project=project)

    refused = writer.post(url("issue_resolve", issue), {"resolution": " ", "version": "1"})
    response = writer.post(
        url("issue_resolve", issue), {"resolution": "New pumps.", "version": "1"}
    )

    issue.refresh_from_db()
    assert refused.status_code == 422
    assert "Say how the issue was resolved." in refused.content.decode()
    assert response["Location"] == issue.get_absolute_url()
    assert (issue.state, issue.resolution) == ("resolved", "New pumps.")
    assert "New pumps." in writer.get(issue.get_absolute_url()).content.decode()


def test_resolving_what_somebody_else_changed_answers_409(writer, project, lead):
    issue = IssueFactory(project=project)
    services.change_issue(issue=issue, version=1, by=lead, severity=4)

    response = writer.post(url("issue_resolve", issue), {"resolution": "Mine.", "version": "1"})

    issue.refresh_from_db()
    assert (response.status_code, issue.state) == (409, "open")
    assert "Mine." in response.content.decode()


def test_reopen_keeps_how_it_was_resolved(writer, project):
    issue = IssueFactory(project=project, state="resolved", resolution="New pumps.")

    response = writer.post(url("issue_reopen", issue))

    issue.refresh_from_db()
    assert response["Location"] == issue.get_absolute_url()
    assert (issue.state, issue.resolution) == ("open", "New pumps.")
    assert writer.get(url("issue_reopen", issue)).status_code == 405


@pytest.mark.parametrize(
    ("fields", "lede", "color"),
    [
        (
            {"severity": 4},
            ("This critical issue is open and has no date to be solved by. No owner yet."),
            "red",
        ),
        ({"state": "resolved", "resolution": "Done."}, "This medium issue is resolved.", "none"),
    ],
)
def test_lede_of_an_issue(writer, project, fields, lede, color):
    response = writer.get(IssueFactory(project=project, **fields).get_absolute_url())

    assert (response.context["lede"], response.context["color"]) == (lede, color)


def test_lede_of_an_issue_says_whose_and_by_when(writer, project):
    owner = UserFactory(name="Ada")
    late = IssueFactory(project=project, owner=owner, due_date=yesterday())
    soon = IssueFactory(project=project, due_date=timezone.localdate())

    assert "was to be solved by" in writer.get(late.get_absolute_url()).context["lede"]
    assert "Ada answers for it." in writer.get(late.get_absolute_url()).context["lede"]
    assert "is to be solved by" in writer.get(soon.get_absolute_url()).context["lede"]


@pytest.mark.parametrize("name", ["issue_edit", "issue_resolve", "issue_reopen"])
def test_only_those_who_may_change_it(signed_in, name):
    issue, hidden = IssueFactory(), IssueFactory(project=ProjectFactory(is_confidential=True))
    client = signed_in(person(Role.EXECUTIVE))

    assert client.post(url(name, issue), {**TYPED, "version": "1"}).status_code == 403
    assert client.post(url(name, hidden), {**TYPED, "version": "1"}).status_code == 404
    assert not AuditEvent.objects.exists()


def test_buttons_follow_the_state_and_the_reader(signed_in, manager, project):
    issue = IssueFactory(project=project)
    solved = IssueFactory(project=project, state="resolved", resolution="Done.")

    def labels(user, record):
        response = signed_in(user).get(record.get_absolute_url())
        return [action.label for action in response.context["actions"]]

    assert labels(manager, issue) == ["Edit", "Resolve"]
    assert labels(manager, solved) == ["Edit", "Reopen"]
    assert labels(person(Role.EXECUTIVE), issue) == []
