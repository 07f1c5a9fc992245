"""The sentences on a request's pages: where it stands, why, and what comes next."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pmo.common.page.formats import counted, day, listing, money
from pmo.organization.current import money as currency
from portfolio.intake.domain.kinds import QueueAge, RequestClass, RequestState
from portfolio.intake.domain.profile import QUESTIONS
from portfolio.intake.models import YEARS, IntakeRules, MandatoryGround, ProjectRequest
from portfolio.intake.selectors.hints import DuplicateHint
from portfolio.intake.selectors.requests import StateCounts
from projects.domain.kinds import Lane

BECAUSE = {
    "title": "a similar title",
    "system": "the same system",
    "obligation": "the same obligation",
}


STANDING = {
    RequestState.DRAFT: "This is a draft. Only you can see it until you submit it.",
    RequestState.TRIAGE: "{number} is in triage: working day {used} of {days}. The answer is due by {due}.",
    RequestState.ASKED: "{number} needs an answer from the requester. The {days}-day clock is paused until then.",
    RequestState.CASE: "{number} goes to a business case.",
    RequestState.SMALL: "{number} is done as small work, without the papers of a project.",
    RequestState.EMERGENCY: "{number} is an emergency: the contingency pays for it.",
    RequestState.MERGED: "{number} goes on as part of another request. Its own history stays below.",
    RequestState.DECLINED: "{number} was declined on {decided}.",
    RequestState.WITHDRAWN: "{number} was withdrawn on {decided}.",
}
OVERDUE = "{number} is in triage. The answer was due by {due} and is overdue."
NEVER_SENT = "This draft was withdrawn on {decided}. You alone can read it."
BECAME = "{number} became a project."
DECIDED_AGAIN = "{number} became a project. Its ground has changed since, so triage decides on it again by {due}."


def standing(request: ProjectRequest, *, used: int, days: int) -> str:
    """Say in one or two sentences where a request stands."""
    sentence = BECAME if request.project_id else STANDING[RequestState(request.state)]
    if request.project_id and request.answer_due_on:
        sentence = DECIDED_AGAIN
    elif request.state == RequestState.TRIAGE and used > days:
        sentence = OVERDUE
    if request.state == RequestState.WITHDRAWN and request.submitted_on is None:
        sentence = NEVER_SENT
    return sentence.format(
        number=request.number,
        used=used,
        days=days,
        due=day(request.answer_due_on),
        decided=day(request.decided_on),
    )


def standing_in_list(request: ProjectRequest, *, used: int, days: int) -> str:
    """Say in a line of a list where one's request stands, or what was asked or answered, and why."""
    state = RequestState(request.state)
    if state is RequestState.DRAFT:
        return "Only you can see it until you submit it."
    if state is RequestState.TRIAGE:
        due = day(request.answer_due_on)
        if used > days:
            return f"The answer was due by {due} and is overdue."
        return f"Working day {used} of {days}. The answer is due by {due}."
    return str(request.decision_reason)


def color_of(request: ProjectRequest, *, today: date) -> str:
    """Return the color of the sentence above: red past its days, amber while somebody must answer."""
    if request.answer_due_on and request.answer_due_on < today:
        return "red"
    return "amber" if request.state == RequestState.ASKED else "none"


def queue_lede(ages: Mapping[QueueAge, int]) -> str:
    """Say how many wait, and how many past their days."""
    waiting, late = sum(ages.values()), ages[QueueAge.LATE]
    if not waiting:
        return "No request is in triage."
    said = counted(waiting, "1 request is in triage", "{n} requests are in triage")
    if not late:
        return f"{said}, none overdue."
    return said + counted(late, "; 1 is overdue.", "; {n} are overdue.")


def queue_color(ages: Mapping[QueueAge, int]) -> str:
    return "red" if ages[QueueAge.LATE] else "none"


def mine_lede(asked: int, drafts: int, running: int) -> str:
    """Say what waits for the requester."""
    parts = []
    if asked:
        parts.append(
            counted(asked, "1 request asks you something", "{n} requests ask you something")
        )
    if drafts:
        parts.append(counted(drafts, "1 draft is not submitted", "{n} drafts are not submitted"))
    if running:
        parts.append(counted(running, "1 request is in triage", "{n} requests are in triage"))
    return (
        f"{listing(parts)}."
        if parts
        else "Nothing is open: no draft, no question, no request in triage."
    )


