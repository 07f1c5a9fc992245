"""The categories of projects: add, rename, order, retire and bring back. None is ever deleted."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.context import Breadcrumb
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import edit_page
from pmo.common.records.writing import EditConflictError, RefusalError
from pmo.organization import category_services as services
from pmo.organization.current import categories
from pmo.organization.defaults import OTHER
from pmo.organization.desk import words
from pmo.organization.desk.status_forms import CategoryForm
from pmo.organization.models import Category


def crumbs() -> list[Breadcrumb]:
    return [Breadcrumb("Categories", reverse("organization:categories"))]


@require_safe
@requires(Permission.ACCOUNT_LIST)
def category_list(request: PageRequest) -> TemplateResponse:
    rows, may_change = categories(), can(request.user, Permission.ORGANIZATION_CHANGE).allowed
    colors = reverse("organization:status")
    actions: list[dict[str, object]] = [
        {"label": words.STATUS_AND_COLORS, "url": colors, "icon": "sliders-horizontal"}
    ]
    if may_change:
        url = reverse("organization:category_new")
        actions.append({"label": words.ADD_CATEGORY, "url": url, "icon": "plus", "primary": True})
    context = {
        "rows": [
            {
                "category": one,
                "up": place - 1 if place else None,
                "down": place + 1 if place + 1 < len(rows) else None,
                "stays": one.code == OTHER,
            }
            for place, one in enumerate(rows)
        ],
        "may_change": may_change,
        "actions": actions,
    }
    return TemplateResponse(request, "organization/category_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANIZATION_CHANGE)
def category_new(request: PageRequest) -> HttpResponse:
    return _edit(
        request,
        CategoryForm(request.POST or None),
        lambda form: services.create_category(by=request.user, **form.changes()),
        title=words.ADD_CATEGORY,
        submit=words.ADD_CATEGORY,
        done=words.CATEGORY_ADDED,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ORGANIZATION_CHANGE)
def category_edit(request: PageRequest, pk: int) -> HttpResponse:
    category = get_object_or_404(Category, pk=pk)
    return _edit(
        request,
        CategoryForm(request.POST or None, instance=category),
        lambda form: services.change_category(
            category=Category.objects.get(pk=pk),
            version=form.opened_version(),
            by=request.user,
            **form.changes(),
        ),
        title=words.rename_category(Category.objects.get(pk=pk)),
        submit=words.SAVE_CATEGORY,
        done=words.CATEGORY_SAVED,
    )


def _edit(request: PageRequest, form: CategoryForm, save: Any, **page: str) -> HttpResponse:
    back = reverse("organization:categories")
    return edit_page(request, form=form, save=save, back=back, crumbs=crumbs(), **page)


@require_POST
@requires(Permission.ORGANIZATION_CHANGE)
def category_place(request: PageRequest, pk: int) -> HttpResponseRedirect:
    """Put it where the pressed button said; a second press of the same button changes nothing."""
    category = get_object_or_404(Category, pk=pk)
    place = request.POST.get("position", "")
    if place.isdecimal() and len(place) < len(str(services.MOST)) + 1:
        services.change_category(
            category=category, version=None, by=request.user, position=int(place)
        )
    return _back_to(category)


@require_POST
@requires(Permission.ORGANIZATION_CHANGE)
def category_use(request: PageRequest, pk: int) -> HttpResponseRedirect:
    """Retire it, or bring it back."""
    category = get_object_or_404(Category, pk=pk)
    is_active = request.POST.get("use") == "1"
    version = request.POST.get("version", "")
    try:
        services.change_category(
            category=category,
            version=int(version) if version.isdecimal() and len(version) < 10 else -1,  # noqa: PLR2004 - digits that a database's integer holds
            by=request.user,
            is_active=is_active,
        )
    except EditConflictError as error:
        # a second press finds done what it asked for
        if getattr(error.current, "is_active", None) != is_active:
            messages.error(request, words.CATEGORY_CHANGED)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.category_used(category.name, in_use=is_active))
    return _back_to(category)


def _back_to(category: Category) -> HttpResponseRedirect:
    return redirect(f"{reverse('organization:categories')}#category-{category.pk}")
