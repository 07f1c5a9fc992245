"""Where will it land: one project's earned value, forecasts and the way from its baseline."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.page import formats
from pmo.common.page.charts import Chart
from pmo.organization.current import organization
from projects.domain.earning.assessment import Assessment, assess
from projects.domain.earning.figure import Figure
from projects.domain.earning.frozen_course import FrozenPoint, PlannedCourse, planned_course
from projects.domain.earning.indices import is_out_of_date
from projects.domain.earning.memory import Finished, MissBand
from projects.domain.earning.methods import planned_curve
from projects.domain.earning.realism import Effort, Flag, flags
from projects.models import Project, VarianceMeasure
from projects.selectors.bridges import counting
from projects.selectors.earned_value import situation_of
from projects.selectors.rhythm import rhythm_now
from projects.views import frame
from projects.words import earned_value
from projects.words.earned_value_explained import InputSource, defined, explain, written
from reports.forecast_charts import EXPECTED, HIGHEST, LOWEST
from reports.selectors.forecast import ProjectLanding, Then, accuracy_for, landing_of, own_history
from reports.selectors.punctuality import milestones_of
from reports.services.day_turn import live_day
from reports.words import finished_forecasts, punctuality
from reports.words import forecast as words
from reports.words import forecast_charts as charts
from reports.words.landing import memory_sentence
from reports.words.rhythm import first_freeze

# below these an index is red or amber: ten and five percent, as for cost and schedule
BAD, POOR = Decimal("0.9"), Decimal("0.95")
# where the inputs of a figure can be seen
PLACES: Mapping[InputSource, str] = {
    InputSource.BASELINE: "projects:project_baselines",
    InputSource.PROGRESS: "projects:project_milestones",
    InputSource.COSTS: "projects:cost_entry_list",
    InputSource.FORECAST: "projects:project_money",
}


class FigureRow(NamedTuple):
    """One figure in the table: its name, the field's term, the value or why there is none."""

    label: str
    term: str
    value: str
    reason: str
    url: str


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_forecast(request: PageRequest, project: Project) -> TemplateResponse:
    live_day()  # finished projects are looked for among the live rows
    today = timezone.localdate()
    landing = landing_of(project, today=today)
    now = landing.now
    done = own_history(project, landing)
    may_explain = frame.may(request.user, Permission.VARIANCE_EXPLAIN, project)
    context = {
        "project": project,
        "tabs": frame.tabs(project, "reports:project_forecast"),
        "crumbs": frame.crumbs(),
        **_in_short(landing, done, request.user),
        "tiles": _tiles(project, now),
        "curve": _curve(landing, today),
        "doubts": _doubts(now),
        "is_assessed": now.found.eac.value is not None,
        "is_cancelled": landing.is_cancelled,
        "memory_chart": _memory(project, landing, today),
        "looked_back": finished_forecasts.card(done) if done else None,
        "punctuality": punctuality.project_card(milestones_of(project, today=today)),
        "bridges": _bridges(landing),
        "causes": _causes(project, landing),
        "explain_urls": _explain_urls(project, landing) if may_explain else [],
        "may_explain": may_explain,
        "groups": [(title, _rows(project, now, group)) for title, group in words.GROUPS],
        "today": today,
    }
    return TemplateResponse(request, "reports/project_forecast.html", context)


def _in_short(landing: ProjectLanding, done: Finished | None, reader: User) -> dict[str, str]:
    """Say where it will land and how far such forecasts were off; of a finished project, its own."""
    if landing.is_cancelled:
        lede = words.cancelled_lede(landing.now, on=landing.cancelled_on)
        return {"lede": lede, "memory": words.BOOKED_LATER, "corrected": ""}
    planned = _planned_finish(landing)
    if done is not None:
        return {"lede": finished_forecasts.lede(done, landing.now, planned_finish=planned)}
    band = accuracy_for(reader).cost
    return {
        "lede": words.landing_lede(landing.now, planned_finish=planned),
        "memory": memory_sentence(band),
        "corrected": _corrected(landing.now, band),
    }


def _doubts(now: Assessment) -> list[Flag]:
    effort = Effort(share=now.effort_share, spi=now.spi_discrete)
    return flags(now.standing, now.found, now.time, money=words.money, effort=effort)


def _corrected(now: Assessment, band: MissBand) -> str:
    """Say where the forecast would land if it is off as others were; nothing of one out of date."""
    forecast, spent = now.standing.bottom_up.value, now.standing.actual.value
    return "" if is_out_of_date(forecast, spent) else words.corrected_sentence(forecast, band)


