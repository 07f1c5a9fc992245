"""
Earned value of projects, for many at once in one statement.

This is the one home of planned value, earned value and what follows from them: pages, snapshots, reports
and the API all ask here. The baseline is the one that held on the day. Partial progress is known as it
stands today only; what was known on a past day is kept in the snapshots frozen then.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat

from projects.domain.calendar import week_of
from projects.domain.collecting import uncollected
from projects.domain.earning.assessment import Assessment, Situation, assess
from projects.domain.earning.figure import ZERO, EarningError, Figure
from projects.domain.earning.methods import (
    NO_PROGRESS,
    EarningPlan,
    Piece,
    PieceProgress,
    work_ended,
)
from projects.domain.kinds import CostKind, EarningMethod, EarnsBy
from projects.domain.stages import Stage
from projects.domain.workdays import MONDAY_TO_FRIDAY, Workdays, workdays
from projects.models import (
    Baseline,
    BaselineItem,
    CostEntry,
    Milestone,
    Project,
    StatusUpdate,
    Task,
    TaskStep,
)
from projects.selectors.facts import Facts, TableFact, among, money_facts, read, shaped
from projects.selectors.figures import Amount, ProjectMoney, money_in

OWN = "project"  # the key of a project's own calendar in a baseline
BAR, EMPTY = (Value(text, output_field=TextField()) for text in ("|", ""))
NO_STEPS = "|[]"  # as an item is joined that earns without any
NO_FINISH = "The baseline has no finish date."
NO_MONEY = "The baseline has no money."
_METHODS = {method.value: method for method in EarningMethod}


class Done(NamedTuple):
    """What was done by the day: of tasks and milestones by id, and the ids of each task's done steps."""

    tasks: Mapping[int | None, PieceProgress]
    milestones: Mapping[int | None, PieceProgress]
    steps: Mapping[int | None, Collection[int]]


def earning_facts(ids: Collection[int], *, as_of: date, week: date) -> list["QuerySet[Any, Any]"]:
    """
    Return the queries of what earns: baseline in force, its items, progress, percent complete.

    `week` is that of `as_of`, apart so that one text of the statement serves every day.
    """
    later = Baseline.objects.filter(
        project=OuterRef("project"),
        approved_on__lte=as_of,
        number__gt=OuterRef("number"),
        **among(ids),  # else every project's are read for a few
    )
    baselines = Baseline.objects.filter(approved_on__lte=as_of, **among(ids)).exclude(Exists(later))
    items = BaselineItem.objects.filter(
        baseline__in=baselines.values("pk"), amount__gt=0, **among(ids)
    )
    # a task that was split after the baseline earns as the rows below it do
    done_below = Q(is_summary=True, percent_complete=100)
    begun = Q(actual_start__isnull=False) | Q(percent_complete__gt=0)
    tasks = Task.objects.filter(begun, **among(ids))
    # whatever the task earns by now: the baseline says by what it does, and what each step weighs
    steps = TaskStep.objects.filter(**among(ids))
    return [
        shaped(
            baselines,
            "baseline",
            pk=F("pk"),
            number=F("number"),
            amount=F("budget_at_completion"),
            text=_joined(F("earns_by"), _CANCELLED, F("calendars")),
            first=F("start"),
            second=F("finish"),
            third=F("project__actual_finish_date"),
        ),
        shaped(
            items,
            "item",
            pk=F("task_number"),
            number=F("milestone_number"),
            amount=F("amount"),
            text=_joined(F("earning"), F("calendar"), F("steps")),
            first=F("start"),
            second=F("finish"),
        ),
        shaped(
            tasks,
            "task",
            pk=F("pk"),
            number=Cast("percent_complete", BigIntegerField()),
            first=_day(Q(is_summary=True), own="actual_start", of_below="start"),
            second=_day(done_below, own="actual_finish", of_below="finish"),
        ),
        shaped(steps, "step", pk=F("task_id"), number=F("pk"), first=F("done_on")),
        _percents(ids, week),
    ]


def _day(below: Q, *, own: str, of_below: str) -> Case:
    """Read a day from the rows below where that holds, else the row's own: one given, one computed."""
    return Case(When(below, then=F(of_below)), default=F(own), output_field=DateField())


def _joined(*parts: Combinable) -> Concat:
    """Join texts that hold no bar, but for the last one."""
    first, *others = (Cast(part, TextField()) for part in parts)
    barred = [one for part in others for one in (BAR, part)]
    return Concat(first, *barred, output_field=TextField())


