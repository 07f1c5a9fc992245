"""Parts of other pages, each usable alone: the risk map, and one project's registers."""

from urllib.parse import urlencode

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.htmx import render_page
from projects.models import Project
from projects.views.frame import Crumb, crumbs, may, tabs
from risks.charts import COLUMNS, MapRow
from risks.charts import risk_map as map_rows
from risks.models import Risk, RiskKind
from risks.selectors import Cells, coverage, issue_counts, register_counts, risk_counts
from risks.words import findings
from risks.words import panels as words
from risks.words import risk_map as map_words

TOP = 5


def map_of(cells: Cells, *, project: int | None = None) -> list[MapRow]:
    """Return the rows of the map; each cell leads to its own part of the register."""

    def url_of(likelihood: int, impact: int) -> str:
        query = {"kind": RiskKind.THREAT.value, "likelihood": likelihood, "impact": impact}
        if project:
            query["project"] = project
        return f"{reverse('risks:risk_list')}?{urlencode(query)}"

    return map_rows(cells, url_of, map_words.cell)


@require_safe
@requires(Permission.PROJECT_LIST)
def risk_map(request: PageRequest) -> TemplateResponse:
    visible = Risk.objects.visible_to(request.user)
    counts, cells = register_counts(visible, as_of=timezone.localdate())
    context = {
        "rows": map_of(cells),
        "columns": COLUMNS,
        "axis": map_words.AXIS,
        "counts": counts,
        "title": findings.risks_title(counts),
        "coverage": coverage(request.user, Risk),
        "list_url": reverse("risks:risk_list"),
        "crumbs": [Crumb("Risks", reverse("risks:risk_list"))],
    }
    return render_page(request, "risks/risk_map.html", context, partial="panel")


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_panel(request: PageRequest, project: Project) -> TemplateResponse:
    today, user = timezone.localdate(), request.user
    risks, issues = project.risks.all(), project.issues.all()
    risk_figures, issue_figures = risk_counts(risks, as_of=today), issue_counts(issues, as_of=today)
    query = f"?project={project.pk}"
    context = {
        "project": project,
        "sub": words.panel_sub(project.code),
        "today": today,
        "risk_counts": risk_figures,
        "issue_counts": issue_figures,
        "title": findings.panel_title(risk_figures, issue_figures),
        "risks": risks.open().select_related("owner").order_by("-score", "pk")[:TOP],
        "issues": issues.open().select_related("owner").order_by("-severity", "pk")[:TOP],
        "may_add_risk": may(user, Permission.RISK_CHANGE, project),
        "may_add_issue": may(user, Permission.ISSUE_CHANGE, project),
        "risks_url": reverse("risks:risk_list") + query,
        "issues_url": reverse("risks:issue_list") + query,
        "crumbs": crumbs(project)[:1],
        "tabs": tabs(project, "risks:project_panel"),
    }
    return render_page(request, "risks/project_panel.html", context, partial="panel")
