"""Which documents a person gets by mail, and handing that over."""

from pmo.accounts.holdings import Handed, Held, Keeper, Part, register
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.writing import RefusalError, all_or_nothing
from reports.models import DocumentKind, Subscription
from reports.services.subscriptions import subscribe, unsubscribe
from reports.words import leaving as words


def part_of(person: User, reader: User) -> Part:
    """Name the subscriptions to whoever manages those; others read how many there are."""
    rows = Subscription.objects.filter(user=person).with_scope().order_by("pk")
    if not can(reader, Permission.SUBSCRIPTION_CHANGE).allowed:
        return Part(title=words.TITLE, rows=(), hidden=rows.count())
    found = tuple(Held(str(row.scope), str(row.get_document_display())) for row in rows)
    return Part(title=words.TITLE, rows=found)


@all_or_nothing
def hand_over(person: User, to: User, by: User) -> Handed:
    """Send the documents to `to`, as far as that person may open them and has an address."""
    rows = Subscription.objects.filter(user=person).with_scope()
    if not can(by, Permission.SUBSCRIPTION_CHANGE).allowed:
        return Handed(0, rows.count())
    done = left = 0
    for row in rows:
        try:
            subscribe(scope=row.scope, user=to, by=by, document=DocumentKind(row.document))
        except RefusalError:
            left += 1
            continue
        unsubscribe(subscription=row, by=by)
        done += 1
    return Handed(done, left)


register("subscriptions", Keeper(order=4, part_of=part_of, hand_over=hand_over))
