"""The rules of intake in force, and the days on which its clock runs."""

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from portfolio.intake.domain.kinds import IN_TRIAGE, RequestState, SponsorAnswer
from portfolio.intake.models import IntakeRules, ProjectRequest
from portfolio.intake.models.capital import ONLY
from projects.domain.workdays import MONDAY_TO_FRIDAY, Workdays, workdays
from projects.models import WorkCalendar
from projects.selectors.planning import calendar_of


def rules() -> IntakeRules:
    """Return the row of rules; the defaults, unsaved and with version 0, until somebody saves them."""
    return IntakeRules.objects.filter(pk=ONLY).first() or IntakeRules(pk=ONLY, version=0)


def working_days() -> Workdays:
    """Return the organization's calendar; Monday to Friday where none is the default."""
    row = WorkCalendar.objects.filter(is_default=True).prefetch_related("exceptions").first()
    if row is None:
        return MONDAY_TO_FRIDAY
    found = calendar_of(row)
    days = tuple((day.first, day.last, day.is_working) for day in found.exceptions)
    return workdays(found.weekdays, days)


def may_edit(user: User, request: ProjectRequest) -> bool:
    """Say whether this is the requester, who may write the page now: as a draft, or to answer."""
    can_write = request.state in {RequestState.DRAFT, RequestState.ASKED}
    return can_write and request.requester_id == user.pk


def sponsor_is_asked(request: ProjectRequest) -> bool:
    """Say whether the sponsor of what was submitted, and is not over, still has to answer."""
    return request.sponsor_answer == SponsorAnswer.ASKED and request.is_open


def may_triage(user: User, request: ProjectRequest) -> bool:
    return can(user, Permission.REQUEST_TRIAGE, request).allowed


def may_list_items(user: User, request: ProjectRequest) -> bool:
    """Say whether the user may say what it would buy: the requester as above, the office in triage."""
    in_triage = RequestState(request.state) in IN_TRIAGE
    return may_edit(user, request) or (in_triage and may_triage(user, request))
