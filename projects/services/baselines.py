"""
Write baselines: the first is set by the office, each later one comes from an approved change request.

A baseline moves the project's baseline finish and its milestones' baseline dates with it; nothing else
moves them from then on.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background.events import announce
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, all_or_nothing, values_of
from projects.domain.baselining import (
    ZERO,
    BaseliningError,
    Item,
    Layers,
    check_span,
    distribute,
    earns_by,
    layers_of,
    periods,
    redate,
    whole_until,
)
from projects.domain.collecting import uncollected
from projects.domain.kinds import ChangeFunding, ReserveKind
from projects.models import Baseline, BaselineItem, BaselinePeriod, ChangeRequest, Project
from projects.selectors.baselining import (
    COPIED,
    Basis,
    approved_budget,
    balances_of,
    basis_of,
    capital_share,
    items_of,
    latest_baseline,
)
from projects.services.milestones import change_milestone
from projects.services.projects import TOPIC, change_project, locked


class BaselineContent(NamedTuple):
    """What a baseline is to hold."""

    number: int
    basis: Basis
    items: list[Item]
    layers: Layers
    finish: date
    change: ChangeRequest | None = None


@all_or_nothing
@uncollected()
def set_first_baseline(
    *,
    project: Project,
    by: User | None,
    name: str,
    reason: str,
    finish: date | None = None,
    on: date | None = None,
) -> Baseline:
    """
    Freeze the plan and the approved budget as version 1; raises RefusalError where that cannot be.

    `finish` is the approved finish: without it the project's baseline finish, else the plan's.
    """
    saved = locked(project)
    if Baseline.objects.filter(project=saved).exists():
        raise RefusalError(
            "This project has a baseline. Only an approved change request makes the next."
        )
    basis = basis_of(saved)
    approved = finish or saved.baseline_finish_date or basis.finish or saved.forecast_finish_date
    if approved is None:
        raise RefusalError("Give the project a baseline or forecast finish first.")
    if basis.finish and basis.finish > approved:
        raise RefusalError(
            f"The plan finishes on {formats.day(basis.finish)}, after the finish to be approved,"
            f" {formats.day(approved)}. Approve the later date or change the plan."
        )
    day = on or timezone.localdate()
    budget = approved_budget(saved, as_of=day)
    work = None if budget is None else budget - sum(balances_of(saved).values())
    if work is not None and work < 0:
        raise RefusalError("More is set aside in reserves than the approved budget holds.")
    try:
        check_span((saved.start_date, basis.start, approved))
        items = distribute(whole_until(basis.items, approved), work, {})
        layers = _layers(saved, items, work)
    except BaseliningError as error:
        raise RefusalError(str(error)) from error
    version = BaselineContent(1, basis, items, layers, approved)
    return _write_version(saved, version, by, day, name=name, reason=reason)


@all_or_nothing
@uncollected()
def set_next_baseline(
    *, request: ChangeRequest, by: User | None, name: str, on: date, is_in_line: bool
) -> Baseline:
    """
    Make an approved change the next version; a part of implementing it.

    Its dates move by the approved days at most, its money by the approved cost. New money that went to
    no budget line (`is_in_line`) stays undistributed.
    """
    project, cost, days = request.project, request.cost_effect, request.schedule_effect_days
    old = latest_baseline(project)
    if old is None or old.finish is None or cost is None or days is None:
        raise RefusalError("Set a first baseline, and assess the change, before it is implemented.")
    before = {item.key: item for item in items_of(old)}
    basis = basis_of(project, forecast=True)
    finish = old.finish + timedelta(days=days)
    is_loose = request.funding == ChangeFunding.NEW and not is_in_line
    loose = max(old.undistributed + (cost if is_loose else 0), ZERO)
    try:
        check_span((project.start_date, basis.start, finish))
        work = _work(project, old, cost, on)
        items = redate(basis.items, before, days=days, finish=finish)
        items = whole_until(items, finish)
        items = distribute(
            items,
            None if work is None else max(work - loose, ZERO),
            {key: item.amount for key, item in before.items() if item.amount is not None},
        )
        layers = _layers(project, items, work)
    except BaseliningError as error:
        raise RefusalError(str(error)) from error
    version = BaselineContent(old.number + 1, basis, items, layers, finish, request)
    reason = request.justification
    return _write_version(project, version, by, on, name=name, reason=reason)


def _work(project: Project, old: Baseline, cost: Decimal, on: date) -> Decimal | None:
    """Return the budget for work after the change; None where no money is approved at all."""
    if old.distributed is not None:
        work: Decimal = old.distributed + old.undistributed + cost
        if work < 0:
            raise BaseliningError("The change gives back more than the budget for work holds.")
        return work
    budget = approved_budget(project, as_of=on)
    if budget is None and cost:
        raise BaseliningError("This project has no approved budget that the change could alter.")
    return None if budget is None else budget - sum(balances_of(project).values())


def _layers(project: Project, items: list[Item], work: Decimal | None) -> Layers:
    reserves = balances_of(project)
    return layers_of(
        items,
        work=work,
        contingency=reserves[ReserveKind.CONTINGENCY],
        management_reserve=reserves[ReserveKind.MANAGEMENT],
        includes_contingency=project.includes_contingency,
    )


def _write_version(
    project: Project, version: BaselineContent, by: User | None, on: date, **words: str
) -> Baseline:
    """Write a version with its items and months, and move the approved dates to it."""
    basis, layers = version.basis, version.layers
    start = min(filter(None, (project.start_date, basis.start)), default=None)
    baseline = Baseline(
        project=project,
        number=version.number,
        **words,
        change_request=version.change,
        approved_by=version.change.decided_by if version.change else by,
        approved_on=on,
        approved_at=timezone.now(),
        earns_by=earns_by(basis.items).value,
        start=start,
        finish=version.finish,
        distributed=layers.distributed,
        undistributed=layers.undistributed,
        contingency=layers.contingency,
        management_reserve=layers.management_reserve,
        includes_contingency=layers.includes_contingency,
        budget_at_completion=layers.budget_at_completion,
        calendars=basis.calendars,
    )
    baseline.full_clean()
    baseline.save(force_insert=True)
    counted = _write_parts(baseline, version, capital_share(project))
    with audit.gathered():
        _move_dates(project, version, by)
        audit.record(
            action="baseline.set",
            target=baseline,
            by=by,
            scope=project,
            after=values_of(baseline) | counted,
        )
    announce(TOPIC, project.pk)
    return baseline


def _write_parts(baseline: Baseline, version: BaselineContent, capital: Decimal) -> dict[str, int]:
    items = [
        BaselineItem(
            project_id=baseline.project_id,
            baseline_id=baseline.pk,  # an object instead would be checked once for each row
            task_number=item.task,
            milestone_number=item.milestone,
            **{name: getattr(item, name) for name in COPIED},
        )
        for item in version.items
    ]
    money = periods(
        version.items, finish=version.finish, counts=version.basis.counts(), capital=capital
    )
    months = [
        BaselinePeriod(
            project_id=baseline.project_id, baseline=baseline, month=month, kind=kind, amount=amount
        )
        for (month, kind), amount in money.items()
    ]
    BaselineItem.objects.bulk_create(items, batch_size=500)
    BaselinePeriod.objects.bulk_create(months, batch_size=500)
    baseline.is_complete = True
    baseline.save(update_fields=["is_complete"])
    return {"items": len(items), "months": len(months)}


def _move_dates(project: Project, version: BaselineContent, by: User | None) -> None:
    """Move the approved dates by the services that own them, so that each move leaves its event."""
    change_project(
        project=project,
        version=None,
        by=by,
        through=version.number,
        baseline_finish_date=version.finish,
    )
    dates: Mapping[int, date | None] = {
        item.milestone: item.finish for item in version.items if item.milestone is not None
    }
    for milestone in project.milestones.filter(pk__in=dates).order_by("pk"):
        day = dates[milestone.pk]
        if day and day != milestone.baseline_date:
            change_milestone(
                milestone=milestone,
                version=None,
                by=by,
                through=version.number,
                baseline_date=day,
            )
