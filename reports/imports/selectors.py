"""The rows of the import's sample workbooks: made up, and fitting this organization."""

from collections import Counter

from django.utils import timezone

from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from projects.models import Project
from reports.imports.domain import ImportValue, RecordKind, normalized
from reports.imports.domain.fields import SampleFor
from reports.imports.domain.kinds.project import PROJECTS

MOST_UNITS, MOST_PROJECTS = 6, 4


def sample_rows(kind: RecordKind, by: User) -> list[dict[str, ImportValue | None]]:
    """Return the rows of a kind's sample."""
    return kind.rows(SampleFor(timezone.localdate(), _units(by), _codes(by), str(by.email or "")))


def _units(by: User) -> list[str]:
    """Return names of units into which this person may put projects, only those that mean one unit."""
    scope = scope_of(by, Permission.PROJECT_CREATE)
    units = list(Unit.objects.order_by("pk"))
    often = Counter(normalized(unit.name) for unit in units)
    return [
        unit.name for unit in units if scope.covers(unit.path) and often[normalized(unit.name)] == 1
    ][:MOST_UNITS]


def _codes(by: User) -> list[str]:
    """Return codes of projects that are here; before there are any, those of the projects' sample."""
    found = Project.objects.visible_to(by).active().order_by("code").values_list("code", flat=True)
    return list(found[:MOST_PROJECTS]) or [line[0] for line in PROJECTS[:MOST_PROJECTS]]
