"""The card of risks: today's register as a map; on a past day, the highest risks frozen with it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.htmx import render_page
from reports.selectors import portfolio as selectors
from reports.views.portfolio_and_day import Look, look_of
from reports.words import card_titles
from reports.words.portfolio_and_day import as_of
from risks.charts import COLUMNS, risk_map
from risks.domain.matrix import EXTREME_FROM, HIGH_FROM
from risks.models import RiskKind
from risks.words import risk_map as words


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def risk_panel(request: PageRequest) -> HttpResponse:
    """Counting every open risk costs more than the rest of the portfolio's page, so it comes after."""
    look = look_of(request)
    sub = as_of(look.title, look.moment)
    crumbs = [{"label": "Portfolio health", "url": look.url(reverse("reports:dashboard"))}]
    context: dict[str, Any] = {"title": "Risks", "sub": sub, "crumbs": crumbs, "risk": _card(look)}
    return render_page(request, "reports/risk_panel.html", context, partial="panel")


def _card(look: Look) -> dict[str, Any]:
    """Return the card's title, and the map (now) or the list (a frozen day)."""
    card: dict[str, Any] = {"rows": [], "columns": COLUMNS, "axis": words.AXIS, "top": []}
    if not look.view.period.is_now:
        open_risks, high = selectors.frozen_risks(look.view)
        title = card_titles.risk_title(open_risks=open_risks, high=high)
        return card | {"title": title, "top": _highest(look)}
    counts = selectors.risk_counts(look.view)
    title = card_titles.risk_title(open_risks=sum(counts.values()), high=selectors.high_of(counts))
    # the register knows no scopes: a cell of one could only lead to the risks of all
    url_of = _cell_url if look.view.scope.is_hospital else _no_url
    return card | {"title": title, "rows": risk_map(counts, url_of, words.cell)}


def _highest(look: Look) -> list[dict[str, str]]:
    return [
        {
            "url": reverse("projects:project_detail", args=[risk.project]),
            "title": risk.title,
            "sub": card_titles.risk_sub(risk.code, risk.name, risk.score),
            "color": "red" if risk.score >= EXTREME_FROM else "amber",
        }
        for risk in selectors.top_risks(look.view)
        if risk.score >= HIGH_FROM
    ]


def _cell_url(likelihood: int, impact: int) -> str:
    query = {"kind": RiskKind.THREAT.value, "likelihood": likelihood, "impact": impact}
    return f"{reverse('risks:risk_list')}?{urlencode(query)}"


def _no_url(_likelihood: int, _impact: int) -> str:
    return ""
