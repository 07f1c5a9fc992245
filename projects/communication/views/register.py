"""The organization's register of stakeholders."""

from django.core.paginator import Paginator
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
from projects.communication.forms.register import GroupForm
from projects.communication.selectors.stakeholders import groups_for
from projects.communication.views import frame
from projects.communication.words import stakeholders as words
from projects.models import StakeholderGroup
from projects.services import stakeholders as services
from projects.views.frame import PAGE_SIZE, Action, Crumb, confirm_page

LIST = "communication:group_list"


def _way() -> list[Crumb]:
    return [Crumb(words.REGISTER, reverse(LIST))]


@require_safe
@requires(Permission.PROJECT_LIST)
def group_list(request: PageRequest) -> TemplateResponse:
    page = Paginator(groups_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    may_change = can(request.user, Permission.STAKEHOLDER_GROUP_CHANGE).allowed
    new = Action(words.ADD_GROUP, reverse("communication:group_new"), "plus", primary=True)
    context = {
        "page": page,
        "tabs": frame.list_tabs(LIST),
        "may_change": may_change,
        "actions": [new] if may_change else [],
    }
    return TemplateResponse(request, "communication/group_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.STAKEHOLDER_GROUP_CHANGE)
def group_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=GroupForm(request.POST or None),
        save=lambda form: services.create_group(by=request.user, **form.changes()),
        title=words.ADD_GROUP,
        submit=words.ADD_GROUP,
        done=words.GROUP_ADDED,
        back=reverse(LIST),
        crumbs=_way(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.STAKEHOLDER_GROUP_CHANGE)
def group_edit(request: PageRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(StakeholderGroup.objects.select_related("lead"), pk=pk)
    return edit_page(
        request,
        form=GroupForm(request.POST or None, instance=group),
        save=lambda form: services.change_group(
            group=group, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_GROUP,
        submit=words.SAVE_GROUP,
        done=words.GROUP_SAVED,
        back=reverse(LIST),
        crumbs=_way(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.STAKEHOLDER_GROUP_CHANGE)
def group_remove(request: PageRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(StakeholderGroup, pk=pk)
    return confirm_page(
        request,
        act=lambda: services.remove_group(group=group, by=request.user),
        title=words.remove_group_asked(group),
        text=words.REMOVE_NOTE,
        submit=words.REMOVE_GROUP,
        done=words.GROUP_REMOVED,
        back=reverse(LIST),
        crumbs=_way(),
    )
