"""Write the register: raised, asked, decided by a person or between meetings, withdrawn, superseded."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.common.records import audit
from pmo.common.records.writing import (
    ClashError,
    EditConflictError,
    RefusalError,
    add,
    all_or_nothing,
    change,
    insert,
    locked_of,
    only,
)
from portfolio.governance.domain.kinds import (
    APPROVALS,
    WAITING,
    Choice,
    DecisionKind,
    DecisionState,
    ItemResult,
)
from portfolio.governance.domain.voting import Seated, out_of_cycle_fault
from portfolio.governance.models import Decision, Vote
from portfolio.governance.selectors.gates import review_of
from portfolio.governance.selectors.seating import members_on, people_of, seated_of
from portfolio.governance.services.deciding import DecisionGiven, decide
from projects.models import Project

DECISION_FIELDS = frozenset(
    {
        "kind",
        "question",
        "background",
        "options",
        "recommended",
        "recommendation",
        "decider_committee",
        "decider_person",
        "consulted",
        "informed",
        "project",
        "amount",
        "needed_by",
        "delay_cost",
        "delay_harm",
    }
)
FEWEST_OPTIONS = 2
DAY_OVER = "This day has passed. Say by which day to come the decision is needed."
OPEN = (DecisionState.DRAFT, *WAITING)


def scope_of_trail(decision: Decision) -> Model:
    """Return where its events belong: whoever may not see the project does not read them."""
    return decision.project or decision


def held_decision(decision: Decision) -> Decision:
    """
    Return the decision as saved, held after the project that it is about: what it is decided on stays.

    Raises ClashError where it came to be about another project at this moment.
    """
    about = Project.objects.filter(decisions=decision.pk)
    project = about.select_for_update(of=("self",), no_key=True).first()
    current = locked_of(decision)
    if current.project_id != (project.pk if project else None):
        raise ClashError
    current.project = project
    return current


def standing(
    decision: Decision, version: int | None, states: tuple[DecisionState, ...]
) -> Decision:
    """Return the decision as saved, held; raises RefusalError in another state, EditConflictError."""
    return check_standing(held_decision(decision), version, states)


def check_standing(
    current: Decision, version: int | None, states: tuple[DecisionState, ...]
) -> Decision:
    """Return a decision that is held; raises RefusalError in another state, EditConflictError."""
    if current.state not in states:
        raise RefusalError(f"{current.number} is {current.get_state_display().lower()} already.")
    if version is not None and version != current.version:
        raise EditConflictError(current)
    return current


@all_or_nothing
def raise_decision(
    *, by: User | None, supersedes: Decision | None = None, **fields: Any
) -> Decision:
    """
    Draft a decision; with `supersedes` it is to take the place of a decided one.

    Raises RefusalError where that one is not decided, or has a successor already.
    """
    if supersedes is not None:
        supersedes = standing(supersedes, None, (DecisionState.DECIDED,))
        if Decision.objects.filter(supersedes=supersedes).exists():
            raise RefusalError(f"{supersedes.number} is asked anew already.")
    audit.held_head()  # numbers are given one at a time, and nothing else is held after this
    year = timezone.localdate().year
    last = Decision.objects.filter(number__startswith=f"{year}-").order_by("-pk").first()
    serial = int(last.number.partition("-")[2]) + 1 if last else 1
    record = Decision(
        number=f"{year}-{serial:03}",
        raised_by=by,
        supersedes=supersedes,
        **only(fields, DECISION_FIELDS),
    )
    _check_places(record)
    if supersedes is not None:
        _check_gate(record, supersedes)
    return add(record, by=by, action="decision.raised", scope=record.project)


@all_or_nothing
def change_decision(
    *, decision: Decision, version: int | None, by: User | None, **fields: Any
) -> Decision:
    """Change what is asked while nobody has decided or voted."""
    current = standing(decision, version, OPEN)
    if Vote.objects.filter(decision=current, item__result=ItemResult.WAITING.value).exists():
        raise RefusalError("Votes are recorded on this already. Finish the item in its meeting.")
    changes = only(fields, DECISION_FIELDS)
    for name, value in changes.items():
        setattr(decision, name, value)
    _check_places(decision)
    _check_gate(decision, current)
    if current.state != DecisionState.DRAFT:
        check_askable(decision)
        if decision.needed_by != current.needed_by:
            _check_to_come(decision, timezone.localdate())
    return change(
        current,
        version=version,
        by=by,
        action="decision.changed",
        scope=decision.project or current,
        **changes,
    )


def _check_gate(decision: Decision, before: Decision) -> None:
    """Raise RefusalError where the review of a gate would become another question, without its veto."""
    is_same = (decision.kind, decision.project_id) == (before.kind, before.project_id)
    if not is_same and (review := review_of(before)):
        code = review.gate.code
        raise RefusalError(f"This is the review of gate {code}: its kind and its project stay.")


def _check_places(decision: Decision) -> None:
    place = decision.recommended
    if place is not None and place >= len(decision.options):
        raise ValidationError({"recommended": "Recommend one of the options."})


def check_askable(decision: Decision) -> None:
    """Raise ValidationError for what is not whole, RefusalError for who may not decide it (3d, 2f)."""
    missing: dict[str, str] = {}
    nothing = [one for one in decision.options if one.get("is_nothing")]
    if len(decision.options) < FEWEST_OPTIONS or len(nothing) != 1:
        missing["options"] = "Give at least two options; exactly one of them is to do nothing."
    if (decision.decider_committee is None) == (decision.decider_person is None):
        missing["decider_committee"] = "Exactly one decides: a committee or a person."
    if decision.needed_by is None:
        missing["needed_by"] = "Say by when the decision is needed."
    if missing:
        raise ValidationError(missing)
    check_decider(decision)


def _check_to_come(decision: Decision, today: date) -> None:
    """Raise ValidationError for a decision that would be overdue when it is asked."""
    if decision.needed_by is not None and decision.needed_by < today:
        raise ValidationError({"needed_by": DAY_OVER})


def check_decider(decision: Decision) -> None:
    """Raise RefusalError for who left, runs the project, or sponsors it and decides its gate alone."""
    person = decision.decider_person_id
    if decision.decider_person is None:
        return
    if not decision.decider_person.is_active:
        raise RefusalError(f"{decision.decider_person} no longer decides. Choose who does instead.")
    named = people_of(decision.project)
    if person in named.get(Role.MANAGER, ()):
        raise RefusalError("The project manager does not decide on the own project.")
    is_gate = decision.kind != DecisionKind.GENERAL
    if is_gate and person in named.get(Role.SPONSOR, ()):
        raise RefusalError("The sponsor presents a gate and does not decide it alone.")


@all_or_nothing
def ask_decision(
    *, decision: Decision, version: int | None, by: User | None, on: date | None = None
) -> Decision:
    """Put a draft before its decider; from `on` (None is today) its delay can cost something."""
    current = standing(decision, version, (DecisionState.DRAFT,))
    return put_before_decider(decision=current, by=by, on=on)


@all_or_nothing
def put_before_decider(*, decision: Decision, by: User | None, on: date | None) -> Decision:
    """Ask a draft that is held, or that the same write raised; part of a service."""
    check_askable(decision)
    asked_on = on or timezone.localdate()
    _check_to_come(decision, asked_on)
    return change(
        decision,
        version=None,
        by=by,
        action="decision.asked",
        scope=scope_of_trail(decision),
        state=DecisionState.ASKED.value,
        asked_on=asked_on,
    )


@all_or_nothing
def withdraw_decision(
    *, decision: Decision, version: int | None, by: User | None, reason: str
) -> Decision:
    """Take a question back that nobody has decided; an item of an agenda that waits for it is over."""
    current = standing(decision, version, OPEN)
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is withdrawn."})
    with audit.gathered():
        for item in current.agenda_items.filter(result=ItemResult.WAITING.value):
            change(
                item,
                version=None,
                by=by,
                action="meeting.item_withdrawn",
                scope=scope_of_trail(current),
                result=ItemResult.WITHDRAWN.value,
                reason=reason,
            )
        return change(
            current,
            version=version,
            by=by,
            action="decision.withdrawn",
            scope=scope_of_trail(current),
            state=DecisionState.WITHDRAWN.value,
            outcome="",
            reason=reason,
            supersedes=None,
        )


@all_or_nothing
def take_decision(
    *,
    decision: Decision,
    version: int | None,
    by: User,
    ruling: DecisionGiven,
    on: date | None = None,
) -> Decision:
    """Decide what one person decides; `by` is that person, or who records it."""
    current = standing(decision, version, WAITING)
    if current.decider_person is None:
        raise RefusalError("A committee decides this, in a meeting or between two.")
    check_decider(current)
    return decide(decision=current, ruling=ruling, by=by, on=on or timezone.localdate())


@all_or_nothing
def decide_between_meetings(
    *,
    decision: Decision,
    version: int | None,
    by: User,
    choices: Mapping[int, str],
    ruling: DecisionGiven,
    on: date | None = None,
) -> Decision:
    """
    Approve out of cycle, to be ratified within 30 days; `choices` are votes by the person's id.

    Raises RefusalError unless two members agree, one chair or deputy, the other an executive (2g).
    """
    current = standing(decision, version, WAITING)
    committee, day = current.decider_committee, on or timezone.localdate()
    if committee is None:
        raise RefusalError("A person decides this, not a committee.")
    if ruling.outcome not in APPROVALS:
        raise RefusalError("Between meetings a decision is approved; the rest is for a meeting.")
    if current.agenda_items.filter(result=ItemResult.WAITING.value).exists():
        raise RefusalError("This is on the agenda of a meeting. Take it off first.")
    members = seated_of(members_on(committee, day), project=current.project, choices=choices)
    voters = [one for one in members if one.choice is not None]
    if fault := out_of_cycle_fault(voters):
        raise RefusalError(fault)
    _keep_votes(current, voters, by)
    return decide(
        decision=current,
        ruling=ruling,
        by=by,
        on=day,
        counted={
            "yes": sum(one.choice is Choice.YES for one in voters),
            "approved_by": [one.name for one in voters if one.choice is Choice.YES],
        },
        is_out_of_cycle=True,
    )


def _keep_votes(decision: Decision, voters: list[Seated], by: User) -> None:
    for one in voters:
        insert(
            Vote(
                decision=decision,
                person_id=one.person,
                choice=str(one.choice),
                recorded_by=by,
                recorded_at=timezone.now(),
            )
        )