def _planned_finish(landing: ProjectLanding) -> date | None:
    return landing.situation.plan.finish if landing.situation.plan else None


def _url(project: Project, key: str) -> str:
    return reverse("reports:project_figure", args=[project.pk, key])


def _tiles(project: Project, now: Assessment) -> list[dict[str, Any]]:
    found, is_finished = now.found, project.actual_finish_date is not None
    share = None if found.at_completion_share.value is None else 1 + found.at_completion_share.value
    finish = Figure(None, now.finish.reason) if now.finish.value is None else Figure(Decimal())
    return [
        _tile(project, "eac", found.eac, words.money(found.eac.value),
              label=words.cost_label(is_finished=is_finished)),
        _tile(project, "at_completion", found.at_completion,
              words.money(abs(found.at_completion.value or Decimal())),
              label=words.end_label(found.at_completion.value), color=_color(share)),
        _tile(project, "complete", found.complete, formats.percent(found.complete.value),
              change=words.spent_share(found.spent.value)),
        _tile(project, "cpi", found.cpi, _written("cpi", found.cpi), color=_color(found.cpi.value)),
        _tile(project, "spi_t", now.time.spi_t, formats.number(now.time.spi_t.value, 2),
              color=_color(now.time.spi_t.value)),
        _tile(project, "duration", finish, formats.day(now.finish.value),
              label=words.finish_label(is_finished=is_finished)),
    ]  # fmt: skip


def _color(index: Decimal | None) -> str:
    if index is None or index >= POOR:
        return ""
    return "red" if index < BAD else "amber"


def _tile(project: Project, key: str, figure: Figure, value: str, **more: str) -> dict[str, Any]:
    blank = dict.fromkeys(("of", "color", "change", "direction", "icon"), "")
    return blank | {
        "label": _defined(key).label,
        "value": "" if figure.value is None else value,
        "reason": figure.reason,
        "url": _url(project, key),
        **more,
    }


def _planned(landing: ProjectLanding, today: date) -> PlannedCourse:
    now, plan = landing.now, landing.situation.plan
    since, stopped = landing.bridges.since, landing.situation.cancelled
    curve = planned_curve(plan) if plan else []
    return planned_course(
        [FrozenPoint(then.day, then.baseline, then.planned) for then in landing.past],
        today=FrozenPoint(stopped or today, now.baseline, now.standing.planned.value),
        # nothing is planned any more after a cancellation
        curve=[point for point in curve if stopped is None or point[0] <= stopped],
        since=since.on if since and now.baseline != 1 else None,
    )


def _curve(landing: ProjectLanding, today: date) -> Chart:
    plan, now = landing.situation.plan, landing.now
    spent, earned = list(landing.spent), now.standing.earned.value
    done = [(then.day, then.earned) for then in landing.past if then.earned is not None]
    if plan and earned is not None and plan.start <= today:
        done = [(plan.start, Decimal()), *(p for p in done if p[0] > plan.start), (today, earned)]
    actual = now.standing.actual.value
    end = now.finish.value or now.finish_as_planned.value
    ahead: dict[str, list[tuple[date, Decimal]]] = {}
    if actual is not None and end is not None and end > today:
        found = now.found
        named = ((LOWEST, found.eac_low), (HIGHEST, found.eac_high), (EXPECTED, found.eac))
        ahead = {
            name: [(today, actual), (end, figure.value)]
            for name, figure in named
            if figure.value is not None
        }
    if spent:
        spent.append((today, spent[-1][1]))
    return charts.s_curve(
        title=words.curve_title(now),
        planned=_planned(landing, today),
        earned=done,
        spent=spent,
        landing=ahead,
        currency=organization().money,
        reason=landing.situation.reason,
    )


def _memory(project: Project, landing: ProjectLanding, today: date) -> Chart:
    """Draw the frozen days and today, the live one of the same figures."""
    now = landing.now
    live = Then(
        day=today,
        baseline=now.baseline,
        planned=now.standing.planned.value,
        earned=now.standing.earned.value,
        spent=now.standing.actual.value,
        eac=now.found.eac.value,
        forecast_cost=now.standing.bottom_up.value,
        forecast_finish=project.actual_finish_date or project.forecast_finish_date,
        finish_at_pace=now.finish.value,
    )
    past = [then for then in landing.past if then.day < today]
    if landing.past and not landing.is_cancelled:
        past.append(live)
    costs = [(then.day, then.forecast_cost) for then in past if then.forecast_cost is not None]
    first, before = costs[0] if len(costs) > 1 else (None, None)
    return charts.memory_chart(
        past,
        title=words.memory_title(first, None if before is None else (costs[-1][1] - before)),
        approved=now.standing.budget.value,
        currency=organization().money,
        first=first_freeze(rhythm_now()),
    )


