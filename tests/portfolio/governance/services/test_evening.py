"""
One evening of a committee: twelve items, nine members, two recusals, a quorum lost, an emergency.

Who is there and who votes how is the script; what becomes of each item is worked out by hand.
"""

from datetime import date
from decimal import Decimal

import pytest

from pmo.accounts.roles import Role
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError
from portfolio.governance.domain.kinds import DecisionKind
from portfolio.governance.models import Decision
from portfolio.governance.selectors.register import late_days, ratification_of
from portfolio.governance.services import decisions, items, meetings
from tests.factories import MemberFactory, ProjectFactory
from tests.portfolio.governance.scene import (
    APPROVE,
    EVENING,
    REJECT,
    STOP,
    Board,
    deferred,
    promise,
    with_conditions,
)

pytestmark = pytest.mark.django_db
# six of nine: CIO, CMIO, CFO, COO, CMO and the physician
THERE = ("CIO", "CMIO", "CFO", "COO", "CMO", "Physician")
THREE_TWO = {"CMIO": "yes", "CFO": "yes", "COO": "yes", "CMO": "no", "Physician": "no"}
ALL_YES = dict.fromkeys(THERE, "yes")


def first_hour(board, item):
    # 1: everybody is for it
    board.vote(item[0], **ALL_YES)
    board.decide(item[0])
    # 2: the CIO is recused; five are quorate, three to two carry it with two conditions
    board.recuse(item[1], "CIO")
    with pytest.raises(RefusalError, match="CIO Person is recused"):
        board.vote(item[1], CIO="yes")
    board.vote(item[1], **THREE_TWO)
    owner = board["COO"]
    board.decide(item[1], with_conditions(promise(owner), promise(owner, text="Contract signed")))
    # 3: the CFO is recused; whatever the count, there is no quorum
    board.recuse(item[2], "CFO")
    board.vote(item[2], CIO="yes", CMIO="yes", COO="yes", CMO="yes", Physician="yes")
    with pytest.raises(RefusalError, match="Not quorate: CFO is not there"):
        board.decide(item[2])
    items.pass_over(item=item[2], version=None, by=board.secretary)
    # 4: three to three is a tie, and a tie is no approval
    board.vote(item[3], CIO="yes", CMIO="yes", CFO="yes", COO="no", CMO="no", Physician="no")
    with pytest.raises(RefusalError, match="a tie is not an approval"):
        board.decide(item[3])
    board.decide(item[3], REJECT)
    # 5: deferred with a new day and what is missing
    board.decide(item[4], deferred(date(2026, 4, 13)))


def second_hour(board, item, withdrawn):
    # 6: four against two
    board.vote(item[5], **THREE_TWO | {"COO": "no", "CIO": "no"})
    board.decide(item[5], REJECT)
    # 7: two abstain, two are for, one against
    board.vote(item[6], CIO="abstain", CMIO="abstain", CFO="yes", COO="yes", CMO="no")
    board.decide(item[6])
    # 8: everybody is against it, and the committee ends it
    board.vote(item[7], **dict.fromkeys(THERE, "no"))
    board.decide(item[7], STOP)
    # 9: withdrawn by the office while the meeting runs
    decisions.withdraw_decision(
        decision=Decision.objects.get(pk=withdrawn.pk),
        version=None,
        by=board.office,
        reason="Bought.",
    )


def last_hour(board, item):
    # 10: a go/no-go; five to one, but the one is the CMO
    board.vote(item[9], **ALL_YES | {"CMO": "no"})
    with pytest.raises(RefusalError, match="CMO said no, and that stops a go-live"):
        board.decide(item[9])
    board.decide(item[9], STOP)
    # 11: the CMIO runs the project: five count, and the sponsor's yes is not the only one
    with pytest.raises(RefusalError, match="CMIO Person runs the project"):
        board.vote(item[10], CMIO="yes")
    board.vote(item[10], CIO="yes", CFO="yes", COO="yes", CMO="no")
    board.decide(item[10])
    # 12: what was decided between meetings is ratified
    board.vote(item[11], **ALL_YES)
    items.ratify_item(item=item[11], version=None, by=board.secretary, is_ratified=True)


def test_a_committee_evening():
    board = Board()
    project = ProjectFactory(is_confidential=True)
    MemberFactory(project=project, user=board["CMIO"], role=Role.MANAGER)
    MemberFactory(project=project, user=board["COO"], role=Role.SPONSOR)
    names = [f"Request {n}" for n in range(1, 13)]
    asked = [board.asked(name) for name in names[:9]]
    asked.append(board.asked(names[9], kind=DecisionKind.GO_NO_GO.value))
    asked.append(board.asked(names[10], project=project, kind=DecisionKind.GATE.value))
    urgent = board.asked(names[11])
    decisions.decide_between_meetings(
        decision=urgent,
        version=None,
        by=board.secretary,
        choices={board["CIO"].pk: "yes", board["CFO"].pk: "yes"},
        ruling=APPROVE,
        on=date(2026, 3, 9),
    )
    evening = board.meeting(THERE)
    item = [board.item(evening, one) for one in [*asked, urgent]]

    first_hour(board, item)
    second_hour(board, item, withdrawn=asked[8])
    last_hour(board, item)
    meetings.close_meeting(meeting=evening, version=None, by=board.secretary)

    found = list(evening.items.order_by("position").values_list("result", "decision__outcome"))
    assert found == [
        ("decided", "approve"),
        ("decided", "approve_conditions"),
        ("not_quorate", ""),
        ("decided", "reject"),
        ("deferred", "defer"),
        ("decided", "reject"),
        ("decided", "approve"),
        ("decided", "stop"),
        ("withdrawn", ""),
        ("decided", "stop"),
        ("decided", "approve"),
        ("ratified", "approve"),
    ]
    second = Decision.objects.get(pk=asked[1].pk)
    assert [second.counted[key] for key in ("present", "yes", "no")] == [5, 3, 2]
    assert list(second.conditions.order_by("position").values_list("text", "blocks", "state")) == [
        ("Privacy review", "spend", "open"),
        ("Contract signed", "spend", "open"),
    ]
    # needed by 2 March, decided on 16 March: ten working days at 4,200
    assert (late_days(second, EVENING), second.delay_cost * 10) == (10, Decimal(42000))
    assert Decision.objects.get(pk=asked[2].pk).state == "asked"
    assert ratification_of(Decision.objects.get(pk=urgent.pk), EVENING).value == "ratified"
    assert [len(one["votes"]) for one in evening.minutes.get().content["items"]] == [
        6, 5, 5, 6, 0, 6, 5, 6, 0, 6, 4, 6,
    ]  # fmt: skip
    assert audit.faults() == []
