"""Status and colors: from where on a project is amber or red, and which axes an update judges."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.context import Crumb
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common import figures
from pmo.common.editing import edit_page
from pmo.organization.axes import ALWAYS, axes_of
from pmo.organization.bands import GRADES, OWN, PRESETS, Bands, bands_of, preset_of
from pmo.organization.current import organization
from pmo.organization.desk.status_forms import StatusRulesForm, percent
from pmo.organization.status_services import change_status_rules

ABOUT = "From where on a project is amber or red, and what an update is asked about."
SAVED = (
    "Saved. The colors of all projects are being worked out again, which takes a moment."
    " Frozen weeks and issued documents stay as they are."
)


@require_safe
@requires(Permission.ACCOUNT_LIST)
def status(request: PageRequest) -> TemplateResponse:
    now = organization()
    bands = bands_of(now.bands)
    preset = preset_of(bands)
    context = {
        "title": "Status and colors",
        "sub": ABOUT,
        "actions": _actions(request),
        "preset": "Own numbers" if preset == OWN else PRESETS[preset].name,
        "rules": _rules(bands),
        "stale": figures.count(bands.stale_days, "day"),
        "axes": [(one, one.key in ALWAYS) for one in axes_of(now.axes)],
    }
    return TemplateResponse(request, "organization/status.html", context)


def _actions(request: PageRequest) -> list[dict[str, object]]:
    actions: list[dict[str, object]] = [
        {"label": "Categories", "url": reverse("organization:categories"), "icon": "layers"}
    ]
    if can(request.user, Permission.ORGANIZATION_CHANGE).allowed:
        url = reverse("organization:status_edit")
        actions.append({"label": "Change", "url": url, "icon": "pencil", "primary": True})
    return actions


def _rules(bands: Bands) -> list[tuple[str, str, str, str]]:
    """Return axis, and from where on it is green, amber and red."""
    days = figures.count(bands.schedule_days, "working day")
    shares = {
        name: (percent(getattr(bands, f"{name}_green")), percent(getattr(bands, f"{name}_amber")))
        for name in ("schedule", "cost")
    }
    (late, too_late), (over, too_much) = shares["schedule"], shares["cost"]
    return [
        (
            "Schedule",
            f"late by up to {late} of the planned duration and up to {days}",
            f"later, up to {too_late}",
            f"late by more than {too_late}",
        ),
        (
            "Cost",
            f"up to {over} over the approved budget",
            f"up to {too_much}",
            f"above {too_much}",
        ),
        (
            "Risk",
            "lower",
            f"highest open risk is {GRADES[bands.risk_amber].lower()}",
            f"{GRADES[bands.risk_red].lower()}{' or extreme' if bands.risk_red == 'high' else ''}",
        ),
    ]


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANIZATION_CHANGE)
def status_edit(request: PageRequest) -> HttpResponse:
    back = reverse("organization:status")
    return edit_page(
        request,
        form=StatusRulesForm(request.POST or None, instance=organization()),
        save=lambda form: change_status_rules(
            by=request.user, version=form.opened_version(), bands=form.bands(), axes=form.axes()
        ),
        title="Change status and colors",
        submit="Save",
        done=SAVED,
        back=back,
        crumbs=[Crumb("Status and colors", back)],
        template="organization/status_edit.html",
    )
