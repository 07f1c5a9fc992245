"""The organization's freezes, and the page that voids one, with a second look at what that does."""

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
from pmo.common.page import formats
from pmo.common.page.editing import edit_page
from reports.forms.documents import VoidForm
from reports.selectors.freezing import organization_freezes, summaries_of
from reports.services.voiding import void_freeze
from reports.words import freezing as words
from reports.words.freshness import frozen_text, void_effects

ROWS = 25


def _crumbs() -> list[dict[str, str]]:
    return [{"label": "Reports", "url": reverse("reports:report_list")}]


@require_safe
@requires(Permission.REPORT_RUN)
def freeze_list(request: PageRequest) -> TemplateResponse:
    page = Paginator(organization_freezes(), ROWS).get_page(request.GET.get("page"))
    context = {
        "crumbs": _crumbs(),
        "page": page,
        "rows": [(one, frozen_text(one)) for one in page],
        "may_void": can(request.user, Permission.FREEZE_VOID).allowed,
    }
    return TemplateResponse(request, "reports/freeze_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.FREEZE_VOID)
def freeze_void(request: PageRequest, pk: int) -> HttpResponse:
    """Say what voiding a freeze does, and do it for a reason."""
    freeze = get_object_or_404(organization_freezes(), pk=pk)
    drafts, issued = summaries_of(freeze)
    day = formats.day(freeze.date)
    crumbs = [*_crumbs(), {"label": "Frozen days", "url": reverse("reports:freeze_list")}]
    return edit_page(
        request,
        form=VoidForm(request.POST or None),
        save=lambda form: void_freeze(
            freeze=freeze, reason=form.cleaned_data["reason"], by=request.user
        ),
        title=words.void_title(day),
        sub=frozen_text(freeze),
        submit=words.VOID,
        done=words.voided(day),
        back=reverse("reports:freeze_list"),
        crumbs=crumbs,
        template="reports/freeze_void.html",
        effects=void_effects(freeze, drafts=drafts, issued=issued),
    )
