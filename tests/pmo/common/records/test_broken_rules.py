"""A rule that the database keeps is named as what it is, and never taken for two writers who met."""

import pytest
from django import forms
from django.db import DataError, IntegrityError, connection, transaction

from pmo.accounts.roles import Role
from pmo.common.api.views import explain
from pmo.common.background import jobs
from pmo.common.models import Job, JobState
from pmo.common.page.editing import edit_page
from pmo.common.records.broken_rules import (
    FILL_IN,
    OUTSIDE,
    TOO_LARGE,
    UNNAMED,
    BrokenRule,
    broken_rule,
)
from pmo.common.records.writing import BrokenRuleError, all_or_nothing
from projects.models import Milestone, Project, Stakeholder, Task
from projects.views.frame import confirm_page
from tests.factories import MilestoneFactory, ProjectFactory, TaskFactory, person
from tests.test_api_rules import api

pytestmark = pytest.mark.django_db
IN_ORDER = "The baseline finish is before the start."


def broken(write):
    with pytest.raises((IntegrityError, DataError, OverflowError)) as refused, transaction.atomic():
        write()
    return broken_rule(refused.value)


class TestByItsName:
    def test_a_rule_across_fields_says_its_own_sentence(self):
        project = ProjectFactory()

        found = broken(
            lambda: Project.objects.filter(pk=project.pk).update(baseline_finish_date="2020-01-01")
        )

        assert found == BrokenRule(IN_ORDER)

    def test_one_without_a_sentence_says_its_name(self):
        project = ProjectFactory()

        found = broken(lambda: Project.objects.filter(pk=project.pk).update(name=""))

        assert found == BrokenRule(UNNAMED.format(name="project_name_not_blank"))

    def test_a_missing_value_is_asked_for_at_its_field(self):
        project = ProjectFactory()

        found = broken(lambda: Project.objects.filter(pk=project.pk).update(unit=None))

        assert found == BrokenRule(FILL_IN, "unit")

    def test_a_whole_number_below_0_is_told_at_its_field(self):
        task = TaskFactory()

        found = broken(lambda: Task.objects.filter(pk=task.pk).update(position=-1))

        assert found == BrokenRule(OUTSIDE, "position")

    def test_a_number_that_no_column_holds_is_told(self):
        task = TaskFactory()

        found = broken(lambda: Task.objects.filter(pk=task.pk).update(position=2**70))

        assert found == BrokenRule(TOO_LARGE)


def test_two_of_a_kind_are_no_broken_rule():
    project = ProjectFactory()
    Stakeholder.objects.create(project=project, name="Ward staff")

    found = broken(lambda: Stakeholder.objects.create(project=project, name="Ward staff"))

    assert found is None


def test_what_a_fence_keeps_is_a_fault_of_ours():
    error = IntegrityError("rows of x are never changed or removed")
    error.__cause__ = Exception("rows of x are never changed or removed")
    vars(error.__cause__).update(sqlite_errorcode=1811)

    assert broken_rule(error) is None


@all_or_nothing
def reversing(*_args):
    ProjectFactory(baseline_finish_date="2020-01-01")


@all_or_nothing
def too_far(*_args):
    Milestone.objects.update(forecast_date="9999-12-31")


class TestEverywhere:
    @pytest.fixture(autouse=True)
    def milestone(self):
        return MilestoneFactory()

    def test_the_api_answers_400(self):
        with pytest.raises(BrokenRuleError) as general:
            reversing()
        with pytest.raises(BrokenRuleError) as of_a_field:
            too_far()

        answers = [explain(error.value, {}) for error in (general, of_a_field)]

        assert [answer.status_code for answer in answers] == [400, 400]
        assert answers[0].data == {"non_field_errors": [IN_ORDER]}
        assert answers[1].data == {"forecast_date": [OUTSIDE]}

    def test_so_does_it_outside_of_a_service(self):
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Milestone.objects.update(forecast_date="9999-12-31")

        assert explain(refused.value, {}).status_code == 400

    def test_a_form_says_it_where_it_belongs(self, rf):
        class Moved(forms.Form):
            forecast_date = forms.CharField(required=False)

        for act, at in ((reversing, "__all__"), (too_far, "forecast_date")):
            page = edit_page(
                rf.post("/", {}), form=Moved({}), save=act, title="T", done="D", back="/"
            )
            assert page.status_code == 422
            assert set(page.context_data["form"].errors) == {at}

    def test_a_question_says_it(self, rf):
        page = confirm_page(rf.post("/"), act=reversing, done="D", back="/")

        assert (page.status_code, page.context_data["problem"]) == (422, IN_ORDER)

    def test_a_job_fails_at_once_with_the_sentence(self, monkeypatch):
        monkeypatch.setitem(jobs._handlers, "break", reversing)
        job = Job.objects.create(kind="break", key="1")

        jobs.run(job.pk)

        job.refresh_from_db()
        assert (job.state, job.error, job.attempts) == (JobState.FAILED, IN_ORDER, 1)

    def test_it_is_logged_as_a_fault(self, caplog):
        with pytest.raises(BrokenRuleError):
            reversing()

        assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_clash_and_a_broken_rule_are_told_apart_where_they_are_met():
    project, client = ProjectFactory(), api(person(Role.PMO_LEAD))
    body = {"project": project.pk, "version": 0, "percent_complete": 101}

    answer = client.post("/api/v1/status-updates/draft/", body, format="json")

    assert answer.status_code == 400
    assert answer.data == {"percent_complete": ["Percent complete goes from 0 to 100."]}
    assert connection.in_atomic_block
