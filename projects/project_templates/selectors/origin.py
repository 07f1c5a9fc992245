"""Which template a project started from: known to the wing that starts projects, which says it here."""

from collections.abc import Callable

from projects.models import Project
from projects.project_templates.models import ProjectTemplate

_known: list[Callable[[Project], ProjectTemplate | None]] = []


def use_template_of(find: Callable[[Project], ProjectTemplate | None]) -> None:
    """Say where it is kept; called once, when the apps are ready."""
    _known[:] = [find]


def template_of(project: Project) -> ProjectTemplate | None:
    """Return the template that a project started from; None where it did from none."""
    return _known[0](project) if _known else None
