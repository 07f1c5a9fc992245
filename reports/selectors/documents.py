"""Read what summaries and variance reports are made from, and who may read what of them."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, F, Func, JSONField, QuerySet, TextField, When
from django.db.models.functions import Cast

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.organization.current import category_names
from pmo.organization.letterhead import KEY, Letterhead, letterhead_now, letterhead_of
from portfolio.models import Portfolio, PortfolioProject
from projects.domain.colors import Color
from projects.domain.earning.memory import typical_of
from projects.domain.earning.rollup import reason_of
from projects.domain.stages import REPORTING
from projects.models import Project
from reports.domain.landing import misses_in, stored_misses
from reports.domain.lines import LEFT, Mark, Memory, ProjectLine, Seen, rows_in, to_json
from reports.domain.periods import FrozenDay
from reports.models import (
    Delivery,
    DeliveryState,
    Freeze,
    FreezeKind,
    FrozenMilestone,
    Snapshot,
    Summary,
    VarianceReport,
)
from reports.selectors.forecast import finished_by

CHUNK = 500
SOON = timedelta(days=30)
Progress = Callable[[int, int], None]

_NOW = (
    *("project_id", "code", "name", "unit_name", "category", "manager_name", "stage", "is_active"),
    *("overall", "measured", "measured_rule", "is_disputed", "is_stale", "note", "updated_on"),
    "update_due",
    "published_rating",
    *("approved_budget", "spent", "forecast_cost", "fiscal_year", "year_budget", "year_forecast"),
    *("budget_at_completion", "planned_value", "earned_value", "earned_reasons"),
    *("eac", "eac_low", "eac_high", "eac_method", "forecast_finish_ev"),
    *("reasons", "baseline_finish", "forecast_finish", "is_finished", "milestones"),
    *("milestones_done", "milestones_late", "open_risks", "measured_risk"),
    *("high_risks", "top_risk", "top_risk_score", "help_needed", "help_from", "help_due"),
)
_BEFORE = (
    *("project_id", "code", "name", "unit_name", "category", "manager_name", "is_active"),
    *("overall", "forecast_cost", "forecast_finish", "milestones_late"),
    *("high_risks", "top_risk_score"),
)
Row = dict[str, Any]


def freezes_of(portfolio: Portfolio) -> list[FrozenDay]:
    """Return the freezes of the portfolio, newest first: the organization's and its own."""
    rows = Freeze.objects.of(portfolio).values_list("date", "kind")
    found = {FrozenDay(day, kind == FreezeKind.EARLY) for day, kind in rows}
    return sorted(found, key=lambda one: (one.date, not one.is_early), reverse=True)


def compared_freeze(portfolio: Portfolio, day: date) -> FrozenDay:
    """Return the freeze of a day that others are compared with: its end where it was frozen twice."""
    return next((one for one in freezes_of(portfolio) if one.date == day), FrozenDay(day))


def portfolios_on(day: date) -> QuerySet[Portfolio]:
    """Return the portfolios that held a project on that day."""
    entries = PortfolioProject.objects.on(day).values("portfolio")
    return Portfolio.objects.filter(pk__in=entries).order_by("pk")


def lines_of(
    portfolio: Portfolio,
    *,
    frozen: FrozenDay,
    compared_with: FrozenDay | None,
    all_milestones: bool,
    progress: Progress,
) -> list[dict[str, Any]]:
    """
    Return the stored form of each project's line at a freeze, in the order of their ids.

    Takes the projects that ran at the freeze, and those that ran at the one before and no more.
    `all_milestones=False` keeps those that are missed or due in the next 30 days.
    """
    names = category_names()
    now = {row["project_id"]: row for row in _rows(portfolio, frozen, _NOW)}
    before: dict[int, Row] = {}
    if compared_with:
        before = {
            row["project_id"]: row
            for row in _rows(portfolio, compared_with, _BEFORE)
            if row["is_active"]
        }
    ids = sorted({pk for pk, row in now.items() if row["is_active"]} | before.keys())
    stored = []
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        marks = _marks(chunk, frozen, compared_with, all_milestones=all_milestones)
        for pk in chunk:
            line = _line(pk, now.get(pk), before.get(pk), marks.get(pk, ()))
            line = replace(line, category_name=names.get(line.category, line.category))
            stored.append(to_json(line))
        progress(len(stored), len(ids))
    return stored


