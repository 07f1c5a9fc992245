"""The pages of a project manager's week: my projects, the form, the published update."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.forms import Conflict
from pmo.common.page.once import sent_freely
from pmo.common.records.writing import RefusalError
from projects.domain.office import StatusRule
from projects.domain.origins import is_imported
from projects.forms.status import StatusForm, conflict_of, initial_of
from projects.models import Project, StatusUpdate
from projects.office import standing_of
from projects.selectors.challenges import reasons_of
from projects.selectors.status import (
    StatusPage,
    due_now,
    facts_of,
    lines_of,
    neighbors_of,
    page_of,
    revisions_of,
)
from projects.selectors.updates_received import my_projects as projects_of
from projects.services import status as services
from projects.services.status import DraftConflictError
from projects.views.frame import Action, Crumb, Panel, address, confirm_page
from projects.words import status as words
from projects.words import updates_received

FORM = "projects/status_form.html"


def crumbs_to(project: Project) -> list[Crumb]:
    return [
        Crumb(words.MY_PROJECTS, reverse("projects:my_projects")),
        Crumb(str(project), reverse("projects:project_detail", args=[project.pk])),
    ]


@require_safe
@requires(Permission.PROJECT_LIST)
def my_projects(request: PageRequest) -> HttpResponse:
    now = timezone.now()
    due, mine = due_now(now), projects_of(request.user, now=now, page=request.GET.get("page"))
    context = {
        "mine": mine,
        "due": due,
        "lede": updates_received.my_lede(mine, due),
        "list_url": reverse("projects:project_list"),
        "received_url": reverse("projects:updates_received"),
        "may_chase": can(request.user, Permission.STATUS_CHASE).allowed,
    }
    return TemplateResponse(request, "projects/my_projects.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.STATUS_WRITE, Project)
def status_form(request: PageRequest, project: Project) -> HttpResponse:
    if request.method == "POST":
        act = _save_draft if "draft" in request.POST else _publish
        return act(request, project)
    page = page_of(project, now=timezone.now())
    return _form_page(request, page, StatusForm(page=page, initial=initial_of(page)))


def _publish(request: PageRequest, project: Project) -> HttpResponse:
    form = StatusForm(request.POST)
    if form.is_valid():
        try:
            update = services.publish_update(
                project=project,
                by=request.user,
                version=form.opened_version(),
                revision=form.cleaned_data["revision"],
                seen=form.seen(),
                **form.changes(),
            )
        except DraftConflictError as error:
            return _conflict_page(request, project, form, error)
        except (ValidationError, RefusalError) as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, words.UPDATE_PUBLISHED)
            return redirect(update)
    return _form_page(request, page_of(project, now=timezone.now()), form, status=422)


def _save_draft(request: PageRequest, project: Project) -> HttpResponse:
    form = StatusForm(request.POST, publishing=False)
    try:
        draft = _keep(request, project, form)
    except DraftConflictError as error:
        return _conflict_page(request, project, form, error)
    except RefusalError as refusal:
        form.add_refusal(refusal)
        return _form_page(request, page_of(project, now=timezone.now()), form, status=422)
    if not form.errors:
        messages.success(request, words.draft_saved(draft))
        return HttpResponseRedirect(reverse("projects:status_form", args=[project.pk]))
    page = page_of(project, now=timezone.now())
    form.adopt(page)
    return _form_page(request, page, form, status=422)


def _keep(request: PageRequest, project: Project, form: StatusForm) -> StatusUpdate:
    """Save what is sound; a field at fault keeps what the draft said before."""
    form.is_valid()
    return services.save_draft(
        project=project, by=request.user, version=form.opened_version(), **form.changes()
    )


@sent_freely
@require_POST
@requires(Permission.STATUS_WRITE, Project)
def status_draft(request: PageRequest, project: Project) -> HttpResponse:
    """Save while the manager types; answers with the words beside the buttons and the next version."""
    form = StatusForm(request.POST, publishing=False)
    conflict, draft, problem, status = None, None, "", 200
    try:
        draft = _keep(request, project, form)
    except DraftConflictError as error:
        conflict, status = conflict_of(form, error.current), 409
        page = page_of(project, now=timezone.now())
        form.adopt(page)
    except RefusalError as refusal:
        problem, status = str(refusal), 422
    faults = [f"{form.fields[name].label}: {errors[0]}" for name, errors in form.errors.items()]
    context = {
        "saved": words.draft_saved(draft) if draft else "",
        "version": draft.version if draft else form.data["version"],
        "revision": draft.revision if draft else form.data["revision"],
        "faults": faults,
        "problem": problem,
        "conflict": conflict,
    }
    return TemplateResponse(request, f"{FORM}#saved", context, status=status)


def _conflict_page(
    request: PageRequest, project: Project, form: StatusForm, error: DraftConflictError
) -> HttpResponse:
    conflict = conflict_of(form, error.current)
    page = page_of(project, now=timezone.now())
    form.adopt(page)
    return _form_page(request, page, form, conflict=conflict, status=409)


def _form_page(
    request: PageRequest,
    page: StatusPage,
    form: StatusForm,
    *,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "form": form,
        "conflict": conflict,
        "crumbs": crumbs_to(page.project),
        "title": words.form_title(page.project),
        "sub": words.form_sub(page),
        "office_note": words.office_note(standing_of(page.project.pk)),
        "axes": form.axis_rows(page.figures.measures),
        "milestones": form.milestone_rows(page),
        "saved": words.draft_saved(page.draft) if page.draft else words.NOT_SAVED_YET,
        "axes_note": words.CARRIED_OVER if page.last else "",
        "last_facts": facts_of(page.last) if page.last else [],
        "last_done": page.last.done if page.last and not page.same else "",
        "last_next": page.last.next_steps if page.last and not page.same else "",
    }
    return TemplateResponse(request, FORM, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.STATUS_WRITE, Project)
def status_discard(request: PageRequest, project: Project) -> HttpResponse:
    back = reverse("projects:status_form", args=[project.pk])
    return confirm_page(
        request,
        act=lambda: services.discard_draft(project=project, by=request.user),
        done=words.DRAFT_DISCARDED,
        back=back,
        title=words.DISCARD_ASKED,
        text=words.DISCARD_NOTE,
        submit=words.DISCARD_DRAFT,
        crumbs=crumbs_to(project),
    )


@require_safe
@requires(Permission.PROJECT_VIEW, StatusUpdate)
def status_update(request: PageRequest, update: StatusUpdate) -> HttpResponse:
    may_write = can(request.user, Permission.STATUS_WRITE, update.project).allowed
    if not update.is_published:
        if may_write:
            return redirect("projects:status_form", pk=update.project_id)
        raise Http404
    revisions = revisions_of(update)
    before, after = neighbors_of(update)
    context = {
        "update": update,
        "title": words.update_title(update.project),
        "sub": words.update_sub(update),
        "origin": words.origin(update),
        "is_from_table": is_imported(update.published_rating),
        "actions": [_back_to(update.project, may_write=may_write)],
        "project": update.project,
        "crumbs": crumbs_to(update.project),
        "lines": lines_of(update),
        "reasons": reasons_of(update),
        "facts": facts_of(update),
        "revisions": revisions,
        "newest": revisions[0],
        "is_newest": revisions[0].pk == update.pk,
        "may_correct": may_write and revisions[0].pk == update.pk,
        "before": before,
        "after": after,
        "panel": _validation_panel(update),
    }
    return TemplateResponse(request, "projects/status_update.html", context)


def _validation_panel(update: StatusUpdate) -> Panel | None:
    """Return the office's validation, which portfolios draw, where its kind asks for one."""
    url = address("portfolio:update_validation", update.pk)
    is_asked = standing_of(update.project_id).rules.status is StatusRule.VALIDATED
    return Panel("validation", words.VALIDATION, url) if url and is_asked else None


def _back_to(project: Project, *, may_write: bool) -> Action:
    if may_write:
        return Action(
            label=words.MY_PROJECTS, url=reverse("projects:my_projects"), icon="briefcase"
        )
    return Action(label=words.THE_PROJECT, url=project.get_absolute_url(), icon="folder")


@require_POST
@requires(Permission.STATUS_WRITE, StatusUpdate)
def status_correct(request: PageRequest, update: StatusUpdate) -> HttpResponse:
    if not update.is_published:
        raise Http404
    try:
        services.correct_update(update=update, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    return redirect("projects:status_form", pk=update.project_id)
