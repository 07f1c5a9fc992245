"""What came with a project's template: seen, confirmed, changed, removed; and who fills its roles."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from pmo.common.records.writing import EditConflictError, RefusalError
from pmo.organization.current import organization
from portfolio.starts.domain.kinds import ItemKind
from portfolio.starts.forms.items import FillRoleForm, ItemForm
from portfolio.starts.models import ItemState, ProjectStart, StartItem
from portfolio.starts.selectors.adoption import has_later, preview_of
from portfolio.starts.selectors.items import DatedItem, counts_of, items_of, start_of
from portfolio.starts.services import confirming as services
from portfolio.starts.services.bringing import EXAMPLES
from portfolio.starts.services.publishing import why_not
from portfolio.starts.words import adopting as adopt_words
from portfolio.starts.words import drafting as draft_words
from portfolio.starts.words import items as words
from portfolio.starts.words import starting as start_words
from projects.models import Project
from projects.project_templates.domain.sections import COMMUNICATION, ROLES, SECTIONS
from projects.views import frame
from projects.views.frame import address

SHOWN = ("anchored", "obligations", "training", "adoption", "communication", "measures")


def way(project: Project) -> list[frame.Crumb]:
    url = reverse("starts:project_start", args=[project.pk])
    return [*frame.crumbs(project), frame.Crumb(words.FROM_TEMPLATE, url)]


def decides(user: User, item: StartItem) -> bool:
    """Say whether somebody may confirm this: a line of the budget is the office's."""
    needed = (
        Permission.BUDGET_CHANGE if item.record_kind == ItemKind.LINE else Permission.START_CONFIRM
    )
    return can(user, needed, item.project).allowed


def demand(user: User, item: StartItem) -> None:
    if item.record_kind == ItemKind.LINE:
        decision = can(user, Permission.BUDGET_CHANGE, item.project)
        if not decision.allowed:
            raise PermissionDenied(decision.reason)


def _row(found: DatedItem, user: User, money: str) -> dict[str, Any]:
    item = found.item
    return {
        "item": item,
        "section": found.section.label,
        "told": words.told(found, money),
        "day": found.day,
        "more": len(found.days) - 1,
        "state": words.state_of(item),
        "url": address("communication:item_detail", item.record_pk)
        if item.record_kind == ItemKind.MESSAGE
        else "",
        "may_plan": item.section == COMMUNICATION.name and not item.record_kind,
        "may": item.state != ItemState.REMOVED and decides(user, item),
    }


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_start(request: PageRequest, project: Project) -> TemplateResponse:
    """Show what the project started from, and what of it waits for somebody; the panel of its page too."""
    start, counts = start_of(project), counts_of(project)
    money = organization().money
    found = items_of(project) if start and not request.htmx else []
    rows = {
        one.name: [_row(f, request.user, money) for f in found if f.section is one]
        for one in SECTIONS
    }
    waiting = _later(project, start) if start and not request.htmx else None
    context: dict[str, object] = {
        "project": project,
        "later": waiting,
        "start": start,
        "counts": counts,
        "title": words.panel_title(start) if start else "",
        "lede": start_words.waits(counts),
        "roles": rows["roles"],
        "cards": [
            {
                "label": one.label,
                "name": one.name,
                "rows": rows[one.name],
                "has_days": any(row["day"] for row in rows[one.name]),
                "has_states": any(row["state"] for row in rows[one.name]),
            }
            for one in SECTIONS
            if one.name in SHOWN and rows[one.name]
        ],
        "facts": words.facts(start) if start else [],
        "may_fill": frame.may(request.user, Permission.START_CONFIRM, project),
        "today": timezone.localdate(),
        "actions": _actions(request.user, project, counts.examples if start else 0),
        "crumbs": frame.crumbs(project),
    }
    return render_page(request, "starts/project_start.html", context, partial="panel")


def _later(project: Project, start: ProjectStart) -> dict[str, str] | None:
    """Return what is said of a later version of the template; None where nothing of it is to be decided."""
    preview = preview_of(project) if has_later(start) else None
    if preview is None or not preview.lines:
        return None
    return {
        "text": adopt_words.notice(preview.version.number, len(preview.lines)),
        "url": reverse("starts:project_adopt", args=[project.pk]),
        "action": adopt_words.SEE,
    }


