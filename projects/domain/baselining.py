"""
What a baseline holds: which dates, how much money on what, and in which months.

The layers are those of EIA-748 with contingency beside them: what is authorized is the distributed and
the undistributed budget, the contingency and the management reserve. The budget at completion is the
first two, and the contingency where the project says so; the management reserve never is in it.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from projects.domain.kinds import BudgetKind, EarningMethod, EarnsBy, TaskKind

ZERO = Decimal()
CENT = Decimal("0.01")
WHOLE = "The whole project"
EARLIEST, LATEST = 1900, 2200  # years; whatever lies outside is a slip of the finger
# counts the working days from one date to another, both included
Count = Callable[[date, date], int]


class BaseliningError(Exception):
    """No baseline can be made of this plan; the text is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A task or milestone as a baseline freezes it. Only what earns has an amount."""

    name: str
    kind: TaskKind = TaskKind.WORK
    task: int | None = None
    milestone: int | None = None
    position: int = 0
    outline: str = ""
    is_summary: bool = False
    is_done: bool = False
    start: date | None = None
    finish: date | None = None
    duration: int = 0
    calendar: str = ""
    earning: EarningMethod = EarningMethod.PERCENT
    weight: int = 1
    amount: Decimal | None = None
    steps: Sequence[tuple[int, int]] = ()  # id and weight of each, where it earns by steps
    money: BudgetKind | None = None  # None is split as the approved budget is

    @property
    def key(self) -> tuple[str, int]:
        """Return what tells that an item of another version is the same piece of work."""
        if self.task is not None:
            return "task", self.task
        return ("milestone", self.milestone) if self.milestone is not None else ("project", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Where the authorized money is. `distributed` is None where no money is approved at all."""

    distributed: Decimal | None = None
    undistributed: Decimal = ZERO
    contingency: Decimal = ZERO
    management_reserve: Decimal = ZERO
    includes_contingency: bool = False

    @property
    def budget_at_completion(self) -> Decimal | None:
        if self.distributed is None:
            return None
        work = self.distributed + self.undistributed
        return work + self.contingency if self.includes_contingency else work

    @property
    def authorized(self) -> Decimal | None:
        """Return distributed and undistributed budget, contingency and management reserve."""
        if self.distributed is None:
            return None
        return self.distributed + self.undistributed + self.contingency + self.management_reserve


def check_span(days: Iterable[date | None]) -> None:
    """Raise BaseliningError for a date from which months could not be counted in reasonable time."""
    if any(day and not EARLIEST <= day.year <= LATEST for day in days):
        raise BaseliningError(
            f"A baseline lies between {EARLIEST} and {LATEST}. Look for a start, a finish or a task"
            " that is far too early or too late."
        )


def whole_until(items: Iterable[Item], finish: date) -> list[Item]:
    """Let the item that stands for the whole project end with it."""
    return [replace(i, finish=finish) if i.key[0] == "project" else i for i in items]


def earns_by(items: Iterable[Item]) -> EarnsBy:
    """Choose what earns: tasks that cost something, else milestones, else percent complete."""
    kept = list(items)
    if any(item.task is not None and item.amount for item in kept):
        return EarnsBy.TASKS
    if any(item.milestone is not None for item in kept):
        return EarnsBy.MILESTONES
    return EarnsBy.PERCENT


def shares(amount: Decimal, weights: Sequence[int | Decimal]) -> list[Decimal]:
    """Divide to the cent by weight, adding up exactly; the weights are not all 0."""
    total = sum(weights)
    found, before = [], ZERO
    for weight in accumulate(weights):
        by = (amount * weight / total).quantize(CENT)
        found.append(by - before)
        before = by
    return found


def months(start: date, finish: date) -> Iterator[tuple[date, date]]:
    """Yield first and last day of each month that the dates touch."""
    month = start.replace(day=1)
    while month <= finish:
        last = month.replace(day=monthrange(month.year, month.month)[1])
        yield month, last
        month = last + timedelta(days=1)


def spread(amount: Decimal, start: date | None, finish: date, count: Count) -> dict[date, Decimal]:
    """
    Divide an amount into months, evenly over its working days; the months add up to the cent.

    All of it falls into the month of the finish where there is no start or no working day.
    """
    total = count(start, finish) if start else 0
    if start is None or not total:
        return {finish.replace(day=1): amount}
    found, before = {}, ZERO
    for month, last in months(start, finish):
        by = (amount * count(start, min(last, finish)) / total).quantize(CENT)
        if by != before:
            found[month] = by - before
        before = by
    return found


