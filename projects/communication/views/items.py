"""One message of the plan: adding, reading, changing, checking, approving and sending it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.records.writing import RefusalError
from projects.communication.forms.items import MessageForm, SendForm
from projects.communication.models import CommunicationItem, CommunicationSending
from projects.communication.selectors.items import may_send
from projects.communication.services import items as services
from projects.communication.views import frame
from projects.communication.words import items as words
from projects.models import Project
from projects.views.frame import Action, confirm_page, may


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMUNICATION_CHANGE, Project)
def item_new(request: PageRequest, project: Project) -> HttpResponse:
    return edit_page(
        request,
        form=MessageForm(
            request.POST or None, instance=CommunicationItem(project=project), project=project
        ),
        save=lambda form: services.create_item(
            project=project, by=request.user, **form.item_fields()
        ),
        title=words.ADD_ITEM,
        sub=str(project),
        submit=words.ADD_ITEM,
        done=words.ITEM_ADDED,
        back=lambda item: item.get_absolute_url(),
        cancel_url=frame.way_to(project)[-1].url,
        crumbs=frame.way_to(project),
    )


@require_safe
@requires(Permission.PROJECT_VIEW, CommunicationItem)
def item_detail(request: PageRequest, item: CommunicationItem) -> TemplateResponse:
    today = timezone.localdate()
    sendings = list(item.sendings.select_related("noted_by").order_by("-sent_on", "-pk"))
    keeps = may(request.user, Permission.COMMUNICATION_CHANGE, item.project)
    context = {
        "item": item,
        "crumbs": frame.way_to(item.project),
        "sub": f"{item.audience} · {item.project}",
        "actions": _actions(request.user, item, keeps=keeps, is_sent=bool(sendings)),
        "lede": words.item_lede(item, today=today, times=len(sendings)),
        "color": words.item_color(item, today=today),
        "facts": words.item_facts(item),
        "checks": words.checks_of(item) if item.is_for_patients else [],
        "sendings": sendings,
        "may_take_back": keeps,
    }
    return TemplateResponse(request, "communication/item_detail.html", context)


def _actions(user: User, item: CommunicationItem, *, keeps: bool, is_sent: bool) -> list[Action]:
    def url(name: str) -> str:
        return reverse(f"communication:{name}", args=[item.pk])

    found = []
    if keeps:
        found.append(Action("Edit", url("item_edit"), "pencil"))
        if not is_sent:
            found.append(Action("Remove", url("item_remove"), "trash-2"))
    if item.is_for_patients:
        if item.sender_id == user.pk and not item.plain_by_id:
            found.append(Action(words.PLAIN, url("item_plain"), "check", method="post"))
        approves = may(user, Permission.COMMUNICATION_APPROVE, item.project)
        if approves and item.sender_id != user.pk and not item.approved_by_id:
            found.append(Action(words.APPROVE, url("item_approve"), "shield-check", method="post"))
    if may_send(user, item) and item.next_due:
        found.append(Action(words.SEND, url("item_send"), "send", primary=True))
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMUNICATION_CHANGE, CommunicationItem)
def item_edit(request: PageRequest, item: CommunicationItem) -> HttpResponse:
    return edit_page(
        request,
        form=MessageForm(request.POST or None, instance=item, project=item.project),
        save=lambda form: services.change_item(
            item=item, version=form.opened_version(), by=request.user, **form.item_fields()
        ),
        title=words.EDIT_ITEM,
        sub=str(item.project),
        submit=words.SAVE_ITEM,
        done=words.ITEM_SAVED,
        back=item.get_absolute_url(),
        crumbs=frame.way_to(item.project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMUNICATION_CHANGE, CommunicationItem)
def item_remove(request: PageRequest, item: CommunicationItem) -> HttpResponse:
    way = frame.way_to(item.project)
    return confirm_page(
        request,
        act=lambda: services.remove_item(item=item, by=request.user),
        title=words.remove_item_asked(item),
        text=words.REMOVE_NOTE,
        submit=words.REMOVE_ITEM,
        done=words.ITEM_REMOVED,
        back=way[-1].url,
        crumbs=way,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_VIEW, CommunicationItem)
def item_send(request: PageRequest, item: CommunicationItem) -> HttpResponse:
    """Note that it went out: its sender may, and whoever keeps the plan."""
    if not may_send(request.user, item):
        raise PermissionDenied(services.NOT_YOURS)
    return edit_page(
        request,
        form=SendForm(
            request.POST or None,
            instance=CommunicationSending(project=item.project, item=item),
            item_version=item.version,
        ),
        save=lambda form: services.send_item(
            item=item, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.SEND,
        sub=f"{item} · {item.audience}",
        submit=words.SEND,
        done=words.SENT,
        back=item.get_absolute_url(),
        crumbs=frame.way_to(item.project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMUNICATION_CHANGE, CommunicationSending)
def sending_remove(request: PageRequest, sending: CommunicationSending) -> HttpResponse:
    item = sending.item
    return confirm_page(
        request,
        act=lambda: services.take_back_sending(sending=sending, by=request.user),
        title=words.TAKE_BACK_ASKED,
        text=words.TAKE_BACK_NOTE,
        submit=words.TAKE_BACK,
        done=words.TAKEN_BACK,
        back=item.get_absolute_url(),
        crumbs=frame.way_to(item.project),
    )


@require_POST
@requires(Permission.PROJECT_VIEW, CommunicationItem)
def item_plain(request: PageRequest, item: CommunicationItem) -> HttpResponseRedirect:
    """Let the sender say that the text for patients is plain."""
    return _noted(
        request,
        item,
        lambda: services.check_plain(item=item, version=None, by=request.user),
        words.PLAIN_NOTED,
    )


@require_POST
@requires(Permission.COMMUNICATION_APPROVE, CommunicationItem)
def item_approve(request: PageRequest, item: CommunicationItem) -> HttpResponseRedirect:
    return _noted(
        request,
        item,
        lambda: services.approve_item(item=item, version=None, by=request.user),
        words.APPROVED,
    )


def _noted(
    request: PageRequest, item: CommunicationItem, act: Callable[[], object], done: str
) -> HttpResponseRedirect:
    try:
        act()
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(item)
