"""Write lessons."""

from typing import Any

from pmo.accounts.models import User
from pmo.common.records.writing import add, all_or_nothing, change, only, remove
from projects.models import Project
from projects.project_templates.models import Lesson
from projects.project_templates.selectors.origin import template_of

LESSON_FIELDS = (
    "title", "category", "moment", "what_happened", "next_time", "recorded_on", "template",
)  # fmt: skip


@all_or_nothing
def record_lesson(*, project: Project, by: User | None, **fields: Any) -> Lesson:
    """Record what a project learned; without a `template` it is the one that it started from."""
    values = only(fields, LESSON_FIELDS)
    if values.get("template") is None:
        values["template"] = template_of(project)
    lesson = Lesson(project=project, **values)
    return add(lesson, by=by, action="lesson.recorded", scope=project)


@all_or_nothing
def change_lesson(*, lesson: Lesson, version: int | None, by: User | None, **fields: Any) -> Lesson:
    return change(
        lesson,
        version=version,
        by=by,
        action="lesson.changed",
        scope=lesson.project,
        **only(fields, LESSON_FIELDS),
    )


@all_or_nothing
def remove_lesson(*, lesson: Lesson, by: User | None) -> None:
    remove(lesson, by=by, action="lesson.removed", scope=lesson.project)
