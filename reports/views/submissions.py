"""A request as it was submitted, as PDF: the frozen version, with its day."""

from dataclasses import asdict

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.organization.current import organization
from portfolio.intake.models import ProjectRequest, RequestVersion
from portfolio.intake.words.documents import sheet_of
from reports.pdf import submission_pdf


@require_safe
@requires(Permission.REQUEST_SUBMIT)
def submission_print(request: PageRequest, pk: int) -> HttpResponse:
    """Print a submission for whoever sees its request."""
    visible = ProjectRequest.objects.visible_to(request.user).values("pk")
    versions = RequestVersion.objects.filter(request__in=visible).select_related("submitted_by")
    version = get_object_or_404(versions, pk=pk)
    sheet = sheet_of(version, office=organization().name)
    name = f"{version.content['number'].lower()}-{version.number}.pdf"
    return HttpResponse(
        submission_pdf(asdict(sheet)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
