"""Records of a project that was started from a template."""

from datetime import date

from portfolio.starts.models import ProjectStart, StartItem
from projects.project_templates.models import Lesson, TemplateVersion

LESSON = {"title": "Early", "what_happened": "It came late.", "next_time": "Begin early."}


def started_records(project):
    """One record of each kind; returns them by the name of their resource."""
    version = TemplateVersion.objects.order_by("pk").first()
    return {
        "lessons": Lesson.objects.create(project=project, **LESSON),
        "starts": ProjectStart.objects.create(
            project=project, from_version=version, go_live=date(2027, 1, 4)
        ),
        "start-items": StartItem.objects.create(
            project=project, section="roles", key="pm", name="Manager", said={"key": "pm"}
        ),
    }
