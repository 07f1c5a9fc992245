"""What waits for the person who looks: a page of its own, and a part of the home pages."""

from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo.accounts import words
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.htmx import render_page
from pmo.common.page.waiting import waiting_for

SHOWN_AT_HOME = 5


@require_safe
@requires(Permission.HOME_OPEN)
def waiting(request: PageRequest) -> TemplateResponse:
    today = timezone.localdate()
    found = waiting_for(request.user, today=today)
    context = {
        "items": found,
        "first_items": found[:SHOWN_AT_HOME],
        "more": words.more_waiting(len(found) - SHOWN_AT_HOME),
        "title": words.waiting_title(found, today=today),
        "today": today,
    }
    return render_page(request, "accounts/waiting.html", context, partial="panel")
