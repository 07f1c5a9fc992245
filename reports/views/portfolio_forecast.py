"""Where a portfolio will land, beside how far such forecasts have been off."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import formats
from pmo.common.page.charts import Chart
from pmo.common.page.htmx import render_page
from pmo.organization.current import organization
from projects.domain.earning.figure import Figure
from projects.domain.earning.rollup import EarnedRollup
from reports.domain.landing import LandingHeadline
from reports.domain.reconciliation import Basis
from reports.selectors.landing import (
    PortfolioLanding,
    headline_of,
    landed_page,
    memory_of,
    portfolio_landing,
)
from reports.selectors.visible_rows import VisibleRows, scale_of
from reports.views.portfolio_and_day import Look, look_of
from reports.words import accuracy, reconciliation
from reports.words import forecast as words
from reports.words import forecast_charts as charts
from reports.words.landing import (
    basis_line,
    challenge_line,
    finish_line,
    headline_line,
    memory_sentence,
)
from reports.words.portfolio_and_day import NO_EARNED_VALUE, as_of, footnote, sees_none

PAGE = 25


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def portfolio_forecast(request: PageRequest) -> TemplateResponse:
    look = look_of(request)
    landing, headline = portfolio_landing(look.view), headline_of(look.view)
    rollup = landing.rollup
    scale = scale_of(look.view, visible=rollup.projects)
    context = {
        "title": words.PORTFOLIO_TITLE,
        "look": look,
        "url": look.path,
        "sub": look.sub,
        "crumbs": _crumbs(look),
        "actions": [
            _action(reconciliation.TITLE, "landing_reconciliation", look, icon="table-2"),
            _action(accuracy.TITLE, "forecast_accuracy", look),
        ],
        "rollup": rollup,
        "sees_none": sees_none(scale),
        **_headline(look, headline),
        "basis": basis_line(rollup),
        **_memory(look.view, headline),
        "finish": finish_line(landing.finishes),
        "tiles": _tiles(rollup, headline),
        "left_out": [(reason.rstrip("."), formats.number(n)) for reason, n in rollup.left_out],
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
    headline = headline_of(look.view)
    context: dict[str, object] = {
        "title": words.PORTFOLIO_TITLE,
        "sub": as_of(look.title, look.moment),
        "crumbs": _crumbs(look),
        "url": look.url(reverse("reports:portfolio_forecast")),
        **_headline(look, headline),
        **_memory(look.view, headline),
    }
    return render_page(request, "reports/landing_panel.html", context, partial="panel")


def _headline(look: Look, headline: LandingHeadline) -> dict[str, str]:
    """Say where the money will land, what challenges that, and where the two are led together."""
    currency = organization().money
    return {
        "lede": headline_line(headline, currency),
        "lede_color": "red" if (headline.variance or 0) > 0 else "",
        "challenge": challenge_line(headline, currency),
        "reconciliation_url": look.url(reverse("reports:landing_reconciliation")),
        "reconciliation_label": reconciliation.TITLE,
    }


def _memory(view: VisibleRows, headline: LandingHeadline) -> dict[str, str]:
    """Say how far such forecasts were off, and what today's would become."""
    band = memory_of(view).cost
    return {
        "memory": memory_sentence(band),
        "corrected": words.corrected_sentence(
            headline.forecast, band, whose=words.MANAGERS_FORECAST
        ),
    }


def _crumbs(look: Look) -> list[dict[str, str]]:
    return [{"label": "Portfolio", "url": look.url(reverse("reports:dashboard"))}]


def _action(label: str, name: str, look: Look, *, icon: str = "trending-up") -> dict[str, str]:
    return {"label": label, "url": look.url(reverse(f"reports:{name}")), "icon": icon}


def _tiles(rollup: EarnedRollup, headline: LandingHeadline) -> list[dict[str, str]]:
    behind = words.behind_pace(rollup.spi_t_behind, rollup.spi_t_known)
    gap = Figure(headline.gap, words.NO_GAP)
    return [
        _tile(
            reconciliation.NAMES[Basis.FORECAST],
            Figure(headline.forecast, words.NO_FORECAST),
            words.money(headline.forecast),
            color="red" if (headline.variance or 0) > 0 else "",
            change=words.against_approved(headline.variance, headline.approved),
        ),
        _tile(
            reconciliation.NAMES[Basis.CALCULATED],
            rollup.eac,
            words.money(rollup.eac.value),
            change=words.counted_of(rollup.counted, rollup.projects),
        ),
        _tile(
            words.GAP,
            gap,
            words.signed(gap.value),
            change=words.counted_in(headline.challenged),
        ),
        _tile(words.CPI, rollup.cpi, formats.number(rollup.cpi.value, 2)),
        _tile(words.SPI, rollup.spi, formats.percent(rollup.spi.value, 0)),
        _tile(
            words.SPI_T_MEDIAN,
            rollup.spi_t_median,
            formats.number(rollup.spi_t_median.value, 2),
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