def _bridges(landing: ProjectLanding) -> list[Chart]:
    cost, finish, is_finished = landing.bridges.cost, landing.bridges.finish, landing.is_finished
    unit, axis = charts.money_unit(cost, organization().money)
    return [
        charts.bridge_chart(
            cost,
            key="cost-bridge",
            title=words.cost_bridge_title(cost, is_finished=is_finished),
            ends=(words.FIRST_BASELINE, words.cost_end(is_finished=is_finished)),
            write=words.money,
            signed=words.signed,
            unit=unit,
            axis=axis,
            reason=landing.bridges.cost_reason,
        ),
        charts.bridge_chart(
            finish,
            key="finish-bridge",
            title=words.finish_bridge_title(finish, is_finished=is_finished),
            ends=(words.FIRST_BASELINE, words.finish_end(is_finished=is_finished)),
            write=words.signed_days,
            signed=words.signed_days,
            unit=Decimal(1),
            axis=words.DAYS_LATER,
            reason=landing.bridges.finish_reason,
        ),
    ]


def _explain_urls(project: Project, landing: ProjectLanding) -> list[tuple[str, str]]:
    """Return a button for each difference of which a part is not explained yet."""
    new = reverse("projects:variance_cause_new", args=[project.pk])
    found = []
    for measure, bridge, label in (
        (VarianceMeasure.COST, landing.bridges.cost, words.EXPLAIN_COST),
        (VarianceMeasure.FINISH, landing.bridges.finish, words.EXPLAIN_FINISH),
    ):
        if bridge is not None and bridge.unexplained:
            found.append((label, f"{new}?measure={measure.value}&rest={bridge.unexplained}"))
    return found


def _causes(project: Project, landing: ProjectLanding) -> list[dict[str, Any]]:
    rows = list(project.variance_causes.order_by("-noted_on", "-pk"))
    counted = {cause.pk for cause in counting(rows, landing.bridges.since)}
    return [
        {
            "cause": cause,
            "part": words.signed(cause.amount)
            if cause.amount is not None
            else words.signed_days(Decimal(cause.days or 0)),
            "counts": cause.pk in counted,
        }
        for cause in rows
    ]


def _rows(
    project: Project, now: Assessment, group: Mapping[str, earned_value.Definition]
) -> list[FigureRow]:
    values = now.figures()
    return [_row(project, key, values[key]) for key in group]


def _row(project: Project, key: str, figure: Figure) -> FigureRow:
    definition = _defined(key)
    return FigureRow(
        label=definition.label,
        term=definition.term,
        value=_written(key, figure),
        reason=figure.reason,
        url=_url(project, key),
    )


def _defined(key: str) -> earned_value.Definition:
    return defined(key, organization().money)


def _written(key: str, figure: Figure) -> str:
    return written(key, figure, organization().money)


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_figure(request: PageRequest, project: Project, key: str) -> HttpResponse:
    if key not in earned_value.DEFINITIONS:
        raise Http404
    today = timezone.localdate()
    now = assess(situation_of(project.pk, as_of=today))
    values, method = now.figures(), now.found.eac_method
    found = explain(key, values, currency=organization().money, method=method)
    context = {
        "title": found.definition.label,
        "project": project,
        "found": found,
        "value": _written(key, found.figure),
        "method": method.label if key == "eac" and method else "",
        "sources": [_place(project, source) for source in found.sources],
        "uses": [_row(project, name, values[name]) for name in found.definition.uses],
        "moment": formats.day(today),
        "full_url": request.path,
        "color": "",
        "crumbs": [
            *frame.crumbs(project),
            frame.Crumb("Forecast", reverse("reports:project_forecast", args=[project.pk])),
        ],
    }
    template = "figure_drawer" if request.htmx else "project_figure"
    response = TemplateResponse(request, f"reports/{template}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _place(project: Project, source: InputSource) -> tuple[str, str]:
    return words.SOURCES[source], frame.address(PLACES[source], project.pk)