def misses_of(portfolio: Portfolio, *, day: date) -> dict[str, list[dict[str, Any]]]:
    """
    Return the stored form of how far forecasts of projects were off that had finished by a freeze.

    Those of other portfolios are kept, too: a reader who sees too few of this one is told of all the
    projects that this reader may see, and which those are is known when it is read.
    """
    entries = PortfolioProject.objects.filter(portfolio=portfolio).on(day)
    ours = set(entries.values_list("project_id", flat=True))
    found = {pk: typical_of(one) for pk, one in finished_by(day, Snapshot.objects.live()).items()}
    return {
        "finished": stored_misses({pk: one for pk, one in found.items() if pk in ours}),
        "elsewhere": stored_misses({pk: one for pk, one in found.items() if pk not in ours}),
    }


def _rows(portfolio: Portfolio, frozen: FrozenDay, columns: tuple[str, ...]) -> Iterator[Row]:
    rows = Snapshot.objects.at(frozen.date, is_early=frozen.is_early)
    rows = rows.of_portfolio(portfolio, on=frozen.date).order_by("project_id")
    yield from rows.values(*columns).iterator(chunk_size=2000)


def _marks(
    ids: list[int], frozen: FrozenDay, compared_with: FrozenDay | None, *, all_milestones: bool
) -> dict[int, tuple[Mark, ...]]:
    marks = FrozenMilestone.objects.filter(project__in=ids)
    rows = marks.filter(date=frozen.date, is_early=frozen.is_early)
    if not all_milestones:
        rows = rows.filter(is_done=False, due_date__lte=frozen.date + SOON)
    earlier: dict[int, date | None] = {}
    if compared_with:
        then = marks.filter(date=compared_with.date, is_early=compared_with.is_early)
        earlier = dict(then.values_list("milestone", "due_date"))
    found: dict[int, list[Mark]] = {}
    columns = ("project_id", "milestone", "name", "kind", "baseline_date", "due_date", "is_done")
    for pk, key, name, kind, baseline, due, is_done in rows.order_by(
        "due_date", "milestone"
    ).values_list(*columns):
        mark = Mark(
            name=name,
            kind=kind,
            baseline=baseline,
            due=due,
            is_done=is_done,
            due_before=earlier.get(key),
        )
        found.setdefault(pk, []).append(mark)
    return {pk: tuple(marks) for pk, marks in found.items()}


def _line(pk: int, now: Row | None, before: Row | None, marks: tuple[Mark, ...]) -> ProjectLine:
    past = _past(before)
    if now is None:
        return ProjectLine(id=pk, stage=LEFT, **_names(before or {}), **past)
    return ProjectLine(
        id=pk,
        stage=now["stage"],
        is_active=now["is_active"],
        overall=now["overall"],
        measured=now["measured"],
        measured_rule=now["measured_rule"],
        is_disputed=now["is_disputed"],
        is_silent=now["is_stale"] and now["stage"] in REPORTING,
        note=now["note"],
        published_rating=now["published_rating"],
        updated_on=now["updated_on"],
        update_due=now["update_due"],
        approved_budget=_money(now["approved_budget"]),
        spent=_money(now["spent"]),
        forecast_cost=_money(now["forecast_cost"]),
        fiscal_year=now["fiscal_year"],
        year_budget=_money(now["year_budget"]),
        year_forecast=_money(now["year_forecast"]),
        reasons=now["reasons"],
        **_earned(now),
        baseline_finish=now["baseline_finish"],
        forecast_finish=now["forecast_finish"],
        forecast_finish_ev=now["forecast_finish_ev"],
        is_finished=now["is_finished"],
        milestones_late=now["milestones_late"],
        lacks_milestones=not now["milestones"],
        milestones_open=now["milestones"] - now["milestones_done"],
        milestones=marks,
        high_risks=now["high_risks"],
        lacks_register=not now["open_risks"] and now["measured_risk"] == Color.NONE,
        open_risks=now["open_risks"],
        top_risk=now["top_risk"],
        top_risk_score=now["top_risk_score"],
        help_needed=now["help_needed"],
        help_from=now["help_from"],
        help_due=now["help_due"],
        **_names(now),
        **past,
    )


