"""Money by fiscal year, split by kind, category, funding source, unit or program."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.http import FileResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import figures
from pmo.common.page.sheets import (
    ColumnKind,
    Sheet,
    SheetColumn,
    csv_response,
    file_name,
    xlsx_response,
)
from pmo.organization.current import organization
from projects.charts import YearBar, years_chart
from projects.domain.calendar import fiscal_year
from projects.models import Project, ProjectQuerySet
from projects.selectors.rollup import PARTS, YearsRollup, rollup_of
from projects.views.frame import Crumb
from reports.selectors.scopes import projects_in
from reports.views.portfolio_and_day import Look, look_of

MONEY = ("Budget", "Spent", "Committed, net", "Spent and to come")


class Asked(NamedTuple):
    """What the address asks for: whose projects, split by what."""

    look: Look
    by: str
    projects: ProjectQuerySet
    total: int  # active projects of the scope, seen or not

    @property
    def rollup(self) -> YearsRollup:
        return rollup_of(self.projects, self.by, as_of=timezone.localdate())

    @property
    def name(self) -> str:
        scope = self.look.view.scope
        code = "" if scope.is_hospital else scope.code
        return file_name("rounds", "fiscal-years", code, self.by, timezone.localdate())


def asked_of(request: PageRequest) -> Asked:
    look, by = look_of(request), request.GET.get("by", "")
    inside = projects_in(look.view.scope, on=timezone.localdate()).active()
    visible = inside.filter(pk__in=Project.objects.visible_to(request.user).values("pk"))
    return Asked(look, by if by in PARTS else "kind", visible, inside.count())


@require_safe
@requires(Permission.PROJECT_LIST)
def fiscal_years(request: PageRequest) -> TemplateResponse:
    asked = asked_of(request)
    look, rollup, shown = asked.look, asked.rollup, asked.projects.count()
    is_whole = rollup.with_months == shown
    bars = [
        YearBar(
            one.whole.label,
            one.whole.budget.value,
            one.whole.spent,
            one.whole.forecast.value if is_whole else None,
        )
        for one in rollup.years
    ]
    context = {
        "title": "Money by fiscal year",
        "sub": f"{look.title}. As of {figures.day(timezone.localdate())}.",
        "crumbs": [Crumb("Budget", look.url(reverse("reports:budget")))],
        "actions": _actions(asked),
        "look": look,
        "by": asked.by,
        "by_label": PARTS[asked.by].noun,
        "choices": [(key, f"By {part.noun}", key == asked.by) for key, part in PARTS.items()],
        "lede": _lede(rollup, is_whole=is_whole),
        "rollup": rollup,
        "shown": shown,
        "chart": years_chart(bars, currency=organization().money),
        "footnote": _footnote(asked, rollup, shown),
    }
    return TemplateResponse(request, "reports/fiscal_years.html", context)


def _actions(asked: Asked) -> list[dict[str, str]]:
    names = (("CSV", "reports:fiscal_years_csv"), ("Excel", "reports:fiscal_years_xlsx"))
    return [
        {"label": label, "url": asked.look.url(reverse(name), by=asked.by), "icon": "download"}
        for label, name in names
    ]


def _lede(rollup: YearsRollup, *, is_whole: bool) -> str:
    """Say what this year will take, and how much of the approved money is spread over years."""
    approved = rollup.life.whole.budget.value
    if approved is None:
        return "No budget is approved."
    whole = figures.money(approved, organization().money)
    spread = figures.money(rollup.spread, organization().money)
    if rollup.spread == approved:
        said = f"All of the approved {whole} is spread over fiscal years."
    else:
        said = f"Of the approved {whole}, {spread} is spread over fiscal years."
    return f"{_heading(rollup, is_whole=is_whole)}{said}"


def _heading(rollup: YearsRollup, *, is_whole: bool) -> str:
    """Say what this fiscal year will take against its budget; "" where that is not known."""
    now = fiscal_year(timezone.localdate(), start_month=organization().fiscal_year_start_month)
    money = next((one.whole for one in rollup.years if one.year == now), None)
    over = money.variance if money else None
    # without the months of some projects the year takes at least this much
    if money is None or over is None or not (is_whole or over > 0):
        return ""
    will = figures.money(money.forecast.value, organization().money)
    budget = figures.money(money.budget.value, organization().money)
    gap = figures.money(abs(over), organization().money)
    against = f"{gap} {'over' if over > 0 else 'under'} its" if over else "exactly its"
    least = "" if is_whole else "at least "
    return f"{money.label} will take {least}{will}, {against} budget of {budget}. "


def _footnote(asked: Asked, rollup: YearsRollup, shown: int) -> str:
    parts = [f"Of {figures.count(asked.total, 'active project')}"]
    if hidden := asked.total - shown:
        parts.append(f"{hidden:,} hidden from you")
    if lacking := shown - rollup.with_months:
        parts.append(f"{lacking:,} without months to come, of which only what they spent counts")
    return (
        f"{'; '.join(parts)}. Each sum counts once: a project in several portfolios too, and whole-life"
        " money is not added to the years."
    )


def _rows(rollup: YearsRollup) -> Iterator[list[Any]]:
    for one in (*rollup.years, rollup.life):
        for part in one.parts:
            yield [
                one.whole.label,
                part.label,
                part.budget.value,
                part.spent,
                part.committed,
                part.forecast.value,
            ]


def _columns(asked: Asked) -> list[SheetColumn]:
    first = [SheetColumn("Fiscal year", width=16)]
    part = SheetColumn(PARTS[asked.by].noun.capitalize(), width=30)
    return [*first, part, *(SheetColumn(name, ColumnKind.MONEY, 18) for name in MONEY)]


@require_safe
@requires(Permission.PROJECT_LIST)
def fiscal_years_csv(request: PageRequest) -> StreamingHttpResponse:
    asked = asked_of(request)
    return csv_response(asked.name, _columns(asked), _rows(asked.rollup))


@require_safe
@requires(Permission.PROJECT_LIST)
def fiscal_years_xlsx(request: PageRequest) -> FileResponse:
    asked = asked_of(request)
    rollup = asked.rollup
    note = f"{asked.look.title}. {_footnote(asked, rollup, asked.projects.count())}"
    return xlsx_response(asked.name, [Sheet("Fiscal years", _columns(asked), _rows(rollup), note)])
