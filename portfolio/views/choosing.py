"""Many projects into a portfolio at once: chosen one by one, or all that match the filters."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.htmx import render_page
from pmo.common.records.search import as_read
from portfolio import selectors, services
from portfolio.forms import ChosenForm
from portfolio.models import Portfolio
from portfolio.views.portfolios import way
from portfolio.words import choosing as words
from projects.filters import ProjectListFilter
from projects.models import Project, ProjectQuerySet
from projects.views.frame import Crumb

SHOWN = 50
FILTERS = ("q", "stage", "category", "unit")


@require_http_methods(["GET", "POST"])
@requires(Permission.PORTFOLIO_CHANGE)
def portfolio_choose(request: PageRequest, pk: int) -> HttpResponse:
    """List what may be added; add what was ticked, or all that match the filters."""
    portfolio = get_object_or_404(Portfolio, pk=pk)
    filters = ProjectListFilter(request.GET)
    wanted = filters.chosen(user=request.user)
    matching = selectors.outside(request.user, portfolio).filter(wanted)
    form = ChosenForm(
        request.POST if request.method == "POST" else None,
        projects=Project.objects.visible_to(request.user),
    )
    if form.is_bound and form.is_valid():
        chosen = list(
            matching if form.cleaned_data["everything"] else form.cleaned_data["projects"]
        )
        added = services.add_projects(portfolio=portfolio, projects=chosen, by=request.user)
        messages.success(request, words.added(len(added.entries), len(added.already)))
        return redirect(portfolio)
    context = _listed(request, portfolio, filters, matching, wanted)
    context["form"] = form
    context["ticked"] = request.POST.getlist("projects")
    if form.errors:
        template = "portfolio/portfolio_choose.html"
        return TemplateResponse(request, template, context, status=422)
    return render_page(request, "portfolio/portfolio_choose.html", context, partial="table")


def _listed(
    request: PageRequest,
    portfolio: Portfolio,
    filters: forms.Form,
    matching: ProjectQuerySet,
    wanted: Any,
) -> dict[str, Any]:
    rows = matching.select_related("unit").order_by(*as_read("name", "pk"))
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    visible = Project.objects.visible_to(request.user).filter(wanted).count()
    return {
        "portfolio": portfolio,
        "filters": filters,
        "fields": [filters[name] for name in FILTERS],
        "page": page,
        "present": visible - page.paginator.count,
        "url": reverse("portfolio:portfolio_choose", args=[portfolio.pk]),
        "crumbs": [*way(), Crumb(str(portfolio), portfolio.get_absolute_url())],
    }
