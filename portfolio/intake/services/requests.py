"""What the requester writes: a draft, its submission, an answer, a withdrawal."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records.writing import RefusalError, add, all_or_nothing, change, locked_of, only
from portfolio.intake.domain.kinds import RequestState, SponsorAnswer, TimelineKind
from portfolio.intake.models import ProjectRequest
from portfolio.intake.selectors.settings import sponsor_is_asked
from portfolio.intake.services import keeping
from portfolio.intake.validators import ASKED_FOR, day_to_come, page_one_complete

PAGE_ONE = (
    "title",
    "problem",
    "unit",
    "kind",
    "if_nothing",
    "wanted_by",
    "is_hard_date",
    "size",
    "sponsor",
    "sponsor_answer",
    "systems",
    "is_confidential",
)

NOT_CHANGED = "A submitted request is not changed: withdraw it, or answer a question."
NOT_ASKED = "Nothing is asked about this request at the moment."


@all_or_nothing
def create_request(
    *, by: User, submit: bool = False, on: date | None = None, **fields: Any
) -> ProjectRequest:
    """Keep a draft, which needs a title alone; with `submit` send it at once."""
    record = ProjectRequest(requester=by, **_tidy(only(fields, PAGE_ONE)))
    created = add(record, by=by, action="request.created")
    return submit_request(request=created, version=None, by=by, on=on) if submit else created


@all_or_nothing
def change_request(
    *,
    request: ProjectRequest,
    version: int | None,
    by: User,
    submit: bool = False,
    **fields: Any,
) -> ProjectRequest:
    """Change page one of a draft; what was submitted changes with an answer alone, which keeps the page."""
    saved = locked_of(request)
    if saved.state != RequestState.DRAFT:
        raise RefusalError(NOT_CHANGED)
    changed = change(
        saved,
        version=version,
        by=by,
        action="request.changed",
        **_tidy(only(fields, PAGE_ONE)),
    )
    return submit_request(request=changed, version=None, by=by) if submit else changed


@all_or_nothing
def submit_request(
    *, request: ProjectRequest, version: int | None, by: User, on: date | None = None
) -> ProjectRequest:
    """Send a draft to triage and start its clock; raises ValidationError for gaps on page one."""
    saved = locked_of(request)
    if saved.state != RequestState.DRAFT:
        raise RefusalError("This request was submitted already.")
    _check_page(saved)
    today = on or timezone.localdate()
    day_to_come("wanted_by", saved.wanted_by, today)
    sent = change(
        saved,
        version=version,
        by=by,
        action="request.submitted",
        state=RequestState.TRIAGE.value,
        submitted_on=today,
        **keeping.started(on=today, used=0),
    )
    keeping.keep(sent, who=by, on=on)
    keeping.tell(sent, TimelineKind.SUBMITTED, "", who=by, on=on)
    return sent


@all_or_nothing
def answer_request(
    *,
    request: ProjectRequest,
    version: int | None,
    by: User,
    answer: str,
    on: date | None = None,
    **fields: Any,
) -> ProjectRequest:
    """Answer what was asked, with changes to page one; the clock goes on from where it stood."""
    saved = locked_of(request)
    if saved.state != RequestState.ASKED:
        raise RefusalError(NOT_ASKED)
    if not answer.strip():
        raise ValidationError({"answer": "Answer what was asked."})
    before = saved.wanted_by
    for name, value in _tidy(only(fields, PAGE_ONE)).items():
        setattr(saved, name, value)
    _check_page(saved)
    if saved.wanted_by != before:
        day_to_come("wanted_by", saved.wanted_by, on or timezone.localdate())
    sent = change(
        request,
        version=version,
        by=by,
        action="request.answered",
        state=RequestState.TRIAGE.value,
        **_tidy(fields),
        **keeping.started(on=on or timezone.localdate(), used=saved.clock_used),
    )
    keeping.keep(sent, who=by, on=on)
    keeping.tell(sent, TimelineKind.ANSWERED, answer, who=by, on=on)
    return sent


@all_or_nothing
def answer_as_sponsor(
    *, request: ProjectRequest, version: int, by: User, agrees: bool
) -> ProjectRequest:
    """
    Say as the sponsor who was asked whether one answers for it; who does not is no more named on it.

    Raises RefusalError for everybody else, and once there is an answer or the request is over.
    """
    saved = locked_of(request)
    if saved.sponsor_id != by.pk or not sponsor_is_asked(saved):
        raise RefusalError("Only the sponsor who was asked answers this, once.")
    fields: dict[str, Any] = (
        {"sponsor_answer": SponsorAnswer.AGREED.value}
        if agrees
        else {"sponsor": None, "sponsor_answer": ""}
    )
    kind = TimelineKind.AGREED if agrees else TimelineKind.NO_SPONSOR
    answered = change(saved, version=version, by=by, action=f"request.{kind.value}", **fields)
    keeping.tell(answered, kind, "", who=by)
    return answered


@all_or_nothing
def withdraw_request(
    *, request: ProjectRequest, version: int | None, by: User, reason: str = ""
) -> ProjectRequest:
    """Take a request back; it stays readable. Raises RefusalError once it is a project."""
    saved = locked_of(request)
    keeping.check_move(saved, RequestState.WITHDRAWN)
    if saved.project_id:
        raise RefusalError("It became a project, which has to be cancelled there.")
    today = timezone.localdate()
    taken = change(
        saved,
        version=version,
        by=by,
        action="request.withdrawn",
        state=RequestState.WITHDRAWN.value,
        decided_on=today,
        decision_reason=reason,
        **keeping.stopped(saved, on=today),
    )
    keeping.tell(taken, TimelineKind.WITHDRAWN, reason, who=by)
    return taken


def _tidy(fields: dict[str, Any]) -> dict[str, Any]:
    """Forget what the sponsor said where there is no sponsor."""
    if "sponsor" in fields and fields["sponsor"] is None:
        return fields | {"sponsor_answer": ""}
    return fields


def _check_page(request: ProjectRequest) -> None:
    values: Mapping[str, Any] = {
        name: getattr(request, name) for name in (*ASKED_FOR, "sponsor", "sponsor_answer")
    }
    page_one_complete(dict(values))