# empty, or a mark with the day, which may not be known
_CANCELLED = Case(
    When(
        project__stage=Stage.CANCELLED.value,
        then=Concat(
            Value("x", output_field=TextField()),
            Coalesce(Cast("project__cancelled_on", TextField()), EMPTY),
            output_field=TextField(),
        ),
    ),
    default=EMPTY,
    output_field=TextField(),
)


def _percents(ids: Collection[int], week: date) -> "QuerySet[Any, Any]":
    """Return the percent complete that was said last, of the projects that earn by it."""
    by_percent = Baseline.objects.filter(earns_by=EarnsBy.PERCENT.value, **among(ids))
    last = (
        StatusUpdate.objects.published()
        .filter(
            project=OuterRef("project"),
            week__lte=week,
            percent_complete__isnull=False,
        )
        .order_by("-week", "-revision")
        .values("pk")[:1]
    )
    said = StatusUpdate.objects.filter(
        project__in=by_percent.values("project_id"), pk=Subquery(last)
    )
    return shaped(said, "percent", number=Cast("percent_complete", BigIntegerField()))


def earned_of(
    ids: Collection[int],
    *,
    as_of: date,
    facts: Facts | None = None,
    money: Mapping[int, ProjectMoney] | None = None,
) -> dict[int, Assessment]:
    """
    Return every figure of earned value by project id.

    `facts` and `money` are for a caller that has read `earning_facts`, milestones and money with others.
    """
    with uncollected():
        facts = facts if facts is not None else _read(ids, as_of)
        money = money if money is not None else money_in(ids, facts, as_of=as_of)
        situations = situations_of(ids, as_of=as_of, facts=facts, money=money)
        return {pk: assess(situation) for pk, situation in situations.items()}


def _read(ids: Collection[int], as_of: date) -> Facts:
    done = Milestone.objects.filter(actual_date__isnull=False, **among(ids))
    return read(
        [
            *earning_facts(ids, as_of=as_of, week=week_of(as_of)),
            shaped(done, "milestone", pk=F("pk"), second=F("actual_date")),
            *money_facts(ids, as_of=as_of),
        ]
    )


def situation_of(project_id: int, *, as_of: date) -> Situation:
    """Return what is known of one project, for a page that draws its plan as well."""
    facts = _read([project_id], as_of)
    money = money_in([project_id], facts, as_of=as_of)
    return situations_of([project_id], as_of=as_of, facts=facts, money=money)[project_id]


def situations_of(
    ids: Collection[int], *, as_of: date, facts: Facts, money: Mapping[int, ProjectMoney]
) -> dict[int, Situation]:
    """Sort the rows into what is known of each project on the day."""
    items = _by_project(facts.get("item", []))
    work = _done(facts, as_of)
    percents = {fact.project_id: fact.number for fact in facts.get("percent", [])}
    baselines = {fact.project_id: fact for fact in facts.get("baseline", [])}
    found = {}
    for pk in ids:
        spent, forecast = _figure(money[pk].spent), _figure(money[pk].forecast)
        baseline = baselines.get(pk)
        if baseline is None:
            found[pk] = Situation(day=as_of, actual=spent, bottom_up=forecast)
            continue
        rows = items.get(pk, [])
        plan, reason = _plan(baseline, rows)
        done = _of_items(baseline, rows, work, percents.get(pk))
        ended = _ended(baseline, as_of) or (work_ended(plan, done) if plan and done else None)
        found[pk] = Situation(
            day=as_of,
            baseline=baseline.number,
            plan=plan,
            reason=reason,
            progress=done,
            finished=ended,
            cancelled=_cancelled(baseline, as_of),
            actual=spent,
            bottom_up=forecast,
        )
    return found


def _by_project(facts: Iterable[TableFact]) -> Mapping[int, list[TableFact]]:
    grouped: dict[int, list[TableFact]] = defaultdict(list)
    for fact in facts:
        grouped[fact.project_id].append(fact)
    return grouped


def _figure(amount: Amount) -> Figure:
    return Figure(amount.value, amount.reason if amount.value is None else "")


def _ended(baseline: TableFact, as_of: date) -> date | None:
    finish = baseline.third
    return finish if finish is not None and finish <= as_of else None


def _cancelled(baseline: TableFact, as_of: date) -> date | None:
    """Return the day on which the project was cancelled; the day asked about where nobody knows it."""
    mark = baseline.text.split("|", 2)[1]
    if not mark:
        return None
    day = date.fromisoformat(mark[1:]) if mark[1:] else as_of
    return day if day <= as_of else None


def _done(facts: Facts, as_of: date) -> Done:
    steps = _steps_done(facts, as_of)
    milestones = {
        fact.pk: PieceProgress(started=True, finished=True, done_on=fact.second)
        for fact in facts.get("milestone", [])
        if fact.second is not None and fact.second <= as_of
    }
    return Done(_progress(facts, as_of, steps), milestones, steps)


