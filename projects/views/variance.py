"""Record, change and remove a cause of the difference between baseline and forecast."""

from decimal import Decimal, InvalidOperation

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from projects.forms.variance import VarianceCauseForm
from projects.models import Project, VarianceCause, VarianceMeasure
from projects.services import variance as services
from projects.views import frame
from projects.words import variance as words

LARGEST = 13  # power of ten: an amount has no more digits, and a longer one would be written out
CENT = Decimal("0.01")


def forecast_url(project: Project) -> str:
    """Return the page that shows the causes; the project's own page where no app draws it."""
    return frame.address("reports:project_forecast", project.pk) or project.get_absolute_url()


def way(project: Project) -> list[frame.Crumb]:
    return [*frame.crumbs(project), frame.Crumb("Forecast", forecast_url(project))]


@require_http_methods(["GET", "POST"])
@requires(Permission.VARIANCE_EXPLAIN, Project)
def variance_cause_new(request: PageRequest, project: Project) -> HttpResponse:
    return edit_page(
        request,
        form=VarianceCauseForm(request.POST or None, instance=_blank(request, project)),
        save=lambda form: services.note_cause(project=project, by=request.user, **form.changes()),
        title=words.EXPLAIN_DIFFERENCE,
        submit=words.SAVE_CAUSE,
        done=words.CAUSE_SAVED,
        back=forecast_url(project),
        crumbs=way(project),
    )


def _blank(request: PageRequest, project: Project) -> VarianceCause:
    """Offer what the link said is not explained yet."""
    measure = request.GET.get("measure", "")
    blank = VarianceCause(
        project=project,
        measure=measure if measure in VarianceMeasure.values else VarianceMeasure.COST,
    )
    try:
        rest = Decimal(request.GET.get("rest", "")[:20])
    except InvalidOperation:
        return blank
    if not rest.is_finite() or rest.adjusted() > LARGEST:
        return blank
    rest = rest.quantize(CENT)
    if blank.measure == VarianceMeasure.COST:
        blank.amount = rest
    else:
        blank.days = int(rest)
    return blank


@require_http_methods(["GET", "POST"])
@requires(Permission.VARIANCE_EXPLAIN, VarianceCause)
def variance_cause_edit(request: PageRequest, cause: VarianceCause) -> HttpResponse:
    project = cause.project
    return edit_page(
        request,
        form=VarianceCauseForm(request.POST or None, instance=cause),
        save=lambda form: services.change_cause(
            record=cause, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_CAUSE,
        submit=words.SAVE_CAUSE,
        done=words.CAUSE_SAVED,
        back=forecast_url(project),
        template="projects/record_edit.html",
        remove_url=reverse("projects:variance_cause_remove", args=[cause.pk]),
        crumbs=way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.VARIANCE_EXPLAIN, VarianceCause)
def variance_cause_remove(request: PageRequest, cause: VarianceCause) -> HttpResponse:
    project = cause.project
    return frame.confirm_page(
        request,
        act=lambda: services.remove_cause(record=cause, by=request.user),
        title=words.REMOVE_CAUSE_ASKED,
        text=words.REMOVE_CAUSE_NOTE,
        submit=words.REMOVE_CAUSE,
        done=words.CAUSE_REMOVED,
        back=forecast_url(project),
        crumbs=way(project),
    )
