"""The page behind the set-up link, the door of an empty installation, and the list of steps."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as auth_views
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import add_refusal
from pmo.common.records.writing import RefusalError
from pmo.organization.first_run import link, services, words
from pmo.organization.first_run.forms import SetupForm

GONE = 410


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Let whoever holds the link set Rounds up; there is no such page once somebody administers."""
    if not link.is_needed():
        raise Http404
    found = link.open_link()
    if found is None:
        return gone(request)
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.set_up(
                token=link.token_in(form.cleaned_data["token"]),
                organization=form.organization(),
                administrator=form.administrator(),
                leads_office=form.cleaned_data["leads_office"],
            )
        except services.DeadLinkError as refusal:
            if not link.is_needed():
                raise Http404 from refusal
            form.add_error("token", str(refusal))
        except (ValidationError, RefusalError) as refusal:
            add_refusal(form, refusal)
        else:
            return welcome(request, user)
    context = {"form": form, "expires_at": found.expires_at, "commands": link.commands()}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "first_run/setup.html", context, status=status)


def gone(request: HttpRequest) -> HttpResponse:
    """Say that there is no link to use, and how one comes by another."""
    context = {"sentence": services.DEAD, "commands": link.commands()}
    return TemplateResponse(request, "first_run/setup_gone.html", context, status=GONE)


def welcome(request: HttpRequest, user: User) -> HttpResponseRedirect:
    """Sign the first administrator in and show what comes next."""
    login(request, user)
    messages.success(request, words.SET_UP)
    # a fragment of its own, or the browser would carry the used token on to the next page
    return redirect(f"{reverse('office')}#main")


class SignInView(auth_views.LoginView):
    """The sign-in; where nobody can sign in yet, it says what to do instead."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        anybody = User.objects.filter(is_active=True, email__isnull=False).exists()
        commands = [] if anybody else link.commands()
        return super().get_context_data(**kwargs) | {"commands": commands}


@require_POST
@requires(Permission.OFFICE_OPEN)
def checklist(request: PageRequest) -> HttpResponseRedirect:
    """Hide the list of steps, or show it again."""
    shown = "show" in request.POST
    services.show_checklist(by=request.user, shown=shown)
    if not shown:
        messages.success(request, words.LIST_HIDDEN)
    return redirect("office")
