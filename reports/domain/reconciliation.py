"""
Where will the money land? One headline, and how every other figure leads to it, line by line.

The headline is the managers' forecast against the approved budget, over the projects that have both:
the management estimate at completion. Others say something else of the same projects: the approved
plan (budget at completion of the baseline, without the management reserve), the estimate at completion
calculated from earned value, and what is spent with the months to come. A walk leads from one figure to
another in steps: projects that only one of them holds, then the difference of those that both hold, by
cause. Each project is in one step of a walk (with a reserve in two), a step is the sum of its projects,
and start and steps add up to the end.

Source: the management estimate at completion is set against calculated ones, never replaced by them
(PMI, Practice Standard for Earned Value Management; GAO-20-195G, Cost Estimating and Assessment Guide,
"Earned Value Management"). Budget at completion and management reserve as in docs/numbers.md.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from pmo.common.folding import by_name

ZERO = Decimal()
SAME_TO = Decimal(1)  # months are rounded to the cent, one by one


class Basis(StrEnum):
    """What an amount is made of."""

    BUDGET = "approved_budget"
    PLAN = "approved_plan"
    FORECAST = "managers_forecast"
    CALCULATED = "calculated_landing"
    PHASED = "spent_and_to_come"


class StepKind(StrEnum):
    """Why two figures differ by a step; the value is what the API and the files say."""

    NO_FORECAST = "no_forecast"
    NOT_CALCULATED = "not_calculated"
    NOT_IN_START = "not_in_start"
    OVER_BUDGET = "forecast_over_budget"
    UNDER_BUDGET = "forecast_under_budget"
    RESERVE = "reserve_outside_plan"
    BUDGET_ABOVE_PLAN = "budget_above_plan"
    BUDGET_BELOW_PLAN = "budget_below_plan"
    CALCULATED_HIGHER = "calculated_higher"
    CALCULATED_LOWER = "calculated_lower"
    NO_MONTHS = "no_months_to_come"
    MONTHS_HIGHER = "months_higher"
    MONTHS_LOWER = "months_lower"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingAmounts:
    """One project's amounts; None is not known, and `why` says by basis why it is in no sum of that."""

    project: int
    code: str = ""
    name: str = ""
    budget: Decimal | None = None
    plan: Decimal | None = None
    forecast: Decimal | None = None
    calculated: Decimal | None = None
    phased: Decimal | None = None
    reserve: Decimal = ZERO  # of the baseline, outside the plan
    has_months: bool = False
    is_calculated: bool = False  # earned value has all it needs; plan and estimate are counted then
    why: Mapping[Basis, str] = field(default_factory=dict)

    def of(self, basis: Basis) -> Decimal | None:
        """Return the amount as a sum of this basis counts it; None where it does not."""
        if basis == Basis.FORECAST:
            return None if self.budget is None else self.forecast
        if basis in {Basis.PLAN, Basis.CALCULATED} and not self.is_calculated:
            return None
        amounts = {
            Basis.BUDGET: self.budget,
            Basis.PLAN: self.plan,
            Basis.CALCULATED: self.calculated,
            Basis.PHASED: self.phased,
        }
        return amounts[basis]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPart:
    """What one project adds to a step, between its two amounts."""

    one: LandingAmounts
    before: Decimal | None
    after: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Projects that differ for one reason, the largest first; `reason` is theirs where it was stated."""

    kind: StepKind
    parts: tuple[StepPart, ...]
    reason: str = ""

    @property
    def amount(self) -> Decimal:
        return sum((part.amount for part in self.parts), ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A figure, and of how many projects it is the sum."""

    basis: Basis
    amount: Decimal
    projects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """From one figure to another."""

    start: Level
    steps: tuple[Step, ...]
    end: Level

    @property
    def levels(self) -> list[Decimal]:
        """Return the running sum behind each step; the last is the end."""
        amounts = [self.start.amount, *(step.amount for step in self.steps)]
        return list(accumulate(amounts))[1:]


