"""Weighted steps: how they are written, refused, and what they earn."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.common.background import events as announced
from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.models import TaskStep
from projects.services.projects import TOPIC
from projects.services.task_steps import change_step, create_step, remove_step
from tests.factories import TaskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def task():
    return TaskFactory(earning="steps")


def events():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_a_step_is_added_changed_and_removed_with_an_event_each(task):
    before = len(events())

    step = create_step(task=task, by=None, name="Poured", weight=3)
    step = change_step(step=step, version=step.version, by=None, name="Poured and cured")
    assert (step.project_id, step.name, step.weight) == (task.project_id, "Poured and cured", 3)
    remove_step(step=step, by=None)

    assert events()[before:] == ["task_step.created", "task_step.changed", "task_step.removed"]
    assert not TaskStep.objects.exists()


def test_whoever_keeps_figures_of_the_project_hears_of_each_write(
    task, monkeypatch, django_capture_on_commit_callbacks
):
    heard = []
    monkeypatch.setattr(announced, "_listeners", {TOPIC: [heard.append]})

    with django_capture_on_commit_callbacks(execute=True):
        step = create_step(task=task, by=None, name="Poured")
    with django_capture_on_commit_callbacks(execute=True):
        step = change_step(step=step, version=step.version, by=None, weight=2)
    with django_capture_on_commit_callbacks(execute=True):
        remove_step(step=step, by=None)

    assert [set(keys) for keys in heard] == [{task.project_id}] * 3


def test_a_task_that_earns_otherwise_takes_no_steps():
    task = TaskFactory(earning="percent")
    before = events()

    with pytest.raises(RefusalError, match="weighted steps"):
        create_step(task=task, by=None, name="Poured")

    assert events() == before
    assert not TaskStep.objects.exists()


def test_a_step_is_not_done_in_the_future(task):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(ValidationError, match="future"):
        create_step(task=task, by=None, name="Poured", done_on=tomorrow)

    assert not TaskStep.objects.exists()


def test_a_done_step_stays(task):
    step = create_step(task=task, by=None, name="Poured", done_on=date(2026, 1, 5))

    with pytest.raises(RefusalError, match="has earned"):
        remove_step(step=step, by=None)

    assert TaskStep.objects.get() == step


def test_the_second_of_two_editors_is_told(task):
    step = create_step(task=task, by=None, name="Poured")
    change_step(step=step, version=1, by=None, weight=2)

    with pytest.raises(EditConflictError):
        change_step(step=step, version=1, by=None, weight=9)

    assert TaskStep.objects.get().weight == 2


def test_the_page_of_the_task_lists_its_steps_and_leads_to_a_new_one(task, signed_in, lead):
    step = create_step(task=task, by=None, name="Poured", weight=2)

    client = signed_in(lead)

    page = client.get(task.get_absolute_url()).content.decode()
    sent = client.post(
        f"/projects/tasks/{task.pk}/steps/new/", {"name": "Cured", "weight": "1", "done_on": ""}
    )

    assert step.get_absolute_url() in page
    assert sent.status_code == 302
    assert sorted(task.steps.values_list("name", "weight")) == [("Cured", 1), ("Poured", 2)]
