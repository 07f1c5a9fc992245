"""People as lists show them, and what one of them typed and did not save."""

from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from pmo.accounts.models import Membership, UnsentWords, User
from pmo.common.records.search import as_read, found, like

MEANT = 10  # people offered while somebody types
UNSENT_DAYS = 30  # words that were never saved are kept so long


def people_like(words: str) -> QuerySet[User]:
    """Return those whose name or address holds the words, active ones first, with all a list says of them."""
    roles = Prefetch("memberships", queryset=Membership.objects.for_list())
    people = User.objects.select_related("unit", "invitation").prefetch_related(roles)
    if words:
        people = people.filter(found(User, words))
    return people.order_by(*as_read("-is_active", "name", "pk"))


def people_meant(typed: str, *, least: int = 1, by_name: bool = False) -> QuerySet[User]:
    """
    Return the first few active people whom what is typed may mean; nobody below `least` letters.

    `by_name` leaves their addresses alone: whoever may not look these up does not find people by them either.
    """
    words = typed.replace("\x00", "").strip()[:100]
    if len(words) < least:
        return User.objects.none()
    wanted = like(words, "name") if by_name else found(User, words)
    people = User.objects.filter(wanted, is_active=True)
    return people.order_by(*as_read("name", "pk"))[:MEANT]


def unsent_words(person: User, *, address: str, now: datetime) -> QuerySet[UnsentWords]:
    """Return what the person typed on the page and did not save, one row a form, while it is kept."""
    since = now - timedelta(days=UNSENT_DAYS)
    return UnsentWords.objects.filter(person=person, address=address, at__gt=since).order_by("form")
