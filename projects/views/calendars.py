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
from pmo.common.records.search import as_read
from projects.forms.calendars import CalendarForm
from projects.models import WorkCalendar
from projects.selectors.planning import days_of, uses_of
from projects.services import calendars as services
from projects.views import frame
from projects.words import calendars as words

SHOWN = 3  # days that differ, in the list


def way() -> list[frame.Crumb]:
    return [*frame.crumbs(), frame.Crumb("Calendars", reverse("projects:calendar_list"))]


@require_safe
@requires(Permission.CALENDAR_CHANGE)
def calendar_list(request: PageRequest) -> TemplateResponse:
    calendars = WorkCalendar.objects.order_by(*as_read("name", "pk"))
    page = Paginator(calendars.prefetch_related("exceptions"), frame.PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    today, uses = timezone.localdate(), uses_of(page.object_list, request.user)
    rows = [
        {
            "calendar": calendar,
            "uses": uses[calendar.pk],
            "week": words.week_words(calendar.weekdays),
            "coming": [day for day in days_of(calendar) if day.last >= today][:SHOWN],
        }
        for calendar in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "actions": [
            frame.Action(words.ADD_CALENDAR, reverse("projects:calendar_new"), "plus", True)
        ],
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
        title=words.ADD_CALENDAR,
        submit=words.ADD_CALENDAR,
        done=words.CALENDAR_ADDED,
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
        title=words.EDIT_CALENDAR,
        submit=words.SAVE_CALENDAR,
        done=words.CALENDAR_SAVED,
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
        title=words.remove_calendar_asked(calendar),
        text=words.REMOVE_CALENDAR_NOTE,
        submit=words.REMOVE_CALENDAR,
        done=words.calendar_removed(calendar),
        back=reverse("projects:calendar_list"),
        crumbs=way(),
    )
