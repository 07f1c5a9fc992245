"""Write budget lines, costs and forecasts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Min, Sum
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background.events import announce
from pmo.common.page.formats import money_exact
from pmo.common.records.writing import (
    ASK,
    Ask,
    RefusalError,
    add,
    all_or_nothing,
    change,
    only,
    remove,
)
from pmo.organization.current import organization
from projects.asks import commitment_faults
from projects.domain.kinds import CostKind
from projects.models import BudgetLine, CostEntry, ForecastEntry, Project
from projects.services.projects import TOPIC, locked
from projects.services.task_references import release_tasks
from projects.validators import cost_of_this_month_or_before

BUDGET_FIELDS = frozenset(
    {
        "category",
        "kind",
        "fiscal_year",
        "amount",
        "stated_reason",
        "approved_on",
        "cost_center",
        "funding_source",
    }
)
COST_FIELDS = frozenset(
    {"line", "kind", "commitment", "entry_date", "amount", "note", "source", "source_id"}
)


@all_or_nothing
def create_budget_line(*, project: Project, by: User | None, **fields: Any) -> BudgetLine:
    record = BudgetLine(project=project, **only(fields, BUDGET_FIELDS))
    line = add(record, by=by, action="budget_line.created", scope=project)
    announce(TOPIC, project.pk)
    return line


@all_or_nothing
def change_budget_line(
    *, line: BudgetLine, version: int | None, by: User | None, **fields: Any
) -> BudgetLine:
    project = locked(line.project)  # a gate may be looking at what is approved
    changed = change(
        line,
        version=version,
        by=by,
        action="budget_line.changed",
        scope=project,
        **only(fields, BUDGET_FIELDS),
    )
    announce(TOPIC, line.project_id)
    return changed


@all_or_nothing
def remove_budget_line(*, line: BudgetLine, by: User | None) -> None:
    """Remove a line on which nothing is booked; rows of the plan that name it name none from then on."""
    project = locked(line.project)
    if line.cost_entries.exists():
        raise RefusalError("Costs are booked on this line; move them first.")
    if line.month_forecasts.exists():
        raise RefusalError("Months were forecast on this line, and forecasts are kept.")
    if line.change_requests.exists():
        raise RefusalError("A change request names this line for its new money, so it stays.")
    release_tasks(tasks=line.tasks.all(), name="budget_line", project=project, by=by)
    remove(line, by=by, action="budget_line.removed", scope=project)
    announce(TOPIC, project.pk)


@all_or_nothing
def record_cost(*, project: Project, by: User | None, **fields: Any) -> CostEntry:
    record = CostEntry(project=project, **only(fields, COST_FIELDS))
    cost_of_this_month_or_before(record.kind, record.entry_date, today=timezone.localdate())
    _check_line(project, record.line)
    if record.kind == CostKind.COMMITMENT:
        _check_commitment(project)
    _join_commitment(record)
    entry = add(record, by=by, action="cost.recorded", scope=project)
    announce(TOPIC, project.pk)
    return entry


@all_or_nothing
def change_cost(
    *, entry: CostEntry, version: int | None, by: User | None, **fields: Any
) -> CostEntry:
    accepted = only(fields, COST_FIELDS)
    _check_line(entry.project, accepted.get("line"))
    wanted = CostEntry.objects.get(pk=entry.pk)
    for name, value in accepted.items():
        setattr(wanted, name, value)
    cost_of_this_month_or_before(wanted.kind, wanted.entry_date, today=timezone.localdate())
    if _commits_more(entry, wanted):
        _check_commitment(entry.project)
    _join_commitment(wanted)
    _check_payments(wanted)
    changed = change(
        entry,
        version=version,
        by=by,
        action="cost.changed",
        scope=entry.project,
        **accepted | {"line": wanted.line},
    )
    announce(TOPIC, entry.project_id)
    return changed


@all_or_nothing
def answer_cost(*, entry: CostEntry, note: str, by: User | None) -> CostEntry:
    """
    Take back a cost that was reported: an entry of today answers it, and both stay.

    What it was known by elsewhere is free again, so that the posting can come another time.
    """
    if entry.source_id:
        change(
            entry,
            version=None,
            by=by,
            action="cost.changed",
            scope=entry.project,
            source="",
            source_id="",
        )
    return record_cost(
        project=entry.project,
        by=by,
        line=entry.line,
        kind=entry.kind,
        commitment=entry.commitment,
        entry_date=timezone.localdate(),
        amount=-entry.amount,
        note=note,
    )


def _commits_more(entry: CostEntry, wanted: CostEntry) -> bool:
    """True when a change makes a commitment of it, or a larger one; asked of the table."""
    if wanted.kind != CostKind.COMMITMENT or wanted.amount is None:
        return False
    saved = CostEntry.objects.get(pk=entry.pk)
    before = saved.amount if saved.kind == CostKind.COMMITMENT else Decimal()
    return bool(wanted.amount > before)


def _check_commitment(project: Project) -> None:
    """Refuse to commit money where something stands in the way; costs that arrive are booked."""
    if faults := commitment_faults(locked(project)):
        raise RefusalError(" ".join(faults))


def _check_line(project: Project, line: BudgetLine | None) -> None:
    if line is not None and line.project_id != project.pk:
        raise RefusalError("That budget line does not exist in this project.")


def _join_commitment(entry: CostEntry) -> None:
    """Book a payment on the line of its commitment; refuse one that does not fit it."""
    if entry.commitment_id is None or entry.amount is None or entry.entry_date is None:
        return
    commitments = CostEntry.objects.filter(project=entry.project_id).commitments()
    # locked alone: a grouped row cannot be, and two payments must not both take what is left
    CostEntry.objects.select_for_update(no_key=True).filter(pk=entry.commitment_id).first()
    commitment = commitments.filter(pk=entry.commitment_id).first()
    if commitment is None or commitment.pk == entry.pk:
        raise RefusalError("That commitment does not exist in this project.")
    if entry.line_id is None:
        entry.line = commitment.line
    elif entry.line_id != commitment.line_id:
        raise RefusalError(
            "The commitment is on another budget line; book the payment on its line."
        )
    if entry.entry_date < commitment.entry_date:
        raise RefusalError("The payment is dated before its commitment.")
    others = commitment.payments.exclude(pk=entry.pk).aggregate(sum=Sum("amount"))["sum"]
    left = commitment.amount - (others or Decimal())
    if entry.amount < left - commitment.amount:
        raise RefusalError("The credit is more than was paid against the commitment.")
    if entry.amount > left:
        raise RefusalError(
            f"Of the commitment {money_exact(left, organization().money)} is left. Raise the"
            " commitment, or book the rest as a cost of its own."
        )


def _check_payments(entry: CostEntry) -> None:
    """Refuse to make a commitment less than what was paid against it."""
    payments = entry.payments.aggregate(sum=Sum("amount"), first=Min("entry_date"))
    if payments["sum"] is None:
        return
    if entry.kind != CostKind.COMMITMENT or entry.payments.exclude(line=entry.line_id).exists():
        raise RefusalError("Payments are booked against this commitment; its kind and line stay.")
    if entry.amount is not None and entry.amount < payments["sum"]:
        paid = money_exact(payments["sum"], organization().money)
        raise RefusalError(f"{paid} was paid against this commitment; it cannot be less.")
    if entry.entry_date is not None and entry.entry_date > payments["first"]:
        raise RefusalError("A payment is dated before that day.")


@all_or_nothing
def make_forecast(
    *,
    project: Project,
    amount: Decimal | None,
    by: User | None,
    fiscal_year: int | None = None,
    stated_reason: str = "",
) -> ForecastEntry | None:
    """
    Append today's forecast, or return None when it says what the latest one says already.

    A forecast is made on the day it is recorded: dated earlier, it would show foresight nobody had.
    """
    entry = ForecastEntry(
        project=project, fiscal_year=fiscal_year, amount=amount, stated_reason=stated_reason
    )
    return _append(entry, made_on=timezone.localdate(), by=by)


@all_or_nothing
def import_forecast(
    *,
    project: Project,
    amount: Decimal | None,
    stated_on: date,
    by: User | None,
    fiscal_year: int | None = None,
    stated_reason: str = "",
    standing: ForecastEntry | Ask | None = ASK,
) -> ForecastEntry | None:
    """
    Append what a file says was forecast on an earlier day; the trail says when it came in.

    `standing` is the entry that stands on that day, for who has read it under the project's lock.
    """
    if stated_on > timezone.localdate():
        raise RefusalError("A forecast cannot be made on a day that is yet to come.")
    entry = ForecastEntry(
        project=project, fiscal_year=fiscal_year, amount=amount, stated_reason=stated_reason
    )
    return _append(entry, made_on=stated_on, by=by, standing=standing)


def _append(
    entry: ForecastEntry,
    *,
    made_on: date,
    by: User | None,
    standing: ForecastEntry | Ask | None = ASK,
) -> ForecastEntry | None:
    # one writer at a time, or both would find the same latest entry
    project = locked(entry.project)
    latest = standing
    if isinstance(latest, Ask):
        said = ForecastEntry.objects.filter(
            project=project, fiscal_year=entry.fiscal_year, made_on__lte=made_on
        )
        latest = said.order_by("-made_on", "-pk").first()
    if latest and (latest.amount, latest.stated_reason) == (entry.amount, entry.stated_reason):
        return None
    entry.made_on = made_on
    made = add(entry, by=by, action="forecast.made", scope=project)
    announce(TOPIC, project.pk)
    return made
