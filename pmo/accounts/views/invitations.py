"""Inviting somebody, and the page that opens when the link is followed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_POST

from pmo.accounts import services, words
from pmo.accounts.context import Breadcrumb
from pmo.accounts.decorators import requires
from pmo.accounts.forms import FirstPasswordForm
from pmo.accounts.http import PageRequest
from pmo.accounts.invitation_links import last_day, tokens
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.records.writing import RefusalError


@require_POST
@requires(Permission.ACCOUNT_CHANGE)
def person_invite(request: PageRequest, pk: int) -> HttpResponseRedirect:
    user = get_object_or_404(User, pk=pk)
    try:
        services.invite(user=user, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.invitation_sent(user.email))
    return redirect(user)


@require_POST
@requires(Permission.ACCOUNT_CHANGE)
def person_link(request: PageRequest, pk: int) -> HttpResponse:
    """Show an invitation link, once: it is not kept anywhere."""
    user = get_object_or_404(User, pk=pk)
    try:
        link = services.hand_over_link(user=user, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
        return redirect(user)
    context = {
        "person": user,
        "link": link,
        "day": last_day(),
        "crumbs": [
            Breadcrumb("People", reverse("accounts:person_list")),
            Breadcrumb(user.name, user.get_absolute_url()),
        ],
    }
    return TemplateResponse(request, "accounts/person_link.html", context)


class InvitationView(PasswordResetConfirmView):
    """Let somebody who was invited choose a password, and in."""

    template_name = "registration/invitation.html"
    form_class = FirstPasswordForm
    token_generator = tokens
    reset_url_token = "welcome"  # noqa: S105 - what the address says instead of the token
    post_reset_login = True
    success_url = reverse_lazy("home")

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and user.is_active else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"person": self.user}
