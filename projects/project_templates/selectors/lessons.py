"""Lessons as pages show them."""

from projects.domain.kinds import MilestoneKind
from projects.models import Milestone, Project, Task
from projects.project_templates.models import Lesson


def moments_of(project: Project) -> list[str]:
    """Return the gates and phases of a project at which something may have been learned."""
    gates = Milestone.objects.filter(project=project, kind=MilestoneKind.GATE.value).by_date()
    phases = Task.objects.filter(project=project, is_summary=True, parent=None).in_order()
    names = [*gates.values_list("name", flat=True), *phases.values_list("name", flat=True)]
    return list(dict.fromkeys(names))


def gates_without_lesson(project: Project) -> list[str]:
    """Return the gates that are passed and at which nobody recorded a lesson."""
    passed = Milestone.objects.filter(
        project=project, kind=MilestoneKind.GATE.value, actual_date__isnull=False
    )
    told = set(Lesson.objects.filter(project=project).values_list("moment", flat=True))
    return [name for name in passed.by_date().values_list("name", flat=True) if name not in told]
