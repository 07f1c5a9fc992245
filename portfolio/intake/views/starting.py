"""Start the project of an accepted request from a template, with what the request says filled in."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.records.search import as_read
from pmo.common.records.writing import RefusalError
from portfolio.intake.models import MandatoryGround, ProjectRequest
from portfolio.intake.services import becoming
from portfolio.intake.views import frame
from portfolio.intake.words import requests as words
from portfolio.starts.forms.starting import StartForm, typed_person
from portfolio.starts.services.starting import StartWish, course_of
from portfolio.starts.views.starting import offered, offered_day, start_page
from projects.domain.kinds import Lane
from projects.project_templates.domain.sections import Document
from projects.project_templates.models import ProjectTemplate
from projects.project_templates.selectors.library import brief_of
from projects.project_templates.words import library as template_words
from projects.views.frame import PAGE_SIZE, Crumb


@require_safe
@requires(Permission.PROJECT_CREATE, ProjectRequest)
def request_templates(request: PageRequest, record: ProjectRequest) -> HttpResponse:
    """Offer the templates that the project may start from."""
    if instead := _elsewhere(request, record):
        return instead
    rows = ProjectTemplate.objects.offered().select_related("current")
    page = Paginator(rows.order_by(*as_read("name", "pk")), PAGE_SIZE)
    shown = page.get_page(request.GET.get("page"))
    context = {
        "record": record,
        "page": shown,
        "rows": [_row(record, template) for template in shown],
        "title": words.START_FROM,
        "sub": f"{record.number} {record.title}",
        "note": words.START_NOTE,
        "crumbs": frame.way(request.user, record),
    }
    return TemplateResponse(request, "intake/request_templates.html", context)


def _row(record: ProjectRequest, template: ProjectTemplate) -> dict[str, Any]:
    brief = brief_of(template.document)
    return {
        "template": template,
        "brings": template_words.brings(brief),
        "lasts": template_words.lasts(brief),
        "lane": Lane(template.document["lane"]).label,
        "url": reverse("intake:request_start", args=[record.pk, template.pk]),
    }


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_CREATE, ProjectRequest)
def request_start(request: PageRequest, record: ProjectRequest, template: int) -> HttpResponse:
    """Ask for what the template needs besides, and start; the project is the request's at once."""
    if instead := _elsewhere(request, record):
        return instead
    chosen = offered(template)
    form = StartForm(
        request.POST or None,
        document=chosen.document,
        by=request.user,
        choices_url=reverse("starts:person_choices"),
        lane=record.lane,
        initial=_known(record, chosen.document),
    )
    if record.is_confidential:
        form.fields["is_confidential"].disabled = True
    again = Crumb(words.START_FROM, reverse("intake:request_templates", args=[record.pk]))
    return start_page(
        request,
        chosen,
        form=form,
        save=lambda form: becoming.start_from_template(
            request=record,
            version=None,
            by=request.user,
            template=chosen,
            wish=form.wish(),
            **form.project_fields(),
        ),
        sub=words.start_sub(record, chosen),
        cancel_url=record.get_absolute_url(),
        crumbs=[*frame.way(request.user, record), again],
    )


def _elsewhere(request: PageRequest, record: ProjectRequest) -> HttpResponse | None:
    """Lead to the request where it becomes no project, or became one; None where it may start."""
    try:
        becoming.check_may(record)
    except RefusalError as refusal:
        return frame.not_now(request, record, str(refusal))
    return None


def _known(record: ProjectRequest, document: Document) -> dict[str, Any]:
    """Return what the request says of what a start asks for."""
    known = {
        "name": record.title,
        "unit": record.unit_id,
        "sponsor": typed_person(record.sponsor) if record.sponsor else "",
        "is_confidential": record.is_confidential,
        "go_live": first_day(record, document, today=timezone.localdate()),
    }
    ground = MandatoryGround.objects.filter(request=record).first()
    if ground is not None:
        known |= {"ground": str(ground), "ground_date": ground.bites_on}
    return known


def first_day(record: ProjectRequest, document: Document, *, today: date) -> date:
    """Return the day by which it is wanted where that can be reached, else the first that can."""
    wanted: date | None = record.wanted_by
    if wanted is not None:
        try:
            course_of(document, StartWish(go_live=wanted), today=today)
        except ValidationError:
            pass  # too near, or pinned to another day
        else:
            return wanted
    return offered_day(document, today=today)
