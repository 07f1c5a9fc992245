"""One project's money: approved, spent, committed, forecast."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import edit_page
from pmo.organization.current import organization
from projects.charts import YearBar
from projects.forms.money import BudgetLineForm, CostEntryForm, ForecastForm
from projects.models import BudgetLine, CostEntry, Project
from projects.selectors.figures import money_of
from projects.selectors.funding import funding_of
from projects.selectors.years import dated_later, forecasts_of, lines_of, years_of
from projects.services import money as services
from projects.views import frame
from projects.words import findings
from projects.words import frame as frame_words
from projects.words import money as money_words
from projects.words.money_charts import years_chart

RECENT = 5


def money_url(project: Project) -> str:
    return reverse("projects:project_money", args=[project.pk])


def months_url(project: Project) -> str:
    return reverse("projects:project_months", args=[project.pk])


def way(project: Project) -> list[frame.Crumb]:
    return [*frame.crumbs(project), frame.Crumb("Money", money_url(project))]


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_money(request: PageRequest, project: Project) -> TemplateResponse:
    today = timezone.localdate()
    money = money_of([project.pk], as_of=today)[project.pk]
    years = years_of(project, as_of=today)
    bars = [
        YearBar(y.label, y.budget.value, y.spent.value, y.forecast.value, y.final) for y in years
    ]
    lines = lines_of(project, as_of=today)
    funding = funding_of(project, [row.line for row in lines], as_of=today)
    context = {
        "project": project,
        "money": money,
        "lede": findings.money_lede(money),
        "lapses": [w for one in funding if (w := money_words.lapse_finding(one, as_of=today))],
        "later": money_words.later_finding(dated_later(project, as_of=today)),
        "funding": [(one, draw) for one in funding for draw in one.draws],
        "can_see_sources": can(request.user, Permission.FUNDING_VIEW).allowed,
        "actions": [frame.Action(money_words.BY_MONTH, months_url(project), "calendar")],
        "facts": findings.money_facts(money),
        "years": years,
        "chart": years_chart(bars, currency=organization().money),
        "lines": lines,
        "forecasts": forecasts_of(project, limit=RECENT),
        "entries": project.cost_entries.select_related("line", "commitment").order_by(
            "-entry_date", "-pk"
        )[:RECENT],
        "tabs": frame.tabs(project, "projects:project_money"),
        "crumbs": frame.crumbs(),
        **_rights(request, project),
    }
    return TemplateResponse(request, "projects/project_money.html", context)


def _rights(request: PageRequest, project: Project) -> dict[str, Any]:
    return {
        "can_budget": frame.may(request.user, Permission.BUDGET_CHANGE, project),
        "can_record": frame.may(request.user, Permission.COST_RECORD, project),
        "can_forecast": frame.may(request.user, Permission.FORECAST_CHANGE, project),
    }


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDGET_CHANGE, Project)
def budget_line_new(request: PageRequest, project: Project) -> HttpResponse:
    return edit_page(
        request,
        form=BudgetLineForm(
            request.POST or None,
            instance=BudgetLine(project=project),
            today=timezone.localdate(),
        ),
        save=lambda form: services.create_budget_line(
            project=project, by=request.user, **form.changes()
        ),
        title=money_words.ADD_BUDGET_LINE,
        submit=money_words.ADD_BUDGET_LINE,
        done=money_words.BUDGET_LINE_ADDED,
        back=money_url(project),
        crumbs=way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDGET_CHANGE, BudgetLine)
def budget_line_edit(request: PageRequest, line: BudgetLine) -> HttpResponse:
    project = line.project
    return edit_page(
        request,
        form=BudgetLineForm(request.POST or None, instance=line, today=timezone.localdate()),
        save=lambda form: services.change_budget_line(
            line=line, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=money_words.EDIT_BUDGET_LINE,
        submit=money_words.SAVE_BUDGET_LINE,
        done=money_words.BUDGET_LINE_SAVED,
        back=money_url(project),
        template="projects/record_edit.html",
        remove_url=reverse("projects:budget_line_remove", args=[line.pk]),
        crumbs=way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDGET_CHANGE, BudgetLine)
def budget_line_remove(request: PageRequest, line: BudgetLine) -> HttpResponse:
    project, name = line.project, line.category
    return frame.confirm_page(
        request,
        act=lambda: services.remove_budget_line(line=line, by=request.user),
        title=money_words.remove_budget_line_asked(name),
        text=money_words.REMOVE_BUDGET_LINE_NOTE
        + frame_words.named_by_tasks(line.tasks.count(), frame_words.THIS_LINE),
        submit=money_words.REMOVE_BUDGET_LINE,
        done=money_words.budget_line_removed(name),
        back=money_url(project),
        crumbs=way(project),
    )


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def cost_entry_list(request: PageRequest, project: Project) -> TemplateResponse:
    entries = project.cost_entries.select_related("line", "commitment").order_by(
        "-entry_date", "-pk"
    )
    context = {
        "project": project,
        "page": Paginator(entries, frame.PAGE_SIZE).get_page(request.GET.get("page")),
        "crumbs": way(project),
        **_rights(request, project),
    }
    return TemplateResponse(request, "projects/cost_entry_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.COST_RECORD, Project)
def cost_entry_new(request: PageRequest, project: Project) -> HttpResponse:
    blank = CostEntry(project=project, entry_date=timezone.localdate())
    return edit_page(
        request,
        form=CostEntryForm(request.POST or None, instance=blank),
        save=lambda form: services.record_cost(project=project, by=request.user, **form.changes()),
        title=money_words.ADD_COST,
        submit=money_words.ADD_COST,
        done=money_words.COST_ADDED,
        back=money_url(project),
        crumbs=way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.COST_RECORD, CostEntry)
def cost_entry_edit(request: PageRequest, entry: CostEntry) -> HttpResponse:
    project = entry.project
    return edit_page(
        request,
        form=CostEntryForm(request.POST or None, instance=entry),
        save=lambda form: services.change_cost(
            entry=entry, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=money_words.EDIT_COST,
        submit=money_words.SAVE_COST,
        done=money_words.COST_SAVED,
        back=money_url(project),
        crumbs=way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.FORECAST_CHANGE, Project)
def forecast_new(request: PageRequest, project: Project) -> HttpResponse:
    today = timezone.localdate()
    return edit_page(
        request,
        form=ForecastForm(request.POST or None, project=project, today=today),
        save=lambda form: services.make_forecast(
            project=project, by=request.user, **form.cleaned_data
        ),
        title=money_words.ADD_FORECAST,
        submit=money_words.SAVE_FORECAST,
        done=money_words.FORECAST_SAVED,
        back=money_url(project),
        crumbs=way(project),
    )
