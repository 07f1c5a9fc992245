"""The weighted steps of a task: add, change, remove; the list stands on the task's own page."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from projects.forms.plan import StepForm
from projects.models import Task, TaskStep
from projects.services import task_steps as services
from projects.views import frame
from projects.views.plan import way
from projects.words import task_steps as words


def step_way(task: Task) -> list[frame.Crumb]:
    return [*way(task.project), frame.Crumb(task.name, task.get_absolute_url())]


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_CHANGE, Task)
def step_new(request: PageRequest, task: Task) -> HttpResponse:
    blank = TaskStep(project=task.project, task=task)
    return edit_page(
        request,
        form=StepForm(request.POST or None, instance=blank),
        save=lambda form: services.create_step(task=task, by=request.user, **form.changes()),
        title=words.ADD_STEP,
        submit=words.ADD_STEP,
        done=words.STEP_ADDED,
        back=task.get_absolute_url(),
        crumbs=step_way(task),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_CHANGE, TaskStep)
def step_edit(request: PageRequest, step: TaskStep) -> HttpResponse:
    return edit_page(
        request,
        form=StepForm(request.POST or None, instance=step),
        save=lambda form: services.change_step(
            step=step, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_STEP,
        submit=words.SAVE_STEP,
        done=words.STEP_SAVED,
        back=step.task.get_absolute_url(),
        template="projects/record_edit.html",
        remove_url=reverse("projects:step_remove", args=[step.pk]),
        crumbs=step_way(step.task),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_CHANGE, TaskStep)
def step_remove(request: PageRequest, step: TaskStep) -> HttpResponse:
    name, task = step.name, step.task
    return frame.confirm_page(
        request,
        act=lambda: services.remove_step(step=step, by=request.user),
        title=words.remove_step_asked(name),
        text=words.REMOVE_STEP_NOTE,
        submit=words.REMOVE_STEP,
        done=words.step_removed(name),
        back=task.get_absolute_url(),
        crumbs=step_way(task),
    )