def _steps_done(facts: Facts, as_of: date) -> Mapping[int | None, set[int]]:
    """Return the ids of the steps that were done by the day, by task id."""
    found: dict[int | None, set[int]] = defaultdict(set)
    for fact in facts.get("step", []):
        if fact.number is not None and fact.first is not None and fact.first <= as_of:
            found[fact.pk].add(fact.number)
    return found


def _progress(
    facts: Facts, as_of: date, steps: Mapping[int | None, Collection[int]]
) -> Mapping[int | None, PieceProgress]:
    """Return what was done of each task by the day, by task id."""
    found = {pk: PieceProgress(started=True) for pk in steps}
    for fact in facts.get("task", []):
        if fact.first is not None and fact.first > as_of:
            continue
        found[fact.pk] = PieceProgress(
            started=True,
            finished=fact.second is not None and fact.second <= as_of,
            percent=Decimal(fact.number or 0),
            done_on=fact.second,
        )
    return found


def _plan(baseline: TableFact, items: list[TableFact]) -> tuple[EarningPlan | None, str]:
    """Return the plan that a baseline froze, or the reason why it cannot be earned against."""
    if not baseline.amount:
        return None, NO_MONEY
    if baseline.second is None:
        return None, NO_FINISH
    frozen = baseline.text.split("|", 2)[2]
    calendars = _calendars(frozen)
    own = calendars.get(OWN, MONDAY_TO_FRIDAY)
    starts = [item.first for item in items if item.first is not None]
    try:
        return EarningPlan(
            start=min(baseline.first or min(starts, default=baseline.second), baseline.second),
            finish=baseline.second,
            budget=baseline.amount,
            pieces=[_piece(item, calendars, own) for item in items],
            days=own,
        ), ""
    except EarningError as error:
        return None, str(error)


def _piece(item: TableFact, calendars: Mapping[str, Workdays], own: Workdays) -> Piece:
    method, key, _ = item.text.split("|", 2)
    days = calendars.get(key, own)
    return Piece(item.amount or ZERO, item.first, item.second, _METHODS[method], days)


@lru_cache(maxsize=1024)
def _calendars(frozen: str) -> Mapping[str, Workdays]:
    """Read the calendars that a baseline kept; most baselines share a few texts."""
    return {key: calendar_of(kept) for key, kept in json.loads(frozen or "{}").items()}


def calendar_of(kept: Mapping[str, Any]) -> Workdays:
    """Return the counter of a calendar as a baseline keeps it."""
    exceptions = tuple(
        (date.fromisoformat(first), date.fromisoformat(last), bool(is_worked))
        for first, last, is_worked in kept.get("exceptions", [])
    )
    return workdays(kept["weekdays"], exceptions)


def _of_items(
    baseline: TableFact,
    items: list[TableFact],
    work: Done,
    percent: int | None,
) -> list[PieceProgress] | None:
    """Return the progress of each item; None when it is said in percent and nobody said it."""
    by = EarnsBy(baseline.text.partition("|")[0])
    if by is EarnsBy.PERCENT:
        if percent is None:
            return None
        done = PieceProgress(started=True, finished=percent == 100, percent=Decimal(percent))  # noqa: PLR2004 - all of it
        return [done for _ in items]
    if by is EarnsBy.MILESTONES:
        return [work.milestones.get(item.number) or _of_task(item, work) for item in items]
    return [
        _of_task(item, work) if item.pk else work.milestones.get(item.number, NO_PROGRESS)
        for item in items
    ]


def _of_task(item: TableFact, work: Done) -> PieceProgress:
    """Return a task's progress, the steps that are done beside the weights that the baseline froze."""
    done = work.tasks.get(item.pk, NO_PROGRESS)
    if item.text.endswith(NO_STEPS):
        return done
    ended, frozen = work.steps.get(item.pk, ()), json.loads(item.text.split("|", 2)[2])
    return done._replace(steps=[(weight, pk in ended) for pk, weight in frozen])


def spent_course(project: Project, *, as_of: date) -> list[tuple[date, Decimal]]:
    """Return what was spent up to each day on which a cost was booked, oldest first."""
    rows = (
        CostEntry.objects.filter(project=project, kind=CostKind.ACTUAL.value, entry_date__lte=as_of)
        .values("entry_date")
        .order_by("entry_date")
        .annotate(total=Sum("amount"))
        .values_list("entry_date", "total")
    )
    total, found = Decimal(), []
    for day, amount in rows:
        total += amount
        found.append((day, total))
    return found
