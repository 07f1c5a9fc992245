"""Who is named on a project, and who has a stake in it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.forms import WITHOUT_ADDRESS
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.roles import DESCRIPTIONS, PROJECT_ROLES
from pmo.accounts.selectors import people_meant
from pmo.common.page.editing import edit_page
from projects.forms.records import MemberForm, StakeholderForm
from projects.models import Project, Stakeholder
from projects.selectors.overview import members_of, stakeholders_of
from projects.services import projects as services
from projects.services import stakeholders as stakeholder_services
from projects.views import frame
from projects.words import findings
from projects.words import people as words


def people_url(project: Project) -> str:
    return reverse("projects:project_people", args=[project.pk])


def way(project: Project) -> list[frame.Crumb]:
    return [*frame.crumbs(project), frame.Crumb("People", people_url(project))]


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_people(request: PageRequest, project: Project) -> TemplateResponse:
    stakeholders = stakeholders_of(project)
    context = {
        "project": project,
        "members": members_of(project),
        "stakeholders": stakeholders,
        "stakeholder_title": findings.stakeholder_title(stakeholders),
        "can_name": frame.may(request.user, Permission.PROJECT_GOVERN, project),
        "can_change_stakeholders": frame.may(request.user, Permission.STAKEHOLDER_CHANGE, project),
        "tabs": frame.tabs(project, "projects:project_people"),
        "crumbs": frame.crumbs(),
    }
    return TemplateResponse(request, "projects/project_people.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_GOVERN, Project)
def member_new(request: PageRequest, project: Project) -> HttpResponse:
    return edit_page(
        request,
        form=MemberForm(
            request.POST or None, choices_url=reverse("projects:person_choices", args=[project.pk])
        ),
        save=lambda form: services.name_person(
            project=project,
            user=form.cleaned_data["person"],
            role=form.cleaned_data["role"],
            by=request.user,
        ),
        title=words.ADD_PERSON_TITLE,
        submit=words.ADD_PERSON,
        done=words.PERSON_ADDED,
        back=people_url(project),
        template="projects/member_edit.html",
        roles=[(role.label, DESCRIPTIONS[role]) for role in PROJECT_ROLES],
        crumbs=way(project),
    )


@require_safe
@requires(Permission.PROJECT_GOVERN, Project)
def person_choices(request: PageRequest, project: Project) -> TemplateResponse:
    """Answer what is typed with the first few people it may mean, as options of a list."""
    del project
    people = people_meant(request.GET.get("person", ""))
    context = {"people": people, "without_address": WITHOUT_ADDRESS}
    return TemplateResponse(request, "projects/person_choices.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.PROJECT_GOVERN, Project)
def member_remove(request: PageRequest, project: Project, member: int) -> HttpResponse:
    found = get_object_or_404(project.members.select_related("user", "project"), pk=member)
    role = found.get_role_display().lower()
    return frame.confirm_page(
        request,
        act=lambda: services.unname_person(member=found, by=request.user),
        title=words.remove_person_asked(found.user),
        text=words.remove_person_note(found.user, role),
        submit=words.REMOVE_PERSON,
        done=words.person_removed(found.user, role),
        back=people_url(project),
        crumbs=way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.STAKEHOLDER_CHANGE, Project)
def stakeholder_new(request: PageRequest, project: Project) -> HttpResponse:
    return edit_page(
        request,
        form=StakeholderForm(request.POST or None, instance=Stakeholder(project=project)),
        save=lambda form: stakeholder_services.create_stakeholder(
            project=project, by=request.user, **form.changes()
        ),
        title=words.ADD_STAKEHOLDER,
        submit=words.ADD_STAKEHOLDER,
        done=words.STAKEHOLDER_ADDED,
        back=people_url(project),
        crumbs=way(project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.STAKEHOLDER_CHANGE, Stakeholder)
def stakeholder_edit(request: PageRequest, stakeholder: Stakeholder) -> HttpResponse:
    project = stakeholder.project
    return edit_page(
        request,
        form=StakeholderForm(request.POST or None, instance=stakeholder),
        save=lambda form: stakeholder_services.change_stakeholder(
            stakeholder=stakeholder,
            version=form.opened_version(),
            by=request.user,
            **form.changes(),
        ),
        title=words.EDIT_STAKEHOLDER,
        submit=words.SAVE_STAKEHOLDER,
        done=words.STAKEHOLDER_SAVED,
        back=people_url(project),
        crumbs=way(project),
    )
