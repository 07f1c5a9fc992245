"""Build snapshot rows, for many projects at once in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from pmo.common.records.prepared import prepared
from portfolio.models import PortfolioProject
from projects.domain.calendar import week_of
from projects.domain.colors import ORDER, Color, is_better
from projects.domain.earning.assessment import Assessment
from projects.domain.earning.figure import Figure
from projects.domain.earning.methods import CENT
from projects.domain.health import MEASURED, Axis, is_stale
from projects.models import Project, StatusUpdate
from projects.office import are_updates_optional
from projects.rules import health_rules
from projects.selectors.earned_value import earned_of, earning_facts
from projects.selectors.facts import by_source, together
from projects.selectors.figures import Figures, figure_facts, figures_of
from reports.models import Freeze, Snapshot
from reports.models.snapshots import LIVE
from risks.measures import measures_from
from risks.selectors import RegisterFigures, register_facts, register_figures

TREND_WEEKS = 8
MILLIONTH = Decimal("0.000001")
LARGEST = 10**16  # times the last place: sixteen digits


class EarlierRow(NamedTuple):
    """One earlier frozen row, as far as the next one looks back."""

    overall: str
    measured: str
    forecast_cost: Decimal | None
    forecast_finish: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Everything the rows are made from, read once."""

    figures: Mapping[int, Figures]
    earned: Mapping[int, Assessment]
    registers: Mapping[int, RegisterFigures]
    updates: Mapping[int, StatusUpdate]
    past: Mapping[int, list[EarlierRow]]


def build_snapshots(
    ids: Collection[int],
    *,
    as_of: date,
    date_of_row: date = LIVE,
    built_at: datetime | None = None,
    lock: bool = False,
    known_by: date | None = None,
) -> list[Snapshot]:
    """
    Return unsaved rows for the projects as they stand, judged at `as_of`.

    `lock` holds the projects until the caller's transaction ends. `known_by` leaves out updates that
    were published after that day.
    """
    projects = _held(ids) if lock else _chosen(ids)
    found = [project.pk for project in projects]
    facts = by_source(_fact_rows(found, as_of, week_of(as_of)))
    measured = {Axis.RISK: measures_from(found, facts)}
    figures = figures_of(projects, as_of=as_of, facts=facts, measured=measured)
    money = {pk: one.money for pk, one in figures.items()}
    sources = Sources(
        figures=figures,
        earned=earned_of(found, as_of=as_of, facts=facts, money=money),
        registers=register_figures(found, as_of=as_of, facts=facts),
        updates={u.project_id: u for u in _said(found, as_of, known_by)},
        past=_past(found, as_of),
    )
    at = built_at or timezone.now()
    return [_row(project, sources, as_of, date_of_row, at) for project in projects]


@prepared
def _fact_rows(ids: Collection[int], as_of: date, week: date) -> "QuerySet[Any, Any]":
    return together(
        [
            *figure_facts(ids, as_of=as_of),
            *register_facts(ids),
            *earning_facts(ids, as_of=as_of, week=week),
        ]
    )


def _projects(ids: Collection[int]) -> "QuerySet[Project]":
    chosen = Project.objects.filter(pk__in=ids).select_related("unit", "program")
    chosen = chosen.annotate(is_optional=are_updates_optional())
    return chosen.with_names().with_manager().order_by("pk")


@prepared
def _chosen(ids: Collection[int]) -> "QuerySet[Project]":
    return _projects(ids)


@prepared
def _held(ids: Collection[int]) -> "QuerySet[Project]":
    return _projects(ids).select_for_update(of=("self",), no_key=True)


def _said(ids: Collection[int], as_of: date, known_by: date | None) -> Iterable[StatusUpdate]:
    if known_by is None:
        return _said_last(ids, week_of(as_of))
    morning_after = timezone.make_aware(datetime.combine(known_by + timedelta(days=1), time.min))
    updates = StatusUpdate.objects.published().filter(project__in=ids)
    return updates.latest_per_project(until=week_of(as_of), before=morning_after)


@prepared
def _said_last(ids: Collection[int], week: date) -> "QuerySet[StatusUpdate]":
    updates = StatusUpdate.objects.published().filter(project__in=ids)
    return updates.latest_per_project(until=week)


