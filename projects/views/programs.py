"""Programs: projects that share a purpose."""

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import edit_page
from pmo.common.records.search import as_read
from projects.forms.records import ProgramForm
from projects.models import Program, Project
from projects.services import projects as services
from projects.views import frame
from projects.words import programs as words


def way() -> list[frame.Crumb]:
    return [*frame.crumbs(), frame.Crumb("Programs", reverse("projects:program_list"))]


@require_safe
@requires(Permission.PROJECT_LIST)
def program_list(request: PageRequest) -> TemplateResponse:
    seen = Project.objects.visible_to(request.user).values("pk")
    programs = Program.objects.annotate(
        visible=Count("projects", filter=Q(projects__in=seen)),
        hidden=Count("projects") - F("visible"),
    ).order_by(*as_read("name", "pk"))
    can_change = can(request.user, Permission.PROGRAM_CHANGE).allowed
    new = frame.Action(words.ADD_PROGRAM, reverse("projects:program_new"), "plus", True)
    page = Paginator(programs, frame.PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "can_change": can_change,
        # an empty page offers it in its middle
        "actions": [new] if can_change and page.paginator.count else [],
        "crumbs": frame.crumbs(),
    }
    return TemplateResponse(request, "projects/program_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.PROGRAM_CHANGE)
def program_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=ProgramForm(request.POST or None),
        save=lambda form: services.create_program(by=request.user, **form.changes()),
        title=words.ADD_PROGRAM,
        submit=words.ADD_PROGRAM,
        done=words.PROGRAM_ADDED,
        back=reverse("projects:program_list"),
        crumbs=way(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PROGRAM_CHANGE)
def program_edit(request: PageRequest, pk: int) -> HttpResponse:
    program = get_object_or_404(Program, pk=pk)
    return edit_page(
        request,
        form=ProgramForm(request.POST or None, instance=program),
        save=lambda form: services.change_program(
            program=program, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_PROGRAM,
        submit=words.SAVE_PROGRAM,
        done=words.PROGRAM_SAVED,
        back=reverse("projects:program_list"),
        crumbs=way(),
    )
