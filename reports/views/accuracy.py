"""How accurate forecasts of finished projects and done milestones have been."""

from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import formats
from projects.domain.earning.punctuality import HORIZONS, LEAST_MILESTONES
from reports.selectors.landing import headline_of, history_of
from reports.selectors.punctuality import punctuality_of
from reports.views.portfolio_and_day import look_of
from reports.words import accuracy as words
from reports.words import punctuality
from reports.words.forecast import corrected_sentence
from reports.words.landing import memory_sentence

PAGE = 10


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def forecast_accuracy(request: PageRequest) -> TemplateResponse:
    look = look_of(request)
    history = history_of(look.view)
    milestones = punctuality_of(look.view)
    page = Paginator(history.projects, PAGE).get_page(request.GET.get("page"))
    context = {
        "look": look,
        "url": look.path,
        "sub": words.sub(look.title),
        "crumbs": [
            {"label": "Portfolio", "url": look.url(reverse("reports:dashboard"))},
            {"label": "Forecast", "url": look.url(reverse("reports:portfolio_forecast"))},
        ],
        "lede": memory_sentence(history.memory.cost),
        "corrected": corrected_sentence(
            headline_of(look.view).forecast, history.memory.cost, whose=words.WHOSE
        ),
        "title": words.TITLE,
        "actions": [],
        "tables": words.tables(history),
        "page": page,
        "finished": [
            words.finished_row(one, url=reverse("reports:project_forecast", args=[one.key]))
            for one in page
        ],
        "projects": formats.count(len(history.projects), "finished project"),
        "milestone_lede": punctuality.lede(milestones),
        "milestone_since": punctuality.since(milestones),
        "milestone_tables": punctuality.tables(milestones),
        "horizons": HORIZONS,
        "least": LEAST_MILESTONES,
    }
    return TemplateResponse(request, "reports/forecast_accuracy.html", context)
