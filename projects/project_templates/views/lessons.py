"""Lessons: recorded on a project, found by the next one."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from projects.models import Project
from projects.project_templates.filters import LessonFilter
from projects.project_templates.forms.lessons import LessonForm
from projects.project_templates.models import Lesson
from projects.project_templates.selectors.lessons import gates_without_lesson
from projects.project_templates.services import lessons as services
from projects.project_templates.words import lessons as words
from projects.views import frame

SHOWN = 3
LONGEST_MOMENT = 200


def way(project: Project) -> list[frame.Crumb]:
    url = reverse("templates:project_lessons", args=[project.pk])
    return [*frame.crumbs(project), frame.Crumb(words.LESSONS, url)]


def moment_of(request: PageRequest) -> str:
    """Return the gate or phase that is asked about; "" for the whole project."""
    return request.GET.get("moment", "").replace("\x00", "").strip()[:LONGEST_MOMENT]


def _new_url(project: Project, moment: str) -> str:
    url = reverse("templates:lesson_new", args=[project.pk])
    return f"{url}?{urlencode({'moment': moment})}" if moment else url


@require_safe
@requires(Permission.PROJECT_LIST)
def lesson_list(request: PageRequest) -> TemplateResponse:
    visible = Lesson.objects.visible_to(request.user)
    form = LessonFilter(request.GET)
    chosen = form.chosen(visible).select_related("project", "template")
    page = Paginator(chosen.order_by("-recorded_on", "-pk"), frame.PAGE_SIZE)
    total = visible.count()
    context: dict[str, object] = {
        "page": page.get_page(request.GET.get("page")),
        "fields": [form[name] for name in ("q", "category", "template")],
        "total": total,
        "lede": words.lede(total),
    }
    return render_page(request, "project_templates/lesson_list.html", context, partial="table")


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_lessons(request: PageRequest, project: Project) -> TemplateResponse:
    """Show what a project learned; the panel of its page shows the latest."""
    moment = moment_of(request)
    lessons = project.lessons.order_by("-recorded_on", "-pk")
    if moment:
        lessons = lessons.filter(moment=moment)
    number = lessons.count()
    context: dict[str, object] = {
        "project": project,
        "lessons": lessons[:SHOWN] if request.htmx else lessons[:200],
        "title": words.panel_title(number),
        "without": "" if moment else words.without(gates_without_lesson(project)),
        "asked": words.asked(moment),
        "may_add": frame.may(request.user, Permission.LESSON_CHANGE, project),
        "new_url": _new_url(project, moment),
        "crumbs": frame.crumbs(project),
    }
    return render_page(request, "project_templates/project_lessons.html", context, partial="panel")


@require_http_methods(["GET", "POST"])
@requires(Permission.LESSON_CHANGE, Project)
def lesson_new(request: PageRequest, project: Project) -> HttpResponse:
    return edit_page(
        request,
        form=LessonForm(
            request.POST or None, instance=Lesson(project=project, moment=moment_of(request))
        ),
        save=lambda form: services.record_lesson(
            project=project, by=request.user, **form.changes()
        ),
        title=words.ADD,
        sub=str(project),
        submit=words.ADD,
        done=words.ADDED,
        back=reverse("templates:project_lessons", args=[project.pk]),
        crumbs=way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.LESSON_CHANGE, Lesson)
def lesson_edit(request: PageRequest, lesson: Lesson) -> HttpResponse:
    return edit_page(
        request,
        form=LessonForm(request.POST or None, instance=lesson),
        save=lambda form: services.change_lesson(
            lesson=lesson, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT,
        sub=str(lesson.project),
        submit=words.SAVE,
        done=words.SAVED,
        back=reverse("templates:project_lessons", args=[lesson.project_id]),
        crumbs=way(lesson.project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.LESSON_CHANGE, Lesson)
def lesson_remove(request: PageRequest, lesson: Lesson) -> HttpResponse:
    def act() -> None:
        services.remove_lesson(lesson=lesson, by=request.user)

    return frame.confirm_page(
        request,
        act=act,
        title=words.remove_asked(lesson),
        text=words.REMOVE_NOTE,
        submit=words.REMOVE,
        done=words.REMOVED,
        back=reverse("templates:project_lessons", args=[lesson.project_id]),
        crumbs=way(lesson.project),
    )
