"""Hook the plan of communication to what moves under it, and to what waits for a person."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pmo.common.background.events import listen
from pmo.common.page.waiting import WaitingItem, finds_waiting
from projects.communication.selectors.items import due_from
from projects.communication.services import items
from projects.communication.words import items as words
from projects.services.projects import TOPIC


@listen(TOPIC)
def move_with_milestones(project_ids: set[int]) -> None:
    items.refresh_due(project_ids=project_ids)


@finds_waiting("communication", order=6)
def messages_due(person: Any, today: date) -> Sequence[WaitingItem]:
    """Find the messages that a person sends and that are due within a week."""
    return [
        WaitingItem(
            text=words.to_send(item),
            url=item.get_absolute_url(),
            about=str(item.project),
            due=item.next_due,
        )
        for item in due_from(person, today=today)
    ]
