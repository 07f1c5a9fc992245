"""Every page of committees and decisions: who opens it, what it says, what its form does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.governance.models import (
    AgendaItem,
    Committee,
    CommitteeMember,
    Condition,
    Decision,
    Meeting,
    MeetingAction,
    Minutes,
)
from portfolio.governance.services import decisions, meetings
from tests.factories import MemberFactory, ProjectFactory, UserFactory, person
from tests.portfolio.governance.scene import (
    EVENING,
    SEATS,
    Board,
    promise,
    with_conditions,
)

pytestmark = pytest.mark.django_db
NEXT = EVENING + timedelta(days=14)


@pytest.fixture
def board():
    return Board()


def go(name, *args):
    return reverse(f"governance:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().split())


def decided(board, **fields):
    item = board.item(board.meeting(), board.asked(**fields))
    board.vote(item, **dict.fromkeys(SEATS, "yes"))
    return board.decide(item, with_conditions(promise(board["COO"])))


def closed(board, **fields):
    decided(board, **fields)
    meeting = Meeting.objects.get()
    meetings.close_meeting(meeting=meeting, version=None, by=board.secretary)
    return Minutes.objects.get()


def test_the_committee_says_its_rules_and_members(client, board):
    board.asked("Buy the scanner?")
    client.force_login(board["CNO"])

    page = text_of(client.get(go("committee", board.committee.pk)))

    assert "5 voting members, among them CFO, and CMO or CNO. Who joins remotely counts." in page
    assert "More yes than no among the votes cast. A tie is not approved." in page
    assert "Buy the scanner?" in page
    assert "Plan meeting" not in page


def test_a_committee_is_added_with_its_rules_as_people_say_them(client, board):
    client.force_login(board.office)
    body = {
        "name": "Capital", "code": "CAP", "quorum": 4, "seats": "CFO; CMO or CNO",
        "vetoes": "CMO; CNO", "voting_rule": "two_thirds", "counts_remote": "on",
        "delegated_amount": "$2M", "higher_body": board.committee.pk,
    }  # fmt: skip

    response = client.post(go("committee_new"), body)

    made = Committee.objects.get(code="CAP")
    assert response["Location"] == made.get_absolute_url()
    assert (made.quorum_seats, made.veto_seats) == ([["CFO"], ["CMO", "CNO"]], ["CMO", "CNO"])
    assert (made.delegated_amount, made.higher_body) == (2_000_000, board.committee)


def test_a_committee_is_changed_and_two_editors_are_told(client, board):
    client.force_login(board.office)
    url = go("committee_edit", board.committee.pk)
    body = {"name": "IT", "code": board.committee.code, "quorum": 5, "seats": "CFO",
            "voting_rule": "majority_cast", "version": 1}  # fmt: skip

    assert client.post(url, body).status_code == 302
    answer = client.post(url, body | {"quorum": 6})

    assert answer.status_code == 409
    assert Committee.objects.get().quorum == 5


def test_a_member_is_seated_and_ends(client, board):
    client.force_login(board.office)
    new = UserFactory(name="Ada Lovelace", email="ada@example.org")
    body = {"person": "ada@example.org", "seat": "CISO", "position": "member", "votes": "on",
            "since": "2026-01-05"}  # fmt: skip

    client.post(go("member_new", board.committee.pk), body)
    seat = CommitteeMember.objects.get(person=new)
    client.post(go("member_edit", seat.pk), body | {"until": "2026-06-30", "version": 1})

    seat.refresh_from_db()
    assert (seat.seat, seat.until.isoformat()) == ("CISO", "2026-06-30")
    listed = client.get(go("person_choices", board.committee.pk), {"person": "lovel"})
    assert "ada@example.org" in listed.content.decode()


def test_a_meeting_is_planned_noted_opened_and_closed(client, board):
    board.asked("Buy the scanner?")
    client.force_login(board.secretary)

    client.post(go("meeting_new", board.committee.pk), {"day": "2026-03-16", "place": "Room 4"})
    meeting = Meeting.objects.get()
    client.post(
        go("meeting_edit", meeting.pk), {"day": "2026-03-17", "place": "Room 5", "version": 1}
    )
    client.post(go("item_new", meeting.pk), {"decision": Decision.objects.get().pk})
    client.post(go("meeting_open", meeting.pk))
    there = {f"p{board[seat].pk}": "present" for seat in ("CIO", "CFO", "COO", "CMIO")}
    version = Meeting.objects.get().version
    client.post(go("attendance", meeting.pk), there | {"version": version})
    page = text_of(client.get(meeting.get_absolute_url()))
    client.post(go("meeting_close", meeting.pk))

    meeting.refresh_from_db()
    assert (
        "Not quorate: 4 of the 5 voting members needed are there; CMO or CNO is not there." in page
    )
    assert (meeting.state, str(meeting.day), meeting.place) == ("closed", "2026-03-17", "Room 5")
    assert "1 item, 0 decided." in text_of(client.get(meeting.get_absolute_url()))


def test_an_item_goes_by_steps_from_votes_to_decision(client, board):
    item = board.item(board.meeting(), board.asked())
    following = board.item(item.meeting, board.asked("Buy a second one?"))
    client.force_login(board.secretary)

    first = text_of(client.get(item.get_absolute_url()))
    votes = {f"v{board[seat].pk}": "yes" for seat in SEATS}
    client.post(go("item_votes", item.pk), votes | {"version": 1})
    second = text_of(client.get(item.get_absolute_url()))
    body = {
        "outcome": "approve_conditions", "reason": "It pays.", "version": 1,
        "c1_text": "Privacy review", "c1_owner": board["COO"].pk, "c1_due": "2026-03-30",
        "c1_blocks": "spend",
    }  # fmt: skip
    client.post(go("item_decide", item.pk), body)
    third = text_of(client.get(item.get_absolute_url()))

    assert "Quorate: 9 voting members count, 5 are needed." in first
    assert (
        first.index("Record votes")
        < first.index("Declare an interest")
        < first.index("Decide<" if "Decide<" in first else "Decide")
    )
    assert "9 yes, 0 no, 0 abstain: approved." in second
    assert Condition.objects.get().blocks == "spend"
    assert "Decided. Quorate: 9 yes, 0 no, 0 abstain. It pays." in third
    assert f'href="{following.get_absolute_url()}" autofocus' in third


def test_a_condition_without_owner_is_refused_with_what_was_typed(client, board):
    item = board.item(board.meeting(), board.asked())
    board.vote(item, **dict.fromkeys(SEATS, "yes"))
    client.force_login(board.secretary)
    body = {"outcome": "approve_conditions", "reason": "It pays.", "version": 1,
            "c1_text": "Privacy review"}  # fmt: skip

    answer = client.post(go("item_decide", item.pk), body)

    assert answer.status_code == 422
    assert "Choose who answers for it." in text_of(answer)
    assert "Privacy review" in answer.content.decode()


def test_without_a_quorum_only_ending_the_item_is_offered(client, board):
    item = board.item(board.meeting(), board.asked())
    client.force_login(board.secretary)
    body = {"person": board["CFO"].pk, "text": "Owns shares", "is_recused": "yes", "version": 1}

    client.post(go("item_interest", item.pk), body)
    page = text_of(client.get(item.get_absolute_url()))
    client.post(go("item_pass", item.pk), {"version": 2})

    assert "Not quorate: CFO is not there." in page
    assert "Decide<" not in page
    item.refresh_from_db()
    assert (item.result, item.reason) == ("not_quorate", "CFO is not there")


def test_a_member_votes_and_records_no_other_votes(client, board):
    item = board.item(board.meeting(), board.asked())
    client.force_login(board["CFO"])

    client.post(go("item_vote", item.pk), {"choice": "no", "reason": "Too dear"})
    others = client.post(go("item_votes", item.pk), {"version": 1})

    assert list(item.votes.values_list("person__name", "choice", "reason")) == [
        ("CFO Person", "no", "Too dear")
    ]
    assert others.status_code == 403


def test_what_was_decided_between_meetings_is_recorded_and_ratified(client, board):
    decision = board.asked()
    client.force_login(board.secretary)
    body = {"approvers": [board["CIO"].pk, board["CFO"].pk], "outcome": "approve",
            "reason": "The chiller failed.", "version": 2}  # fmt: skip

    client.post(go("decision_urgent", decision.pk), body)
    page = text_of(client.get(decision.get_absolute_url()))
    later = timezone.localdate() + timedelta(days=7)
    meeting = board.meeting(day=later)
    client.post(go("item_new", meeting.pk), {"decision": decision.pk})
    item = AgendaItem.objects.get()
    board.vote(item, **dict.fromkeys(SEATS, "yes"))
    fresh = AgendaItem.objects.get()
    client.post(go("item_ratify", item.pk), {"is_ratified": "yes", "version": fresh.version})

    assert "To be ratified by" in page
    assert "Ratified" in text_of(client.get(decision.get_absolute_url()))


def test_somebody_who_only_sits_there_records_nothing_between_meetings(client, board):
    client.force_login(board["CNO"])

    assert client.get(go("decision_urgent", board.asked().pk)).status_code == 403


def test_agenda_papers_actions_and_order(client, board):
    item = board.item(board.meeting(), board.asked())
    second = board.item(item.meeting, board.asked("Buy two?"))
    client.force_login(board.secretary)

    client.post(go("item_edit", item.pk), {"motion": "Buy it now", "mover": board["CFO"].pk,
                                           "seconder": board["CMO"].pk, "version": 1})  # fmt: skip
    client.post(go("paper_new", item.pk), {"title": "Business case", "revision": "1.2"})
    client.post(go("action_new", item.meeting.pk), {"text": "Call", "owner": board["CFO"].pk,
                                                    "due": "2026-04-01"})  # fmt: skip
    client.post(go("item_up", second.pk))
    client.post(go("item_remove", second.pk))
    page = text_of(client.get(item.get_absolute_url()))

    assert "Motion: Buy it now" in page
    assert "Moved by CFO Person, seconded by CMO Person" in page
    assert "Business case" in page
    assert list(AgendaItem.objects.all()) == [item]
    client.force_login(board["CFO"])
    client.post(go("action_done", MeetingAction.objects.get().pk))
    assert MeetingAction.objects.get().done_on == timezone.localdate()


def test_somebody_elses_action_is_not_marked_as_done(client, board):
    action = meetings.add_action(
        meeting=board.meeting(), by=None, text="Call", owner=board["CFO"], due=NEXT
    )
    client.force_login(board["CNO"])

    assert client.post(go("action_done", action.pk)).status_code == 403


def test_minutes_are_read_approved_and_corrected(client, board):
    first = closed(board)
    later = board.meeting(day=NEXT)
    client.force_login(board.secretary)

    page = text_of(client.get(first.get_absolute_url()))
    client.post(go("minutes_approve", first.pk), {"meeting": later.pk, "version": 1})
    client.post(go("minutes_correct", first.pk), {"meeting": later.pk, "version": 1,
                                                  "correction": "The CNO left early."})  # fmt: skip

    assert "Approved with conditions" in page
    assert "Privacy review (COO Person, by" in page
    second = Minutes.objects.get(number=2)
    assert "Corrected: The CNO left early." in text_of(client.get(second.get_absolute_url()))


def test_a_decision_is_raised_asked_and_taken_by_one_person(client, board):
    client.force_login(board.office)
    chief = person(Role.EXECUTIVE, name="Chief")
    body = {
        "question": "Keep 30 January?", "kind": "general", "o0_name": "Keep it",
        "o0_money": "$390K", "o1_name": "Move it", "o2_name": "Do nothing", "recommended": "0",
        "decider_person": chief.pk, "needed_by": f"{timezone.localdate() + timedelta(days=9)}",
        "delay_cost": "$28K",
    }  # fmt: skip

    client.post(go("decision_new"), body)
    made = Decision.objects.get()
    client.post(
        go("decision_edit", made.pk),
        body
        | {"question": "Keep 31 January?", "version": 1, "o2_name": "", "o3_name": "Do nothing"},
    )
    client.post(go("decision_ask", made.pk))
    client.force_login(chief)
    client.post(go("decision_take", made.pk), {"outcome": "approve", "reason": "Ten weeks cost more.",
                                               "chosen": "1", "version": 3})  # fmt: skip

    made.refresh_from_db()
    assert [one["name"] for one in made.options] == ["Keep it", "Move it", "Do nothing"]
    assert (made.state, made.chosen, made.recorded_by) == ("decided", 1, chief)
    page = text_of(client.get(made.get_absolute_url()))
    assert "Approved on" in page and "Ten weeks cost more." in page


def test_asking_for_half_a_decision_says_what_is_missing(client, board):
    client.force_login(board.office)
    draft = decisions.raise_decision(by=board.office, question="Buy?")

    page = text_of(client.post(go("decision_ask", draft.pk), follow=True))

    assert "Give at least two options; exactly one of them is to do nothing." in page
    assert Decision.objects.get().state == "draft"


def test_options_with_the_one_to_do_nothing_in_the_middle_are_edited_as_they_are(client, board):
    client.force_login(board.office)
    options = [{"name": "A"}, {"name": "Nothing", "is_nothing": True}, {"name": "B"}]
    draft = decisions.raise_decision(
        by=board.office, question="Buy?", options=options, recommended=2
    )

    form = client.get(go("decision_edit", draft.pk)).context["form"]
    body = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    client.post(go("decision_edit", draft.pk), body)

    draft.refresh_from_db()
    assert [one["name"] for one in draft.options] == ["A", "B", "Nothing"]
    assert draft.options[draft.recommended]["name"] == "B"


def test_a_decision_is_withdrawn_and_a_decided_one_reopened(client, board):
    client.force_login(board.office)
    asked = board.asked()
    client.post(go("decision_withdraw", asked.pk), {"reason": "Bought.", "version": 2})
    old = decided(board)

    form = client.get(go("decision_supersede", old.pk)).context["form"]
    body = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    client.post(go("decision_supersede", old.pk), body | {"needed_by": f"{timezone.localdate()}"})

    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    new = Decision.objects.latest("pk")
    assert (new.supersedes, new.question, new.state) == (old, old.question, "draft")
    assert f"Asked anew as {new.number}" in text_of(client.get(old.get_absolute_url()))


def test_conditions_are_answered_verified_and_waived(client, board):
    decided(board)
    condition = Condition.objects.get()
    client.force_login(board["COO"])
    client.post(go("condition_answer", condition.pk), {"evidence": "AG-2211", "version": 1})
    client.force_login(board.office)
    listed = text_of(client.get(go("condition_list"), {"state": "overdue"}))
    client.post(go("condition_close", condition.pk), {"action": "waived", "version": 2,
                "committee": board.committee.pk, "close_reason": "Done otherwise."})  # fmt: skip

    condition.refresh_from_db()
    assert "1 condition is open, 1 overdue." in listed
    assert (condition.state, condition.evidence) == ("waived", "AG-2211")


def test_the_list_says_what_waits_and_what_is_overdue(client, board):
    board.asked("Late one?")
    board.asked("Next year?", needed_by=timezone.localdate() + timedelta(days=400))
    client.force_login(board.office)

    page = text_of(client.get(go("decision_list")))
    overdue = text_of(client.get(go("decision_list"), {"state": "overdue"}))

    assert "2 decisions wait, 1 of them overdue." in page
    assert "Late one?" in overdue and "Next year?" not in overdue


def test_a_hidden_project_leaves_no_trace_for_who_was_not_asked(client, board):
    project = ProjectFactory(is_confidential=True, name="Merger")
    item = board.item(board.meeting(), board.asked("Buy the clinic?", project=project))
    reader = person(Role.EXECUTIVE)
    pages = [go("committee_list"), go("committee", board.committee.pk), go("decision_list"),
             item.meeting.get_absolute_url(), go("condition_list")]  # fmt: skip

    client.force_login(reader)
    said = "".join(text_of(client.get(url)) for url in pages)
    assert "clinic" not in said and "Merger" not in said
    assert "Nothing is on the agenda" in said
    assert "No decision is recorded yet." in said
    assert client.get(item.get_absolute_url()).status_code == 404
    assert client.get(item.decision.get_absolute_url()).status_code == 404
    client.force_login(board["CNO"])
    assert "Buy the clinic?" in text_of(client.get(item.get_absolute_url()))
    assert (
        project.get_absolute_url()
        not in client.get(item.decision.get_absolute_url()).content.decode()
    )


def test_the_project_shows_its_decisions(client, board):
    project = ProjectFactory()
    MemberFactory(project=project, user=board["CIO"], role=Role.MANAGER)
    board.asked("Buy the scanner?", project=project)
    client.force_login(board["CIO"])

    panel = client.get(go("project_panel", project.pk), headers={"HX-Request": "true"})
    body = {"question": "Move it?", "kind": "general", "o0_name": "A"}
    client.post(go("decision_new_of_project", project.pk), body)

    assert "Buy the scanner?" in text_of(panel)
    assert Decision.objects.latest("pk").project == project


def test_a_committee_raises_a_decision_of_its_own(client, board):
    client.force_login(board.secretary)
    url = go("decision_new_of_committee", board.committee.pk)

    assert client.get(url).context["form"].initial["decider_committee"] == board.committee.pk


def count_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(url)
    return len(queries)


def more(board, meeting, number):
    """Add so many of everything that the lists show."""
    in_a_year = timezone.localdate() + timedelta(days=365)
    for n in range(number):
        other = Board() if n == 0 else None
        asked = board.asked(f"Question {n}", project=ProjectFactory())
        board.item(meeting, asked)
        saved = decisions.take_decision(
            decision=board.asked(decider_committee=None, decider_person=person(Role.EXECUTIVE)),
            version=None, by=board.office, ruling=with_conditions(promise(board["COO"], due=in_a_year)),
        )  # fmt: skip
        assert saved.conditions.count() == 1
        meetings.add_action(
            meeting=meeting, by=None, text=f"Do {n}", owner=board["CFO"], due=EVENING
        )
        assert other is None or other.committee.pk


@pytest.mark.parametrize("role", [Role.PMO_LEAD, Role.EXECUTIVE])
def test_lists_ask_the_database_the_same_number_of_times_with_one_row_and_with_three(
    client, board, role
):
    meeting = board.meeting()
    client.force_login(person(role))
    pages = [go("committee_list"), go("committee", board.committee.pk), go("decision_list") + "?state=all",
             go("condition_list"), meeting.get_absolute_url()]  # fmt: skip
    more(board, meeting, 1)
    with_one = [count_of(client, url) for url in pages]
    more(board, meeting, 2)

    assert [count_of(client, url) for url in pages] == with_one
