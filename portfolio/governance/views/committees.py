"""Committees: the list, one with its members and rules, and changing them."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.records.search import as_read, found
from portfolio.governance.domain.kinds import WAITING
from portfolio.governance.forms.committees import CommitteeForm, NewSeatForm, SeatForm
from portfolio.governance.models import Committee, CommitteeMember, Decision, Meeting
from portfolio.governance.selectors.pages import SHOWN_WITH, committees_for, register_rows
from portfolio.governance.selectors.seating import members_on
from portfolio.governance.services import committees as services
from portfolio.governance.views import frame
from portfolio.governance.words import committees as words
from projects.views.frame import PAGE_SIZE, Action

CHOICES_SHOWN = 8
SHOWN = 10  # meetings and decisions on the page of a committee


@require_safe
@requires(Permission.COMMITTEE_LIST)
def committee_list(request: PageRequest) -> TemplateResponse:
    rows = committees_for(request.user, timezone.localdate())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    actions = [Action("Decisions", reverse("governance:decision_list"), "gavel")]
    may_add = frame.may(request.user, Permission.COMMITTEE_CHANGE)
    if may_add:
        url = reverse("governance:committee_new")
        actions.append(Action(words.ADD_COMMITTEE, url, "plus", primary=True))
    context = {
        "page": page,
        "title": words.committees_title(page.paginator.count),
        "actions": actions,
        "may_add": may_add,
    }
    return TemplateResponse(request, "governance/committee_list.html", context)


@require_safe
@requires(Permission.COMMITTEE_VIEW, Committee)
def committee(request: PageRequest, committee: Committee) -> TemplateResponse:
    today, user = timezone.localdate(), request.user
    seen = Decision.objects.visible_to(user).filter(decider_committee=committee)
    waiting = seen.filter(state__in=list(WAITING)).oldest_first()
    meetings = Meeting.objects.filter(committee=committee).order_by("-day")
    may_change = frame.may(user, Permission.COMMITTEE_CHANGE, committee)
    context = {
        "committee": committee,
        "members": members_on(committee, today),
        "facts": words.committee_facts(committee),
        "meetings": meetings[:SHOWN],
        "rows": register_rows(list(waiting.select_related(*SHOWN_WITH)[:SHOWN]), today),
        "actions": _actions(user, committee, may_change=may_change),
        "may_change": may_change,
        "crumbs": frame.to_committees(),
        "decisions_url": f"{reverse('governance:decision_list')}?committee={committee.pk}&state=all",
    }
    return TemplateResponse(request, "governance/committee.html", context)


def _actions(user: User, committee: Committee, *, may_change: bool) -> list[Action]:
    found: list[Action] = []
    if may_change:
        edit = reverse("governance:committee_edit", args=[committee.pk])
        found.append(Action("Edit", edit, "pencil"))
    if frame.may(user, Permission.DECISION_RAISE, committee):
        url = reverse("governance:decision_new_of_committee", args=[committee.pk])
        found.append(Action("Raise a decision", url, "gavel"))
    stands = committee.stands_on(timezone.localdate())
    if stands and frame.may(user, Permission.MEETING_RUN, committee):
        url = reverse("governance:meeting_new", args=[committee.pk])
        found.append(Action(words.PLAN_MEETING, url, "calendar", primary=True))
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMITTEE_CHANGE)
def committee_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=CommitteeForm(request.POST or None),
        save=lambda form: services.create_committee(by=request.user, **form.record()),
        title=words.ADD_COMMITTEE,
        submit=words.ADD_COMMITTEE,
        done=words.COMMITTEE_ADDED,
        back=lambda made: str(made.get_absolute_url()),
        cancel_url=reverse("governance:committee_list"),
        crumbs=frame.to_committees(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMITTEE_CHANGE, Committee)
def committee_edit(request: PageRequest, committee: Committee) -> HttpResponse:
    return edit_page(
        request,
        form=CommitteeForm(request.POST or None, instance=committee),
        save=lambda form: services.change_committee(
            committee=Committee.objects.get(pk=committee.pk),
            version=form.opened_version(),
            by=request.user,
            **form.record(),
        ),
        title=words.EDIT_COMMITTEE,
        sub=str(committee.name),
        submit=words.SAVE_COMMITTEE,
        done=words.COMMITTEE_SAVED,
        back=committee.get_absolute_url(),
        crumbs=frame.to_committee(committee),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMITTEE_CHANGE, Committee)
def member_new(request: PageRequest, committee: Committee) -> HttpResponse:
    choices = reverse("governance:person_choices", args=[committee.pk])
    blank = CommitteeMember(committee=committee, since=timezone.localdate())

    def save(form: NewSeatForm) -> CommitteeMember:
        said = form.changes()
        person = said.pop("person")
        return services.seat_member(committee=committee, person=person, by=request.user, **said)

    return edit_page(
        request,
        form=NewSeatForm(request.POST or None, instance=blank, choices_url=choices),
        save=save,
        title=words.ADD_MEMBER,
        sub=str(committee.name),
        submit=words.ADD_MEMBER,
        done=words.MEMBER_ADDED,
        back=committee.get_absolute_url(),
        template="governance/member_edit.html",
        crumbs=frame.to_committee(committee),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMITTEE_CHANGE, CommitteeMember)
def member_edit(request: PageRequest, member: CommitteeMember) -> HttpResponse:
    name, committee = str(member.person), member.committee
    return edit_page(
        request,
        form=SeatForm(request.POST or None, instance=member),
        save=lambda form: services.change_member(
            member=CommitteeMember.objects.get(pk=member.pk),
            version=form.opened_version(),
            by=request.user,
            **form.changes(),
        ),
        title=words.EDIT_MEMBER,
        sub=name,
        submit=words.SAVE_MEMBER,
        done=words.MEMBER_SAVED,
        back=committee.get_absolute_url(),
        crumbs=frame.to_committee(committee),
    )


@require_safe
@requires(Permission.COMMITTEE_CHANGE, Committee)
def person_choices(request: PageRequest, committee: Committee) -> TemplateResponse:
    """Answer what is typed with the first few people it may mean, as options of a list."""
    del committee
    said = request.GET.get("person", "").replace("\x00", "").strip()[:100]
    people = User.objects.filter(found(User, said), is_active=True, email__isnull=False)
    shown = people.order_by(*as_read("name", "pk"))[:CHOICES_SHOWN] if said else []
    context = {"people": shown, "without_address": ""}
    return TemplateResponse(request, "projects/person_choices.html", context)
