"""The part of a project's page that snapshots draw: declared beside measured, and the course so far."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import formats
from pmo.common.page.htmx import render_page
from pmo.common.templatetags import rounds as draw
from pmo.organization.current import organization
from projects.domain.colors import Color, is_better
from projects.domain.health import MEASURED, NOT_MEASURED
from projects.models import Project
from projects.rules import axes_in_use, health_rules
from reports.models import Snapshot
from reports.selectors.course import course_of, live_row
from reports.services.day_turn import live_day
from reports.words import freshness
from reports.words.card_titles import dispute_title
from reports.words.portfolio_charts import course_charts


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_panel(request: PageRequest, project: Project) -> HttpResponse:
    today, row, behind = timezone.localdate(), live_row(project), ""
    if row and row.judged_for != today:
        live = live_day()
        today, row, behind = live.day, live_row(project), freshness.behind(live)
    context: dict[str, Any] = {
        "title": project.name,
        "crumbs": _crumbs(project),
        "row": row,
        "behind": behind,
    }
    if row:
        points = course_of(project, today=today)
        context |= _health(row) | {
            "trend": draw.status_trend(row.trend),
            "trend_words": formats.trend_sentence(
                [formats.COLOR_LETTERS[letter] for letter in row.trend]
            ),
            "updated": draw.ago(row.updated_on, today),
            "charts": course_charts(points, currency=organization().money),
            "stale_after": formats.count(health_rules().stale_days, "day"),
        }
    return render_page(request, "reports/project_panel.html", context, partial="panel")


def _crumbs(project: Project) -> list[dict[str, str]]:
    return [{"label": project.name, "url": project.get_absolute_url()}]


def _inside(name: str) -> str:
    """Write an axis's name inside a sentence; one in capitals stays as it is."""
    return name if name[1:] != name[1:].lower() else name[:1].lower() + name[1:]


def _health(row: Snapshot) -> dict[str, Any]:
    """Return both colors of every axis with the rule, and a title that says where they differ."""
    worse, better, reported, measured = [], [], 0, 0
    axes = []
    for axis, name in axes_in_use().items():
        declared = Color(getattr(row, axis.value))
        found = Color(getattr(row, axis.measured)) if axis in MEASURED else Color.NONE
        reported += declared is not Color.NONE
        measured += found is not Color.NONE
        if is_better(declared, found):
            worse.append(_inside(name))
        elif is_better(found, declared):
            better.append(_inside(name))
        axes.append(
            {
                "label": name,
                "declared": draw.rag(declared),
                "measured": draw.rag(found) if found is not Color.NONE else formats.DASH,
                "rule": getattr(row, axis.measured_rule, NOT_MEASURED.rule),
            }
        )
    title = dispute_title(worse=worse, better=better, reported=reported, measured=measured)
    return {"axes": axes, "health_title": title}
