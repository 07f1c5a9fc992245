"""Two writers each find the way free and the database lets one through: the other gets a sentence."""

import html

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from pmo.accounts.roles import Role
from pmo.common.api.views import explain
from pmo.common.background import jobs
from pmo.common.models import Job, JobState
from pmo.common.page.editing import edit_page
from pmo.common.records.writing import AT_ONCE, ClashError, RefusalError, all_or_nothing
from projects.views.frame import confirm_page
from tests.factories import PortfolioFactory, person
from tests.factories.earning import TaskFactory
from tests.projects.domain.exchange.files import mspdi, task
from tests.test_api_rules import WRITABLE, api, body_for, scene, writer_of


def said(text, kind=OperationalError, **code):
    """What Django raises for an error of the database's own driver, which carries its code."""
    cause = Exception(text)
    vars(cause).update(code)
    error = kind(text)
    error.__cause__ = cause
    return error


def deadlock():
    return said("deadlock detected", pgcode="40P01")


MEETINGS = {
    "unique": said("duplicate key", IntegrityError, pgcode="23505"),
    "unique on SQLite": said("UNIQUE constraint failed", IntegrityError, sqlite_errorcode=2067),
    "gone meanwhile": said("not present in table", IntegrityError, pgcode="23503"),
    "deadlock": deadlock(),
    "out of order": said("could not serialize access", pgcode="40001"),
    "lock not granted": said("canceling statement due to lock timeout", pgcode="55P03"),
    "busy": said("database is locked", sqlite_errorcode=5),
    "busy with a snapshot": said("database is locked", sqlite_errorcode=517),
}
AWAY = said("server closed the connection", pgcode="57P01")


def raising(error):
    @all_or_nothing
    def act(*_args):
        raise error

    return act


def edited(rf, error):
    return edit_page(
        rf.post("/", {}), form=forms.Form({}), save=raising(error), title="T", done="D", back="/"
    )


def confirmed(rf, error):
    return confirm_page(rf.post("/"), act=raising(error), done="D", back="/")


@pytest.mark.django_db
@pytest.mark.parametrize("error", MEETINGS.values(), ids=MEETINGS)
class TestTheOther:
    def test_gets_a_conflict_from_the_api(self, error):
        answer = explain(error, {})

        assert (answer.status_code, answer.data) == (409, {"detail": AT_ONCE})

    def test_gets_the_form_back(self, rf, error):
        page = edited(rf, error)

        assert page.status_code == 422
        assert page.context_data["form"].non_field_errors() == [AT_ONCE]

    def test_is_asked_again(self, rf, error):
        page = confirmed(rf, error)

        assert (page.status_code, page.context_data["problem"]) == (409, AT_ONCE)


@pytest.mark.django_db
def test_a_database_that_is_away_is_no_meeting(rf):
    assert explain(AWAY, {}) is None
    for asked in (edited, confirmed):
        with pytest.raises(OperationalError, match="closed"):
            asked(rf, AWAY)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_cannot_end_says_so(lead):
    @all_or_nothing
    def write():
        Job.objects.create(kind="x", key="x")
        connection.commit = fail

    def fail():
        del connection.commit
        raise deadlock()

    with pytest.raises(ClashError, match="at the same moment"):
        write()

    assert not Job.objects.exists()


def test_what_others_point_at_says_so():
    answer = explain(ProtectedError("x", set()), {})

    assert answer.data == {"detail": "Other records still point at this one."}


@pytest.mark.django_db
def test_a_job_that_met_another_writer_is_tried_again_and_says_so_in_the_end(monkeypatch):
    monkeypatch.setitem(jobs._handlers, "meet", raising(deadlock()))
    job = Job.objects.create(kind="meet", key="1")

    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.QUEUED, "")

    Job.objects.filter(pk=job.pk).update(due_at=job.created_at, attempts=jobs.MAX_ATTEMPTS - 1)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, AT_ONCE)


def let_the_other_through(execute, sql, params, many, context):
    """Stand in for the database that breaks off one of two who wait for each other."""
    if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
        raise deadlock()
    return execute(sql, params, many, context)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(WRITABLE))
def test_the_api_says_it_for_every_record(name):
    body, client = body_for(name, scene()), api(writer_of(name))

    with connection.execute_wrapper(let_the_other_through):
        answer = client.post(f"/api/v1/{name}/", body, format="json")

    assert (answer.status_code, answer.data) == (409, {"detail": AT_ONCE})


STATUS = {"version": "0", "revision": "1", "overall": "green", "overall_note": "On the way."}


def a_file(name, content):
    return {"file": SimpleUploadedFile(name, content)}


