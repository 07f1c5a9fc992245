"""Which messages a person sends, and handing those over."""

from pmo.accounts.holdings import Handed, Held, Keeper, Part, register
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.search import as_read
from pmo.common.records.writing import all_or_nothing
from projects.communication.models import CommunicationItem, CommunicationItemQuerySet
from projects.communication.selectors.items import SHOWN_WITH
from projects.communication.services import items
from projects.communication.words import items as words
from projects.models import Project
from projects.selectors.people import answering_for


def _held(person: User) -> CommunicationItemQuerySet:
    return CommunicationItem.objects.open().filter(sender=person)


def part_of(person: User, reader: User) -> Part:
    """Name the messages that are still to be sent."""
    held = _held(person)
    rows = held.visible_to(reader).select_related("project")
    found = tuple(
        Held(str(row), str(row.project), row.get_absolute_url())
        for row in rows.order_by(*as_read("project__name", "message", "pk"))
    )
    return Part(title=words.TO_BE_SENT, rows=found, hidden=held.count() - len(found))


@all_or_nothing
def hand_over(person: User, to: User, by: User) -> Handed:
    """Let `to` send what `by` may change; what only a named lead may send stays."""
    done = 0
    rows = _held(person).filter(project__in=Project.objects.visible_to(by))
    for item in rows.select_related(*SHOWN_WITH, "project__unit"):
        if _may_hand(item, to, by):
            items.change_item(item=item, version=None, by=by, sender=to)
            done += 1
    return Handed(done, _held(person).count())


def _may_hand(item: CommunicationItem, to: User, by: User) -> bool:
    if item.goes_through_lead and item.lead != to:
        return False
    people = answering_for(item.project, Permission.COMMUNICATION_CHANGE)
    may = can(by, Permission.COMMUNICATION_CHANGE, item.project).allowed
    return may and people.filter(pk=to.pk).exists()


register("communication", Keeper(order=4, part_of=part_of, hand_over=hand_over))
