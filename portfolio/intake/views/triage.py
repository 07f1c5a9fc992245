"""What the office does with one request: triage, decision, ground, items, project."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.records.writing import EditConflictError, RefusalError
from portfolio.intake.domain.kinds import IN_TRIAGE, RequestState
from portfolio.intake.forms.requests import (
    BecomingForm,
    ClassifyForm,
    DecisionForm,
    GroundForm,
    ReasonForm,
    RequestItemForm,
    TriageForm,
)
from portfolio.intake.models import MandatoryGround, ProjectRequest, RequestItem
from portfolio.intake.selectors.settings import may_edit, may_list_items, may_triage, rules
from portfolio.intake.services import becoming, grounds, items, triage
from portfolio.intake.views import frame
from portfolio.intake.words import findings
from portfolio.intake.words import requests as words
from projects.domain.kinds import BudgetKind
from projects.views.frame import confirm_page


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE, ProjectRequest)
def request_triage(request: PageRequest, record: ProjectRequest) -> HttpResponse:
    if RequestState(record.state) not in IN_TRIAGE and (
        instead := frame.not_now(request, record, triage.NOT_NOW)
    ):
        return instead
    return edit_page(
        request,
        form=TriageForm(request.POST or None, instance=record, by=request.user),
        save=lambda form: triage.triage_request(
            request=record, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.TRIAGE,
        sub=str(record),
        submit=words.SAVE_TRIAGE,
        done=words.TRIAGED,
        back=record.get_absolute_url(),
        **_beside(record),
        crumbs=frame.way(request.user, record),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE, ProjectRequest)
def request_decide(request: PageRequest, record: ProjectRequest) -> HttpResponse:
    if RequestState(record.state) not in IN_TRIAGE and (
        instead := frame.not_now(request, record, triage.NOT_NOW)
    ):
        return instead
    return edit_page(
        request,
        form=DecisionForm(request.POST or None, instance=record, by=request.user),
        save=lambda form: triage.decide_request(
            request=record, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.DECIDE,
        sub=str(record),
        submit=words.SAVE_DECISION,
        done=words.DECIDED,
        back=record.get_absolute_url(),
        missing=words.missing(triage.missing_for_case(record)),
        **_beside(record),
        crumbs=frame.way(request.user, record),
    )


def _beside(record: ProjectRequest) -> dict[str, Any]:
    """Return what the office reads of a request while it writes about it."""
    facts = findings.page_facts(record, rules())
    return {"template": "intake/request_judge.html", "record": record, "facts": facts}


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE, ProjectRequest)
def request_send_back(request: PageRequest, record: ProjectRequest) -> HttpResponse:
    return edit_page(
        request,
        form=ReasonForm(request.POST or None, instance=record),
        save=lambda form: triage.send_back(
            request=record, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.SEND_BACK,
        sub=str(record),
        submit=words.SEND_BACK,
        done=words.SENT_BACK,
        back=record.get_absolute_url(),
        crumbs=frame.way(request.user, record),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_CREATE, ProjectRequest)
def request_project(request: PageRequest, record: ProjectRequest) -> HttpResponse:
    try:
        becoming.check_may(record)
    except RefusalError as refusal:
        if instead := frame.not_now(request, record, str(refusal)):
            return instead
    return edit_page(
        request,
        form=BecomingForm(
            request.POST or None,
            instance=record,
            by=request.user,
            choices_url=reverse("starts:person_choices"),
        ),
        save=lambda form: becoming.make_project(
            request=record, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.MAKE_PROJECT,
        sub=str(record),
        submit=words.MAKE_PROJECT,
        done=words.PROJECT_MADE,
        back=lambda project: project.get_absolute_url(),
        template="intake/request_project.html",
        cancel_url=record.get_absolute_url(),
        crumbs=frame.way(request.user, record),
    )


def _writable(user: User, pk: int) -> ProjectRequest:
    """Return a request whose ground this person may give; raises Http404."""
    rows = ProjectRequest.objects.visible_to(user).select_related("unit")
    record = get_object_or_404(rows, pk=pk)
    if not (may_triage(user, record) or may_edit(user, record)):
        raise Http404
    return record


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_SUBMIT)
def request_ground(request: PageRequest, pk: int) -> HttpResponse:
    """Give the ground of mandatory work, or change it: the requester while writing, or the office."""
    record = _writable(request.user, pk)
    known = MandatoryGround.objects.filter(request=record).first()

    def save(form: GroundForm) -> MandatoryGround:
        if known is None:
            return grounds.give_ground(request=record, by=request.user, **form.changes())
        return grounds.change_ground(
            ground=known, version=form.opened_version(), by=request.user, **form.changes()
        )

    return edit_page(
        request,
        form=GroundForm(request.POST or None, instance=known),
        save=save,
        title=words.EDIT_GROUND if known else words.GIVE_GROUND,
        sub=str(record),
        submit=words.SAVE_GROUND,
        done=words.GROUND_SAVED,
        back=record.get_absolute_url(),
        crumbs=frame.way(request.user, record),
    )


@require_POST
@requires(Permission.REQUEST_TRIAGE, ProjectRequest)
def request_verify(request: PageRequest, record: ProjectRequest) -> HttpResponseRedirect:
    """Confirm the ground as it stands on the page that was read."""
    ground = get_object_or_404(MandatoryGround, request=record)
    try:
        version = frame.version_read(request)
        grounds.verify_ground(ground=ground, version=version, by=request.user)
    except EditConflictError:
        messages.error(request, words.GROUND_CHANGED)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.GROUND_VERIFIED)
    return redirect(record)


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_SUBMIT)
def item_new(request: PageRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(
        ProjectRequest.objects.visible_to(request.user).select_related("unit"), pk=pk
    )
    if not may_list_items(request.user, record):
        raise Http404
    return edit_page(
        request,
        form=RequestItemForm(request.POST or None),
        save=lambda form: items.create_item(request=record, by=request.user, **form.changes()),
        title=words.ADD_ITEM,
        sub=str(record),
        submit=words.ADD_ITEM,
        done=words.ITEM_SAVED,
        back=record.get_absolute_url(),
        crumbs=frame.way(request.user, record),
    )


def _item(user: User, pk: int) -> RequestItem:
    """Return an item that this person may change; raises Http404."""
    rows = RequestItem.objects.visible_to(user).select_related("request__unit")
    item = get_object_or_404(rows, pk=pk)
    if not may_list_items(user, item.request):
        raise Http404
    return item


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_SUBMIT)
def item_edit(request: PageRequest, pk: int) -> HttpResponse:
    item = _item(request.user, pk)
    record = item.request
    return edit_page(
        request,
        form=RequestItemForm(request.POST or None, instance=item),
        save=lambda form: items.change_item(
            item=item, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_ITEM,
        sub=str(record),
        submit=words.SAVE_ITEM,
        done=words.ITEM_SAVED,
        back=record.get_absolute_url(),
        template="projects/record_edit.html",
        remove_url=reverse("intake:item_remove", args=[item.pk]),
        crumbs=frame.way(request.user, record),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_SUBMIT)
def item_remove(request: PageRequest, pk: int) -> HttpResponse:
    item = _item(request.user, pk)
    record = item.request
    return confirm_page(
        request,
        act=lambda: items.remove_item(item=item, by=request.user),
        title=words.REMOVE_ITEM_ASKED,
        text=words.remove_item_note(item),
        submit=words.REMOVE_ITEM,
        done=words.ITEM_REMOVED,
        back=record.get_absolute_url(),
        crumbs=frame.way(request.user, record),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_CLASSIFY, RequestItem)
def item_classify(request: PageRequest, item: RequestItem) -> HttpResponse:
    """Let finance say what an item is instead of the rule."""
    record = item.request

    def save(form: ClassifyForm) -> RequestItem:
        said = form.cleaned_data["override"]
        return items.classify_item(
            item=item,
            version=form.opened_version(),
            by=request.user,
            side=BudgetKind(said) if said else None,
            reason=form.cleaned_data["override_reason"],
        )

    return edit_page(
        request,
        form=ClassifyForm(request.POST or None, instance=item),
        save=save,
        title=words.CLASSIFY,
        sub=str(item),
        submit=words.SAVE_CLASS,
        done=words.CLASSIFIED,
        back=record.get_absolute_url(),
        crumbs=frame.way(request.user, record),
    )
