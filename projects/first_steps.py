"""The step of the list to the first summary that projects know of."""

from django.urls import reverse

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page import formats
from pmo.common.page.checklist import FirstStepLink, State, step
from projects.models import Project
from projects.words import first_steps as words


@step("projects", order=30, title="Projects")
def projects_step(user: User) -> State:
    """Done with the first project; how many there are is said as far as the reader sees them."""
    opens = can(user, Permission.PROJECT_LIST).allowed
    seen = Project.objects.visible_to(user).count() if opens else 0
    if seen or Project.objects.exists():
        text = f"{formats.count(seen, 'project')}." if seen else words.PROJECTS_THERE
        more = [FirstStepLink(label="Open", url=reverse("projects:project_list"))] if opens else []
        return State(done=True, text=text, actions=more)
    text = words.NO_PROJECTS
    actions = []
    if can(user, Permission.IMPORT_RUN).allowed:
        url = reverse("reports:import_list")
        actions.append(FirstStepLink(label=words.IMPORT_SPREADSHEET, url=url, icon="upload"))
    if can(user, Permission.PROJECT_CREATE).allowed:
        url = reverse("projects:project_new")
        actions.append(FirstStepLink(label=words.ADD_ONE_PROJECT, url=url, icon="plus"))
    if not actions:
        text = f"{text} {words.OFFICE_IMPORTS}"
    return State(done=False, text=text, actions=actions)