def because(hint: DuplicateHint) -> str:
    """Say why something may be the same."""
    said = [BECAUSE[name] for name in hint.because]
    percent = f" ({round(hint.similarity * 100)}% alike)" if "title" in hint.because else ""
    return f"{listing(said)}{percent}".capitalize()


def page_facts(request: ProjectRequest, rules: IntakeRules) -> list[tuple[str, str]]:
    """Return page one as labels and values, without its long texts."""
    wanted = day(request.wanted_by) if request.wanted_by else ""
    if wanted:
        wanted += ", hard date" if request.is_hard_date else ", soft date"
    sponsor = str(request.sponsor) if request.sponsor else ""
    if sponsor and request.sponsor_answer:
        sponsor += f" ({request.get_sponsor_answer_display().lower()})"
    return [
        ("Unit", str(request.unit or "")),
        ("Kind", request.get_kind_display()),
        ("Size", size_label(request.size, rules) if request.size else ""),
        ("Wanted by", wanted),
        ("Sponsor", sponsor),
        ("Systems touched", ", ".join(request.system_names)),
        ("Requester", str(request.requester)),
        ("Submitted", day(request.submitted_on) if request.submitted_on else ""),
    ]


def size_label(size: str, rules: IntakeRules) -> str:
    """Name a size with its limit: "S, below $50K"."""
    limits: dict[str, Decimal] = {
        "S": rules.small_below,
        "M": rules.medium_below,
        "L": rules.large_below,
    }
    if size in limits:
        return f"{size}, below {money(limits[size], currency())}"
    return f"{size}, {money(rules.large_below, currency())} and more"


def triage_facts(request: ProjectRequest) -> list[tuple[str, str]]:
    """Return what triage said."""
    return [
        ("Lane", Lane(request.lane).label if request.lane else ""),
        ("Class", RequestClass(request.request_class).label if request.request_class else ""),
        ("Capital", _estimated(request.capital_estimate)),
        ("Operating, once", _estimated(request.operating_estimate)),
        *(
            (f"Running, year {year}", _estimated(getattr(request, f"running_{year}")))
            for year in YEARS
        ),
        ("Capital cycle", str(request.cycle.year) if request.cycle else ""),
        ("Profile", ", ".join(QUESTIONS[code] for code in request.profile if code in QUESTIONS)),
    ]


def _estimated(value: Decimal | None) -> str:
    """Write an estimate with its range: half of it either way."""
    if value is None:
        return ""
    if not value:
        return money(value, currency())
    half = value / 2
    return f"{money(value, currency())} ({money(half, currency())} to {money(value + half, currency())})"


def ground_facts(ground: MandatoryGround) -> list[tuple[str, str]]:
    verified = (
        f"{ground.verified_by}, {day(ground.verified_at)}"
        if ground.verified_at
        else "Not verified yet"
    )
    return [
        ("Ground", ground.get_kind_display()),
        ("Citation", ground.citation),
        ("Takes effect on", day(ground.bites_on)),
        ("Vendor’s notice", ground.vendor_notice),
        ("Evidence", ground.evidence),
        ("Given by", str(ground.given_by)),
        ("Verified by", verified),
    ]


def needs_said(lane: str) -> str:
    """Say what the lane spares and what it does not."""
    if lane == Lane.MANDATORY:
        return "Mandatory work is not scored for its value. Gates, options and cost are asked as of any other."
    return "It is scored for its value, and passes gates with options and cost."


def state_rows(counts: StateCounts) -> Sequence[tuple[str, str, int]]:
    """Return the groups of the register: label, value of the address, count."""
    return (
        ("In triage", "", counts.triage),
        ("Accepted", "accepted", counts.accepted),
        ("Declined", "declined", counts.declined),
        ("Merged or withdrawn", "over", counts.over),
        ("All", "all", counts.total),
    )


def panel_title(ages: Mapping[QueueAge, int]) -> str:
    total = sum(ages.values())
    if not total:
        return "No request is in triage"
    return counted(total, "1 request is in triage", "{n} requests are in triage")
