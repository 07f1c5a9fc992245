"""The minutes of a meeting, as the reader may see them; approving and correcting them later."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from portfolio.governance.domain.kinds import MeetingState
from portfolio.governance.forms.committees import MinutesForm
from portfolio.governance.models import Meeting, Minutes
from portfolio.governance.selectors.minutes import readable
from portfolio.governance.services import minutes as services
from portfolio.governance.views import frame
from portfolio.governance.words import committees as words
from portfolio.governance.words.minutes import sheet_of
from projects.views.frame import Action, address


@require_safe
@requires(Permission.COMMITTEE_VIEW, Minutes)
def minutes(request: PageRequest, minutes: Minutes) -> TemplateResponse:
    meeting = minutes.meeting
    others = Minutes.objects.filter(meeting=meeting).exclude(pk=minutes.pk)
    may_run = frame.may(request.user, Permission.MEETING_RUN, meeting.committee)
    is_last = not any(one.number > minutes.number for one in others)
    actions = []
    if pdf := address("reports:minutes_pdf", minutes.pk):
        actions.append(Action("PDF", pdf, "download"))
    if may_run and is_last and _later(minutes).exists():
        if not minutes.approved_on:
            url = reverse("governance:minutes_approve", args=[minutes.pk])
            actions.append(Action(words.APPROVE_MINUTES, url, "check", primary=True))
        url = reverse("governance:minutes_correct", args=[minutes.pk])
        actions.append(Action(words.CORRECT_MINUTES, url, "pencil"))
    context = {
        "minutes": minutes,
        "sheet": sheet_of(minutes, readable(minutes, request.user)),
        "others": others.order_by("number"),
        "actions": actions,
        "crumbs": frame.to_meeting(meeting),
    }
    return TemplateResponse(request, "governance/minutes.html", context)


def _later(minutes: Minutes) -> "QuerySet[Meeting]":
    meeting = minutes.meeting
    return Meeting.objects.filter(
        committee=meeting.committee, day__gt=meeting.day, state=MeetingState.OPEN.value
    )


def _at_a_later_meeting(request: PageRequest, minutes: Minutes, *, corrects: bool) -> HttpResponse:
    meetings = _later(minutes)
    title = words.CORRECT_MINUTES if corrects else words.APPROVE_MINUTES

    def save(form: MinutesForm) -> Minutes:
        said = form.cleaned_data
        if corrects:
            return services.correct_minutes(
                minutes=minutes,
                meeting=said["meeting"],
                by=request.user,
                correction=said["correction"],
            )
        return services.approve_minutes(minutes=minutes, meeting=said["meeting"], by=request.user)

    return edit_page(
        request,
        form=MinutesForm(
            request.POST or None, instance=minutes, meetings=meetings, corrects=corrects
        ),
        save=save,
        title=title,
        sub=str(minutes),
        submit=title,
        done=words.MINUTES_CORRECTED if corrects else words.MINUTES_APPROVED,
        back=lambda saved: str(saved.get_absolute_url()),
        cancel_url=minutes.get_absolute_url(),
        crumbs=frame.to_meeting(minutes.meeting),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, Minutes)
def minutes_approve(request: PageRequest, minutes: Minutes) -> HttpResponse:
    return _at_a_later_meeting(request, minutes, corrects=False)


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, Minutes)
def minutes_correct(request: PageRequest, minutes: Minutes) -> HttpResponse:
    return _at_a_later_meeting(request, minutes, corrects=True)
