"""Ask for the replacement of a thing on the list."""

from pmo.accounts.models import User
from pmo.common.records.writing import RefusalError, all_or_nothing, change, locked_of
from portfolio.intake.domain.kinds import OPEN, RequestKind, RequestState
from portfolio.intake.models import ProjectRequest, ReplacementItem
from portfolio.intake.services.requests import create_request


@all_or_nothing
def request_replacement(*, item: ReplacementItem, by: User, title: str) -> ProjectRequest:
    """Make a draft that replaces the thing; raises RefusalError while another one is under way."""
    saved = locked_of(item)
    under_way = {RequestState.DRAFT.value, *(state.value for state in OPEN)}
    if saved.request_id and ProjectRequest.objects.filter(pk=saved.request_id, state__in=under_way):
        raise RefusalError("Its replacement is asked for already.")
    draft = create_request(
        by=by, title=title, unit=saved.unit, kind=RequestKind.REPLACE.value, systems=saved.name
    )
    change(saved, version=None, by=by, action="replacement.requested", request=draft)
    return draft
