"""People and their roles."""

from django.contrib import messages
from django.contrib.auth.forms import PasswordResetForm
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts import services
from pmo.accounts.context import Crumb
from pmo.accounts.decorators import requires
from pmo.accounts.forms import PersonForm, RoleForm
from pmo.accounts.http import PageRequest
from pmo.accounts.models import Membership, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.editing import edit_page
from pmo.common.htmx import render_page
from pmo.common.writing import RefusalError

UNGUESSABLE = 40


def crumbs() -> list[Crumb]:
    return [Crumb("People", reverse("accounts:person_list"))]


@require_safe
@requires(Permission.ACCOUNT_LIST)
def person_list(request: PageRequest) -> TemplateResponse:
    wanted = request.GET.get("q", "").replace("\x00", "").strip()
    people = User.objects.prefetch_related(
        Prefetch("memberships", queryset=Membership.objects.for_list())
    ).order_by("-is_active", "name", "pk")
    if wanted:
        people = people.filter(Q(name__icontains=wanted) | Q(email__icontains=wanted))
    context = {
        "page": Paginator(people, 25).get_page(request.GET.get("page")),
        "q": wanted,
        "may_change": can(request.user, Permission.ACCOUNT_CHANGE).allowed,
    }
    return render_page(request, "accounts/person_list.html", context, partial="table")


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNT_CHANGE)
def person_new(request: PageRequest) -> HttpResponse:
    """Add somebody; a mail invites that person to choose a password."""

    def save(form: PersonForm) -> User:
        password = get_random_string(UNGUESSABLE)
        user = services.create_user(by=request.user, password=password, **form.cleaned_data)
        invite(request, user)
        return user

    return edit_page(
        request,
        form=PersonForm(request.POST or None),
        save=save,
        title="New person",
        submit="Add and invite",
        done="Added. A mail invites them to choose a password.",
        back=lambda user: reverse("accounts:person_edit", args=[user.pk]),
        cancel_url=reverse("accounts:person_list"),
        crumbs=crumbs(),
    )


def invite(request: HttpRequest, user: User) -> None:
    form = PasswordResetForm({"email": user.email})
    if form.is_valid():
        form.save(
            request=request,
            use_https=request.is_secure(),
            email_template_name="registration/password_reset_email.html",
        )


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNT_CHANGE)
def person_edit(request: PageRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    return edit_page(
        request,
        form=PersonForm(request.POST or None, instance=user),
        save=lambda form: services.change_user(
            user=User.objects.get(pk=pk), by=request.user, **form.cleaned_data
        ),
        title=user.name,
        done="Saved.",
        back=reverse("accounts:person_edit", args=[pk]),
        template="accounts/person_edit.html",
        crumbs=crumbs(),
        person=User.objects.get(pk=pk),
        memberships=list(user.memberships.for_list()),
        role_form=RoleForm(auto_id="role_%s"),
    )


@require_POST
@requires(Permission.ACCOUNT_CHANGE)
def role_grant(request: PageRequest, pk: int) -> HttpResponseRedirect:
    user = get_object_or_404(User, pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "No role was given: choose a role, and a unit or all of them.")
        return redirect("accounts:person_edit", pk=pk)
    try:
        services.grant_role(user=user, by=request.user, **form.cleaned_data)
    except ValidationError:
        messages.error(request, "That role was not given: the person holds it there already.")
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Role given. It holds from the next click on.")
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
        messages.success(request, "Role taken away. It is gone from the next click on.")
    return redirect("accounts:person_edit", pk=membership.user_id)


@require_POST
@requires(Permission.ACCOUNT_CHANGE)
def person_active(request: PageRequest, pk: int) -> HttpResponseRedirect:
    user = get_object_or_404(User, pk=pk)
    try:
        services.set_active(user=user, is_active="let-in" in request.POST, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Done. It holds at once, everywhere.")
    return redirect("accounts:person_edit", pk=pk)
