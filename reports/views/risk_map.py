"""The card of risks: today's register as a map; on a past day, the highest risks frozen with it."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from reports.domain import findings
from reports.selectors import portfolio as selectors
from reports.selectors.portfolio import Totals
from reports.views.looking import Look
from risks.charts import AXIS, COLUMNS, risk_map
from risks.domain.matrix import EXTREME_FROM, HIGH_FROM
from risks.models import RiskKind


def risk_card(look: Look, totals: Totals) -> dict[str, Any]:
    """Return the card's title, and the map (now) or the list (a frozen day)."""
    card: dict[str, Any] = {"rows": [], "columns": COLUMNS, "axis": AXIS, "top": []}
    if not look.view.period.is_now:
        title = findings.risk_title(open_risks=totals.open_risks, high=totals.high_risks)
        return card | {"title": title, "top": _highest(look)}
    counts = selectors.risk_counts(look.view)
    title = findings.risk_title(open_risks=sum(counts.values()), high=selectors.high_of(counts))
    # the register knows no portfolios: a cell of one portfolio could only lead to the risks of all
    url_of = _no_url if look.view.portfolio else _cell_url
    return card | {"title": title, "rows": risk_map(counts, url_of)}


def _highest(look: Look) -> list[dict[str, str]]:
    return [
        {
            "url": reverse("projects:project_detail", args=[risk.project]),
            "title": risk.title,
            "sub": f"{risk.code} {risk.name}, score {risk.score}",
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
