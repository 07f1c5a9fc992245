"""Portfolios, and which projects are in them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from portfolio import selectors, services
from portfolio.filters import SearchForm
from portfolio.forms import PortfolioForm
from portfolio.models import Portfolio, PortfolioProject
from portfolio.words import findings
from portfolio.words import office as office_words
from portfolio.words import portfolios as words
from projects.models import Project
from projects.views.frame import PAGE_SIZE, Action, Crumb, address

FOUND_SHOWN = 10


def way() -> list[Crumb]:
    return [Crumb("Portfolios", reverse("portfolio:portfolio_list"))]


@require_safe
@requires(Permission.PROJECT_LIST)
def portfolio_list(request: PageRequest) -> TemplateResponse:
    portfolios = selectors.portfolios_for(request.user, on=timezone.localdate())
    page = Paginator(portfolios, PAGE_SIZE).get_page(request.GET.get("page"))
    actions = [Action("Objectives", reverse("portfolio:objective_list"), "target")]
    if can(request.user, Permission.STATUS_JUDGE).allowed:
        url = reverse("portfolio:validation_list")
        actions.append(Action(office_words.TO_VALIDATE, url, "check"))
    # an empty page offers it in its middle
    if page.paginator.count and can(request.user, Permission.PORTFOLIO_CHANGE).allowed:
        url = reverse("portfolio:portfolio_new")
        actions.append(Action(words.ADD_PORTFOLIO, url, "plus", primary=True))
    context = {
        "page": page,
        "title": findings.portfolios_title(page.paginator.count),
        "actions": actions,
    }
    return TemplateResponse(request, "portfolio/portfolio_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.PORTFOLIO_CHANGE)
def portfolio_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=PortfolioForm(request.POST or None),
        save=lambda form: services.create_portfolio(by=request.user, **form.changes()),
        title=words.ADD_PORTFOLIO,
        submit=words.ADD_PORTFOLIO,
        done=words.PORTFOLIO_ADDED,
        back=lambda portfolio: portfolio.get_absolute_url(),
        cancel_url=reverse("portfolio:portfolio_list"),
        crumbs=way(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.PORTFOLIO_CHANGE)
def portfolio_edit(request: PageRequest, pk: int) -> HttpResponse:
    portfolio = get_object_or_404(Portfolio, pk=pk)
    crumbs = [*way(), Crumb(str(portfolio), portfolio.get_absolute_url())]
    return edit_page(
        request,
        form=PortfolioForm(request.POST or None, instance=portfolio),
        save=lambda form: services.change_portfolio(
            portfolio=portfolio, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_PORTFOLIO,
        submit=words.SAVE_PORTFOLIO,
        done=words.PORTFOLIO_SAVED,
        back=portfolio.get_absolute_url(),
        crumbs=crumbs,
    )


@require_safe
@requires(Permission.PROJECT_LIST)
def portfolio_detail(request: PageRequest, pk: int) -> TemplateResponse:
    portfolio = get_object_or_404(Portfolio, pk=pk)
    today, user = timezone.localdate(), request.user
    page = Paginator(selectors.entries_for(user, portfolio, on=today), PAGE_SIZE)
    hidden = selectors.hidden_entries(user, portfolio, on=today)
    may_change = can(user, Permission.PORTFOLIO_CHANGE).allowed
    context = {
        "portfolio": portfolio,
        "page": page.get_page(request.GET.get("page")),
        "hidden": hidden,
        "total": page.count + hidden,
        "lede": findings.portfolio_lede(page.count, hidden),
        "may_change": may_change,
        "office": office_words.portfolio_sentence(portfolio),
        "actions": _actions(
            portfolio,
            may_change=may_change,
            may_switch=can(user, Permission.PORTFOLIO_KIND).allowed,
        ),
        "crumbs": way(),
        **(_found(request, portfolio) if may_change else {}),
    }
    return render_page(request, "portfolio/portfolio_detail.html", context, partial="found")


def _actions(portfolio: Portfolio, *, may_change: bool, may_switch: bool) -> list[Action]:
    actions = []
    if dashboard := address("reports:dashboard"):
        url = f"{dashboard}?portfolio={portfolio.code}"
        actions.append(Action(words.OPEN_DASHBOARD, url, "chart-column"))
    if may_switch:
        url = reverse("portfolio:portfolio_kind", args=[portfolio.pk])
        actions.append(Action(office_words.KIND, url, "scale"))
    if may_change:
        url = reverse("portfolio:portfolio_edit", args=[portfolio.pk])
        actions.append(Action("Edit", url, "pencil"))
        url = reverse("portfolio:portfolio_choose", args=[portfolio.pk])
        actions.append(Action(words.ADD_PROJECTS, url, "plus", primary=True))
    return actions


def _found(request: PageRequest, portfolio: Portfolio) -> dict[str, Any]:
    """Return the first few projects that fit what is typed, and how many more there are."""
    form = SearchForm(request.GET)
    if not (words := form.words()):
        return {"search": form, "words": "", "found": [], "more": 0}
    rows = selectors.candidates(request.user, portfolio, words=words)
    more = max(rows.count() - FOUND_SHOWN, 0)
    return {"search": form, "words": words, "found": rows[:FOUND_SHOWN], "more": more}


@require_POST
@requires(Permission.PORTFOLIO_CHANGE)
def portfolio_add(request: PageRequest, pk: int) -> HttpResponseRedirect:
    portfolio = get_object_or_404(Portfolio, pk=pk)
    wanted = request.POST.get("project", "")
    key = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0  # noqa: PLR2004 - a bigint
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=key)
    services.add_project(portfolio=portfolio, project=project, by=request.user)
    messages.success(request, words.project_added(project, portfolio))
    return redirect(portfolio)


@require_POST
@requires(Permission.PORTFOLIO_CHANGE)
def portfolio_remove(request: PageRequest, pk: int) -> HttpResponseRedirect:
    """End a project's time in a portfolio today; what was before stays so."""
    seen = Project.objects.visible_to(request.user).values("pk")
    entries = PortfolioProject.objects.filter(removed_on=None, project__in=seen)
    entry = get_object_or_404(entries.select_related("portfolio", "project"), pk=pk)
    services.end_membership(entry=entry, by=request.user)
    messages.success(request, words.project_removed(entry.project, entry.portfolio))
    return redirect(entry.portfolio)