# what is sent where, by pages that do not go through edit_page or confirm_page
SENT = {
    "projects:status_form": lambda p: ([p.pk], STATUS),
    "projects:status_draft": lambda p: ([p.pk], STATUS),
    "projects:status_remind": lambda p: ([p.pk], {}),
    "projects:status_remind_all": lambda p: ([], {}),
    "projects:task_add": lambda p: ([p.pk], {"name": "Pour", "duration": "3"}),
    "projects:plan_import_list": lambda p: ([p.pk], a_file("plan.xml", mspdi(task(1)))),
    "reports:import_list": lambda p: (
        [],
        {**a_file("p.csv", b"code,name\nA-1,Atrium\n"), "record": "project", "profile": ""},
    ),
    "portfolio:portfolio_add": lambda p: ([PortfolioFactory().pk], {"project": p.pk}),
    "accounts:token_list": lambda p: ([], {"days": "90"}),
    "accounts:role_grant": lambda p: (
        [person(Role.STAFF).pk],
        {"role": "auditor", "unit": "everywhere"},
    ),
    "job_retry": lambda p: (
        [Job.objects.create(kind="x", key="x", state=JobState.FAILED).pk],
        {},
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", SENT)
def test_every_page_that_writes_says_it(signed_in, project, name):
    ruler = person(
        Role.ADMINISTRATOR if name in {"accounts:role_grant", "job_retry"} else Role.PMO_LEAD
    )
    client, (keys, data) = signed_in(ruler), SENT[name](project)

    with connection.execute_wrapper(let_the_other_through):
        answer = client.post(reverse(name, args=keys), data, follow=True)

    assert AT_ONCE in html.unescape(answer.content.decode())


@pytest.mark.django_db
class TestTheStatusForm:
    def test_comes_back_with_everything_typed(self, signed_in, lead, project):
        client, url = signed_in(lead), reverse("projects:status_form", args=[project.pk])

        for button in ({}, {"draft": "1"}):
            with connection.execute_wrapper(let_the_other_through):
                page = client.post(url, STATUS | button)

            assert page.status_code == 422
            assert page.context["form"]["overall_note"].value() == "On the way."

    def test_keeps_its_version_when_it_is_not_saved_by_itself(self, signed_in, lead, project):
        client, url = signed_in(lead), reverse("projects:status_draft", args=[project.pk])

        with connection.execute_wrapper(let_the_other_through):
            answer = client.post(url, STATUS)

        assert answer.status_code == 422
        assert 'name="version" value="0"' in answer.content.decode()


def refused(_request):
    raise RefusalError("The ward is closed.")


def met(_request):
    raise deadlock()


def broken(_request):
    raise ValueError("a fault of ours")


@require_POST
def pressed(_request):
    return HttpResponse()


urlpatterns = [
    path("refused/", refused),
    path("pressed/", pressed),
    path("met/", met),
    path("broken/", broken),
    path("unsent/", HttpResponse, name="unsent"),
    path("", HttpResponse, name="login"),
]


@pytest.mark.django_db
@pytest.mark.urls("tests.pmo.common.records.test_meeting_writers")
class TestAPageWithoutAPlaceForIt:
    @pytest.mark.parametrize(
        ("address", "sentence"), [("/refused/", "The ward is closed."), ("/met/", AT_ONCE)]
    )
    def test_says_it_with_the_way_back(self, client, address, sentence):
        page = client.post(address, headers={"referer": "http://testserver/plan/?page=2"})

        assert (page.status_code, page.context["sentence"]) == (409, sentence)
        assert 'href="/plan/?page=2"' in page.content.decode()

    def test_leads_to_no_other_house(self, client):
        page = client.post("/refused/", headers={"referer": "https://elsewhere.example/x"})

        assert "elsewhere" not in page.content.decode()
        assert 'href="/"' in page.content.decode()

    def test_is_not_swapped_into_a_fragment(self, client):
        assert client.post("/refused/", headers={"hx-request": "true"}).status_code == 503

    @pytest.mark.parametrize("method", ["get", "head", "put"])
    def test_of_a_button_alone_is_no_empty_page(self, client, method):
        page = getattr(client, method)("/pressed/")

        assert (page.status_code, page["Allow"]) == (405, "POST")
        assert page.templates[0].name == "405.html"

    def test_leaves_a_fault_a_fault(self, client):
        with pytest.raises(ValueError, match="of ours"):
            client.post("/broken/")


@pytest.mark.django_db
class TestInThePlan:
    @pytest.fixture
    def row(self, project):
        TaskFactory(project=project, position=1)
        return TaskFactory(project=project, position=2)

    def test_a_row_stays_where_it_is_with_the_sentence(self, signed_in, lead, row):
        client, url = signed_in(lead), reverse("projects:task_move", args=[row.pk])

        with connection.execute_wrapper(let_the_other_through):
            page = client.post(url, {"direction": "up"})

        assert (page.status_code, page.context["problem"]) == (409, AT_ONCE)

    def test_computing_again_says_so(self, signed_in, lead, project, row):
        client, url = signed_in(lead), reverse("projects:plan_reschedule", args=[project.pk])

        with connection.execute_wrapper(let_the_other_through):
            client.post(url)

        page = client.get(reverse("projects:project_plan", args=[project.pk]))
        assert [str(message) for message in page.context["messages"]] == [AT_ONCE]
