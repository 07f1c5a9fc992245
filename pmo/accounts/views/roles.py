"""The roles of one person."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from pmo.accounts import services, words
from pmo.accounts.decorators import requires
from pmo.accounts.forms import RoleForm
from pmo.accounts.http import PageRequest
from pmo.accounts.models import Membership, User
from pmo.accounts.permissions import Permission
from pmo.common.records.writing import RefusalError


@require_POST
@requires(Permission.ACCOUNT_CHANGE)
def role_grant(request: PageRequest, pk: int) -> HttpResponseRedirect:
    user = get_object_or_404(User, pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, words.ROLE_NOT_CHOSEN)
        return redirect("accounts:person_edit", pk=pk)
    try:
        services.grant_role(user=user, by=request.user, **form.cleaned_data)
    except ValidationError:
        messages.error(request, words.ROLE_HELD)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.ROLE_ADDED)
    return redirect("accounts:person_edit", pk=pk)


@require_POST
@requires(Permission.ACCOUNT_CHANGE)
def role_revoke(request: PageRequest, pk: int) -> HttpResponseRedirect:
    membership = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    try:
        services.revoke_role(membership=membership, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.ROLE_REMOVED)
    return redirect("accounts:person_edit", pk=membership.user_id)
