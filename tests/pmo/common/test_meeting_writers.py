"""Two writers each find the way free and the database lets one through: the other gets a sentence."""

import pytest
from django import forms
from django.db import IntegrityError, OperationalError, connection
from django.db.models import ProtectedError
from django.urls import reverse

from pmo.common.api import explain
from pmo.common.editing import edit_page
from pmo.common.writing import AT_ONCE
from projects.views.frame import confirm_page
from tests.factories.earning import TaskFactory


def deadlock():
    """What Django raises for PostgreSQL's own error, which carries its code."""
    cause = Exception("deadlock detected")
    cause.pgcode = "40P01"
    error = OperationalError("deadlock detected")
    error.__cause__ = cause
    return error


MEETINGS = [IntegrityError("duplicate key"), deadlock()]
AWAY = OperationalError("server closed the connection")


def raising(error):
    def act(*_args):
        raise error

    return act


def edited(rf, error):
    return edit_page(
        rf.post("/", {}), form=forms.Form({}), save=raising(error), title="T", done="D", back="/"
    )


def confirmed(rf, error):
    return confirm_page(rf.post("/"), act=raising(error), done="D", back="/")


@pytest.mark.parametrize("error", MEETINGS, ids=["unique", "deadlock"])
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


def test_a_database_that_is_away_is_no_meeting(rf):
    assert explain(AWAY, {}) is None
    for asked in (edited, confirmed):
        with pytest.raises(OperationalError, match="closed"):
            asked(rf, AWAY)


def test_what_others_point_at_says_so():
    answer = explain(ProtectedError("x", set()), {})

    assert answer.data == {"detail": "Other records still point at this one."}


def let_the_other_through(execute, sql, params, many, context):
    """Stand in for the database that breaks off one of two who wait for each other."""
    if "projects_task" in sql and not sql.startswith("SELECT"):
        raise deadlock()
    return execute(sql, params, many, context)


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
