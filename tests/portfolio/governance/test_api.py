"""A meeting over the API from plan to minutes, and what each reader finds of committees."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from pmo.accounts.roles import Role
from portfolio.governance.models import AgendaItem, Condition, Decision, Meeting, Minutes
from portfolio.governance.services import meetings
from tests.factories import ProjectFactory, person
from tests.portfolio.governance.scene import (
    OPTIONS,
    SEATS,
    Board,
    promise,
    with_conditions,
)

pytestmark = pytest.mark.django_db


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def post(client, path, **body):
    return client.post(f"/api/v1/{path}/", body, format="json")


def test_a_secretary_runs_a_meeting_from_plan_to_minutes():
    board, today = Board(), timezone.localdate()
    client = api(board.secretary)
    asked = post(
        client, "decisions", question="Buy?", options=OPTIONS, recommended=0,
        decider_committee=board.committee.pk, needed_by=f"{today}",
    )  # fmt: skip
    assert asked.status_code == 201, asked.data
    pk = asked.data["id"]
    post(client, f"decisions/{pk}/ask", version=1)
    planned = post(client, "meetings", committee=board.committee.pk, day=f"{today}")
    meeting = planned.data["id"]
    item = post(client, "agenda-items", meeting=meeting, decision=pk).data["id"]
    post(client, f"meetings/{meeting}/open", version=1)
    there = [{"person": board[seat].pk, "presence": "present"} for seat in SEATS]
    post(client, f"meetings/{meeting}/attendance", version=2, attendance=there)
    post(client, f"agenda-items/{item}/interest", version=1, person=board["CISO"].pk, text="Shares")
    votes = [{"person": board[seat].pk, "choice": "yes"} for seat in ("CFO", "CMO")]
    post(client, f"agenda-items/{item}/votes", version=2, votes=votes)
    own = post(api(board["CNO"]), f"agenda-items/{item}/vote", choice="no")
    condition = {"text": "Review", "owner": board["COO"].pk, "due": f"{today + timedelta(days=9)}"}
    refused = post(client, f"agenda-items/{item}/decide", version=3, outcome="reject", reason="No.")
    decided = post(
        client, f"agenda-items/{item}/decide", version=3, outcome="approve_conditions",
        reason="It pays.", conditions=[condition],
    )  # fmt: skip
    closed = post(client, f"meetings/{meeting}/close", version=3)

    assert (asked.status_code, own.status_code, closed.status_code) == (201, 200, 200)
    assert (refused.status_code, refused.data["detail"]) == (
        409, "The votes approve it (2 yes, 1 no), so it cannot be rejected or stopped.",
    )  # fmt: skip
    assert decided.data["result"] == "decided"
    assert client.get(f"/api/v1/decisions/{pk}/").data["outcome"] == "approve_conditions"
    content = client.get(f"/api/v1/minutes/{Minutes.objects.get().pk}/").data["content"]
    assert [one["question"] for one in content["items"]] == ["Buy?"]


def decided(board, **fields):
    item = board.item(board.meeting(), board.asked(**fields))
    board.vote(item, **dict.fromkeys(SEATS, "yes"))
    board.decide(item, with_conditions(promise(board["COO"])))
    meetings.add_action(
        meeting=item.meeting,
        by=None,
        text="Call",
        owner=board["CFO"],
        due=item.meeting.day,
        item=item,
    )
    meetings.close_meeting(meeting=item.meeting, version=None, by=board.secretary)
    return item


def test_conditions_are_answered_and_closed():
    board = Board()
    decided(board)
    pk = Condition.objects.get().pk

    answered = post(api(board["COO"]), f"conditions/{pk}/answer", version=1, evidence="AG-2211")
    closed = post(api(board.office), f"conditions/{pk}/close", version=2, state="met")

    assert (answered.status_code, closed.data["state"]) == (200, "met")


@pytest.mark.parametrize("is_hidden", [False, True])
def test_what_is_put_before_a_committee_is_found_by_its_members_and_by_no_other(is_hidden):
    board = Board()
    decided(board, project=ProjectFactory(is_confidential=is_hidden))
    names = ("decisions", "agenda-items", "conditions", "meeting-actions")

    def found(user):
        return [len(api(user).get(f"/api/v1/{name}/").data["results"]) for name in names]

    assert found(board["CNO"]) == [1, 1, 1, 1]
    assert found(person(Role.PMO_LEAD)) == [1, 1, 1, 1]
    assert found(person(Role.EXECUTIVE)) == ([0] * 4 if is_hidden else [1] * 4)
    assert found(person(Role.STAFF)) == [0, 0, 0, 0]


def test_a_member_records_nothing_and_a_reader_votes_nowhere():
    board = Board()
    item = board.item(board.meeting(), board.asked())
    base = f"agenda-items/{item.pk}"
    vote = {"version": 1, "votes": [{"person": board["CFO"].pk, "choice": "yes"}]}

    answers = [
        post(api(board["CNO"]), f"{base}/votes", **vote),
        post(api(person(Role.EXECUTIVE)), f"{base}/vote", choice="yes"),
        post(api(board["CNO"]), f"meetings/{item.meeting_id}/close", version=1),
        post(api(person(Role.STAFF)), f"{base}/vote", choice="yes"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 404]
    assert (item.votes.count(), Meeting.objects.get().state) == (0, "open")


def test_two_members_approve_between_meetings_and_one_person_decides_alone():
    board, chief = Board(), person(Role.EXECUTIVE)
    urgent = board.asked()
    alone = board.asked(decider_committee=None, decider_person=chief)
    ruling = {"outcome": "approve", "reason": "It pays.", "version": 2}

    few = post(api(board.secretary), f"decisions/{urgent.pk}/decide-between-meetings",
               approvers=[board["CFO"].pk], **ruling)  # fmt: skip
    both = post(api(board.secretary), f"decisions/{urgent.pk}/decide-between-meetings",
                approvers=[board["CIO"].pk, board["CFO"].pk], **ruling)  # fmt: skip
    other = post(api(board["CNO"]), f"decisions/{alone.pk}/decide", **ruling)
    taken = post(api(chief), f"decisions/{alone.pk}/decide", **ruling)

    assert [one.status_code for one in (few, both, other, taken)] == [409, 200, 404, 200]
    assert Decision.objects.filter(state="decided").count() == 2
    assert AgendaItem.objects.count() == 0


def test_an_agenda_is_made_over_the_api_as_on_its_pages():
    board = Board()
    meeting = board.meeting(is_open=False)
    first, second = board.item(meeting, board.asked()), board.item(meeting, board.asked("Rent?"))
    client, url = api(board.secretary), f"/api/v1/agenda-items/{second.pk}/"
    edit = {"version": 1, "motion": "Rent for a year.", "presenter": board["CMO"].pk}
    stranger = person(Role.STAFF).pk

    changed = client.patch(
        url, edit | {"mover": board["CFO"].pk, "seconder": board["CNO"].pk}, format="json"
    )
    strange = client.patch(url, {"version": 2, "mover": stranger}, format="json")
    member = api(board["CNO"]).patch(url, {"version": 2, "motion": "No."}, format="json")
    paper = post(client, f"agenda-items/{second.pk}/papers", title="Case", revision="2")
    up = post(client, f"agenda-items/{second.pk}/up")
    gone = client.delete(f"/api/v1/agenda-items/{first.pk}/")

    assert (changed.status_code, changed.data["motion"]) == (200, "Rent for a year.")
    assert (strange.status_code, list(strange.data)) == (400, ["mover"])
    assert member.status_code == 403
    assert (paper.status_code, [dict(one)["title"] for one in paper.data["papers"]]) == (201, ["Case"])  # fmt: skip
    assert (up.data["position"], gone.status_code) == (1, 204)
    assert list(meeting.items.values_list("pk", "mover")) == [(second.pk, board["CFO"].pk)]


def test_one_item_and_one_meeting_say_who_was_there_who_had_an_interest_and_who_voted_how():
    board = Board()
    item = board.item(board.meeting(), board.asked())
    board.recuse(item, "CISO")
    board.vote(item, CFO="yes")
    client = api(board["CNO"])

    one = client.get(f"/api/v1/agenda-items/{item.pk}/").data
    there = client.get(f"/api/v1/meetings/{item.meeting_id}/").data["attendance"]

    assert [(row["person"], row["is_recused"]) for row in one["interests"]] == [
        (board["CISO"].pk, True)
    ]
    assert [(row["person"], row["choice"]) for row in one["votes"]] == [(board["CFO"].pk, "yes")]
    assert sorted(row["person"] for row in there) == sorted(board[seat].pk for seat in SEATS)
