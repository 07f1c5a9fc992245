"""Read what summaries and variance reports are made from, and who may read what of them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, F, Func, JSONField, QuerySet, TextField, When
from django.db.models.functions import Cast

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.search import as_read
from pmo.organization.current import category_names
from pmo.organization.letterhead import KEY, Letterhead, letterhead_now, letterhead_of
from portfolio.governance.selectors.register import owing_in
from projects.communication.selectors.items import late_in
from projects.domain.colors import Color
from projects.domain.earning.memory import typical_of
from projects.domain.earning.methods import CENT
from projects.domain.earning.rollup import reason_of
from projects.domain.stages import REPORTING
from projects.models import Project
from reports.domain.figure_table import Kind, Use, names_in, names_of
from reports.domain.landing import misses_in, stored_misses
from reports.domain.lines import LEFT, Mark, Memory, ProjectLine, Seen, rows_in
from reports.domain.periods import FrozenDay
from reports.domain.scope import ReportScope
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

_IDS = ("unit_id", "manager_id")  # whom the names mean
_KEPT = (*names_in(Use.LINE), *_IDS)
_NOW = ("project_id", *_IDS, *names_in(Use.LINE, Use.ASKED))
_NAMES = (*names_in(Use.LEFT), *_IDS)
_THEN = names_in(Use.BEFORE)
_WAS = {name: f"{name}_before" for name in _THEN}
_BEFORE = ("project_id", "is_active", *_IDS, *names_in(Use.LEFT, Use.BEFORE))
_MONEY = frozenset(names_of(Kind.MONEY))
Row = dict[str, Any]


def freezes_of(scope: ReportScope) -> list[FrozenDay]:
    """Return the freezes of a scope, newest first: the organization's, and a portfolio's own."""
    rows = Freeze.objects.of(scope).values_list("date", "kind")
    found = {FrozenDay(day, kind == FreezeKind.EARLY) for day, kind in rows}
    return sorted(found, key=lambda one: (one.date, not one.is_early), reverse=True)


def compared_freeze(scope: ReportScope, day: date) -> FrozenDay:
    """Return the freeze of a day that others are compared with: its end where it was frozen twice."""
    return next((one for one in freezes_of(scope) if one.date == day), FrozenDay(day))


def lines_of(
    scope: ReportScope,
    *,
    frozen: FrozenDay,
    compared_with: FrozenDay | None,
    all_milestones: bool,
    progress: Progress,
) -> Iterator[ProjectLine]:
    """
    Yield each project's line at a freeze, in the order of their ids.

    Takes the projects that ran at the freeze, and those that ran at the one before and no more.
    `all_milestones=False` keeps those that are missed or due in the next 30 days.
    """
    names = category_names()
    now = {row["project_id"]: row for row in _rows(scope, frozen, _NOW)}
    before: dict[int, Row] = {}
    if compared_with:
        before = {
            row["project_id"]: row
            for row in _rows(scope, compared_with, _BEFORE)
            if row["is_active"]
        }
    ids = sorted({pk for pk, row in now.items() if row["is_active"]} | before.keys())
    left = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        marks = _marks(chunk, frozen, compared_with, all_milestones=all_milestones)
        late, owing = late_in(chunk, frozen.date), owing_in(chunk, frozen.date)
        for pk in chunk:
            line = _line(pk, now.get(pk), before.get(pk), marks.get(pk, ()), names)
            has_left = line.manager_id in left
            if has_left or pk in late:
                line = replace(line, manager_left=has_left, late_messages=late.get(pk, 0))
            if owed := owing.get(pk):
                line = replace(line, late_conditions=owed.conditions, unratified=owed.approvals)
            yield line
        progress(start + len(chunk), len(ids))


def misses_of(scope: ReportScope, *, day: date) -> dict[str, list[dict[str, Any]]]:
    """
    Return the stored form of how far forecasts of projects were off that had finished by a freeze.

    Those of other scopes are kept, too: a reader who sees too few of this one is told of all the
    projects that this reader may see, and which those are is known when it is read.
    """
    live = Snapshot.objects.live()
    ours = set(live.of_scope(scope, on=day).values_list("project_id", flat=True))
    found = {pk: typical_of(one) for pk, one in finished_by(day, live).items()}
    return {
        "finished": stored_misses({pk: one for pk, one in found.items() if pk in ours}),
        "elsewhere": stored_misses({pk: one for pk, one in found.items() if pk not in ours}),
    }


def _rows(scope: ReportScope, frozen: FrozenDay, columns: tuple[str, ...]) -> Iterator[Row]:
    rows = Snapshot.objects.at(frozen.date, is_early=frozen.is_early)
    rows = rows.of_scope(scope, on=frozen.date).order_by("project_id")
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
            baseline_date=baseline,
            due_date=due,
            is_done=is_done,
            due_date_before=earlier.get(key),
        )
        found.setdefault(pk, []).append(mark)
    return {pk: tuple(marks) for pk, marks in found.items()}


def _line(
    pk: int,
    now: Row | None,
    before: Row | None,
    marks: tuple[Mark, ...],
    names: Mapping[str, str],
) -> ProjectLine:
    past: dict[str, Any] = {}
    if before is not None:
        kept = _values(_THEN, before)
        past = {was: kept[name] for name, was in _WAS.items()} | {"was_active": True}
    category = (now or before or {})["category"]
    called = names.get(category, category)
    if now is None:
        gone = {n: (before or {})[n] for n in _NAMES}
        return ProjectLine(id=pk, stage=LEFT, category_name=called, **gone, **past)
    return ProjectLine(
        id=pk,
        category_name=called,
        **_values(_KEPT, now),
        is_silent=now["is_stale"] and now["stage"] in REPORTING,
        eac_reason=_eac_reason(now),
        lacks_milestones=not now["milestones"],
        milestones_open=now["milestones"] - now["milestones_done"],
        milestones=marks,
        lacks_register=not now["open_risks"] and now["measured_risk"] == Color.NONE,
        **past,
    )


def _values(names: tuple[str, ...], row: Row) -> Row:
    """Take these figures of a row, money to the cent: thousands of lines ask for fifty of them."""
    return {
        name: row[name] if name not in _MONEY or row[name] is None else row[name].quantize(CENT)
        for name in names
    }


def _eac_reason(row: Row) -> str:
    """Say why the project's figures of earned value cannot be added up; "" when they can."""
    earned = (row["budget_at_completion"], row["planned_value"], row["earned_value"])
    if None not in (*earned, row["spent"], row["eac"]):
        return ""
    return reason_of(row["earned_reasons"], earned=earned, spent=row["spent"])


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
    found = Summary.objects.with_void().defer("content").with_scope()
    return found if can(reader, Permission.SUMMARY_REVIEW).allowed else found.issued()


def variance_reports() -> QuerySet[VarianceReport]:
    """Return the finished reports, newest first, without their rows."""
    return (
        VarianceReport.objects.exclude(made_at=None)
        .without_rows()
        .with_freeze()
        .with_scope()
        .select_related("requested_by")
        .order_by("-date", "-made_at", "-pk")
    )


def deliveries_of(summary: Summary) -> QuerySet[Delivery]:
    """Return the mails of a summary: those that need somebody first, then by name."""
    needs_somebody = Case(
        When(state__in=[DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.HELD], then=0),
        default=1,
    )
    return (
        Delivery.objects.filter(enclosures__summary=summary)
        .select_related("user", "job")
        .order_by(needs_somebody, *as_read("user__name", "pk"))
    )
