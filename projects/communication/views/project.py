"""The communication of one project: the grid, the actions, the plan, and adoption."""

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
from pmo.common.page.htmx import render_page
from projects.communication.forms.items import OfferForm
from projects.communication.forms.register import AdoptionForm
from projects.communication.models import AdoptionReading
from projects.communication.selectors.adoption import go_lives_of
from projects.communication.selectors.items import item_counts, plan_items
from projects.communication.selectors.stakeholders import standings_of
from projects.communication.services import adoption as adoption_services
from projects.communication.services import items as services
from projects.communication.views import frame
from projects.communication.words import adoption as adoption_words
from projects.communication.words import items as words
from projects.communication.words import stakeholders as stakeholder_words
from projects.models import Project, Stakeholder
from projects.views.frame import Action, crumbs, may, tabs

HERE = "communication:project_communication"


def _actions(user: User, project: Project, *, has_items: bool) -> list[Action]:
    adoption = Action(
        adoption_words.ADOPTION,
        reverse("communication:project_adoption", args=[project.pk]),
        "trending-up",
    )
    if not may(user, Permission.COMMUNICATION_CHANGE, project):
        return [adoption]
    new = Action(
        words.ADD_ITEM,
        reverse("communication:item_new", args=[project.pk]),
        "plus",
        primary=has_items,
    )
    if has_items:
        return [adoption, new]
    usual = reverse("communication:plan_offer", args=[project.pk])
    return [adoption, new, Action(words.OFFER, usual, "clipboard-list", primary=True)]


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_communication(request: PageRequest, project: Project) -> TemplateResponse:
    today = timezone.localdate()
    standings, items = standings_of(project), plan_items(project)
    counts = item_counts(project.communication_items.all(), today=today)
    alone = stakeholder_words.nobody_talks(standings)
    against = stakeholder_words.against(standings)
    context = {
        "project": project,
        "tabs": tabs(project, HERE),
        "crumbs": crumbs(),
        "actions": _actions(request.user, project, has_items=bool(items)),
        "lede": words.items_lede(counts),
        "color": words.items_color(counts),
        "alone": alone,
        "against": against,
        "chart": stakeholder_words.grid_chart(standings),
        "gaps": [
            (one, stakeholder_words.way_of(one), stakeholder_words.action_of(one))
            for one in standings
            if one.stakeholder.needs_work
        ],
        "actions_title": stakeholder_words.actions_title(standings),
        "items": [(item, words.due_words(item, today), words.when_words(item)) for item in items],
        "items_title": words.items_title(counts),
        "may_change_stakeholders": may(request.user, Permission.STAKEHOLDER_CHANGE, project),
    }
    return TemplateResponse(request, "communication/project_communication.html", context)


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_panel(request: PageRequest, project: Project) -> TemplateResponse:
    """What of the communication stands on the project's first page."""
    counts = item_counts(project.communication_items.all(), today=timezone.localdate())
    standings = standings_of(project)
    context = {
        "project": project,
        "crumbs": crumbs(),
        "tabs": tabs(project, HERE),
        "title": words.items_title(counts),
        "late": words.late_finding(counts),
        "alone": stakeholder_words.nobody_talks(standings),
        "against": stakeholder_words.against(standings),
        "url": reverse(HERE, args=[project.pk]),
    }
    return render_page(request, "communication/project_panel.html", context, partial="panel")


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMUNICATION_CHANGE, Project)
def plan_offer(request: PageRequest, project: Project) -> HttpResponse:
    """Offer the usual messages; nothing is written before it is saved."""
    form = OfferForm(request.POST or None, project=project)
    written: list[int] = []

    def save(form: OfferForm) -> None:
        items = services.lay_plan(project=project, items=form.items(), by=request.user)
        written.append(len(items))

    return edit_page(
        request,
        form=form,
        save=save,
        title=words.OFFER,
        sub=words.OFFER_SUB,
        submit=words.OFFER_SAVE,
        done=lambda _none: words.added(written[0]),
        back=reverse(HERE, args=[project.pk]),
        crumbs=frame.way_to(project),
        template="communication/plan_offer.html",
        no_go_live="" if form.has_go_live else words.NO_GO_LIVE,
    )


@require_safe
@requires(Permission.PROJECT_VIEW, Stakeholder)
def stakeholder_history(request: PageRequest, stakeholder: Stakeholder) -> TemplateResponse:
    """How somebody stood from which day on, and what is said to them."""
    project = stakeholder.project
    items = plan_items(project)
    today = timezone.localdate()
    context = {
        "stakeholder": stakeholder,
        "crumbs": frame.way_to(project),
        "sub": str(project),
        "facts": stakeholder_words.stakeholder_facts(stakeholder),
        "history": stakeholder.history.select_related("noted_by").order_by("noted_on", "pk"),
        "items": [
            (item, words.due_words(item, today), words.when_words(item))
            for item in items
            if item.stakeholder_id == stakeholder.pk
            or (item.group_id is not None and item.group_id == stakeholder.group_id)
        ],
        "actions": [Action("Edit", stakeholder.get_absolute_url(), "pencil")]
        if may(request.user, Permission.STAKEHOLDER_CHANGE, project)
        else [],
    }
    return TemplateResponse(request, "communication/stakeholder_history.html", context)


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_adoption(request: PageRequest, project: Project) -> TemplateResponse:
    today, found = timezone.localdate(), go_lives_of(project)
    may_record = may(request.user, Permission.COMMUNICATION_CHANGE, project)
    new = reverse("communication:adoption_new", args=[project.pk])
    context = {
        "project": project,
        "tabs": tabs(project, HERE),
        "crumbs": frame.way_to(project),
        "lede": adoption_words.adoption_lede(found, today=today),
        "go_lives": [
            (one, adoption_words.adoption_chart(one), adoption_words.due_words(one, today))
            for one in found
        ],
        "may_record": may_record,
        "actions": [Action(adoption_words.ADD_READING, new, "plus", primary=True)]
        if may_record and found
        else [],
        "no_go_live": adoption_words.NO_GO_LIVE,
    }
    return TemplateResponse(request, "communication/project_adoption.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMUNICATION_CHANGE, Project)
def adoption_new(request: PageRequest, project: Project) -> HttpResponse:
    return edit_page(
        request,
        form=AdoptionForm(
            request.POST or None, instance=AdoptionReading(project=project), project=project
        ),
        save=lambda form: adoption_services.record_adoption(
            project=project, by=request.user, **form.changes()
        ),
        title=adoption_words.ADD_READING,
        sub=str(project),
        submit=adoption_words.ADD_READING,
        done=adoption_words.READING_ADDED,
        back=reverse("communication:project_adoption", args=[project.pk]),
        crumbs=frame.way_to(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMUNICATION_CHANGE, AdoptionReading)
def adoption_edit(request: PageRequest, reading: AdoptionReading) -> HttpResponse:
    return edit_page(
        request,
        form=AdoptionForm(request.POST or None, instance=reading, project=reading.project),
        save=lambda form: adoption_services.change_adoption(
            reading=reading, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=adoption_words.EDIT_READING,
        sub=str(reading),
        submit=adoption_words.SAVE_READING,
        done=adoption_words.READING_SAVED,
        back=reading.get_absolute_url(),
        crumbs=frame.way_to(reading.project),
    )
