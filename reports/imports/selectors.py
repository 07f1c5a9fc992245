"""What the pages of imports show: the rows of a check, and the made-up ones of the samples."""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from projects.models import Project
from reports.imports.domain import ImportValue, RecordKind, normalized
from reports.imports.domain.fields import SampleFor
from reports.imports.domain.kinds.project import PROJECTS
from reports.imports.models import ImportRun, RowState, StagedRow

MOST_UNITS, MOST_PROJECTS = 6, 4
_WRITES = ~Q(state__in=[RowState.REFUSED, RowState.LEFT_OUT])
# what the list of rows can be narrowed to
SHOWN: Mapping[str, Q] = {
    "created": Q(outcome="created") & _WRITES,
    "updated": Q(outcome="updated") & _WRITES,
    "unchanged": Q(state=RowState.UNCHANGED),
    "refused": Q(state=RowState.REFUSED),
    "left_out": Q(state=RowState.LEFT_OUT),
    "warned": Q(has_warnings=True),
    "waiting": Q(state=RowState.READY),
    "kept": Q(state=RowState.KEPT),
}


def rows_of(run: ImportRun, show: str = "") -> QuerySet[StagedRow]:
    """Return the rows of the run's last check in the order of the file; "" and unknown words show all."""
    rows = StagedRow.objects.of(run).defer("effects", "cells")
    return rows.filter(SHOWN[show]) if show in SHOWN else rows


def row_counts(run: ImportRun) -> dict[str, int]:
    """Return how many rows each narrowing shows, and "all", in one statement."""
    rows = StagedRow.objects.of(run).order_by()
    counts = {name: Count("pk", filter=condition) for name, condition in SHOWN.items()}
    return rows.aggregate(all=Count("pk"), **counts)


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
