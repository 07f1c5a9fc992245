"""People: the list, adding and editing one, and one step for several."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts import services, words
from pmo.accounts.context import Breadcrumb
from pmo.accounts.decorators import requires
from pmo.accounts.forms import AtOnceForm, PersonForm, RoleForm
from pmo.accounts.holdings import parts_of
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.selectors import people_like
from pmo.accounts.words import standing, trouble
from pmo.common.page import formats
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from pmo.common.records.writing import RefusalError

PAGE_SIZE = 50


def crumbs() -> list[Breadcrumb]:
    return [Breadcrumb("People", reverse("accounts:person_list"))]


@require_safe
@requires(Permission.ACCOUNT_LIST)
def person_list(request: PageRequest) -> TemplateResponse:
    may_change = can(request.user, Permission.ACCOUNT_CHANGE).allowed
    form = AtOnceForm() if may_change else None
    context = _listed(request, form)
    return render_page(request, "accounts/person_list.html", context, partial="table")


def _listed(request: PageRequest, form: AtOnceForm | None) -> dict[str, Any]:
    wanted = request.GET.get("q", "").replace("\x00", "").strip()
    page = Paginator(people_like(wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "rows": [(person, standing(person)) for person in page],
        "q": wanted,
        "may_change": form is not None,
        "form": form,
        "ticked": form.data.getlist("people") if form and form.is_bound else [],  # type: ignore[attr-defined]  # a QueryDict, always
        "mail": services.mail_goes_out(),
    }


@require_POST
@requires(Permission.ACCOUNT_CHANGE)
def people_at_once(request: PageRequest) -> HttpResponse:
    """Add or remove one role of several people, or invite them; say what became of each."""
    form = AtOnceForm(request.POST)
    outcomes: list[services.Outcome] = []
    if form.is_valid():
        try:
            outcomes = _done(request, form)
        except RefusalError as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        context = _listed(request, form)
        return TemplateResponse(request, "accounts/person_list.html", context, status=422)
    changed = sum(one.is_done for one in outcomes)
    context = {
        "outcomes": outcomes,
        "title": words.done_for(changed, formats.count(len(outcomes), "person", "people")),
        "crumbs": crumbs(),
        "back": f"{reverse('accounts:person_list')}?{request.GET.urlencode()}",
    }
    return TemplateResponse(request, "accounts/people_at_once.html", context)


def _done(request: PageRequest, form: AtOnceForm) -> list[services.Outcome]:
    said = form.cleaned_data
    people = list(said["people"])
    if said["action"] == "invite":
        return services.invite_all(people=people, by=request.user)
    return services.change_roles(
        people=people,
        role=said["role"],
        unit=said["unit"],
        adds=said["action"] == "add",
        by=request.user,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNT_CHANGE)
def person_new(request: PageRequest) -> HttpResponse:
    """Add somebody; where there is an address and mail goes out, a mail invites that person."""
    mail = services.mail_goes_out()

    def save(form: PersonForm) -> User:
        user = services.create_user(by=request.user, **form.cleaned_data)
        if mail and user.email:
            services.invite(user=user, by=request.user)
        return user

    def done(user: User) -> str:
        if user.email is None:
            return words.ADDED_WITHOUT_ADDRESS
        if mail:
            return words.ADDED_AND_INVITED
        return words.ADDED_WITHOUT_MAIL

    return edit_page(
        request,
        form=PersonForm(request.POST or None),
        save=save,
        title=words.ADD_PERSON,
        submit=words.ADD_AND_INVITE if mail else words.ADD_PERSON,
        done=done,
        back=lambda user: reverse("accounts:person_edit", args=[user.pk]),
        cancel_url=reverse("accounts:person_list"),
        crumbs=crumbs(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNT_CHANGE)
def person_edit(request: PageRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    person = User.objects.select_related("invitation", "invited_by").get(pk=pk)
    mail = services.mail_goes_out()
    return edit_page(
        request,
        form=PersonForm(request.POST or None, instance=user),
        save=lambda form: services.change_user(
            user=User.objects.get(pk=pk), by=request.user, **form.cleaned_data
        ),
        title=person.name,
        done="Saved.",
        back=reverse("accounts:person_edit", args=[pk]),
        template="accounts/person_edit.html",
        crumbs=crumbs(),
        person=person,
        standing=standing(person),
        trouble=trouble(person),
        may_invite=mail and person.awaits_first_sign_in,
        may_show_link=person.awaits_first_sign_in and bool(trouble(person) or not mail),
        memberships=list(user.memberships.for_list()),
        role_form=RoleForm(auto_id="role_%s"),
    )


@require_POST
@requires(Permission.ACCOUNT_CHANGE)
def person_active(request: PageRequest, pk: int) -> HttpResponseRedirect:
    user = get_object_or_404(User, pk=pk)
    try:
        services.set_active(user=user, is_active="activate" in request.POST, by=request.user)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    else:
        if not user.is_active and parts_of(user, reader=request.user):
            messages.success(request, words.deactivated_with(user))
            return redirect("accounts:person_holdings", pk=pk)
        messages.success(request, words.PERSON_SAVED)
    return redirect("accounts:person_edit", pk=pk)
