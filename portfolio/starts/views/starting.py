"""Start a project from a template, with its dates shown before."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.forms import WITHOUT_ADDRESS
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.selectors import people_meant
from pmo.common.page.editing import edit_page
from portfolio.starts.forms.starting import PreviewForm, StartForm
from portfolio.starts.selectors.items import counts_of
from portfolio.starts.services.starting import StartWish, calendar_of, course_of, start_project
from portfolio.starts.words import starting as words
from projects.models import Project
from projects.project_templates.domain.network import laid_out, lengths_of, next_pin
from projects.project_templates.domain.sections import TASKS, Document, pin_of
from projects.project_templates.models import Lesson, ProjectTemplate
from projects.project_templates.selectors.library import brief_of
from projects.project_templates.words import library as template_words
from projects.views.frame import Crumb

LESSONS_SHOWN = 5
A_WEEK = 7


def offered(pk: int) -> ProjectTemplate:
    """Return a template that projects start from; raises Http404."""
    return get_object_or_404(ProjectTemplate.objects.offered().select_related("current"), pk=pk)


def offered_day(document: Document, *, today: date) -> date:
    """Return the go-live that a start next Monday reaches; the next pinned day where it is pinned."""
    monday = today + timedelta(days=A_WEEK - today.weekday())
    reached = laid_out(document, start=monday).go_live
    pin = pin_of(document)
    return next_pin(pin, reached) if pin else reached


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_CREATE)
def start_new(request: PageRequest, pk: int) -> HttpResponse:
    """Ask for what the template needs, and start."""
    template, today = offered(pk), timezone.localdate()
    form = StartForm(
        request.POST or None,
        document=template.document,
        by=request.user,
        choices_url=reverse("starts:person_choices"),
        initial={"go_live": offered_day(template.document, today=today)},
    )
    return start_page(
        request,
        template,
        form=form,
        save=lambda form: start_project(
            template=template, by=request.user, wish=form.wish(), **form.project_fields()
        ),
        cancel_url=template.get_absolute_url(),
        crumbs=[
            Crumb(template_words.TEMPLATES, reverse("templates:template_list")),
            Crumb(str(template), template.get_absolute_url()),
        ],
    )


def start_page(
    request: PageRequest,
    template: ProjectTemplate,
    *,
    form: StartForm,
    save: Callable[[Any], Project],
    **context: Any,
) -> HttpResponse:
    """Show what a template asks for with the dates that follow, or start by `save(form)`."""
    document = template.document
    brief = brief_of(document)
    lessons = Lesson.objects.visible_to(request.user).filter(template=template)
    page = {
        "title": words.START_TITLE,
        "sub": str(template),
        "submit": words.START,
        "brings": template_words.brings(brief),
        "lasts": template_words.lasts(brief),
        "preview_url": reverse("starts:start_preview", args=[template.pk]),
        "lessons": lessons.select_related("project").order_by("-recorded_on", "-pk")[
            :LESSONS_SHOWN
        ],
        **_dates(request, document, timezone.localdate(), first=form.initial["go_live"]),
        **context,
    }
    return edit_page(
        request,
        form=form,
        save=save,
        done=lambda project: words.started(project, counts_of(project)),
        back=lambda project: reverse("starts:project_start", args=[project.pk]),
        template="starts/start_new.html",
        **page,
    )


def _dates(
    request: PageRequest, document: Document, today: date, *, first: date | None = None
) -> dict[str, Any]:
    """Return the dates that follow from what is typed, from `first` before that; or why there are none."""
    data = request.POST if request.method == "POST" else request.GET
    wish = PreviewForm(data).wish()
    if wish is None and not data:
        wish = StartWish(go_live=first or offered_day(document, today=today))
    if wish is None:
        return {"dates": "", "milestones": [], "trouble": words.NO_DATES}
    try:
        course = course_of(document, wish, today=today)
    except ValidationError as error:
        return {"dates": "", "milestones": [], "trouble": " ".join(error.messages)}
    rows = [row for row in TASKS.rows_of(document) if row.get("milestone")]
    points = sorted(rows, key=lambda row: course.timings[row["id"]].finish)
    return {
        "dates": words.preview(course, lengths_of(course, calendar_of(wish.calendar))),
        "milestones": [(row["name"], course.timings[row["id"]].finish) for row in points],
        "trouble": "",
    }


@require_safe
@requires(Permission.PROJECT_CREATE)
def start_preview(request: PageRequest, pk: int) -> TemplateResponse:
    """Answer what is typed so far with the dates that follow."""
    dates = _dates(request, offered(pk).document, timezone.localdate())
    return TemplateResponse(request, "starts/_dates.html", dates)


@require_safe
@requires(Permission.PROJECT_CREATE)
def person_choices(request: PageRequest) -> TemplateResponse:
    """Answer what is typed with the first few people it may mean."""
    typed = request.GET.get("manager") or request.GET.get("sponsor") or ""
    context = {"people": people_meant(typed), "without_address": WITHOUT_ADDRESS}
    return TemplateResponse(request, "projects/person_choices.html", context)
