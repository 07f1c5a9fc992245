"""The sentences of baselines and change requests, in words that can be repeated."""

from decimal import Decimal
from typing import Any, NamedTuple

from pmo.common.page import formats
from pmo.organization.current import organization
from projects.models import Baseline, ChangeRequest
from projects.selectors.changes import ChangeCounts, ChangeLine, Comparison, layers_in

ASSESS = "To assess"
DECIDE = "To decide"
IMPLEMENT = "To implement"
RAISE_TITLE = "Raise a change request"
RAISE_NOTE = "For anything that changes the approved scope, finish or budget."
RAISE_CHANGE_REQUEST = "Raise change request"
CHANGE_RAISED = "Change request raised."
MAKE_BASELINE = "Make it the new baseline"
EDIT_CHANGE_REQUEST = "Edit change request"
SAVE_CHANGE_REQUEST = "Save change request"
CHANGE_SAVED = "Change request saved."
ASSESS_CHANGE = "Assess the change"
SAVE_ASSESSMENT = "Save assessment"
CHANGE_ASSESSED = "Change assessed."
DECIDE_CHANGE = "Decide the change"
SAVE_DECISION = "Save decision"
DECISION_SAVED = "Decision saved."
WITHDRAW_TITLE = "Withdraw the change request"
WITHDRAW_CHANGE_REQUEST = "Withdraw change request"
CHANGE_WITHDRAWN = "Change request withdrawn."
SET_NEW_BASELINE = "Set the new baseline"
NEW_BASELINE_SET = "New baseline set."

NOT_SAID = None  # the facts component writes "not recorded"


class RequestStep(NamedTuple):
    """One thing that happened to a request."""

    what: str
    who: str
    on: Any
    note: str = ""


def exact(value: Decimal | None, *, plus: bool = False) -> str:
    return formats.money_exact(value, organization().money, plus=plus)


def short(value: Decimal) -> str:
    return formats.money(value, organization().money)


def log_lede(counts: ChangeCounts) -> str:
    """Say how many requests wait, for what, and how long the oldest has waited."""
    if not counts.open:
        return "No change request is waiting."
    parts = (
        (counts.raised, "to be assessed"),
        (counts.assessed, "for a decision"),
        (counts.approved, "to be implemented"),
    )
    waits = ", ".join(f"{number:,} {what}" for number, what in parts if number)
    lede = f"{formats.count(counts.open, 'change request')} waiting: {waits}."
    if counts.oldest:
        lede = f"{lede} The oldest is {formats.count(counts.oldest, 'day')} old."
    if counts.overdue:
        overdue = formats.counted(
            counts.overdue,
            "1 emergency change was not approved within 5 working days.",
            "{n} emergency changes were not approved within 5 working days.",
        )
        lede = f"{lede} {overdue}"
    return lede


def project_lede(latest: Baseline | None, counts: ChangeCounts) -> str:
    if latest is None:
        return "This project has no baseline: nothing says what was approved."
    budget = latest.budget_at_completion
    money = f" and {short(budget)}" if budget is not None else ", without any money"
    lede = (
        f"Baseline {latest.number}, “{latest.name}”, of {formats.day(latest.approved_on)}: finish"
        f" {formats.day(latest.finish)}{money}."
    )
    return f"{lede} {log_lede(counts)}"


def gap_sentence(latest: Baseline, gap: Decimal) -> str:
    """Say how budget lines and baseline differ; "" when they agree."""
    if gap > 0:
        return f"{exact(gap)} of what baseline {latest.number} authorizes is in no budget line yet."
    if gap < 0:
        return (
            f"The budget lines hold {exact(-gap)} more than baseline {latest.number} authorizes. An"
            " approved change request brings it in."
        )
    return ""


def change_lede(row: ChangeLine) -> str:
    request = row.request
    if row.is_overdue:
        return (
            "This was done as an emergency and should have been approved by"
            f" {formats.day(row.approve_by)}."
        )
    if row.waits_for:
        age = formats.count(row.age_days, "day")
        who = f": {row.people}" if row.people else ""
        return f"{_effect(request)}{row.waits_for}{who}. Raised {age} ago."
    last = request.withdrawn_on or request.decided_on
    decided = f" on {formats.day(last)}" if last else ""
    return f"{request.get_state_display()}{decided}, {formats.count(row.age_days, 'day')} after it was raised."  # fmt: skip


