"""People as lists show them."""

from django.db.models import Prefetch, Q, QuerySet

from pmo.accounts.models import Membership, User


def people_like(words: str) -> QuerySet[User]:
    """Return those whose name or address holds the words, active ones first, with all a list says of them."""
    roles = Prefetch("memberships", queryset=Membership.objects.for_list())
    people = User.objects.select_related("unit", "invitation").prefetch_related(roles)
    if words:
        people = people.filter(Q(name__icontains=words) | Q(email__icontains=words))
    return people.order_by("-is_active", "name", "pk")
