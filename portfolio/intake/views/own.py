"""What the requester does: one's own requests, the page, answers, a withdrawal."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.forms import called
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.selectors import people_meant
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from pmo.common.records.writing import RefusalError
from portfolio.intake.domain.kinds import RequestState, TimelineKind
from portfolio.intake.domain.similarity import parts_of
from portfolio.intake.forms.requests import AnswerForm, PageOneForm
from portfolio.intake.models import ProjectRequest
from portfolio.intake.selectors.hints import hints_for, likeness_from
from portfolio.intake.selectors.requests import own_counts, own_rows, used_days
from portfolio.intake.selectors.settings import rules, working_days
from portfolio.intake.services import requests as services
from portfolio.intake.views import frame
from portfolio.intake.words import findings
from portfolio.intake.words import requests as words
from projects.views.frame import PAGE_SIZE, Action, confirm_page

LONGEST_TITLE = 160
FEWEST_LETTERS = 2  # whoever may ask for something need not be able to leaf through everybody


@require_safe
@requires(Permission.REQUEST_SUBMIT)
def my_requests(request: PageRequest) -> TemplateResponse:
    counts, today, calendar = own_counts(request.user), timezone.localdate(), working_days()
    pages = Paginator(own_rows(request.user), PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    days = rules().answer_days
    actions = []
    if pages.count:
        url = reverse("intake:request_new")
        actions.append(Action(words.ADD_REQUEST, url, "plus", primary=True))
    context = {
        "page": page,
        "rows": [
            (
                one,
                findings.standing_in_list(one, used=used_days(one, today, calendar), days=days),
            )
            for one in page
        ],
        "lede": findings.mine_lede(counts.asked, counts.drafts, counts.triage),
        "color": "amber" if counts.asked else "none",
        "tabs": frame.tabs(request.user, "intake:my_requests"),
        "actions": actions,
        "reader": request.user,
    }
    return TemplateResponse(request, "intake/my_requests.html", context)


def _page_one(request: PageRequest, form: PageOneForm, save: Any, **context: Any) -> HttpResponse:
    """Show page one, or keep it: the second button keeps a draft."""
    is_draft = "draft" in request.POST

    def sent(form: PageOneForm) -> ProjectRequest:
        saved: ProjectRequest = save(form, submit=not is_draft)
        return saved

    return edit_page(
        request,
        form=form,
        save=sent,
        submit=words.SUBMIT,
        done=words.done_with,
        back=lambda record: record.get_absolute_url(),
        template="intake/request_edit.html",
        draft=words.SAVE_DRAFT,
        hints_url=reverse("intake:request_hints"),
        **context,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_SUBMIT)
def request_new(request: PageRequest) -> HttpResponse:
    fresh = ProjectRequest(unit=request.user.unit)
    return _page_one(
        request,
        PageOneForm(
            request.POST or None,
            instance=fresh,
            rules=rules(),
            choices_url=reverse("intake:person_choices"),
            is_draft="draft" in request.POST,
        ),
        lambda form, submit: services.create_request(
            by=request.user, submit=submit, **form.changes()
        ),
        title=words.ADD_REQUEST,
        sub=words.NEW_SUB,
        cancel_url=reverse("intake:my_requests"),
        crumbs=frame.way(request.user),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_SUBMIT)
def request_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Go on with a draft; what was submitted is changed only to answer a question."""
    record = frame.own(request.user, pk)
    if record.state != RequestState.DRAFT and (
        instead := frame.not_now(request, record, services.NOT_CHANGED)
    ):
        return instead
    return _page_one(
        request,
        PageOneForm(
            request.POST or None,
            instance=record,
            rules=rules(),
            choices_url=reverse("intake:person_choices"),
            is_draft="draft" in request.POST,
        ),
        lambda form, submit: services.change_request(
            request=record,
            version=form.opened_version(),
            by=request.user,
            submit=submit,
            **form.changes(),
        ),
        title=words.EDIT_REQUEST,
        cancel_url=record.get_absolute_url(),
        crumbs=frame.way(request.user, record),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_SUBMIT)
def request_answer(request: PageRequest, pk: int) -> HttpResponse:
    record = frame.own(request.user, pk)
    if record.state != RequestState.ASKED and (
        instead := frame.not_now(request, record, services.NOT_ASKED)
    ):
        return instead
    asked = record.steps.filter(kind=TimelineKind.ASKED.value).order_by("-at", "-pk").first()
    return edit_page(
        request,
        form=AnswerForm(
            request.POST or None,
            instance=record,
            rules=rules(),
            choices_url=reverse("intake:person_choices"),
        ),
        save=lambda form: services.answer_request(
            request=record, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.ANSWER,
        sub=str(record),
        submit=words.SEND_ANSWER,
        done=words.ANSWERED,
        back=record.get_absolute_url(),
        template="intake/request_answer.html",
        question=asked.text if asked else "",
        crumbs=frame.way(request.user, record),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.REQUEST_SUBMIT)
def request_withdraw(request: PageRequest, pk: int) -> HttpResponse:
    record = frame.own(request.user, pk)
    return confirm_page(
        request,
        act=lambda: _withdraw(request, record),
        title=words.WITHDRAW_ASKED,
        text=words.withdraw_note(record),
        submit=words.WITHDRAW,
        done=words.WITHDRAWN,
        back=record.get_absolute_url(),
        crumbs=frame.way(request.user, record),
    )


def _withdraw(request: PageRequest, record: ProjectRequest) -> None:
    services.withdraw_request(request=record, version=None, by=request.user)


@require_POST
@requires(Permission.REQUEST_SUBMIT)
def request_sponsor(request: PageRequest, pk: int) -> HttpResponseRedirect:
    """Keep what the sponsor answers; who does not sponsor it may see it no more."""
    rows = ProjectRequest.objects.visible_to(request.user).filter(sponsor=request.user)
    record = get_object_or_404(rows, pk=pk)
    agrees = request.POST.get("agrees") == "yes"
    version = frame.version_read(request)
    try:
        services.answer_as_sponsor(request=record, version=version, by=request.user, agrees=agrees)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
        return redirect(record)
    messages.success(request, words.SPONSORED if agrees else words.NOT_SPONSORED)
    return redirect(record if agrees else "intake:my_requests")


@require_safe
@requires(Permission.REQUEST_SUBMIT)
def request_hints(request: PageRequest) -> TemplateResponse:
    """Answer what is typed with what looks like it, of what this reader may see."""
    title = request.GET.get("title", "").replace("\x00", "")[:LONGEST_TITLE]
    systems = parts_of(request.GET.get("systems", "").replace("\x00", "")[:500])
    found = hints_for(
        request.user, likeness_from(title, systems), rules=rules(), today=timezone.localdate()
    )
    context = {
        "hints": [(hint, findings.because(hint)) for hint in found],
        "crumbs": frame.way(request.user),
    }
    return render_page(request, "intake/request_hints.html", context, partial="hints")


@require_safe
@requires(Permission.REQUEST_SUBMIT)
def person_choices(request: PageRequest) -> TemplateResponse:
    """Answer what is typed of a sponsor with name and job of the first few people it may mean: no addresses."""
    people = people_meant(request.GET.get("sponsor", ""), least=FEWEST_LETTERS, by_name=True)
    context = {"people": [called(one) for one in people]}
    return TemplateResponse(request, "intake/person_choices.html", context)
