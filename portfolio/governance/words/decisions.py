"""What the register of decisions tells, in sentences that can be repeated."""

from datetime import date
from typing import NamedTuple

from django.utils import timezone

from pmo.common.page import formats
from pmo.common.page.formats import counted, day
from pmo.organization.current import organization
from portfolio.governance.domain.delay import Ratified, ratify_by
from portfolio.governance.domain.kinds import ConditionState, DecisionState
from portfolio.governance.models import AgendaItem, Condition, Decision
from portfolio.governance.selectors.pages import RegisterRow
from portfolio.governance.selectors.register import ConditionCounts, RegisterCounts

DECISIONS = "Decisions"
RAISE = "Raise a decision"
DECISION_RAISED = "Draft saved. Ask for the decision when it is whole."
EDIT = "Edit decision"
SAVE = "Save decision"
DECISION_SAVED = "Decision saved."
ASK = "Ask for the decision"
DECISION_ASKED = "The decision is asked for."
WITHDRAW = "Withdraw"
WITHDRAW_TITLE = "Withdraw this decision"
DECISION_WITHDRAWN = "Decision withdrawn."
TAKE = "Decide"
DECISION_TAKEN = "Decision recorded."
URGENT = "Decide between meetings"
URGENT_NOTE = (
    "Two members approve: one is the chair or a deputy, the other an executive. The committee"
    " ratifies within 30 days, or new commitments are refused."
)
SUPERSEDE = "Ask anew"
ANSWER = "Add evidence"
EVIDENCE_SAVED = "Evidence saved. Another person verifies it."
CLOSE_CONDITION = "Verify or waive"
CONDITION_CLOSED = "Condition closed."


def register_lede(counts: RegisterCounts) -> str:
    """Say how many decisions wait, and how many are overdue."""
    if not counts.total:
        return "No decision is recorded yet."
    if not counts.waiting:
        return "No decision waits."
    waiting = counted(counts.waiting, "1 decision waits", "{n} decisions wait")
    if not counts.overdue:
        return f"{waiting}, none overdue."
    return f"{waiting}, {counts.overdue} of them overdue."


def conditions_lede(counts: ConditionCounts) -> str:
    if not counts.total:
        return "No condition was ever set."
    if not counts.open:
        return "No condition is open."
    is_open = counted(counts.open, "1 condition is open", "{n} conditions are open")
    return f"{is_open}, {counts.overdue or 'none'} overdue."


def decision_lede(row: RegisterRow, conditions: list[Condition], today: date) -> str:
    """Say what was decided and why, or what is asked and since when it is overdue."""
    one = row.decision
    if one.state == DecisionState.DRAFT:
        return "A draft, not asked yet."
    if one.state == DecisionState.WITHDRAWN:
        return f"Withdrawn: {one.reason}"
    if one.is_waiting:
        return _waiting_lede(row)
    said = f"{one.get_outcome_display()} on {day(one.decided_on)}: {one.reason}"
    if one.state == DecisionState.SUPERSEDED:
        return f"Superseded by a later decision. {said}"
    overdue = sum(condition.is_overdue(today) for condition in conditions)
    if overdue:
        said += counted(overdue, " 1 condition is overdue.", " {n} conditions are overdue.")
    return said


def _waiting_lede(row: RegisterRow) -> str:
    one = row.decision
    said = f"{one.decider} decides by {day(one.needed_by)}."
    if one.state == DecisionState.DEFERRED:
        said = f"Deferred: {one.missing} {said}"
    if row.late:
        said += f" {late_words(row)}"
    return said


def late_words(row: RegisterRow) -> str:
    """Say how late a decision is, or was, and what that costs."""
    if not row.late:
        return "On time"
    days = counted(row.late, "1 working day late", "{n} working days late")
    if row.cost is not None:
        return f"{days}, {formats.money(row.cost, organization().money)}"
    return f"{days}. {row.decision.delay_harm}".strip()


def ratified_words(row: RegisterRow) -> str:
    """Say how a decision between meetings stands; "" for others."""
    one = row.decision
    if row.ratified is None or one.decided_on is None:
        return ""
    if row.ratified is Ratified.WAITING:
        return f"To be ratified by {day(ratify_by(one.decided_on))}"
    if row.ratified is Ratified.LAPSED:
        return "Unratified: new commitments are refused"
    return row.ratified.label


def decision_facts(row: RegisterRow) -> list[tuple[str, str]]:
    one = row.decision
    sign = organization().money
    facts = [
        ("Decides", str(one.decider) if one.decider else "No decider yet"),
        ("Needed by", day(one.needed_by) if one.needed_by else ""),
        ("Asked on", day(one.asked_on) if one.asked_on else "Not asked yet"),
    ]
    if one.decided_on:
        facts.append(("Decided on", day(one.decided_on)))
    if one.asked_on:
        facts.append(("Delay", late_words(row)))
    if one.delay_cost is not None:
        facts.append(("Cost of a working day", formats.money(one.delay_cost, sign)))
    elif one.delay_harm:
        facts.append(("Harm of delay", one.delay_harm))
    if one.amount is not None:
        facts.append(("Amount", formats.money(one.amount, sign)))
    if said := ratified_words(row):
        facts.append(("Between meetings", said))
    if one.counted.get("is_quorate") is not None:
        kept = one.counted
        facts.append(("Vote", f"{kept['yes']} yes, {kept['no']} no, {kept['abstain']} abstain"))
    facts += [("Consulted", _line(one.consulted)), ("Informed", _line(one.informed))]
    return [(label, value) for label, value in facts if value]


def _line(text: str) -> str:
    return ", ".join(part.strip() for part in text.splitlines() if part.strip())


class HistoryStep(NamedTuple):
    """What happened to a decision, when, and what was said; `url` is "" where the reader has no page for it."""

    what: str
    on: date
    note: str = ""
    url: str = ""


def history(decision: Decision, items: list[AgendaItem], seen: set[int]) -> list[HistoryStep]:
    """Return what happened, newest first; `seen` are the committees that the reader may open."""
    drafted = timezone.localtime(decision.created_at).date()
    steps = []
    if decision.asked_on is None or drafted <= decision.asked_on:  # else it was written down later
        steps.append(HistoryStep("Drafted", drafted))
    if decision.asked_on:
        steps.append(HistoryStep("Asked", decision.asked_on))
    for item in items:
        url = item.meeting.get_absolute_url() if item.meeting.committee_id in seen else ""
        what = f"{item.meeting.committee}: {item.get_result_display().lower()}"
        if not item.is_over:
            what = f"On the agenda of {item.meeting.committee}"
        steps.append(HistoryStep(what, item.meeting.day, item.reason, url))
    if decision.decided_on and decision.meeting is None:
        where = "Approved between meetings" if decision.is_out_of_cycle else "Decided"
        steps.append(HistoryStep(where, decision.decided_on, decision.reason))
    in_order = sorted(enumerate(steps), key=lambda one: (one[1].on, one[0]), reverse=True)
    return [step for _, step in in_order]


def conditions_title(conditions: list[Condition], today: date) -> str:
    """Say how the conditions of a decision stand."""
    if not conditions:
        return "Decided without conditions"
    met = sum(one.state == ConditionState.MET for one in conditions)
    overdue = sum(one.is_overdue(today) for one in conditions)
    said = f"{met} of {counted(len(conditions), '1 condition', '{n} conditions')} met"
    return f"{said}, {overdue} overdue" if overdue else said