def periods(
    items: Iterable[Item], *, finish: date, counts: Mapping[str, Count], capital: Decimal
) -> dict[tuple[date, BudgetKind], Decimal]:
    """
    Return the planned money by month and kind. `counts` holds each calendar's by the key of an item.

    `capital` is the share, 0 to 1, of an item whose own kind of money is not known.
    """
    found: dict[tuple[date, BudgetKind], Decimal] = defaultdict(Decimal)
    for item in items:
        if not item.amount:
            continue
        share = {BudgetKind.CAPITAL: Decimal(1), BudgetKind.OPERATING: ZERO, None: capital}
        parts = shares(item.amount, [share[item.money], 1 - share[item.money]])
        for kind, part in zip(BudgetKind, parts, strict=True):
            if part:
                last = item.finish or finish
                for month, money in spread(part, item.start, last, counts[item.calendar]).items():
                    found[month, kind] += money
    return {key: found[key] for key in sorted(found)}


def distribute(
    items: Sequence[Item], work: Decimal | None, kept: Mapping[tuple[str, int], Decimal]
) -> list[Item]:
    """
    Give the items the money they earn, out of the budget for work (None: nobody approved any).

    Tasks bring their own, milestones share by weight; what is done keeps what it had in the version
    before (`kept`). A project with neither earns as a whole.
    """
    by = earns_by(items)
    if by is EarnsBy.TASKS:
        return [replace(i, amount=kept.get(i.key, i.amount)) if i.is_done else i for i in items]
    if work is None:
        return list(items)
    earning = [item for item in items if item.milestone is not None or by is EarnsBy.PERCENT]
    settled = {i.key: kept[i.key] for i in earning if i.is_done and i.key in kept}
    open_ones = [item for item in earning if item.key not in settled]
    rest = work - sum(settled.values(), ZERO)
    if rest < 0:
        raise BaseliningError("The milestones that are done are worth more than the new budget.")
    parts = shares(rest, [item.weight for item in open_ones]) if open_ones else []
    amounts = settled | {i.key: part for i, part in zip(open_ones, parts, strict=True)}
    return [replace(item, amount=amounts.get(item.key)) for item in items]


def layers_of(
    items: Iterable[Item],
    *,
    work: Decimal | None,
    contingency: Decimal,
    management_reserve: Decimal,
    includes_contingency: bool,
) -> Layers:
    """Sort the money into its layers; raises BaseliningError where the items cost more than `work`."""
    amounts = [item.amount for item in items if item.amount is not None]
    distributed = sum(amounts, ZERO) if amounts or work is not None else None
    rest = ZERO if work is None or distributed is None else work - distributed
    if rest < 0:
        raise BaseliningError(
            f"The tasks cost {distributed:,.2f}, but the approved budget without its reserves is"
            f" {work:,.2f}. Lower the planned costs or have more money approved."
        )
    return Layers(
        distributed=distributed,
        undistributed=rest,
        contingency=contingency,
        management_reserve=management_reserve,
        includes_contingency=includes_contingency,
    )


def moved(forecast: date | None, before: date | None, days: int) -> date | None:
    """
    Return the date of a new version: the forecast, but no further from the old than was approved.

    So a slip that nobody approved stays a slip. `days` is negative for an earlier finish.
    """
    if forecast is None or before is None:
        return before or forecast
    approved = before + timedelta(days=days)
    return min(max(forecast, min(before, approved)), max(before, approved))


def redate(
    items: Iterable[Item], before: Mapping[tuple[str, int], Item], *, days: int, finish: date
) -> list[Item]:
    """Date a new version's items: done ones as they were, others by `moved`, new ones by `finish`."""
    found = []
    for item in items:
        old = before.get(item.key)
        if old is None:
            last = min(item.finish, finish) if item.finish else None
            first = min(item.start, last) if item.start and last else item.start
        else:
            scope = 0 if item.is_done else days
            first = moved(item.start, old.start, scope)
            last = moved(item.finish, old.finish, scope)
            if last and not item.is_done:
                last = min(last, finish)
                first = min(first, last) if first else None
        found.append(replace(item, start=first, finish=last))
    return found
