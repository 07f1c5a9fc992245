"""What somebody answers for, and handing it over in one step."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pmo.accounts import holdings, words
from pmo.accounts.context import Breadcrumb
from pmo.accounts.decorators import requires
from pmo.accounts.forms import HandOverForm
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.views.people import crumbs
from pmo.common.page.editing import edit_page


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNT_LIST)
def person_holdings(request: PageRequest, pk: int) -> HttpResponse:
    """List what a person answers for; a post puts somebody else in that place."""
    person = get_object_or_404(User, pk=pk)
    told: list[str] = []

    def save(form: HandOverForm) -> User:
        to = form.cleaned_data["to"]
        told.append(
            words.handed_over(holdings.hand_over(person=person, to=to, by=request.user), to)
        )
        return person

    return edit_page(
        request,
        form=HandOverForm(request.POST or None),
        save=save,
        title=words.answers_for(person),
        submit=words.HAND_OVER,
        done=lambda _: told[0],
        back=reverse("accounts:person_holdings", args=[pk]),
        template="accounts/person_holdings.html",
        crumbs=[*crumbs(), Breadcrumb(person.name, reverse("accounts:person_edit", args=[pk]))],
        person=person,
        parts=holdings.parts_of(person, reader=request.user),
    )
