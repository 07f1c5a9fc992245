"""What has to be there before the forms of committees write, for the test that sends each twice."""

from datetime import timedelta

from django.utils import timezone

from portfolio.governance.models import AgendaItem, Condition, Minutes
from portfolio.governance.services import decisions, gate_work, meetings
from portfolio.governance.services.gates import GatePlan, lay_gates
from portfolio.services import add_project
from tests.factories import PortfolioFactory, ProjectFactory, UserFactory
from tests.portfolio.governance.scene import APPROVE, SEATS, Board, promise, with_conditions

SOON = timedelta(days=14)
# where all selects are filled in, both a committee and a person would decide
ALONE = {"recommended": "", "decider_person": ""}
BESIDE = {
    "governance:decision_edit": ALONE,
    "governance:decision_new": ALONE,
    "governance:decision_new_of_committee": ALONE,
    "governance:decision_new_of_project": ALONE,
    "governance:member_new": {"person": "li.wei@example.org"},
}


def today():
    return timezone.localdate()


def taken_up(*, votes=True, **fields):
    """An item of an open meeting; everybody present is for it."""
    board = Board()
    item = board.item(board.meeting(day=today()), board.asked(**fields))
    if votes:
        board.vote(item, **dict.fromkeys(SEATS, "yes"))
    return board, AgendaItem.objects.get(pk=item.pk)


def form_of(item, **said):
    return [item.pk], {"version": item.version} | said


def second_item():
    board, item = taken_up(votes=False)
    return [board.item(item.meeting, board.asked()).pk], {}


def votes():
    board, item = taken_up(votes=False)
    return form_of(item, **{f"v{board['CFO'].pk}": "yes"})


def own_vote(by):
    board, item = taken_up(votes=False)
    board.committee.members.create(person=by, since=today())
    meetings.note_attendance(
        meeting=item.meeting, version=None, by=by, presences={by.pk: meetings.Presence.PRESENT}
    )
    return [item.pk], {"choice": "yes"}


def interest():
    board, item = taken_up(votes=False)
    return form_of(item, person=board["CFO"].pk, text="Owns shares", is_recused="yes")


def ratified():
    board = Board()
    decision = decisions.decide_between_meetings(
        decision=board.asked(), version=None, by=board.office, on=today(),
        choices={board["CIO"].pk: "yes", board["CFO"].pk: "yes"}, ruling=APPROVE,
    )  # fmt: skip
    item = board.item(board.meeting(day=today() + SOON), decision)
    board.vote(item, **dict.fromkeys(SEATS, "yes"))
    return form_of(AgendaItem.objects.get(pk=item.pk), is_ratified="yes")


def kept_minutes(**said):
    board, item = taken_up(votes=False)
    meetings.close_meeting(meeting=item.meeting, version=None, by=board.office)
    later = board.meeting(day=today() + SOON)
    return [Minutes.objects.get(meeting=item.meeting).pk], {
        "version": 1,
        "meeting": later.pk,
    } | said


def condition(**said):
    board = Board()
    taken = decisions.take_decision(
        decision=board.asked(decider_committee=None, decider_person=UserFactory()), version=None,
        by=board.office, ruling=with_conditions(promise(board["COO"], days=4000)),
    )  # fmt: skip
    return [Condition.objects.get(decision=taken).pk], {"version": 1} | said


def agenda():
    board = Board()
    asked = board.asked()
    return [board.meeting(day=today(), is_open=False).pk], {"decision": asked.pk}


def action(by):
    board = Board()
    made = meetings.add_action(
        meeting=board.meeting(day=today()), by=by, text="Call", owner=by, due=today()
    )
    return [made.pk], {}


def lone():
    board = Board()
    asked = board.asked(decider_committee=None, decider_person=UserFactory())
    return [asked.pk], {"version": asked.version, "outcome": "approve", "reason": "It pays."}


def urgent():
    board = Board()
    asked = board.asked()
    approvers = [board["CIO"].pk, board["CFO"].pk]
    said = {"outcome": "approve", "reason": "It pays.", "approvers": approvers}
    return [asked.pk], {"version": asked.version} | said


