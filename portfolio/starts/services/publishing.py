"""Make a template from a finished project."""

from pmo.accounts.models import User
from pmo.common.records.writing import RefusalError, all_or_nothing
from portfolio.starts.services.drafting import people_in
from portfolio.starts.words import drafting as words
from projects.domain.stages import Stage
from projects.models import Project
from projects.project_templates.domain.checking import read_pack
from projects.project_templates.models import ProjectTemplate, TemplateOrigin
from projects.project_templates.services.library import PackTaken, import_pack
from projects.services.projects import locked


def why_not(project: Project) -> str:
    """Say why no template is made from a project; "" where one may be."""
    if project.is_confidential:
        return words.CONFIDENTIAL
    if project.stage != Stage.CLOSED:
        return words.NOT_FINISHED
    return ""


@all_or_nothing
def publish_from_project(
    *, project: Project, text: str, by: User | None, note: str = ""
) -> PackTaken:
    """
    Publish the draft of a finished project as a template of its own.

    Raises PackError with all that is wrong, RefusalError for a project that is confidential or not
    closed, for people's names, and for the code of a template that is there.
    """
    if refused := why_not(locked(project)):
        raise RefusalError(refused)
    read = read_pack(text)
    if read.document is not None:
        if named := people_in(read.document, project):
            raise RefusalError(words.names(named))
        if ProjectTemplate.objects.filter(code=read.document["code"]).exists():
            raise RefusalError(words.CODE_TAKEN)
    return import_pack(text=text, by=by, note=note, origin=TemplateOrigin.PROJECT)
