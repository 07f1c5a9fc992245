"""What intake tells the page of what waits for a person."""

from collections.abc import Sequence
from datetime import date

from pmo.accounts.models import User
from pmo.common.page.waiting import WaitingItem, finds_waiting
from portfolio.intake.domain.kinds import RequestState
from portfolio.intake.selectors import waiting as selectors
from portfolio.intake.words import waiting as words


@finds_waiting("intake", order=30)
def requests_waiting(person: User, today: date) -> Sequence[WaitingItem]:
    """Return questions, drafts and what one is to sponsor, and what the office decides and verifies."""
    del today
    asked = selectors.asked_of(person)
    items = [
        WaitingItem(
            text=words.ANSWER if one.state == RequestState.ASKED else words.FINISH,
            url=one.get_absolute_url(),
            about=words.about(one),
        )
        for one in asked.own
    ]
    items += [
        WaitingItem(text=words.SPONSOR, url=one.get_absolute_url(), about=words.about(one))
        for one in asked.to_sponsor
    ]
    items += [
        WaitingItem(
            text=words.DECIDE,
            url=request.get_absolute_url(),
            about=words.about(request),
            due=request.answer_due_on,
        )
        for request in selectors.triage_waiting(person)
    ]
    items += [
        WaitingItem(
            text=words.VERIFY,
            url=ground.request.get_absolute_url(),
            about=words.about_ground(ground),
            due=ground.bites_on,
        )
        for ground in selectors.grounds_waiting(person)
    ]
    return items
