"""Status and colors: from where on a project is amber or red, and which axes an update judges."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.context import Breadcrumb
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page import figures
from pmo.common.page.editing import edit_page
from pmo.organization.axes import ALWAYS, AxisSetting, axes_of
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
    bands, axes = bands_of(now.bands), axes_of(now.axes)
    preset = preset_of(bands)
    context = {
        "title": "Status and colors",
        "sub": ABOUT,
        "actions": _actions(request),
        "preset": "Own numbers" if preset == OWN else f"Bands: {PRESETS[preset].name}",
        "rules": _rules(bands, {one.key: one.name for one in axes if one.in_use}),
        "stale": figures.count(bands.stale_days, "day"),
        "axes": [(one, _asked(one)) for one in axes],
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


def _asked(axis: AxisSetting) -> str:
    if axis.key in ALWAYS:
        return "Always: the data measures it"
    return "Yes" if axis.in_use else "No"


def _rules(bands: Bands, names: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Return each axis that is measured and in use, and from where on it is green, amber and red."""
    days = figures.count(bands.schedule_days, "working day")
    shares = {
        name: (percent(getattr(bands, f"{name}_green")), percent(getattr(bands, f"{name}_amber")))
        for name in ("schedule", "cost")
    }
    (late, too_late), (over, too_much) = shares["schedule"], shares["cost"]
    return [
        (
            names["schedule"],
            f"Late by up to {late} of the planned duration and up to {days}",
            f"Later, up to {too_late}",
            f"Late by more than {too_late}",
        ),
        (
            names["cost"],
            f"Up to {over} over the approved budget",
            f"More, up to {too_much}",
            f"More than {too_much} over",
        ),
        *([(names["risk"], *_risk_words(bands))] if "risk" in names else []),
    ]


def _risk_words(bands: Bands) -> tuple[str, str, str]:
    """Name the grades of the highest open risk that are green, amber and red."""
    names, keys = [name.lower() for name in GRADES.values()], list(GRADES)
    amber, red = keys.index(bands.risk_amber), keys.index(bands.risk_red)
    green_words, amber_words, red_words = (
        f"Highest open risk is {' or '.join(part)}"
        for part in (names[:amber], names[amber:red], names[red:])
    )
    return green_words, amber_words, red_words


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
        crumbs=[Breadcrumb("Status and colors", back)],
        template="organization/status_edit.html",
    )
