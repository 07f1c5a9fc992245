"""The kind of office: switching it with a look at what would change, and validating colors."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import conflict_of, edit_page
from pmo.common.page.htmx import render_page
from pmo.common.records.writing import EditConflictError
from portfolio import selectors, services
from portfolio.forms import KindForm, ValidateForm
from portfolio.models import ColorValidation, Portfolio
from portfolio.views.portfolios import way
from portfolio.words import office as words
from projects.domain.colors import Color
from projects.domain.office import ROWS, TABLE, UNCHOSEN, OfficeKind
from projects.models import StatusUpdate
from projects.views.frame import PAGE_SIZE, Crumb, may


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PORTFOLIO_KIND)
def portfolio_kind(request: PageRequest, pk: int) -> HttpResponse:
    """Show what another kind would change, or switch to it."""
    portfolio = get_object_or_404(Portfolio, pk=pk)
    if request.method == "POST":
        return _switch(request, portfolio)
    wanted = request.GET.get("kind")
    is_known = wanted in {"", *OfficeKind}
    kind = OfficeKind(wanted) if wanted in set(OfficeKind) else None
    form = KindForm(instance=portfolio, initial={"kind": wanted if is_known else portfolio.kind})
    is_shown = is_known and wanted != portfolio.kind
    context = {**_page(portfolio, form), **(_preview(request, portfolio, kind) if is_shown else {})}
    return TemplateResponse(request, "portfolio/portfolio_kind.html", context)


def _switch(request: PageRequest, portfolio: Portfolio) -> HttpResponse:
    form = KindForm(request.POST, instance=portfolio)
    if not form.is_valid():
        context = _page(portfolio, form)
        return TemplateResponse(request, "portfolio/portfolio_kind.html", context, status=422)
    chosen = form.cleaned_data["kind"]
    kind = OfficeKind(chosen) if chosen else None
    try:
        portfolio = services.switch_kind(
            portfolio=portfolio, kind=kind, version=form.opened_version(), by=request.user
        )
    except EditConflictError as error:
        context = {**_page(portfolio, form), "conflict": conflict_of(form, error)}
        return TemplateResponse(request, "portfolio/portfolio_kind.html", context, status=409)
    messages.success(request, words.switched_kind(portfolio))
    return HttpResponseRedirect(portfolio.get_absolute_url())


def _page(portfolio: Portfolio, form: KindForm) -> dict[str, Any]:
    return {
        "portfolio": portfolio,
        "form": form,
        "now": words.portfolio_sentence(portfolio),
        "columns": [words.NOT_CHOSEN, *(kind.label for kind in OfficeKind)],
        "table": [
            (label, [getattr(rules, row).label for rules in (UNCHOSEN, *TABLE.values())])
            for row, label in ROWS.items()
        ],
        "lede": words.PREVIEW_NOTE,
        "preview_label": words.PREVIEW,
        "submit": words.SWITCH,
        "title": words.KIND,
        "crumbs": [*way(), Crumb(str(portfolio), portfolio.get_absolute_url())],
    }


def _preview(request: PageRequest, portfolio: Portfolio, kind: OfficeKind | None) -> dict[str, Any]:
    today = timezone.localdate()
    entries = selectors.entries_for(request.user, portfolio, on=today)
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = selectors.switch_counts(portfolio, kind)
    rows = selectors.switched(portfolio, [entry.project for entry in page], kind)
    return {
        "lede": words.preview_lede(counts, kind),
        "page": page,
        "rows": [(row.project, words.row_sentences(row)) for row in rows],
        "hidden": selectors.hidden_entries(request.user, portfolio, on=today),
        "total": counts.changed + counts.kept,
        "wanted": kind.value if kind else "",
        "is_shown": True,
    }


@require_safe
@requires(Permission.STATUS_JUDGE)
def validation_list(request: PageRequest) -> TemplateResponse:
    """List the updates whose colors the office has not validated."""
    updates = selectors.to_validate(request.user, today=timezone.localdate())
    page = Paginator(updates, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "title": words.TO_VALIDATE,
        "lede": words.validation_lede(page.paginator.count),
        "empty": words.NOTHING_TO_VALIDATE,
        "empty_note": words.NOTHING_TO_VALIDATE_NOTE,
        "crumbs": way(),
    }
    return TemplateResponse(request, "portfolio/validation_list.html", context)


@require_safe
@requires(Permission.PROJECT_VIEW, StatusUpdate)
def update_validation(request: PageRequest, update: StatusUpdate) -> TemplateResponse:
    """Say whether the office validated the color of an update."""
    if not update.is_published:
        raise Http404
    record = ColorValidation.objects.filter(update=update).select_related("validated_by").first()
    is_open = record is None and selectors.is_validated(update)
    may_judge = may(request.user, Permission.STATUS_JUDGE, update.project)
    said = words.validation_sentence(record) if record else words.NOT_VALIDATED
    context = {
        "update": update,
        "said": said if record or is_open else "",
        "may_validate": is_open and may_judge,
        "validate": words.VALIDATE,
        "crumbs": [Crumb(str(update.project), update.project.get_absolute_url())],
    }
    return render_page(request, "portfolio/update_validation.html", context, partial="panel")


@require_http_methods(["GET", "POST"])
@requires(Permission.STATUS_JUDGE, StatusUpdate)
def update_validate(request: PageRequest, update: StatusUpdate) -> HttpResponse:
    """Let the color stand, or set another with a reason."""
    if not update.is_published:
        raise Http404

    def save(form: ValidateForm) -> ColorValidation:
        said = form.cleaned_data | {"color": Color(form.cleaned_data["color"])}
        return services.validate_update(update=update, by=request.user, **said)

    return edit_page(
        request,
        form=ValidateForm(request.POST or None, initial={"color": update.overall}),
        save=save,
        title=words.VALIDATE,
        sub=words.validate_sub(update),
        submit=words.VALIDATE,
        done=words.VALIDATED,
        back=lambda record: record.update.get_absolute_url(),
        cancel_url=update.get_absolute_url(),
        crumbs=[
            Crumb(words.TO_VALIDATE, reverse("portfolio:validation_list")),
            Crumb(str(update.project), update.project.get_absolute_url()),
        ],
    )
