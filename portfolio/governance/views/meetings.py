"""A meeting: planned, its agenda, who is there, opened and closed, actions."""

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from portfolio.governance.domain.voting import quorum_of
from portfolio.governance.forms.committees import (
    ActionForm,
    AgendaForm,
    AttendanceForm,
    MeetingForm,
)
from portfolio.governance.models import (
    AgendaItem,
    Committee,
    Meeting,
    MeetingAction,
    Minutes,
)
from portfolio.governance.selectors import people
from portfolio.governance.selectors.pages import can_be_put, items_of
from portfolio.governance.selectors.seating import (
    members_on,
    presences_of,
    rules_of,
    seated_of,
)
from portfolio.governance.services import meetings as services
from portfolio.governance.views import frame
from portfolio.governance.words import committees as words
from projects.views.frame import Action, confirm_page


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, Committee)
def meeting_new(request: PageRequest, committee: Committee) -> HttpResponse:
    return edit_page(
        request,
        form=MeetingForm(request.POST or None, instance=Meeting(committee=committee)),
        save=lambda form: services.plan_meeting(
            committee=committee, by=request.user, **form.changes()
        ),
        title=words.PLAN_MEETING,
        sub=str(committee.name),
        submit=words.PLAN_MEETING,
        done=words.MEETING_PLANNED,
        back=lambda made: str(made.get_absolute_url()),
        cancel_url=committee.get_absolute_url(),
        crumbs=frame.to_committee(committee),
    )


@require_safe
@requires(Permission.COMMITTEE_VIEW, Meeting)
def meeting(request: PageRequest, meeting: Meeting) -> TemplateResponse:
    user, committee = request.user, meeting.committee
    members, presences = members_on(committee, meeting.day), presences_of(meeting)
    quorum = quorum_of(seated_of(members, presences=presences), rules_of(committee))
    items = items_of(meeting, user)
    may_run = frame.may(user, Permission.MEETING_RUN, meeting.committee)
    actions = MeetingAction.objects.visible_to(user).filter(meeting=meeting)
    context = {
        "meeting": meeting,
        "items": items,
        "lede": words.meeting_lede(meeting, items, quorum),
        "members": [(one, presences.get(one.person_id, "")) for one in members],
        "is_counted": bool(presences),
        "quorum": quorum,
        "actions_noted": actions.select_related("owner").order_by("due", "pk"),
        "minutes": Minutes.objects.filter(meeting=meeting).order_by("-number"),
        "may_run": may_run and not meeting.is_closed,
        "actions": _actions(meeting) if may_run else [],
        "crumbs": frame.to_committee(committee),
        "sub": f"{meeting.get_state_display()}{f' · {meeting.place}' if meeting.place else ''}",
        "rule": words.quorum_rule(committee),
        "user_pk": user.pk,
    }
    return TemplateResponse(request, "governance/meeting.html", context)


def _actions(meeting: Meeting) -> list[Action]:
    def url(name: str) -> str:
        return reverse(f"governance:{name}", args=[meeting.pk])

    if meeting.is_closed:
        return []
    found = [
        Action(words.ATTENDANCE, url("attendance"), "users", primary=meeting.is_open),
        Action(words.ADD_ITEM, url("item_new"), "plus"),
        Action(words.ADD_ACTION, url("action_new"), "clipboard-list"),
    ]
    if meeting.is_open:
        return [*found, Action(words.CLOSE_MEETING, url("meeting_close"), "lock")]
    return [
        Action("Edit", url("meeting_edit"), "pencil"),
        *found,
        Action(words.OPEN_MEETING, url("meeting_open"), "lock-open", primary=True, method="post"),
    ]


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, Meeting)
def meeting_edit(request: PageRequest, meeting: Meeting) -> HttpResponse:
    return edit_page(
        request,
        form=MeetingForm(request.POST or None, instance=meeting),
        save=lambda form: services.change_meeting(
            meeting=meeting, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_MEETING,
        sub=str(meeting.committee.name),
        submit=words.SAVE_MEETING,
        done=words.MEETING_SAVED,
        back=meeting.get_absolute_url(),
        crumbs=frame.to_committee(meeting.committee),
    )


@require_POST
@requires(Permission.MEETING_RUN, Meeting)
def meeting_open(request: PageRequest, meeting: Meeting) -> HttpResponseRedirect:
    return frame.act(
        request,
        lambda: services.open_meeting(meeting=meeting, version=None, by=request.user),
        words.MEETING_OPENED,
        meeting.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, Meeting)
def meeting_close(request: PageRequest, meeting: Meeting) -> HttpResponse:
    def close() -> None:
        services.close_meeting(meeting=meeting, version=None, by=request.user)

    return confirm_page(
        request,
        act=close,
        title=words.CLOSE_TITLE,
        text=words.CLOSE_NOTE,
        submit=words.CLOSE_MEETING,
        done=words.MEETING_CLOSED,
        back=meeting.get_absolute_url(),
        crumbs=frame.to_meeting(meeting),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, Meeting)
def attendance(request: PageRequest, meeting: Meeting) -> HttpResponse:
    members = members_on(meeting.committee, meeting.day)
    form = AttendanceForm(
        request.POST or None, instance=meeting, members=members, presences=presences_of(meeting)
    )
    return edit_page(
        request,
        form=form,
        save=lambda form: services.note_attendance(
            meeting=meeting,
            version=form.opened_version(),
            by=request.user,
            presences=form.presences(),
        ),
        title=words.ATTENDANCE,
        sub=words.quorum_rule(meeting.committee),
        submit=words.SAVE_ATTENDANCE,
        done=words.ATTENDANCE_SAVED,
        back=meeting.get_absolute_url(),
        crumbs=frame.to_meeting(meeting),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, Meeting)
def item_new(request: PageRequest, meeting: Meeting) -> HttpResponse:
    form = AgendaForm(
        request.POST or None,
        instance=AgendaItem(meeting=meeting),
        decisions=can_be_put(meeting, request.user),
        people=people.around(meeting.committee, meeting.day),
    )
    return edit_page(
        request,
        form=form,
        save=lambda form: services.put_on_agenda(
            meeting=meeting, by=request.user, **form.changes()
        ),
        title=words.ADD_ITEM,
        sub=str(meeting.committee.name),
        submit=words.ADD_ITEM,
        done=words.ITEM_ADDED,
        back=meeting.get_absolute_url(),
        crumbs=frame.to_meeting(meeting),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, Meeting)
def action_new(request: PageRequest, meeting: Meeting) -> HttpResponse:
    form = ActionForm(
        request.POST or None,
        instance=MeetingAction(meeting=meeting),
        people=people.around(meeting.committee, meeting.day),
    )
    return edit_page(
        request,
        form=form,
        save=lambda form: services.add_action(meeting=meeting, by=request.user, **form.changes()),
        title=words.ADD_ACTION,
        sub=str(meeting.committee.name),
        submit=words.ADD_ACTION,
        done=words.ACTION_ADDED,
        back=meeting.get_absolute_url(),
        crumbs=frame.to_meeting(meeting),
    )


@require_POST
@requires(Permission.COMMITTEE_VIEW, MeetingAction)
def action_done(request: PageRequest, action: MeetingAction) -> HttpResponseRedirect:
    """Mark as done: for who owns the action and for who runs the meeting."""
    if action.owner_id != request.user.pk:
        frame.demand(request.user, Permission.MEETING_RUN, action.meeting.committee)
    return frame.act(
        request,
        lambda: services.finish_action(
            action=action, version=None, by=request.user, on=timezone.localdate()
        ),
        words.ACTION_DONE,
        action.meeting.get_absolute_url(),
    )