def _earned(row: Row) -> dict[str, Any]:
    parts = [
        _money(row[name]) for name in ("budget_at_completion", "planned_value", "earned_value")
    ]
    estimates = {name: _money(row[name]) for name in ("eac", "eac_low", "eac_high")}
    is_whole = None not in (*parts, row["spent"], estimates["eac"])
    budget, planned, earned = parts
    return {
        "budget_at_completion": budget,
        "planned_value": planned,
        "earned_value": earned,
        **estimates,
        "eac_method": row["eac_method"],
        "eac_reason": ""
        if is_whole
        else reason_of(row["earned_reasons"], earned=tuple(parts), spent=row["spent"]),
    }


def _names(row: Row) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name": row["name"],
        "unit_name": row["unit_name"],
        "category": row["category"],
        "manager_name": row["manager_name"],
    }


def _past(before: Row | None) -> dict[str, Any]:
    if before is None:
        return {}
    return {
        "was_active": True,
        "overall_before": before["overall"],
        "forecast_cost_before": _money(before["forecast_cost"]),
        "forecast_finish_before": before["forecast_finish"],
        "milestones_late_before": before["milestones_late"],
        "high_risks_before": before["high_risks"],
        "top_risk_score_before": before["top_risk_score"],
    }


def _money(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.01"))


def stored_lines(document: Summary | VarianceReport) -> Iterator[dict[str, Any]]:
    """Yield the lines of a document that was read without them."""
    return _rows_of(document, "content", inside="content__lines")


class HeldDocument(NamedTuple):
    """What a document that was read without its lines holds for one reader, and who says it."""

    seen: Seen
    letterhead: Letterhead


def held_by(document: Summary | VarianceReport, visible: Collection[int]) -> HeldDocument:
    """Return one reader's part of a document; a draft has the letterhead of today."""
    memory, kept = _head_of(document)
    is_open = isinstance(document, Summary) and not document.is_issued
    return HeldDocument(
        Seen.of(stored_lines(document), visible, memory),
        letterhead_now() if is_open else letterhead_of(kept),
    )


def finished_in(document: Summary | VarianceReport) -> Memory:
    """Return how far forecasts of finished projects were off, as a document holds them."""
    return _head_of(document)[0]


def _head_of(document: Summary | VarianceReport) -> tuple[Memory, dict[str, Any]]:
    same = type(document)._default_manager.filter(pk=document.pk)
    finished, elsewhere, kept = same.values_list(
        "content__finished", "content__elsewhere", f"content__{KEY}"
    ).get()
    return Memory(misses_in(finished or ()), misses_in(elsewhere or ())), kept


def stored_marks(report: VarianceReport) -> Iterator[dict[str, Any]]:
    """Yield the milestones of a report that was read without them, in its order."""
    return _rows_of(report, "milestones", inside="milestones")


def _rows_of(
    document: Summary | VarianceReport, column: str, *, inside: str
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a stored list; PostgreSQL sends them in pieces, SQLite as one text."""
    same = type(document)._default_manager.filter(pk=document.pk)
    if connection.vendor == "postgresql":
        each = Func(F(inside), function="jsonb_array_elements", output_field=JSONField())
        yield from same.values_list(each, flat=True).iterator(chunk_size=CHUNK)
    else:
        yield from rows_in(same.values_list(Cast(column, TextField()), flat=True).get())


def visible_ids(reader: User) -> Collection[int]:
    """Return the ids of all projects this reader may see today."""
    return set(Project.objects.visible_to(reader).values_list("pk", flat=True))


def summaries_for(reader: User) -> QuerySet[Summary]:
    """Return the summaries this reader may open, without their lines; drafts for who reviews them."""
    found = Summary.objects.defer("content").select_related("portfolio")
    return found if can(reader, Permission.SUMMARY_REVIEW).allowed else found.issued()


def variance_reports() -> QuerySet[VarianceReport]:
    """Return the finished reports, newest first, without their rows."""
    return (
        VarianceReport.objects.exclude(made_at=None)
        .without_rows()
        .select_related("portfolio", "requested_by")
        .order_by("-date", "-made_at", "-pk")
    )


def deliveries_of(summary: Summary) -> QuerySet[Delivery]:
    """Return the mails of a summary: those that need somebody first, then by name."""
    needs_somebody = Case(
        When(state__in=[DeliveryState.FAILED, DeliveryState.UNCERTAIN], then=0), default=1
    )
    return (
        Delivery.objects.filter(summary=summary)
        .select_related("user")
        .order_by(needs_somebody, "user__name", "pk")
    )
