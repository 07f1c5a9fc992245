"""The change log: what waits for whom and since when; and two versions of a baseline side by side."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Case, Count, F, Min, Q, QuerySet, Value, When

from pmo.accounts.models import marked
from pmo.accounts.roles import Role
from pmo.common.page import formats
from pmo.common.records.search import as_read
from projects.domain.baselining import Layers
from projects.domain.change_control import ApprovalLevel, approve_by, overdue_from
from projects.domain.comparing import ItemPair, MonthPair, compare_items, compare_months
from projects.domain.kinds import OPEN_CHANGES, BudgetKind, ChangeState, ReserveKind
from projects.models import (
    Baseline,
    BaselinePeriod,
    ChangeRequest,
    ChangeRequestQuerySet,
    Project,
    ProjectMember,
    ReserveMovement,
)
from projects.selectors.baselining import approved_budget, items_of
from projects.selectors.change_control import verdicts_of

OPEN, RAISED, ASSESSED, APPROVED, CLOSED = "", "raised", "assessed", "approved", "closed"
ENDED = tuple(state.value for state in ChangeState if state not in OPEN_CHANGES)
ROLES = {ApprovalLevel.MANAGER: Role.MANAGER, ApprovalLevel.SPONSOR: Role.SPONSOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One request; `waits_for` says what must happen next and by whom, "" once it is closed."""

    request: ChangeRequest
    age_days: int
    waits_for: str
    people: str
    approve_by: date | None  # of an emergency that nobody decided yet
    is_overdue: bool

    @property
    def age(self) -> str:
        """Say how long it has waited, or how long it took."""
        days = formats.count(self.age_days, "day")
        return f"{days} old" if self.request.is_open else f"took {days}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCounts:
    """Open is the sum of raised, assessed and approved; `oldest` counts days, None with none open."""

    open: int
    raised: int
    assessed: int
    approved: int
    closed: int
    overdue: int
    oldest: int | None

    @property
    def total(self) -> int:
        return self.open + self.closed


def window(name: str) -> Q:
    """Return the condition of one of the counts; what is open for a name that is none."""
    if name in (RAISED, ASSESSED, APPROVED):
        return Q(state=name)
    if name == CLOSED:
        return Q(state__in=ENDED)
    return Q(state__in=[state.value for state in OPEN_CHANGES])


def counts_of(changes: ChangeRequestQuerySet, *, today: date) -> ChangeCounts:
    late = Q(is_emergency=True, state__in=(RAISED, ASSESSED), raised_on__lte=overdue_from(today))
    found = changes.order_by().aggregate(
        raised=Count("pk", filter=window(RAISED)),
        assessed=Count("pk", filter=window(ASSESSED)),
        approved=Count("pk", filter=window(APPROVED)),
        closed=Count("pk", filter=window(CLOSED)),
        overdue=Count("pk", filter=late),
        oldest=Min("raised_on", filter=window(OPEN)),
    )
    oldest = found.pop("oldest")
    return ChangeCounts(
        **found,
        open=found["raised"] + found["assessed"] + found["approved"],
        oldest=(today - oldest).days if oldest else None,
    )


def in_order(changes: ChangeRequestQuerySet) -> ChangeRequestQuerySet:
    """Order what waits by age, the oldest first; what is closed follows, the latest first."""
    is_closed = Case(When(window(CLOSED), then=Value(1)), default=Value(0))
    ended = Case(When(window(CLOSED), then=F("raised_on")))
    return changes.order_by(is_closed, ended.desc(nulls_first=True), "raised_on", "pk")


def rows_of(changes: Iterable[ChangeRequest], *, today: date) -> list[ChangeLine]:
    """Return the rows of one page, in a fixed number of queries."""
    requests = list(changes)
    verdicts = verdicts_of(request for request in requests if request.state == ASSESSED)
    names = _names({request.project_id for request in requests})
    found = []
    for request in requests:
        verdict = verdicts.get(request.pk)
        waits_for, people = _next(request, verdict.level if verdict else None, names)
        is_waiting = request.is_emergency and request.state in (RAISED, ASSESSED)
        due = approve_by(request.raised_on) if is_waiting else None
        ended = None if request.is_open else request.withdrawn_on or request.decided_on
        found.append(
            ChangeLine(
                request=request,
                age_days=((ended or today) - request.raised_on).days,
                waits_for=waits_for,
                people=people,
                approve_by=due,
                is_overdue=due is not None and due < today,
            )
        )
    return found