def _actions(user: User, project: Project, examples: int) -> list[frame.Action]:
    actions = []
    if not why_not(project) and can(user, Permission.TEMPLATE_CHANGE).allowed:
        url = reverse("starts:template_make", args=[project.pk])
        actions.append(frame.Action(draft_words.MAKE, url, "layers"))
    if examples:
        url = reverse("starts:project_confirm", args=[project.pk])
        actions.append(frame.Action(words.CONFIRM_TITLE, url, "circle-check", primary=True))
    return actions


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_confirm(request: PageRequest, project: Project) -> TemplateResponse:
    """List what is an example until somebody confirms it."""
    money = organization().money
    found = [one for one in items_of(project, *EXAMPLES) if one.item.state == ItemState.EXAMPLE]
    rows = [_row(one, request.user, money) for one in found]
    context = {
        "project": project,
        "rows": rows,
        "lede": words.confirm_lede(counts_of(project)),
        "may_all": any(row["may"] for row in rows),
        "all_url": reverse("starts:project_confirm_all", args=[project.pk]),
        "title": words.CONFIRM_TITLE,
        "crumbs": way(project),
    }
    return TemplateResponse(request, "starts/project_confirm.html", context)


@require_POST
@requires(Permission.START_CONFIRM, Project)
def project_confirm_all(request: PageRequest, project: Project) -> HttpResponseRedirect:
    """Confirm every example that this person may confirm."""
    items = StartItem.objects.filter(project=project).examples().select_related("project__unit")
    mine = [item for item in items.in_order() if decides(request.user, item)]
    done = services.confirm_items(project=project, items=mine, by=request.user)
    messages.success(request, words.all_confirmed(done))
    return redirect("starts:project_confirm", pk=project.pk)


@require_POST
@requires(Permission.START_CONFIRM, StartItem)
def item_confirm(request: PageRequest, item: StartItem) -> HttpResponseRedirect:
    demand(request.user, item)
    services.confirm_item(item=item, version=None, by=request.user)
    messages.success(request, words.CONFIRMED)
    return redirect("starts:project_confirm", pk=item.project_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.START_CONFIRM, StartItem)
def item_change(request: PageRequest, item: StartItem) -> HttpResponse:
    """Put the project's own figures in place of an example."""
    demand(request.user, item)

    def save(form: ItemForm) -> StartItem:
        try:
            return services.change_item(
                item=item, version=form.cleaned_data["version"], by=request.user, **form.changes()
            )
        except EditConflictError as error:
            raise RefusalError(str(error)) from error

    return edit_page(
        request,
        form=ItemForm(request.POST or None, item=item),
        save=save,
        title=words.CHANGE_TITLE,
        sub=str(item),
        submit=words.SAVE,
        done=words.CHANGED,
        back=reverse("starts:project_confirm", args=[item.project_id]),
        crumbs=way(item.project),
    )


@require_POST
@requires(Permission.START_CONFIRM, StartItem)
def item_plan(request: PageRequest, item: StartItem) -> HttpResponseRedirect:
    """Plan a message that waited for its audience or for who talks to them."""
    try:
        services.plan_item(item=item, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.PLANNED)
    return redirect("starts:project_start", pk=item.project_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.START_CONFIRM, StartItem)
def item_remove(request: PageRequest, item: StartItem) -> HttpResponse:
    demand(request.user, item)

    def act() -> None:
        services.remove_item(item=item, by=request.user)

    return frame.confirm_page(
        request,
        act=act,
        title=words.remove_asked(item),
        text=words.remove_note(item),
        submit=words.REMOVE,
        done=words.REMOVED,
        back=reverse("starts:project_start", args=[item.project_id]),
        crumbs=way(item.project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.START_CONFIRM, StartItem)
def role_fill(request: PageRequest, item: StartItem) -> HttpResponse:
    """Say who fills a role; who governs the project names the person on it too."""
    if item.section != ROLES.name:
        raise Http404
    project = item.project
    governs = frame.may(request.user, Permission.PROJECT_GOVERN, project)
    url = reverse("projects:person_choices", args=[project.pk]) if governs else ""
    now = item.filled_by
    return edit_page(
        request,
        form=FillRoleForm(
            request.POST or None,
            choices_url=url,
            initial={"person": (now.email or now.name) if now else ""},
        ),
        save=lambda form: services.fill_role(
            item=item, person=form.cleaned_data["person"], by=request.user, names=governs
        ),
        title=words.FILL_TITLE,
        sub=str(item),
        submit=words.FILL,
        done=words.FILLED,
        back=reverse("starts:project_start", args=[project.pk]),
        template="starts/role_fill.html",
        crumbs=way(project),
    )
