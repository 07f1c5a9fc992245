"""One's own API tokens: hashed in the database, shown once, never valid for ever."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST
from knox.models import AuthToken

from pmo.accounts import services, words
from pmo.accounts.decorators import requires
from pmo.accounts.forms import TokenForm
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.TOKEN_CHANGE)
def token_list(request: PageRequest) -> HttpResponse:
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        secret = services.create_token(user=request.user, **form.cleaned_data)
    tokens = AuthToken.objects.filter(user=request.user).order_by("-created")
    context = {"form": form, "secret": secret, "tokens": tokens}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/token_list.html", context, status=status)


@require_POST
@requires(Permission.TOKEN_CHANGE)
def token_revoke(request: PageRequest, key: str) -> HttpResponseRedirect:
    token = get_object_or_404(AuthToken, user=request.user, token_key=key)
    services.revoke_token(token=token, by=request.user)
    messages.success(request, words.TOKEN_REVOKED)
    return redirect("accounts:token_list")