def _past(ids: Collection[int], as_of: date) -> dict[int, list[EarlierRow]]:
    """
    Return each project's last regularly frozen rows before `as_of`, oldest first.

    While nothing of a project was frozen regularly, the organization's last early freeze stands alone.
    An imported portfolio has days of its own, which take no week away from the others.
    """
    found = _by_project(_frozen_regularly(ids, as_of))
    found = {pk: rows[-TREND_WEEKS:] for pk, rows in found.items()}
    if len(found) < len(ids):
        found |= _frozen_early(set(ids) - found.keys(), as_of)
    return found


@prepared
def _frozen_regularly(ids: Collection[int], as_of: date) -> "QuerySet[Any, Any]":
    portfolios = PortfolioProject.objects.filter(project__in=ids).values("portfolio")
    ours = Freeze.objects.filter(Q(portfolio=None) | Q(portfolio__in=portfolios))
    place = Window(RowNumber(), partition_by=F("portfolio"), order_by=F("date").desc())
    days = ours.regular().filter(date__lt=as_of).annotate(place=place)
    last = days.filter(place__lte=TREND_WEEKS).values("date")
    return _frozen(ids, Q(date__in=last, is_early=False))


def _frozen_early(ids: Collection[int], as_of: date) -> dict[int, list[EarlierRow]]:
    """Return the organization's last early freeze of these projects, where it has no other."""
    last = Freeze.objects.filter(portfolio=None).to_compare_with(as_of).first()
    if not (last and last.is_early):
        return {}
    return _by_project(_frozen(ids, Q(date=last.date, is_early=True)))


def _frozen(ids: Collection[int], of_days: Q) -> "QuerySet[Any, Any]":
    rows = Snapshot.objects.filter(of_days, project__in=ids).order_by("date")
    return rows.values_list("project_id", *EarlierRow._fields)


def _by_project(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[EarlierRow]]:
    found = defaultdict(list)
    for pk, *values in rows:
        found[pk].append(EarlierRow(*values))
    return found


def _row(
    project: Project, sources: Sources, as_of: date, date_of_row: date, built_at: datetime
) -> Snapshot:
    figures = sources.figures[project.pk]
    update = sources.updates.get(project.pk)
    past = sources.past.get(project.pk, [])
    row = Snapshot(project=project, date=date_of_row, judged_for=as_of, built_at=built_at)
    _identity(row, project)
    _declared(row, update, past, as_of)
    row.update_due = (
        project.is_reporting
        and not getattr(project, "is_optional", False)
        and (update is None or update.week < week_of(as_of))
    )
    _measured(row, figures, past)
    _money(row, figures, past)
    row.earned_reasons = _earned(row, sources.earned[project.pk])
    _dates(row, project, figures, update, past)
    _registers(row, sources.registers[project.pk])
    row.is_disputed = is_better(Color(row.overall), Color(row.measured))
    row.rank = ORDER[Color(row.overall)]
    row.money_at_risk = max(row.cost_variance or Decimal(), Decimal())
    row.reasons = _reasons(project, figures)
    return row


def _identity(row: Snapshot, project: Project) -> None:
    row.code, row.name = project.code, project.name
    row.category, row.lane, row.stage = project.category, project.lane, project.stage
    row.is_active = project.is_active
    row.unit, row.unit_name = project.unit, project.unit.name
    row.program = project.program
    row.program_name = project.program.name if project.program else ""
    row.manager_id = getattr(project, "manager_id", None)
    row.manager_name = getattr(project, "manager_name", "")
    row.sponsor_name = getattr(project, "sponsor_name", "")


def _declared(
    row: Snapshot, update: StatusUpdate | None, past: list[EarlierRow], as_of: date
) -> None:
    said_on = (
        timezone.localtime(update.published_at).date() if update and update.published_at else None
    )
    row.is_stale = is_stale(said_on, as_of=as_of, rules=health_rules())
    row.updated_on = said_on
    row.update = update
    row.overall_said = (update.overall if update else "") or Color.NONE
    row.overall = Color.NONE if row.is_stale else row.overall_said
    for axis in Axis:
        said = update.color_of(axis) if update and not row.is_stale else Color.NONE
        setattr(row, axis.value, said)
    row.overall_before = past[-1].overall if past else Color.NONE
    letters = [Color(p.overall).letter for p in past] + [Color(row.overall).letter]
    row.trend = "".join(letters)[-TREND_WEEKS:]
    if update and not row.is_stale:
        row.note = update.overall_note
        row.published_rating = update.published_rating
        row.help_needed, row.help_from = update.help_needed, update.help_from
        row.help_due = update.help_due


