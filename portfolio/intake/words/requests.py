"""The sentences of the pages of requests."""

from collections.abc import Sequence

from pmo.common.page.formats import day
from portfolio.intake.models import ProjectRequest

MY_REQUESTS = "My requests"
ALL_REQUESTS = "Requests"
ADD_REQUEST = "New request"
NEW_SUB = "One page, three minutes. A title is enough to save a draft."
EDIT_REQUEST = "Edit request"
SUBMIT = "Submit request"
SAVE_DRAFT = "Save draft"
ANSWER = "Answer"
SEND_ANSWER = "Send answer"
ANSWERED = "Answer sent. The days to a decision count again."
TRIAGE = "Triage"
SAVE_TRIAGE = "Save triage"
TRIAGED = "Triage saved."
DECIDE = "Decide"
SAVE_DECISION = "Save decision"
DECIDED = "Decision saved. The requester sees it with its reason."
SEND_BACK = "Send back to triage"
SENT_BACK = "Back in triage, with a new clock."
WITHDRAW = "Withdraw"
WITHDRAW_ASKED = "Withdraw this request?"
WITHDRAWN = "Request withdrawn."
SPONSORED = "The requester sees that you sponsor it."
NOT_SPONSORED = "You are no longer named as its sponsor. The requester sees that."
GIVE_GROUND = "Give the ground"
EDIT_GROUND = "Edit ground"
SAVE_GROUND = "Save ground"
GROUND_SAVED = "Ground saved. A second person verifies it next."
GROUND_CHANGED = (
    "Another person changed the ground since you read it. Read it again before you verify it."
)
GROUND_VERIFIED = "Ground verified."
MAKE_PROJECT = "Make it a project"
START_FROM = "Start from a template"
START_NOTE = "Choose what the project is like. Name, unit, sponsor and dates come from the request."
PROJECT_MADE = "Project added. The request keeps a link to it."
ADD_ITEM = "Add item"
EDIT_ITEM = "Edit item"
SAVE_ITEM = "Save item"
ITEM_SAVED = "Item saved."
ITEM_REMOVED = "Item removed."
REMOVE_ITEM_ASKED = "Remove this item?"
REMOVE_ITEM = "Remove item"
CLASSIFY = "Classify for finance"
SAVE_CLASS = "Save classification"
CLASSIFIED = "Classification saved."


def missing(names: Sequence[str]) -> str:
    """Say what triage has not said yet, which a business case needs; "" where nothing lacks."""
    return f"Before a business case, say in triage: {'; '.join(names)}." if names else ""


def request_sub(request: ProjectRequest) -> str:
    """Say beside a hit of the search what it is and where it stands."""
    return f"Request {request.number}, {request.get_state_display().lower()}"


def done_with(request: ProjectRequest) -> str:
    """Say what saving led to: a draft, or a request on its way."""
    if request.submitted_on is None:
        return "Draft saved. Only you can see it until you submit it."
    return f"{request.number} is submitted. You see here where it stands."


def start_sub(request: ProjectRequest, template: object) -> str:
    """Say above the form of a start what it starts from, and by when it is wanted."""
    said = f"{request.number} {request.title}, from {template}"
    if request.wanted_by is None:
        return said
    firm = "hard" if request.is_hard_date else "soft"
    return f"{said}. Wanted by {day(request.wanted_by)}, {firm} date"


def asked_for(request: ProjectRequest) -> list[tuple[str, str]]:
    """Say on the project's page where it comes from."""
    return [
        ("Requester", str(request.requester)),
        ("Submitted", day(request.submitted_on)),
        ("Decided", day(request.decided_on)),
        ("Why", request.decision_reason),
    ]


def withdraw_note(request: ProjectRequest) -> str:
    """Say before a withdrawal what stays."""
    if request.submitted_on is None:
        return "The draft was never submitted and stays readable to you alone."
    return "It leaves triage and stays readable here. To ask again, make a new request."


def remove_item_note(name: object) -> str:
    return f"“{name}” no longer counts in what this request would buy."
