"""Who may decide a change, and why: for one page of changes in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page import formats
from pmo.organization.current import organization
from projects.domain.change_control import (
    DEFAULT_LIMITS,
    ApprovalLevel,
    Approved,
    ChangeEffect,
    Limit,
    LimitCheck,
    Verdict,
    who_decides,
)
from projects.domain.kinds import ChangeState
from projects.domain.office import BaselineRule
from projects.models import Baseline, ChangeRequest, Project, Tolerance
from projects.office import standings_of

NEEDED: dict[ApprovalLevel, Permission] = {
    ApprovalLevel.LEAD: Permission.CHANGE_DECIDE_ANY,
    ApprovalLevel.SPONSOR: Permission.CHANGE_DECIDE_LARGER,
    ApprovalLevel.MANAGER: Permission.CHANGE_DECIDE,
}
DECIDED = (ChangeState.APPROVED.value, ChangeState.IMPLEMENTED.value)
OWN_CHANGE = (
    "No one approves a change that he or she raised. Only in an emergency may the PMO lead do so."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """
    Who decides this change and why; `refusal` says in full why this reader does not, "" when he may.

    `is_own` says that the reader raised it, and for that alone may not decide.
    """

    level: ApprovalLevel
    reasons: list[str]
    refusal: str

    @property
    def is_own(self) -> bool:
        return self.refusal == OWN_CHANGE


def limits() -> dict[ApprovalLevel, Limit]:
    """Return the tolerances in force: those set, else the defaults."""
    rows = {row.level: Limit(row.cost_percent, row.days) for row in Tolerance.objects.all()}
    return {level: rows.get(level.value, default) for level, default in DEFAULT_LIMITS.items()}


def level_of(user: User, project: Project) -> ApprovalLevel | None:
    """Return the highest level on which this user decides here; None when on none."""
    held = (level for level, needed in NEEDED.items() if can(user, needed, project).allowed)
    return next(held, None)


def verdicts_of(changes: Iterable[ChangeRequest]) -> dict[int, Verdict]:
    """Return who decides each change that is assessed, by its id."""
    effects = {
        row.pk: (row.project_id, ChangeEffect(row.cost_effect, row.schedule_effect_days))
        for row in changes
        if row.cost_effect is not None and row.schedule_effect_days is not None
    }
    if not effects:
        return {}
    ids = {project for project, _ in effects.values()}
    first = Baseline.objects.filter(project__in=ids, number=1)
    budgets = dict(first.values_list("project_id", "budget_at_completion"))
    approved, in_force, standings = _approved(ids), limits(), standings_of(ids)
    return {
        own: who_decides(
            effect,
            budget=budgets.get(project),
            limits=in_force,
            approved=[done for pk, done in approved[project] if pk != own],
            rule=standings[project].rules.baseline,
        )._replace(office=standings[project].office)
        for own, (project, effect) in effects.items()
    }


def _approved(projects: Collection[int]) -> dict[int, list[tuple[int, Approved]]]:
    rows = ChangeRequest.objects.filter(project__in=projects, state__in=DECIDED).values_list(
        "project_id", "pk", "cost_effect", "schedule_effect_days", "decided_as", "baseline__number"
    )
    found: dict[int, list[tuple[int, Approved]]] = defaultdict(list)
    for project, pk, cost, days, level, version in rows:
        effect = ChangeEffect(cost or Decimal(), days or 0)
        found[project].append((pk, Approved(effect, ApprovalLevel(level), version)))
    return found


def ruling_for(change: ChangeRequest, user: User) -> Ruling | None:
    """Return who decides an assessed change, and whether this reader may; None before that."""
    verdict = verdicts_of([change]).get(change.pk)
    if verdict is None:
        return None
    return Ruling(
        level=verdict.level, reasons=reasons_of(verdict), refusal=refusal_of(change, user, verdict)
    )


def refusal_of(change: ChangeRequest, user: User, verdict: Verdict) -> str:
    """Say why this user may not decide; "" when he may."""
    level = level_of(user, change.project)
    if level is None or level.rank < verdict.level.rank:
        return f"This is for the {_named(verdict.level)} to decide. {' '.join(reasons_of(verdict))}"
    by_lead_in_emergency = change.is_emergency and level is ApprovalLevel.LEAD
    is_recorded = verdict.rule is BaselineRule.RECORDED
    if change.raised_by_id == user.pk and not (by_lead_in_emergency or is_recorded):
        return OWN_CHANGE
    return ""


def _named(level: ApprovalLevel) -> str:
    return level.label if level is ApprovalLevel.LEAD else level.label.lower()


def reasons_of(verdict: Verdict) -> list[str]:
    """Say for each level that was asked what its tolerance makes of the change, or whose rule it is."""
    if verdict.rule is BaselineRule.RECORDED:
        return [f"{verdict.office} lets the project manager record changes of the baseline."]
    if verdict.rule is BaselineRule.OFFICE:
        return [f"{verdict.office} approves every change of the baseline."]
    return [" ".join(_words(check)) for check in verdict.checks]


def _words(check: LimitCheck) -> Iterable[str]:
    name = f"The {_named(check.level)}"
    if check.fits:
        yield (
            f"{name} may approve up to {percent_words(check.limit.cost_percent)} of the first budget and"
            f" {_days(check.limit.days)}; this change stays within that."
        )
        return
    if not check.cost_fits:
        yield _cost_words(name, check)
    if not check.days_fit:
        before = f", with {_days(check.used.days)} approved before" if check.used.days else ""
        yield (
            f"{name} may move the finish by {_days(check.limit.days)}; this makes it"
            f" {_days(check.total.days)}{before}."
        )


def _cost_words(name: str, check: LimitCheck) -> str:
    if check.percent is None:
        return f"{name} approves a share of the first baseline's budget, and that holds no money."
    money = formats.money_exact(check.total.cost, organization().money)
    used = formats.money_exact(check.used.cost, organization().money)
    before = f", with {used} approved before" if check.used.cost else ""
    return (
        f"{name} may approve {percent_words(check.limit.cost_percent)} of the first budget; this makes it"
        f" {money}, {percent_words(check.percent)}{before}."
    )


def percent_words(value: Decimal) -> str:
    """Write a share in percent with its places only where it has any: "2%", "2.5%"."""
    text = formats.number(value, 2)
    return f"{text.rstrip('0').rstrip('.')}%"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"
