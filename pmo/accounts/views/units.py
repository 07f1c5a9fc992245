"""Units: facilities, departments, wards."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts import services, words
from pmo.accounts.context import Breadcrumb
from pmo.accounts.decorators import requires
from pmo.accounts.forms import UnitForm
from pmo.accounts.http import PageRequest
from pmo.accounts.models import Unit, in_tree_order
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import edit_page


def crumbs() -> list[Breadcrumb]:
    return [Breadcrumb("Units", reverse("accounts:unit_list"))]


@require_safe
@requires(Permission.ACCOUNT_LIST)
def unit_list(request: PageRequest) -> TemplateResponse:
    units = in_tree_order(Unit.objects.annotate(people=Count("memberships")))
    may_change = can(request.user, Permission.UNIT_CHANGE).allowed
    context = {"units": units, "may_change": may_change}
    return TemplateResponse(request, "accounts/unit_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.UNIT_CHANGE)
def unit_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=UnitForm(request.POST or None),
        save=lambda form: services.create_unit(by=request.user, **form.changes()),
        title=words.ADD_UNIT,
        submit=words.ADD_UNIT,
        done=words.UNIT_ADDED,
        back=reverse("accounts:unit_list"),
        crumbs=crumbs(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.UNIT_CHANGE)
def unit_edit(request: PageRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    return edit_page(
        request,
        form=UnitForm(request.POST or None, instance=unit),
        save=lambda form: services.change_unit(
            unit=Unit.objects.get(pk=pk),
            version=form.opened_version(),
            by=request.user,
            **form.changes(),
        ),
        title=str(Unit.objects.get(pk=pk)),
        submit=words.SAVE_UNIT,
        done=words.UNIT_SAVED,
        back=reverse("accounts:unit_list"),
        crumbs=crumbs(),
    )
