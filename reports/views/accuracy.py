"""How far forecasts of finished projects and done milestones have been off."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page import figures
from pmo.organization.current import category_name
from projects.domain.earning.memory import LEAST_PROJECTS, Accuracy, Finished, MissBand, accuracy
from projects.domain.earning.punctuality import HORIZONS, LEAST_MILESTONES
from reports.selectors.landing import MissHistory, headline_of, history_of
from reports.selectors.punctuality import punctuality_of
from reports.views.portfolio_and_day import look_of
from reports.words import forecast as words
from reports.words import punctuality
from reports.words.landing import memory_sentence

PAGE = 10
NAMED = 12  # groups that one sentence names


class AccuracyRow(NamedTuple):
    """How far forecasts of one group were off, in words."""

    name: str
    cost: str
    finish: str
    days: str
    projects: str
    reason: str

    @property
    def is_known(self) -> bool:
        return bool(self.cost or self.finish or self.days)


class AccuracyTable(NamedTuple):
    """Groups with enough finished projects; the others are named in a sentence."""

    title: str
    noun: str
    rows: Sequence[AccuracyRow]
    too_few: str


class FinishedRow(NamedTuple):
    """How far one finished project's forecasts were off, in the middle of its course."""

    url: str
    name: str
    sub: str
    finished: date
    cost: str
    finish: str
    days: str
    reason: str


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
        "sub": f"{look.title}. Finished projects and done milestones that you may see.",
        "crumbs": [
            {"label": "Portfolio", "url": look.url(reverse("reports:dashboard"))},
            {"label": "Forecast", "url": look.url(reverse("reports:portfolio_forecast"))},
        ],
        "lede": memory_sentence(history.memory.cost),
        "corrected": words.corrected_sentence(
            headline_of(look.view).forecast, history.memory.cost, whose="The managers’ forecast"
        ),
        "title": "How far forecasts were off",
        "actions": [],
        "tables": _tables(history),
        "page": page,
        "finished": [_finished(one) for one in page],
        "projects": figures.count(len(history.projects), "finished project"),
        "milestone_lede": punctuality.lede(milestones),
        "milestone_since": punctuality.since(milestones),
        "milestone_tables": punctuality.tables(milestones),
        "horizons": HORIZONS,
        "least": LEAST_MILESTONES,
    }
    return TemplateResponse(request, "reports/forecast_accuracy.html", context)


def _tables(history: MissHistory) -> list[AccuracyTable]:
    return [
        AccuracyTable("Altogether", "Projects", [_row(history.whole)], ""),
        AccuracyTable(
            "By how much of the project had passed",
            "Quarter",
            [_row(group) for group in history.quarters],
            "",
        ),
        _grouped("By category", "Category", history.categories),
        _grouped("By manager", "Manager", history.managers),
    ]


def _grouped(title: str, noun: str, groups: Sequence[Accuracy]) -> AccuracyTable:
    """Fold the groups that cannot be judged: a page of dashes says nothing."""
    known = [_row(group) for group in groups if _is_known(group)]
    others = [f"{group.name} ({_projects(group)})" for group in groups if not _is_known(group)]
    if len(others) > NAMED:
        others = [*others[:NAMED], f"{len(others) - NAMED:,} more"]
    few = f"Fewer than {LEAST_PROJECTS} finished projects: {figures.listing(others)}."
    return AccuracyTable(title, noun, known, few if others else "")


def _is_known(group: Accuracy) -> bool:
    return group.cost.median is not None or group.finish.median is not None


def _projects(group: Accuracy) -> int:
    return max(group.cost.projects, group.finish.projects)


def _row(group: Accuracy) -> AccuracyRow:
    return AccuracyRow(
        name=group.name,
        cost=_shares(group.cost),
        finish=_shares(group.finish),
        days=_days(group.days),
        projects=figures.number(_projects(group)),
        reason=group.cost.reason or group.finish.reason,
    )


def _shares(band: MissBand) -> str:
    if band.median is None:
        return ""
    low, high = figures.signed_percent(band.low), figures.signed_percent(band.high)
    return f"{figures.signed_percent(band.median)} ({low} to {high})"


def _days(band: MissBand) -> str:
    if band.median is None or band.low is None or band.high is None:
        return ""
    low, high = (figures.number(value, 0, plus=True) for value in (band.low, band.high))
    return f"{figures.number(band.median, 0, plus=True)} ({low} to {high})"


def _finished(one: Finished) -> FinishedRow:
    own = accuracy([one], least=1)
    category = category_name(one.category)
    return FinishedRow(
        url=reverse("reports:project_forecast", args=[one.key]),
        name=one.name,
        sub=" · ".join(filter(None, (category, one.manager))),
        finished=one.finish,
        cost=_share(own.cost),
        finish=_share(own.finish),
        days="" if own.days.median is None else figures.number(own.days.median, 0, plus=True),
        reason="No forecast was frozen while it ran.",
    )


def _share(band: MissBand) -> str:
    return "" if band.median is None else figures.signed_percent(band.median)