def _effect(request: ChangeRequest) -> str:
    """Say in one sentence what the change does to money and finish; "" before it is assessed."""
    if request.assessed_on is None:
        return ""
    cost, days = request.cost_effect, request.schedule_effect_days
    parts = []
    if cost:
        word = "costs" if cost > 0 else "saves"
        parts.append(f"{word} {formats.money(abs(cost), organization().money)}")
    if days:
        parts.append(f"moves the finish {formats.moved(days)}")
    return f"It {' and '.join(parts) or 'changes neither the budget nor the finish'}. "


def effect_facts(request: ChangeRequest) -> list[tuple[str, Any]]:
    """Return the effects; what nobody assessed is None."""
    is_assessed = request.assessed_on is not None
    cost = exact(request.cost_effect, plus=True) if request.cost_effect else "no change"
    line = f" to “{request.budget_line}”" if request.budget_line else ""
    return [
        ("Scope", request.scope_effect),
        ("Finish", formats.moved(request.schedule_effect_days) if is_assessed else NOT_SAID),
        ("Cost", cost if is_assessed else NOT_SAID),
        ("Money", f"{request.get_funding_display()}{line}" if is_assessed else NOT_SAID),
        ("Benefits", request.benefit_effect),
        ("Quality and compliance", request.quality_effect),
    ]


def steps(request: ChangeRequest, baseline: Baseline | None) -> list[RequestStep]:
    """Return what happened to a request, the last thing first."""

    def named(person: Any) -> str:
        return str(person or "Rounds")

    found = [RequestStep("Raised", named(request.raised_by), request.raised_on)]
    if request.assessed_on:
        found.append(RequestStep("Assessed", named(request.assessed_by), request.assessed_on))
    if request.decided_on:
        word = "Rejected" if request.state == "rejected" else "Approved"
        by, note = named(request.decided_by), request.decision_note
        found.append(RequestStep(word, by, request.decided_on, note))
    if baseline:
        what = f"Implemented as baseline {baseline.number}"
        found.append(RequestStep(what, named(request.changed_by), baseline.approved_on))
    if request.withdrawn_on:
        by, note = named(request.withdrawn_by), request.withdrawal_reason
        found.append(RequestStep("Withdrawn", by, request.withdrawn_on, note))
    return found[::-1]


def layer_facts(baseline: Baseline) -> list[tuple[str, Any]]:
    """Return the budget in its layers, adding up to what is authorized."""
    layers = layers_in(baseline)
    if layers.authorized is None:
        return [("Authorized in all", NOT_SAID)]
    inside = "with" if baseline.includes_contingency else "without"
    return [
        ("Distributed budget", exact(layers.distributed)),
        ("Undistributed budget", exact(layers.undistributed)),
        ("Contingency", exact(layers.contingency)),
        ("Management reserve", exact(layers.management_reserve)),
        ("Authorized in all", exact(layers.authorized)),
        (f"Budget at completion, {inside} contingency", exact(layers.budget_at_completion)),
    ]


def comparison_lede(found: Comparison) -> str:
    """Say how finish and budget moved between two versions, and on how many pieces of work."""
    first, second = found.first.number, found.second.number
    if first == second:
        return "These are the same version."
    finish, money = found.days, found.money
    parts = [f"From baseline {first} to {second}"]
    if finish:
        parts.append(
            f"the finish moved to {formats.day(found.second.finish)}, {formats.moved(finish)}"
        )
    else:
        parts.append(f"the finish stays {formats.day(found.second.finish)}")
    if money:
        word = "rose" if money > 0 else "fell"
        parts.append(f"the budget {word} by {short(abs(money))}")
    elif money is not None:
        parts.append("the budget stays")
    lede = f"{parts[0]}, {' and '.join(parts[1:])}."
    return f"{lede} {_differing(found)}"


def _differing(found: Comparison) -> str:
    number = len(found.changed)
    if not number:
        return "No piece of work differs."
    of_all = formats.count(len(found.items), "piece")
    return formats.counted(
        number, f"1 of {of_all} of work differs.", f"{{n}} of {of_all} of work differ."
    )
