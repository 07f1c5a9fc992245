"""The organization's settings: read by the office, changed by the administrator."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.context import Breadcrumb
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import edit_page
from pmo.organization import locks
from pmo.organization.current import organization
from pmo.organization.defaults import initial
from pmo.organization.desk import words
from pmo.organization.desk.forms import OrganizationForm
from pmo.organization.desk.words import sections
from pmo.organization.models import ONLY, Organization
from pmo.organization.services import change_organization

# pages of their own for what is more than a field: URL name, label, what it is for, icon
MORE = (
    (
        "organization:status",
        words.STATUS_AND_COLORS,
        words.STATUS_CARD,
        "activity",
    ),
    (
        "organization:categories",
        "Categories",
        words.CATEGORIES_CARD,
        "folder",
    ),
)


@require_safe
@requires(Permission.ORGANIZATION_VIEW)
def settings_page(request: PageRequest) -> TemplateResponse:
    one = organization()
    may_change = can(request.user, Permission.ORGANIZATION_CHANGE).allowed
    edit = {
        "label": words.EDIT_SETTINGS,
        "url": reverse("organization:settings_edit"),
        "icon": "pencil",
        "primary": True,
    }
    context = {
        "sections": sections(one, now=timezone.localtime()),
        "more": list(_pages()),
        "actions": [edit] if may_change else [],
        "sub": words.SETTINGS_SUB if may_change else words.ADMINISTRATOR_CHANGES,
    }
    return TemplateResponse(request, "organization/settings.html", context)


def _pages() -> list[tuple[str, str, str, str]]:
    found = []
    for name, label, text, icon in MORE:
        try:
            found.append((reverse(name), label, text, icon))
        except NoReverseMatch:
            continue  # an installation without that page
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANIZATION_CHANGE)
def settings_edit(request: PageRequest) -> HttpResponse:
    form = OrganizationForm(
        request.POST or None,
        instance=Organization.objects.filter(pk=ONLY).first() or initial(),
        now=timezone.localtime(),
        is_locked=locks.is_an_amount_recorded(),
    )

    def save(valid: Any) -> Organization:
        return change_organization(
            by=request.user, version=valid.opened_version(), **valid.changes()
        )

    back = reverse("organization:settings")
    return edit_page(
        request,
        form=form,
        save=save,
        title=words.EDIT_SETTINGS,
        submit=words.SAVE_SETTINGS,
        done=words.SETTINGS_SAVED,
        back=back,
        template="organization/settings_edit.html",
        crumbs=[Breadcrumb("Organization", back)],
    )
