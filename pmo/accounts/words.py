"""What the pages of people, units, roles and background work tell."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from pmo.accounts.holdings import Handed
from pmo.accounts.invitation_links import VALID
from pmo.accounts.lists import ListKind
from pmo.accounts.models import FileState, PeopleFile, User
from pmo.common.models import JobState
from pmo.common.page import formats
from pmo.common.page.formats import count, day, short_day
from pmo.common.page.waiting import WaitingItem

DOWNLOAD_SAMPLE_WITH_PROJECTS = "Download a sample with 12 projects"
ADD_ONE_PROJECT = "Add one project"
DOWNLOAD_SAMPLE_WITH_MILESTONES = "Download a sample with milestones"
DOWNLOAD_SAMPLE_WITH_RISKS = "Download a sample with risks"
ADD_PORTFOLIO = "Add portfolio"
ADD_PROGRAM = "Add program"
ADD_OBJECTIVE = "Add objective"
ADD_FUNDING_SOURCE = "Add funding source"
ADD_CALENDAR = "Add calendar"
ADD_UNIT = "Add unit"
UNIT_ADDED = "Unit added."
SAVE_UNIT = "Save unit"
UNIT_SAVED = "Unit saved."
TOKEN_REVOKED = "Token revoked. It no longer works."  # noqa: S105 - a sentence
CLOCK_CONFIRMED = "The clock is believed. What is due is done at the next tick."

TOO_MUCH_TO_KEEP = "This is too much to be kept while you type. Save it in parts."
NOT_KEPT_CONTROL = "not kept, because it holds an invisible control character."
OF_ANOTHER = "Another person signed in in this browser. Nothing more of this page is kept or saved."

ROLE_NOT_CHOSEN = "No role was added: choose a role and where it applies."
ROLE_ADDED = "Role added. It applies from the next click on."
ROLE_REMOVED = "Role removed. It ends with the next click."
ROLE_HELD = "That role was not added: the person has it there already."
LIST_DISCARDED = "List discarded. Nothing was changed."
NOTHING_CHOSEN = "Nothing was chosen: say who is meant, or leave the row out."
ADDED_WITHOUT_MAIL = (
    "Person added. This installation sends no email: show a link below and hand it over."
)
ADDED_WITHOUT_ADDRESS = (
    "Person added. Without an address this person can be named on projects but cannot sign in."
)
ADDED_AND_INVITED = "Person added. An email invites this person to choose a password."
ADD_PERSON = "Add person"
HAND_OVER = "Hand all of it over"
PERSON_SAVED = "Person saved. The change applies at once, everywhere."
ADD_AND_INVITE = "Add and invite"
JOB_QUEUED_AGAIN = "The job is waiting for a worker again."
IMPORT_SPREADSHEET = "Import a spreadsheet"
IMPORT_NOTE = "Read Excel or CSV, and see what happens to every row first."
UPDATES_RECEIVED = "Updates received"
UPDATES_NOTE = "Whose update is in this week; remind the others."
CHANGE_REQUESTS = "Change requests"
CHANGES_NOTE = "What is waiting for a decision, whose, and since when."
COMMUNICATION = "Stakeholders and messages"
COMMUNICATION_NOTE = "Who hears what, what is late, and who is against."
COMMITTEES_NOTE = "Who decides together, by which quorum and vote; meetings and minutes."
DECISIONS_NOTE = "What is asked, what was decided and why, which conditions are open."
GATE_REVIEWS_NOTE = "Which gates are under review, overdue, deferred or not ratified."
GATE_SETS_NOTE = "Which gates projects pass, what each asks for and who reviews it."
TOLERANCES_NOTE = "How large a change each level may approve."
SUMMARIES_AND_REPORTS = "Summaries and variance reports"
DOCUMENTS_NOTE = "Review, issue, send."
SUBSCRIPTIONS_NOTE = "Who gets the weekly summary by email."
PORTFOLIOS_NOTE = "Projects that are reviewed and decided on together."
REQUESTS_NOTE = "What is asked for, and whose answer is due."
CAPITAL_CYCLES = "Capital cycles"
CAPITAL_NOTE = "Each year’s dates, envelope and contingency."
REPLACEMENTS = "Replacement list"
REPLACEMENTS_NOTE = "What is in use, by how urgently it needs replacing."
OBJECTIVES_NOTE = "The strategy that projects serve."
LESSONS_NOTE = "What projects learned, for the next one of their kind."
TEMPLATES_NOTE = "What a project starts with: its plan, risks, roles and budget lines."
PROGRAMS_NOTE = "Projects that share a purpose."
CALENDARS_NOTE = "The working days that plans count."
FUNDING_SOURCES = "Funding sources"
FUNDING_NOTE = "Where money comes from, and what will lapse."
PEOPLE_AND_UNITS = "People and units"
PEOPLE_NOTE = "Who may sign in, and with which roles."
SETTINGS_NOTE = "Name, currency, fiscal year, time zone and weekly schedule."
STATUS_AND_COLORS = "Status and colors"
STATUS_NOTE = "Where amber and red begin, and what updates ask about."
CATEGORIES_NOTE = "The kinds of projects."
BACKGROUND_WORK = "Background work"
JOBS_NOTE = "What is running, waiting or failed."
TRAIL_NOTE = "Who did what, with proof that nothing was altered."
COMPONENTS = "Parts of the interface"
COMPONENTS_NOTE = "Every part once, with real words."
NO_ADDRESS = "Cannot sign in yet: no address"


def standing(user: User) -> str:
    """Say whether somebody signs in, was invited, or cannot yet; reads `invitation`."""
    if not user.is_active:
        return "Deactivated"
    if user.email is None:
        return NO_ADDRESS
    if user.last_login:
        return f"Last signed in {day(timezone.localtime(user.last_login).date())}"
    if user.invited_at:
        return _invited(user)
    return "Not signed in yet" if user.has_usable_password() else "Never invited"


def _invited(user: User) -> str:
    assert user.invited_at  # noqa: S101 - narrows the type
    on = short_day(timezone.localtime(user.invited_at).date())
    if user.invitation and user.invitation.state == JobState.FAILED:
        return f"Invited {on}, but the mail failed"
    if timezone.now() - user.invited_at > VALID - timedelta(days=1):
        return f"Invited {on}, the link is too old"
    return f"Invited {on}, not signed in yet"


def trouble(user: User) -> str:
    """Return why the last invitation did not go out; "" where it did or may still."""
    job = user.invitation
    return str(job.error) if job and job.state == JobState.FAILED else ""


def _time(at: datetime) -> str:
    """Write a moment of today as its time alone."""
    at = timezone.localtime(at)
    return f"{at:%H:%M}" if at.date() == timezone.localdate() else formats.stamp(at)


def not_kept(rule: str, *, is_sure: bool) -> str:
    """Say behind the name of a field why its words are not kept while they are typed."""
    return f"not kept, because it {'looks like' if is_sure else 'may be'} {rule}."


def words_kept(at: datetime) -> str:
    return f"Kept at {_time(at)}, not saved yet."


def words_offered(at: datetime) -> str:
    return f"Words of {_time(at)} that were not saved are kept. They are not in the form yet."


class Unsaved(NamedTuple):
    """What a page says of words that came and were not saved: the title, and what to do."""

    title: str
    text: str


def unsaved(why: str, *, is_kept: bool, is_whole: bool) -> Unsaved:
    """Say what became of the words; `why` is "expired", "another", "broken" or "gone"."""
    title = {
        "expired": "Your session expired",
        "another": "Another person signed in in this browser",
        "broken": "Something broke on our side",
        "gone": "The record was removed, or is not open to you any more",
    }[why]
    if why == "another":
        kept = " What was typed is kept for the person who opened the page." if is_kept else ""
        return Unsaved(title, f"Nothing was saved.{kept}")
    if not is_kept:
        return Unsaved(title, "Nothing was saved or kept. What you typed stands below: copy it.")
    rest = "" if is_whole else ", but for the fields below: copy those"
    then = {
        "expired": "Open the page again: it offers your words.",
        "broken": "Open the page again in a few minutes: it offers your words."
        " The administrator has a record of the fault.",
    }[why]
    return Unsaved(title, f"What you typed is kept{rest}. {then}")


def list_sentence(record: PeopleFile) -> str:
    """Say in one sentence where a list of people or units stands."""
    match record.state:
        case FileState.CHECKED:
            return f"Nothing is written yet: {_rows_of(record)}."
        case FileState.WRITTEN:
            return f"Written: {_rows_of(record)}."
        case FileState.WRITING:
            return "The good rows are being written."
    return f"{record.get_state_display()}."


def _rows_of(record: PeopleFile) -> str:
    counts = record.counts
    if record.kind == ListKind.UNITS:
        new = count(counts.get("new", 0), "new unit")
    else:
        new = count(counts.get("new", 0), "new person", "new people")
    asked = [count(counts["asked"], "question")] if counts.get("asked") else []
    parts = [
        new,
        f"{counts.get('changed', 0):,} changed",
        f"{counts.get('unchanged', 0):,} unchanged",
        *asked,
        f"{counts.get('refused', 0):,} refused",
    ]
    return ", ".join(parts)


def invitation_sent(email: object) -> str:
    return f"The invitation is on its way to {email}."


def done_for(changed: int, people: object) -> str:
    return f"Done for {changed:,} of {people}"


def lists_deleted(days: object) -> str:
    return f"Lists that are not imported, and refused rows, are deleted after {days}."


def clock_in_doubt(*, says: str, last: str) -> str:
    """Say what a clock in doubt shows, and what rests until a person believes it."""
    return (
        f"The clock says {says}; it last ticked on {last}. Nothing is frozen, compiled, sent or"
        " reminded until a person says that the clock is right, or it comes back."
    )


def answers_for(person: User) -> str:
    return f"What {person} answers for"


def handed_over(handed: Handed, to: User) -> str:
    """Say what went to whom, and what stayed because the reader may not change it."""
    said = f"{formats.count(handed.done, 'duty', 'duties')} handed over to {to}."
    if not handed.left:
        return said
    stays = "1 stays" if handed.left == 1 else f"{handed.left:,} stay"
    return f"{said} {stays}: you may not change it, or {to} may not hold it."


def deactivated_with(person: User) -> str:
    return f"{person.name} is deactivated. Hand over what this person still answers for."


WHAT_WAITS = "What waits for me"
NOTHING_WAITS = "Nothing waits for you"


def waiting_title(found: Sequence[WaitingItem], *, today: date) -> str:
    """Say how much waits for the reader, and how much of it is overdue."""
    if not found:
        return NOTHING_WAITS
    overdue = sum(one.due is not None and one.due < today for one in found)
    things = "1 thing waits" if len(found) == 1 else f"{len(found)} things wait"
    return f"{things} for you, {overdue} overdue" if overdue else f"{things} for you"


def more_waiting(left: int) -> str:
    """Say how many more there are than are shown; "" where all are."""
    return f"And {left} more" if left > 0 else ""
