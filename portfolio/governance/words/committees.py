"""What the pages of committees and meetings tell."""

from pmo.common.page import formats
from pmo.organization.current import organization
from portfolio.governance.domain.kinds import ItemResult
from portfolio.governance.domain.voting import Quorum, VoteCount, seats_in_words
from portfolio.governance.models import AgendaItem, Committee, Meeting
from portfolio.governance.selectors.pages import ItemCount

COMMITTEES = "Committees"
ADD_COMMITTEE = "Add committee"
EDIT_COMMITTEE = "Edit committee"
SAVE_COMMITTEE = "Save committee"
COMMITTEE_ADDED = "Committee added."
COMMITTEE_SAVED = "Committee saved. What was decided before keeps how it was counted then."
ADD_MEMBER = "Add member"
EDIT_MEMBER = "Edit member"
SAVE_MEMBER = "Save member"
MEMBER_ADDED = "Member added."
MEMBER_SAVED = "Member saved."
PLAN_MEETING = "Plan meeting"
EDIT_MEETING = "Edit meeting"
SAVE_MEETING = "Save meeting"
MEETING_PLANNED = "Meeting planned."
MEETING_SAVED = "Meeting saved."
OPEN_MEETING = "Open the meeting"
MEETING_OPENED = "The meeting is open."
CLOSE_MEETING = "Close the meeting"
CLOSE_TITLE = "Close this meeting?"
CLOSE_NOTE = "Items that were not reached are carried over, and the minutes are made."
MEETING_CLOSED = "The meeting is closed. Its minutes are made."
ATTENDANCE = "Note attendance"
SAVE_ATTENDANCE = "Save attendance"
ATTENDANCE_SAVED = "Attendance saved."
ADD_ITEM = "Add to the agenda"
ITEM_ADDED = "Added to the agenda."
EDIT_ITEM = "Edit item"
SAVE_ITEM = "Save item"
ITEM_SAVED = "Item saved."
ITEM_REMOVED = "Removed from the agenda."
ADD_PAPER = "Add paper"
PAPER_ADDED = "Paper added."
DECLARE_INTEREST = "Declare an interest"
INTEREST_DECLARED = "Interest noted."
RECORD_VOTES = "Record votes"
VOTES_RECORDED = "Votes recorded."
CAST_VOTE = "Vote"
VOTE_CAST = "Your vote is recorded."
DECIDE = "Decide"
DECIDED = "Decision recorded."
RATIFY = "Ratify or refuse"
RATIFIED = "Recorded."
NO_DECISION = "No decision"
PASSED_OVER = "The item ends without a decision."
ADD_ACTION = "Add action"
ACTION_ADDED = "Action added."
ACTION_DONE = "Marked as done."
APPROVE_MINUTES = "Approve minutes"
MINUTES_APPROVED = "Minutes approved."
CORRECT_MINUTES = "Correct minutes"
MINUTES_CORRECTED = "A corrected version was made."


def committees_title(total: int) -> str:
    return formats.counted(total, "1 committee", "{n} committees") if total else "No committees yet"


def quorum_rule(committee: Committee) -> str:
    """Say the quorum as the bylaws do: "5 voting members, among them CFO, and CMO or CNO"."""
    members = formats.counted(committee.quorum, "1 voting member", "{n} voting members")
    seats = seats_in_words(committee.quorum_seats)
    among = f", among them {seats}" if seats else ""
    remote = "counts" if committee.counts_remote else "does not count"
    return f"{members}{among}. Who joins remotely {remote}."


def committee_facts(committee: Committee) -> list[tuple[str, str]]:
    amount = committee.delegated_amount
    vetoes = ", ".join(committee.veto_seats)
    return [
        ("Quorum", quorum_rule(committee)),
        ("Voting", f"{committee.get_voting_rule_display()}. A tie is not approved."),
        ("Safety veto at a go/no-go", vetoes or "None"),
        (
            "May approve up to",
            "No limit" if amount is None else formats.money(amount, organization().money),
        ),
        ("Higher body", str(committee.higher_body or "None")),
        ("Mover and seconder", "Named in the minutes" if committee.names_movers else "Not named"),
    ]


def quorum_sentence(quorum: Quorum) -> str:
    """Say at once whether there is a quorum, and why not."""
    if quorum.is_reached:
        return f"Quorate: {quorum.present} voting members count, {quorum.needed} are needed."
    return f"Not quorate: {'; '.join(quorum.reasons)}."


def votes_sentence(votes: VoteCount) -> str:
    said = f"{votes.yes} yes, {votes.no} no, {votes.abstain} abstain"
    if votes.is_approved:
        return f"{said}: approved."
    return f"{said}: not approved, {votes.reason}."


def has_votes(votes: VoteCount) -> bool:
    return bool(votes.cast or votes.abstain)


def place_of(number: int, total: int) -> str:
    return f"Item {number} of {total}"


def item_lede(item: AgendaItem, count: ItemCount) -> str:
    """Say how the item stands or what became of it."""
    if item.result == ItemResult.WAITING:
        said = votes_sentence(count.votes) if has_votes(count.votes) else "No votes yet."
        return f"{quorum_sentence(count.quorum)} {said}"
    said = f"{item.get_result_display()}."
    counted = item.counted
    if counted:
        quorate = "Quorate" if counted["is_quorate"] else "Not quorate"
        said += (
            f" {quorate}: {counted['yes']} yes, {counted['no']} no, {counted['abstain']} abstain."
        )
    return f"{said} {item.reason}".strip()


def meeting_lede(meeting: Meeting, items: list[AgendaItem], quorum: Quorum) -> str:
    """Say what is on the agenda, or what became of it."""
    if meeting.is_closed:
        decided = sum(one.result == ItemResult.DECIDED for one in items)
        return f"{formats.counted(len(items), '1 item', '{n} items')}, {decided} decided."
    waiting = formats.counted(len(items), "1 item is", "{n} items are") if items else "Nothing is"
    said = f"{waiting} on the agenda."
    return f"{said} {quorum_sentence(quorum)}" if meeting.is_open else said
