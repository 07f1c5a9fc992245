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
from pmo.common.page import formats
from pmo.common.page.editing import edit_page
from pmo.organization.axes import ALWAYS, AxisSetting, axes_of
from pmo.organization.bands import OWN, PRESETS, bands_of, preset_of
from pmo.organization.current import organization
from pmo.organization.desk import words
from pmo.organization.desk.status_forms import StatusRulesForm
from pmo.organization.status_services import change_status_rules

ABOUT = words.STATUS_SUB
SAVED = words.RULES_SAVED


@require_safe
@requires(Permission.ACCOUNT_LIST)
def status(request: PageRequest) -> TemplateResponse:
    now = organization()
    bands, axes = bands_of(now.bands), axes_of(now.axes)
    preset = preset_of(bands)
    context = {
        "title": words.STATUS_AND_COLORS,
        "sub": ABOUT,
        "actions": _actions(request),
        "preset": words.OWN_NUMBERS if preset == OWN else words.bands_named(PRESETS[preset].name),
        "rules": words.band_rules(bands, {one.key: one.name for one in axes if one.in_use}),
        "stale": formats.count(bands.stale_days, "day"),
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
        return words.ALWAYS_ASKED
    return "Yes" if axis.in_use else "No"


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
        title=words.EDIT_STATUS,
        submit="Save",
        done=SAVED,
        back=back,
        crumbs=[Breadcrumb(words.STATUS_AND_COLORS, back)],
        template="organization/status_edit.html",
    )
