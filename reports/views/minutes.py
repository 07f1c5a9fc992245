"""The minutes of a meeting as PDF: the reader's own copy, as the page shows it."""

from dataclasses import asdict

from django.http import HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.organization.current import organization
from portfolio.governance.models import Minutes
from portfolio.governance.selectors.minutes import readable
from portfolio.governance.words.minutes import sheet_of
from reports.pdf import minutes_pdf


@require_safe
@requires(Permission.COMMITTEE_VIEW, Minutes)
def minutes_print(request: PageRequest, minutes: Minutes) -> HttpResponse:
    sheet = sheet_of(minutes, readable(minutes, request.user))
    content = minutes_pdf(asdict(sheet) | {"office": organization().name})
    meeting = minutes.meeting
    name = slugify(f"minutes {meeting.committee.code} {meeting.day} v{minutes.number}")
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )
