"""Where a portfolio will land, beside how far such forecasts have been off."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import figures
from pmo.common.page.charts import Chart
from pmo.common.page.htmx import render_page
from pmo.organization.current import organization
from projects.domain.earning.figure import Figure
from projects.domain.earning.rollup import EarnedRollup
from reports.selectors.landing import (
    PortfolioLanding,
    estimate_of,
    forecast_total,
    landed_page,
    memory_of,
    portfolio_landing,
)
from reports.selectors.visible_rows import VisibleRows, scale_of
from reports.views.portfolio_and_day import Look, look_of
from reports.words import accuracy
from reports.words import forecast as words
from reports.words import forecast_charts as charts
from reports.words.landing import basis_line, estimate_line, finish_line, memory_sentence
from reports.words.portfolio_and_day import NO_EARNED_VALUE, as_of, footnote, sees_none

PAGE = 25


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def portfolio_forecast(request: PageRequest) -> TemplateResponse:
    look = look_of(request)
    landing = portfolio_landing(look.view)
    rollup = landing.rollup
    scale = scale_of(look.view, visible=rollup.projects)
    context = {
        "title": "Where the portfolio will land",
        "look": look,
        "url": look.path,
        "sub": look.sub,
        "crumbs": _crumbs(look),
        "actions": [_action(accuracy.TITLE, "forecast_accuracy", look)],
        "rollup": rollup,
        "lede": estimate_line(rollup.estimate, organization().money),
        "sees_none": sees_none(scale),
        "basis": basis_line(rollup),
        "lede_color": "red" if (rollup.at_completion.value or 0) < 0 else "",
        **_memory(look.view),
        "finish": finish_line(landing.finishes),
        "tiles": _tiles(rollup),
        "left_out": [(reason.rstrip("."), figures.number(n)) for reason, n in rollup.left_out],
        "bridges": _bridges(landing),
        "page": landed_page(
            look.view, request.GET.get("page"), size=PAGE, projects=rollup.projects
        ),
        "footnote": footnote(
            scale, without=rollup.excluded, lacking=NO_EARNED_VALUE, moment=look.moment
        ),
    }
    return TemplateResponse(request, "reports/portfolio_forecast.html", context)


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def landing_panel(request: PageRequest) -> HttpResponse:
    """What finished projects teach takes longer to read than the portfolio's page, so it comes after."""
    look = look_of(request)
    context: dict[str, object] = {
        "title": "Where the portfolio will land",
        "sub": as_of(look.title, look.moment),
        "crumbs": _crumbs(look),
        "url": look.url(reverse("reports:portfolio_forecast")),
        "lede": estimate_line(estimate_of(look.view), organization().money),
        **_memory(look.view),
    }
    return render_page(request, "reports/landing_panel.html", context, partial="panel")


def _memory(view: VisibleRows) -> dict[str, str]:
    """Say how far such forecasts were off, and what today's would become."""
    band = memory_of(view).cost
    return {
        "memory": memory_sentence(band),
        "corrected": words.corrected_sentence(
            forecast_total(view), band, whose="The managers’ forecast"
        ),
    }


def _crumbs(look: Look) -> list[dict[str, str]]:
    return [{"label": "Portfolio", "url": look.url(reverse("reports:dashboard"))}]


def _action(label: str, name: str, look: Look) -> dict[str, str]:
    return {"label": label, "url": look.url(reverse(f"reports:{name}")), "icon": "trending-up"}


def _tiles(rollup: EarnedRollup) -> list[dict[str, str]]:
    over = Figure(None, rollup.at_completion.reason)
    if rollup.at_completion.value is not None:
        over = Figure(-rollup.at_completion.value)
    behind = f"{rollup.spi_t_behind:,} of {rollup.spi_t_known:,} below 0.9"
    return [
        _tile("Where it will land", rollup.eac, words.money(rollup.eac.value)),
        _tile(
            "Over or under at the end",
            over,
            words.signed(over.value),
            color="red" if (over.value or 0) > 0 else "",
        ),
        _tile("Approved plans", rollup.budget, words.money(rollup.budget.value)),
        _tile("Work done for each 1 spent", rollup.cpi, figures.number(rollup.cpi.value, 2)),
        _tile("Work done for each 1 planned", rollup.spi, figures.number(rollup.spi.value, 2)),
        _tile(
            "Pace in time, middle project",
            rollup.spi_t_median,
            figures.number(rollup.spi_t_median.value, 2),
            change=behind if rollup.spi_t_known else "",
        ),
    ]


def _tile(label: str, figure: Figure, value: str, **more: str) -> dict[str, str]:
    blank = dict.fromkeys(("of", "url", "color", "change", "direction", "icon"), "")
    shown = "" if figure.value is None else value
    return blank | {"label": label, "value": shown, "reason": figure.reason, **more}


def _bridges(landing: PortfolioLanding) -> list[Chart]:
    unit, axis = charts.money_unit(landing.cost, organization().money)
    return [
        charts.bridge_chart(
            landing.cost,
            key="cost-bridge",
            title=words.cost_bridge_title(landing.cost),
            ends=(words.FIRST_BASELINES, words.FORECASTS_NOW),
            write=words.money,
            signed=words.signed,
            unit=unit,
            axis=axis,
            reason=words.NO_BRIDGE,
            footnote=words.bridge_scope(landing.cost, has_finished=landing.has_finished),
        ),
        charts.finishes_chart(
            landing.finish,
            landing.delays,
            title=words.finishes_title(landing.finish),
            reason=words.NO_BRIDGE,
        ),
    ]