def draft():
    board = Board()
    given = {"question": "Buy?", "options": [{"name": "A"}, {"name": "B", "is_nothing": True}]}
    made = decisions.raise_decision(
        by=board.office, decider_committee=board.committee, needed_by=today(), **given
    )
    return [made.pk], {}


def decided():
    board, item = taken_up()
    saved = board.decide(item)
    return [saved.pk], {"question": "Buy two?", "kind": "general"}


def laid(**portfolio):
    """A gate that waits for its review, with evidence to be given; of a portfolio with that kind of office."""
    project = ProjectFactory(stage="planning")
    if portfolio:
        add_project(portfolio=PortfolioFactory(**portfolio), project=project, by=None)
    return lay_gates(project=project, gates=[GatePlan("DB", stage="delivery")], by=None)[0]


def document(*, is_given=False):
    item = laid().evidence.get(kind="document")
    if is_given:
        shown = {"url": "https://docs.example.org/d", "revision": "1"}
        item = gate_work.give_evidence(item=item, version=None, by=None, **shown)
    return item


def directed():
    return laid(kind="directive").project


def held(by):
    return gate_work.hold_project(project=directed(), by=by, reason="Wait for the audit.")


GATES = {
    "governance:evidence_edit": lambda _r, _by: form_of(
        document(), url="https://docs.example.org/d", revision="1"
    ),
    "governance:evidence_new": lambda _r, _by: (
        [laid().pk],
        {"kind": "document", "name": "Sketch", "is_required": "on"},
    ),
    "governance:evidence_reopen": lambda _r, _by: ([document(is_given=True).pk], {}),
    "governance:gate_remove": lambda _r, _by: ([laid().pk], {}),
    "governance:gates_lay": lambda _r, _by: ([ProjectFactory(stage="planning").pk], {}),
    "governance:hold_lift": lambda _r, by: ([held(by).pk], {}),
    "governance:project_hold": lambda _r, _by: ([directed().pk], {"reason": "Wait."}),
    "governance:project_stop": lambda _r, _by: ([directed().pk], {"reason": "No money."}),
    "governance:review_ask": lambda _r, _by: (
        [laid().pk],
        {"decider_committee": Board().committee.pk, "needed_by": today().isoformat()},
    ),
}
THERE = {
    **GATES,
    "governance:meeting_open": lambda _r, _by: (
        [Board().meeting(day=today(), is_open=False).pk],
        {},
    ),
    "governance:action_done": lambda _r, by: action(by),
    "governance:condition_answer": lambda _r, _by: condition(evidence="AG-2211"),
    "governance:condition_close": lambda _r, _by: condition(action="met", evidence="AG-2211"),
    "governance:decision_ask": lambda _r, _by: draft(),
    "governance:decision_supersede": lambda _r, _by: decided(),
    "governance:decision_take": lambda _r, _by: lone(),
    "governance:decision_urgent": lambda _r, _by: urgent(),
    "governance:item_decide": lambda _r, _by: form_of(
        taken_up()[1], outcome="approve", reason="It pays."
    ),
    "governance:item_edit": lambda _r, _by: form_of(taken_up()[1], motion="Buy it now"),
    "governance:item_interest": lambda _r, _by: interest(),
    "governance:item_new": lambda _r, _by: agenda(),
    "governance:item_pass": lambda _r, _by: form_of(taken_up()[1], reason="Late."),
    "governance:item_ratify": lambda _r, _by: ratified(),
    "governance:item_remove": lambda _r, _by: ([taken_up(votes=False)[1].pk], {}),
    "governance:item_up": lambda _r, _by: second_item(),
    "governance:item_vote": lambda _r, by: own_vote(by),
    "governance:item_votes": lambda _r, _by: votes(),
    "governance:meeting_close": lambda _r, _by: ([taken_up(votes=False)[1].meeting_id], {}),
    "governance:minutes_approve": lambda _r, _by: kept_minutes(),
    "governance:minutes_correct": lambda _r, _by: kept_minutes(correction="The CNO left."),
    "governance:paper_new": lambda _r, _by: (
        [taken_up()[1].pk],
        {"title": "Case", "revision": "1"},
    ),
}
