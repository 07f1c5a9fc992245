"""People as lists show them."""

from django.db.models import Prefetch, QuerySet

from pmo.accounts.models import Membership, User
from pmo.common.records.search import as_read, found


def people_like(words: str) -> QuerySet[User]:
    """Return those whose name or address holds the words, active ones first, with all a list says of them."""
    roles = Prefetch("memberships", queryset=Membership.objects.for_list())
    people = User.objects.select_related("unit", "invitation").prefetch_related(roles)
    if words:
        people = people.filter(found(User, words))
    return people.order_by(*as_read("-is_active", "name", "pk"))
