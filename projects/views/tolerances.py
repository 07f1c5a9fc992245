"""Tolerances: how large a change each level may approve."""

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import edit_page
from projects.domain.change_control import DEFAULT_LIMITS, ApprovalLevel
from projects.forms.changes import ToleranceForm
from projects.models import Tolerance
from projects.selectors.change_control import limits, percent_words
from projects.services.tolerances import set_tolerance
from projects.views import frame
from projects.words import tolerances as words


@require_safe
@requires(Permission.PROJECT_LIST)
def tolerance_list(request: PageRequest) -> TemplateResponse:
    set_levels = set(Tolerance.objects.values_list("level", flat=True))
    context = {
        "rows": [
            (level, percent_words(limit.cost_percent), limit.days, level.value in set_levels)
            for level, limit in limits().items()
        ],
        "can_change": can(request.user, Permission.TOLERANCE_CHANGE).allowed,
        "crumbs": [frame.Crumb(words.CHANGE_REQUESTS, reverse("projects:change_list"))],
    }
    return TemplateResponse(request, "projects/tolerance_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.TOLERANCE_CHANGE)
def tolerance_edit(request: PageRequest, level: str) -> HttpResponse:
    known = next((one for one in DEFAULT_LIMITS if one.value == level), None)
    if known is None:
        raise Http404("There is no such level.")
    return edit_page(
        request,
        form=ToleranceForm(request.POST or None, instance=_row(known)),
        save=lambda form: set_tolerance(
            level=known, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.tolerance_title(known.label.lower()),
        submit=words.SAVE_TOLERANCE,
        done=words.TOLERANCE_SAVED,
        back=reverse("projects:tolerance_list"),
        crumbs=[frame.Crumb("Tolerances", reverse("projects:tolerance_list"))],
    )


def _row(level: ApprovalLevel) -> Tolerance:
    """Return the row of the level, or an unsaved one of version 0 with the defaults."""
    row = Tolerance.objects.filter(level=level.value).first()
    limit = DEFAULT_LIMITS[level]
    return row or Tolerance(
        level=level.value, cost_percent=limit.cost_percent, days=limit.days, version=0
    )