Names = dict[tuple[int, Role], list[str]]


def _next(request: ChangeRequest, level: ApprovalLevel | None, names: Names) -> tuple[str, str]:
    manager = ", ".join(names.get((request.project_id, Role.MANAGER), []))
    if request.state == RAISED:
        return "To be assessed", manager
    if request.state == APPROVED:
        return "To be implemented", manager
    if request.state != ASSESSED or level is None:
        return "", ""
    role = ROLES.get(level)
    people = names.get((request.project_id, role), []) if role else []
    return f"{level.label} decides", ", ".join(people)


def _names(projects: Collection[int]) -> Names:
    rows = ProjectMember.objects.filter(project__in=projects, role__in=list(ROLES.values()))
    found: Names = defaultdict(list)
    columns = ("project_id", "role", "user__name", "user__is_active")
    for project, role, name, is_active in rows.order_by(*as_read("user__name", "pk")).values_list(
        *columns
    ):
        found[project, Role(role)].append(name if is_active else marked(name))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """What was set aside for a project, what was drawn and what is left, latest movement first."""

    kind: ReserveKind
    balance: Decimal
    movements: list[ReserveMovement]


def reserves_of(project: Project) -> list[Reserve]:
    rows = ReserveMovement.objects.filter(project=project).select_related(
        "change_request", "made_by"
    )
    by_kind: dict[str, list[ReserveMovement]] = defaultdict(list)
    for row in rows.order_by("-made_on", "-pk"):
        by_kind[row.reserve].append(row)
    return [
        Reserve(
            kind=kind,
            balance=sum((row.amount for row in by_kind[kind.value]), Decimal()),
            movements=by_kind[kind.value],
        )
        for kind in ReserveKind
    ]


def versions_of(project: Project) -> "QuerySet[Baseline]":
    rows = Baseline.objects.filter(project=project).select_related("approved_by", "change_request")
    return rows.order_by("-number")


def layers_in(baseline: Baseline) -> Layers:
    return Layers(
        distributed=baseline.distributed,
        undistributed=baseline.undistributed,
        contingency=baseline.contingency,
        management_reserve=baseline.management_reserve,
        includes_contingency=baseline.includes_contingency,
    )


def budget_gap(baseline: Baseline, *, as_of: date) -> Decimal:
    """Return what a version authorizes beyond the budget lines; 0 where either is not known."""
    authorized = layers_in(baseline).authorized
    approved = approved_budget(baseline.project, as_of=as_of)
    if authorized is None or approved is None:
        return Decimal()
    return authorized - approved


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    first: Baseline
    second: Baseline
    items: list[ItemPair]
    months: list[MonthPair]

    @property
    def days(self) -> int | None:
        """Calendar days that the finish moved, positive = later."""
        if self.first.finish is None or self.second.finish is None:
            return None
        moved: timedelta = self.second.finish - self.first.finish
        return moved.days

    @property
    def money(self) -> Decimal | None:
        """How the budget at completion moved; None where a version has none."""
        budgets = (self.first.budget_at_completion, self.second.budget_at_completion)
        return None if None in budgets else budgets[1] - budgets[0]

    @property
    def changed(self) -> list[ItemPair]:
        return [pair for pair in self.items if pair.differs]

    @property
    def moved_months(self) -> list[MonthPair]:
        return [pair for pair in self.months if pair.money]


def compare(first: Baseline, second: Baseline) -> Comparison:
    return Comparison(
        first=first,
        second=second,
        items=compare_items(items_of(first), items_of(second)),
        months=compare_months(months_of(first), months_of(second)),
    )


def months_of(baseline: Baseline) -> dict[tuple[date, BudgetKind], Decimal]:
    rows = BaselinePeriod.objects.filter(baseline=baseline).order_by("month", "kind")
    return {(row.month, BudgetKind(row.kind)): row.amount for row in rows}
