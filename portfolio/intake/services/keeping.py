"""What the writes of a request share: its moves, its clock, its timeline, and the page as it was sent."""

import json
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records.writing import RefusalError, insert
from portfolio.intake.domain.clock import days_between, due_on
from portfolio.intake.domain.kinds import RequestState, TimelineKind, follows
from portfolio.intake.models import ProjectRequest, RequestVersion, TimelineStep
from portfolio.intake.selectors.settings import rules, working_days

MORNING = time(10, 0)


def check_move(request: ProjectRequest, then: RequestState) -> None:
    """Raise RefusalError where a request does not go from where it stands to there."""
    now = RequestState(request.state)
    if not follows(now, then):
        raise RefusalError(
            f"This request is “{now.label}”, so it cannot become “{then.label}”. Load it again:"
            " another person may have decided meanwhile."
        )


def started(*, on: date, used: int) -> dict[str, Any]:
    """Return the columns of a clock that runs from a day on, after so many working days went before."""
    due = due_on(on, used=used, days=rules().answer_days, calendar=working_days())
    return {"clock_since": on, "clock_used": used, "answer_due_on": due}


def stopped(request: ProjectRequest, *, on: date) -> dict[str, Any]:
    """Return the columns of a clock that stands still from a day on."""
    used = request.clock_used
    if request.clock_since is not None:
        used += days_between(request.clock_since, on, working_days())
    return {"clock_since": None, "clock_used": used, "answer_due_on": None}


def moment(on: date | None) -> datetime:
    """Return now, or the morning of a day that is over, for what is written down afterwards."""
    now = timezone.now()
    if on is None or on >= timezone.localdate():
        return now
    return timezone.make_aware(datetime.combine(on, MORNING))


def tell(
    request: ProjectRequest,
    kind: TimelineKind,
    text: str,
    *,
    who: User | None,
    on: date | None = None,
    other: ProjectRequest | None = None,
) -> None:
    """Put a step on the timeline; the write that it belongs to has the audit event."""
    step = TimelineStep(
        request=request, kind=kind.value, text=text, other=other, by=who, at=moment(on)
    )
    step.full_clean(exclude={"request", "by", "other"})
    insert(step)


def page_of(request: ProjectRequest) -> dict[str, Any]:
    """Return page one as it reads now, names instead of ids."""
    return {
        "number": request.number,
        "title": request.title,
        "problem": request.problem,
        "unit": str(request.unit) if request.unit else "",
        "kind": request.get_kind_display(),
        "if_nothing": request.if_nothing,
        "wanted_by": request.wanted_by.isoformat() if request.wanted_by else "",
        "is_hard_date": request.is_hard_date,
        "size": request.size,
        "sponsor": str(request.sponsor.name) if request.sponsor else "",
        "sponsor_answer": request.get_sponsor_answer_display(),
        "systems": list(request.system_names),
        "is_confidential": request.is_confidential,
        "requester": str(request.requester.name),
    }


def keep(request: ProjectRequest, *, who: User, on: date | None = None) -> RequestVersion:
    """Freeze page one as it is sent."""
    content = page_of(request)
    digest = sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    version = RequestVersion(
        request=request,
        number=request.versions.count() + 1,
        content=content,
        digest=digest,
        submitted_by=who,
        submitted_at=moment(on),
    )
    insert(version)
    return version