def _measured(row: Snapshot, figures: Figures, past: list[EarlierRow]) -> None:
    row.measured, row.measured_rule = figures.overall.color, figures.overall.rule[:300]
    row.measured_before = past[-1].measured if past else Color.NONE
    for axis in MEASURED:
        measure = figures.measures[axis]
        setattr(row, axis.measured, measure.color)
        setattr(row, axis.measured_rule, measure.rule[:300])


def _money(row: Snapshot, figures: Figures, past: list[EarlierRow]) -> None:
    money = figures.money
    row.approved_budget, row.spent = money.approved.value, money.spent.value
    row.committed, row.forecast_cost = money.committed.value, money.forecast.value
    row.cost_variance = money.variance
    row.fiscal_year = money.fiscal_year
    row.year_budget, row.year_forecast = money.year_budget.value, money.year_forecast.value
    row.forecast_cost_before = past[-1].forecast_cost if past else None


def _earned(row: Snapshot, one: Assessment) -> dict[str, str]:
    """Set the figures of earned value; return why some are not known, each reason once."""
    found, method = one.found, one.found.eac_method
    row.baseline_number, row.eac_method = one.baseline, method.value if method else ""
    row.forecast_finish_ev = one.finish.value
    named = {
        "budget_at_completion": (one.standing.budget, CENT),
        "planned_value": (one.standing.planned, CENT),
        "earned_value": (one.standing.earned, CENT),
        "cpi": (found.cpi, MILLIONTH),
        "spi": (found.spi, MILLIONTH),
        "spi_t": (one.time.spi_t, MILLIONTH),
        "eac": (found.eac, CENT),
        "eac_low": (found.eac_low, CENT),
        "eac_high": (found.eac_high, CENT),
    }
    reasons: dict[str, str] = {}
    for name, (figure, unit) in named.items():
        known = storable(figure, unit)
        setattr(row, name, known.value)
        if known.value is None and known.reason not in reasons.values():
            reasons[name] = known.reason
    if one.finish.reason and one.finish.reason not in reasons.values():
        reasons["forecast_finish_ev"] = one.finish.reason
    return reasons


def storable(figure: Figure, unit: Decimal) -> Figure:
    """Round to a column's places; what no column holds is not a figure either."""
    if figure.value is None:
        return figure
    if abs(figure.value) >= LARGEST * unit:
        return Figure(None, "Too large to mean anything.")
    return Figure(figure.value.quantize(unit, rounding=ROUND_HALF_UP))


def _dates(
    row: Snapshot,
    project: Project,
    figures: Figures,
    update: StatusUpdate | None,
    past: list[EarlierRow],
) -> None:
    row.start_date, row.baseline_finish = project.start_date, project.baseline_finish_date
    row.forecast_finish = project.actual_finish_date or project.forecast_finish_date
    row.is_finished = project.actual_finish_date is not None
    row.forecast_finish_before = past[-1].forecast_finish if past else None
    row.finish_slip_days = project.finish_slip_days
    row.percent_complete = update.percent_complete if update else None
    counts = figures.milestones
    row.milestones, row.milestones_done = counts.total, counts.done
    row.milestones_late, row.milestones_due_soon = counts.late, counts.due_soon
    if counts.next:
        row.next_milestone, row.next_milestone_date = counts.next.name, counts.next.due
        row.next_milestone_slip_days = counts.next.slip_days


def _registers(row: Snapshot, register: RegisterFigures) -> None:
    row.open_risks, row.high_risks = register.open_risks, register.high_risks
    row.top_risk, row.top_risk_score = register.top_risk, register.top_risk_score
    row.open_issues, row.overdue_actions = register.open_issues, register.overdue_actions


def _reasons(project: Project, figures: Figures) -> dict[str, str]:
    money = figures.money
    named = {
        "approved_budget": money.approved,
        "spent": money.spent,
        "committed": money.committed,
        "forecast_cost": money.forecast,
        "year_budget": money.year_budget,
        "year_forecast": money.year_forecast,
    }
    reasons = {name: amount.reason for name, amount in named.items() if amount.reason}
    return reasons | {str(k): str(v) for k, v in project.stated_reasons.items()}
