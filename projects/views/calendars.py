"""Working calendars: which days plans count."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from projects.forms.calendars import WEEK, CalendarForm
from projects.models import WorkCalendar
from projects.selectors.planning import days_of, uses_of
from projects.services import calendars as services
from projects.views import frame

SHOWN = 3  # days that differ, in the list


def way() -> list[frame.Crumb]:
    return [*frame.crumbs(), frame.Crumb("Calendars", reverse("projects:calendar_list"))]


def week_words(weekdays: str) -> str:
    worked = [name for name, mark in zip(WEEK, weekdays, strict=True) if mark == "1"]
    if len(worked) == len(WEEK):
        return "Every day"
    first, last = weekdays.find("1"), weekdays.rfind("1")
    if last - first + 1 == len(worked) and len(worked) > 2:  # noqa: PLR2004 - two days are named
        return f"{worked[0]} to {worked[-1]}"
    return ", ".join(worked)


@require_safe
@requires(Permission.CALENDAR_CHANGE)
def calendar_list(request: PageRequest) -> TemplateResponse:
    calendars = WorkCalendar.objects.order_by("name", "pk")
    page = Paginator(calendars.prefetch_related("exceptions"), frame.PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    today, uses = timezone.localdate(), uses_of(page.object_list, request.user)
    rows = [
        {
            "calendar": calendar,
            "uses": uses[calendar.pk],
            "week": week_words(calendar.weekdays),
            "coming": [day for day in days_of(calendar) if day.last >= today][:SHOWN],
        }
        for calendar in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "actions": [frame.Action("New calendar", reverse("projects:calendar_new"), "plus", True)],
        "crumbs": frame.crumbs(),
    }
    return TemplateResponse(request, "projects/calendar_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.CALENDAR_CHANGE)
def calendar_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=CalendarForm(request.POST or None),
        save=lambda form: services.create_calendar(by=request.user, **form.values()),
        title="New calendar",
        submit="Create calendar",
        done="The calendar is created.",
        back=reverse("projects:calendar_list"),
        crumbs=way(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.CALENDAR_CHANGE)
def calendar_edit(request: PageRequest, pk: int) -> HttpResponse:
    calendar = get_object_or_404(WorkCalendar, pk=pk)
    return edit_page(
        request,
        form=CalendarForm(request.POST or None, instance=calendar),
        save=lambda form: services.change_calendar(
            calendar=calendar, version=form.opened_version(), by=request.user, **form.values()
        ),
        title="Edit calendar",
        submit="Save calendar",
        done="The calendar is saved. Plans that count on it are computed again.",
        back=reverse("projects:calendar_list"),
        template="projects/record_edit.html",
        remove_url=reverse("projects:calendar_remove", args=[calendar.pk]),
        crumbs=way(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.CALENDAR_CHANGE)
def calendar_remove(request: PageRequest, pk: int) -> HttpResponse:
    calendar = get_object_or_404(WorkCalendar, pk=pk)
    return frame.confirm_page(
        request,
        act=lambda: services.remove_calendar(calendar=calendar, by=request.user),
        title=f"Remove the calendar “{calendar}”?",
        text="No plan may count on it. What it said stays in the trail of changes.",
        submit="Remove calendar",
        done=f"The calendar “{calendar}” is removed.",
        back=reverse("projects:calendar_list"),
        crumbs=way(),
    )