# in the order in which they are read: the headline first, then what is set against it
ROUTES: tuple[tuple[Basis, Basis], ...] = (
    (Basis.BUDGET, Basis.FORECAST),
    (Basis.BUDGET, Basis.PLAN),
    (Basis.FORECAST, Basis.CALCULATED),
    (Basis.FORECAST, Basis.PHASED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The walks that can be walked; `unknown` are the figures that no project here has."""

    projects: int
    walks: tuple[Walk, ...]
    unknown: tuple[Basis, ...]


def reconciled(rows: Iterable[LandingAmounts], *, bases: Sequence[Basis]) -> Reconciliation:
    """Lead the figures to the headline, over the projects that one reader may see."""
    found = list(rows)
    known = {basis for basis in bases if any(one.of(basis) is not None for one in found)}
    return Reconciliation(
        projects=len(found),
        walks=tuple(
            walked(found, start, end) for start, end in ROUTES if start in known and end in known
        ),
        unknown=tuple(basis for basis in bases if basis not in known),
    )


def walked(rows: Sequence[LandingAmounts], start: Basis, end: Basis) -> Walk:
    """Sort each project's difference under its reason."""
    parts: dict[tuple[StepKind, str], list[StepPart]] = defaultdict(list)
    for one in rows:
        before, after = one.of(start), one.of(end)
        if before is None and after is None:
            continue
        for kind, reason, amount in _differences(one, start, end, before, after):
            parts[kind, reason].append(StepPart(one=one, before=before, after=after, amount=amount))
    order = {kind: place for place, kind in enumerate(StepKind)}
    steps = [
        Step(kind=kind, reason=reason, parts=tuple(sorted(found, key=_largest)))
        for (kind, reason), found in parts.items()
    ]
    steps.sort(key=lambda step: (order[step.kind], -len(step.parts), step.reason))
    return Walk(start=_level(rows, start), steps=tuple(steps), end=_level(rows, end))


Difference = tuple[StepKind, str, Decimal]


def _differences(
    one: LandingAmounts, start: Basis, end: Basis, before: Decimal | None, after: Decimal | None
) -> list[Difference]:
    """Return why one project differs: one reason, or the reserve and one more."""
    if after is None:
        kind = StepKind.NO_FORECAST if end == Basis.FORECAST else StepKind.NOT_CALCULATED
        return [(kind, one.why.get(end, ""), -(before or ZERO))]
    if before is None:
        return [(StepKind.NOT_IN_START, one.why.get(start, ""), after)]
    return _BETWEEN[start, end](one, after - before)


def _by_sign(gap: Decimal, higher: StepKind, lower: StepKind) -> list[Difference]:
    if abs(gap) < SAME_TO:
        return [(StepKind.SAME, "", gap)]
    return [(higher if gap > 0 else lower, "", gap)]


def _over(_one: LandingAmounts, gap: Decimal) -> list[Difference]:
    return _by_sign(gap, StepKind.OVER_BUDGET, StepKind.UNDER_BUDGET)


def _outside_plan(one: LandingAmounts, gap: Decimal) -> list[Difference]:
    """A reserve was set aside with the baseline; what is left came since, or is in no plan."""
    rest = gap + one.reserve
    found = [(StepKind.RESERVE, "", -one.reserve)] if one.reserve else []
    if rest or not found:
        found += _by_sign(rest, StepKind.BUDGET_BELOW_PLAN, StepKind.BUDGET_ABOVE_PLAN)
    return found


def _calculated(_one: LandingAmounts, gap: Decimal) -> list[Difference]:
    return _by_sign(gap, StepKind.CALCULATED_HIGHER, StepKind.CALCULATED_LOWER)


def _phased(one: LandingAmounts, gap: Decimal) -> list[Difference]:
    if abs(gap) >= SAME_TO and not one.has_months:
        return [(StepKind.NO_MONTHS, "", gap)]
    return _by_sign(gap, StepKind.MONTHS_HIGHER, StepKind.MONTHS_LOWER)


_BETWEEN: Mapping[tuple[Basis, Basis], Callable[[LandingAmounts, Decimal], list[Difference]]] = {
    (Basis.BUDGET, Basis.FORECAST): _over,
    (Basis.BUDGET, Basis.PLAN): _outside_plan,
    (Basis.FORECAST, Basis.CALCULATED): _calculated,
    (Basis.FORECAST, Basis.PHASED): _phased,
}


def _largest(part: StepPart) -> tuple[Decimal, str, int]:
    return (-abs(part.amount), *by_name(part.one.name, part.one.project))


def _level(rows: Iterable[LandingAmounts], basis: Basis) -> Level:
    amounts = [amount for one in rows if (amount := one.of(basis)) is not None]
    return Level(basis=basis, amount=sum(amounts, ZERO), projects=len(amounts))
