"""Texts for audiences: the list, drafting, reading, changing, downloading."""

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
from projects.views.frame import PAGE_SIZE, Action, Crumb
from reports.audiences import services, words
from reports.audiences.forms import DraftForm, TextForm
from reports.audiences.models import TextAudience
from reports.audiences.selectors import last_issued, texts_for
from reports.words.documents import REPORTS, summary_name


def _crumbs(*, below: bool = False) -> list[Crumb]:
    way = [Crumb(REPORTS, reverse("reports:report_list"))]
    return [*way, Crumb(words.TEXTS, reverse("audiences:text_list"))] if below else way


@require_safe
@requires(Permission.SUMMARY_VIEW)
def text_list(request: PageRequest) -> TemplateResponse:
    page = Paginator(texts_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    may_change = can(request.user, Permission.AUDIENCE_TEXT_CHANGE).allowed
    draft = Action(words.DRAFT, reverse("audiences:text_new"), "plus", primary=True)
    context = {
        "page": page,
        "lede": words.lede(page.paginator.count),
        "crumbs": _crumbs(),
        "actions": [draft] if may_change else [],
    }
    return TemplateResponse(request, "audiences/text_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.AUDIENCE_TEXT_CHANGE)
def text_new(request: PageRequest) -> HttpResponse:
    summary = last_issued()
    if summary is None:
        context = {"title": words.DRAFT, "text": words.NO_SUMMARY, "crumbs": _crumbs(below=True)}
        return TemplateResponse(request, "audiences/no_summary.html", context)
    return edit_page(
        request,
        form=DraftForm(request.POST or None),
        save=lambda form: services.draft_text(
            summary=summary, audience=form.cleaned_data["audience"], by=request.user
        ),
        title=words.DRAFT,
        sub=summary_name(summary),
        submit=words.DRAFT,
        done=words.DRAFTED,
        back=lambda text: text.get_absolute_url(),
        cancel_url=reverse("audiences:text_list"),
        crumbs=_crumbs(below=True),
    )


@require_safe
@requires(Permission.SUMMARY_VIEW)
def text_detail(request: PageRequest, pk: int) -> TemplateResponse:
    text = get_object_or_404(texts_for(request.user), pk=pk)
    actions = [Action("Download", reverse("audiences:text_file", args=[text.pk]), "download")]
    if can(request.user, Permission.AUDIENCE_TEXT_CHANGE).allowed:
        edit = reverse("audiences:text_edit", args=[text.pk])
        actions.append(Action(words.EDIT, edit, "pencil", primary=True))
    context = {
        "text": text,
        "sub": text.get_audience_display(),
        "crumbs": _crumbs(below=True),
        "actions": actions,
        "source": summary_name(text.summary),
        "versions": text.versions.select_related("saved_by").order_by("-number"),
        "note": words.PATIENTS_NOTE if text.audience == TextAudience.PATIENTS else "",
    }
    return TemplateResponse(request, "audiences/text_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.AUDIENCE_TEXT_CHANGE)
def text_edit(request: PageRequest, pk: int) -> HttpResponse:
    text = get_object_or_404(texts_for(request.user), pk=pk)
    return edit_page(
        request,
        form=TextForm(request.POST or None, instance=text),
        save=lambda form: services.change_text(
            text=text, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT,
        sub=text.get_audience_display(),
        submit=words.SAVE,
        done=words.SAVED,
        back=text.get_absolute_url(),
        crumbs=_crumbs(below=True),
    )


@require_safe
@requires(Permission.SUMMARY_VIEW)
def text_file(request: PageRequest, pk: int) -> HttpResponse:
    text = get_object_or_404(texts_for(request.user), pk=pk)
    name = f"{text.audience}-{text.summary.date.isoformat()}.txt"
    return HttpResponse(
        words.file_of(text.title, text.body),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
