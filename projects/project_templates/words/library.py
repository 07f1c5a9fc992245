"""The sentences of the library of templates."""

from pmo.common.page.formats import count, counted
from projects.project_templates.models import ProjectTemplate
from projects.project_templates.selectors.library import TemplateBrief

ADD_FILE = "Add from file"
FROM_PROJECT = "From a finished project"
START = "Start a project"
EDIT = "Edit"
DOWNLOAD = "Download file"
RETIRE = "Stop offering"
OFFER = "Offer again"
RETIRED = "Projects no longer start from this template. Those that did keep everything."
OFFERED = "Projects may start from this template again."
READ_TITLE = "Add a template from a file"
READ = "Read the file"
TEMPLATES = "Templates"
LESSONS = "Lessons"
SAME = "The file says what is here already: nothing was changed."
UNPUBLISHED = "Not published yet"


def size_label(key: str) -> str:
    return key.replace("_", " ").capitalize()


def size(said: object) -> str:
    """Write a size as it is read: 18,000."""
    return f"{said:,g}" if isinstance(said, int | float) else str(said)


def published(name: object, number: int) -> str:
    return f"{name}: version {number} is published. New projects start from it."


def library_lede(total: int) -> str:
    if not total:
        return "No template yet. Add one from a file."
    return counted(
        total,
        "1 template: a project starts from it with its plan, risks, roles and budget lines in place.",
        "{n} templates: a project starts from one with its plan, risks, roles and budget lines in place.",
    )


def brings(brief: TemplateBrief) -> str:
    """Say what a template brings, in one line."""
    counts = brief.counts
    return ", ".join(
        [
            count(brief.tasks, "task"),
            count(brief.milestones, "milestone"),
            count(counts["risks"], "risk"),
            count(counts["roles"], "role"),
            count(counts["measures"], "measure"),
            count(counts["obligations"], "obligation"),
        ]
    )


def lasts(brief: TemplateBrief) -> str:
    """Say how long it lasts and when it goes live; "" where its tasks cannot be laid out."""
    if not brief.length:
        return ""
    return f"{count(brief.length, 'working day')}, go-live on day {brief.go_live:,}"


def state_of(template: ProjectTemplate) -> str:
    if template.current is None:
        return UNPUBLISHED
    said = f"Version {template.current.number}"
    if not template.is_offered:
        said += ", no longer offered"
    return said


def detail_lede(template: ProjectTemplate, brief: TemplateBrief) -> str:
    """Say what a project from this template begins with."""
    pinned = " Its go-live is pinned to a day of the year." if brief.pin else ""
    return (
        f"A project from this template begins with {brings(brief)}. It takes {lasts(brief)},"
        f" counted on Monday to Friday without holidays.{pinned}"
    )


EDIT_TITLE = "Edit a template"
EDIT_NOTE = "Projects that started from an earlier version keep what they have."
PUBLISH = "Publish a new version"


def faults_title(number: int) -> str:
    return counted(number, "1 thing is wrong with this file", "{n} things are wrong with this file")
