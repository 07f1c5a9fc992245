"""Hook committees and decisions to the home page."""

from datetime import date

from pmo.accounts.models import User
from pmo.common.page.waiting import WaitingItem, finds_waiting
from portfolio.governance.selectors import waiting
from portfolio.governance.words import waiting as words


@finds_waiting("governance", order=20)
def what_waits(person: User, today: date) -> list[WaitingItem]:
    """Return votes, decisions, agendas, minutes, conditions and actions, in six queries."""
    coming = waiting.coming_meetings(person, today)
    return [
        *map(words.vote, waiting.items_to_vote(person, today)),
        *map(words.take, waiting.decisions_to_take(person)),
        *map(words.attend, coming.to_attend),
        *map(words.prepare, coming.to_prepare),
        *map(words.approve, waiting.minutes_to_approve(person, today)),
        *map(words.meet, waiting.conditions_to_meet(person)),
        *map(words.do, waiting.actions_to_do(person)),
    ]
