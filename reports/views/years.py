"""Money by fiscal year, split by kind, category, funding source, unit or program."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import FileResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import formats
from pmo.common.page.sheets import (
    ColumnKind,
    Sheet,
    SheetColumn,
    csv_response,
    file_name,
    xlsx_response,
)
from pmo.organization.current import organization
from projects.charts import YearBar
from projects.domain.stages import ACTIVE
from projects.models import ProjectQuerySet
from projects.selectors.rollup import PARTS, YearMoney, YearsRollup, rollup_of
from projects.views.frame import Crumb
from projects.words.money_charts import years_chart
from reports.selectors.scopes import projects_in
from reports.views.portfolio_and_day import Look, look_of
from reports.words import years as words
from reports.words.portfolio_and_day import as_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for: whose projects, split by what, and the money found."""

    look: Look
    by: str
    rollup: YearsRollup
    counted: words.Counted

    @property
    def name(self) -> str:
        scope = self.look.view.scope
        code = "" if scope.is_hospital else scope.code
        return file_name("rounds", "fiscal-years", code, self.by, timezone.localdate())

    @property
    def footnote(self) -> str:
        return words.footnote(self.counted, self.rollup)


def asked_of(request: PageRequest) -> Asked:
    look, by = look_of(request), request.GET.get("by", "")
    by = by if by in PARTS else "kind"
    inside, visible = inside_of(look), seen(look)
    running = Count("pk", filter=Q(stage__in=ACTIVE))
    shown = visible.aggregate(active=running, all=Count("pk"))
    return Asked(
        look=look,
        by=by,
        rollup=rollup_of(visible, by, as_of=timezone.localdate()),
        counted=words.Counted(
            active=inside.active().count(),
            shown=shown["active"],
            ended=shown["all"] - shown["active"],
        ),
    )


def seen(look: Look) -> ProjectQuerySet:
    """Keep the projects of the scope that the reader may see."""
    return inside_of(look).visible_to(look.view.user)


def inside_of(look: Look) -> ProjectQuerySet:
    """
    Keep the projects that are in the scope today, each once.

    A project that ended stays where it was, and so does its money.
    """
    return projects_in(look.view.scope, on=timezone.localdate())


@require_safe
@requires(Permission.PROJECT_LIST)
def fiscal_years(request: PageRequest) -> TemplateResponse:
    asked = asked_of(request)
    look, rollup = asked.look, asked.rollup
    gap = words.gap(asked.counted, rollup)
    context = {
        "title": words.TITLE,
        "sub": as_of(look.title, formats.day(timezone.localdate())),
        "crumbs": [Crumb("Budget", look.url(reverse("reports:budget")))],
        "actions": _actions(asked),
        "look": look,
        "by": asked.by,
        "by_label": PARTS[asked.by].noun,
        "choices": [(key, f"By {part.noun}", key == asked.by) for key, part in PARTS.items()],
        "lede": words.lede(rollup, today=timezone.localdate()),
        "rollup": rollup,
        "shown": asked.counted.shown,
        "chart": years_chart(
            [_bar(one, rollup) for one in rollup.years], currency=organization().money, gap=gap
        ),
        "footnote": asked.footnote,
    }
    return TemplateResponse(request, "reports/fiscal_years.html", context)


def _bar(one: YearMoney, rollup: YearsRollup) -> YearBar:
    whole = one.whole
    return YearBar(
        label=whole.label,
        budget=whole.budget.value,
        spent=whole.spent,
        forecast=whole.forecast.value,
        final=whole.spent if one.is_over else None,
        is_least=bool(rollup.lacking.projects) and not one.is_over,
    )


def _actions(asked: Asked) -> list[dict[str, str]]:
    names = (("CSV", "reports:fiscal_years_csv"), ("Excel", "reports:fiscal_years_xlsx"))
    return [
        {"label": label, "url": asked.look.url(reverse(name), by=asked.by), "icon": "download"}
        for label, name in names
    ]


def _rows(rollup: YearsRollup) -> Iterator[list[Any]]:
    for one in (*rollup.years, rollup.life):
        for part in one.lines:
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
    return [*first, part, *(SheetColumn(name, ColumnKind.MONEY, 18) for name in words.MONEY)]


@require_safe
@requires(Permission.PROJECT_LIST)
def fiscal_years_csv(request: PageRequest) -> StreamingHttpResponse:
    asked = asked_of(request)
    return csv_response(asked.name, _columns(asked), _rows(asked.rollup))


@require_safe
@requires(Permission.PROJECT_LIST)
def fiscal_years_xlsx(request: PageRequest) -> FileResponse:
    asked = asked_of(request)
    note = f"{asked.look.title}. {asked.footnote}"
    rows = _rows(asked.rollup)
    return xlsx_response(asked.name, [Sheet("Fiscal years", _columns(asked), rows, note)])
