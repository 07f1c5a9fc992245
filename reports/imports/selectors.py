"""What the pages of imports show: the rows of a check, and the made-up ones of the samples."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from projects.models import Project
from reports.imports.domain import ImportValue, RecordKind, normalized, profile_from_dict
from reports.imports.domain.fields import SampleFor
from reports.imports.domain.kinds.project import PROJECTS
from reports.imports.domain.likeness import Evidence
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


@dataclass(frozen=True, slots=True)
class Warned:
    """
    A warning of a check, to be answered before the writing.

    `lines` and `evidence` are the first of many; `rows_of(run, "warned")` has them all. `answer` is WRITE,
    LEAVE or "" for none yet. Without `can_leave` it is about the whole file. `is_open` says that it holds
    the writing up: one without an answer, unless none of its rows would be written.
    """

    key: str
    kind: str
    sentence: str
    lines: tuple[int, ...]
    evidence: tuple[Evidence, ...]
    answer: str
    can_leave: bool
    is_open: bool


def answers_of(run: ImportRun) -> Mapping[str, str]:
    """Return warning's key -> WRITE or LEAVE."""
    return profile_from_dict(run.document).answers.warnings


def open_warnings(run: ImportRun) -> set[str]:
    """Return the keys of the warnings that wait: without an answer, and of rows that would be written."""
    answers = answers_of(run)
    waiting = [
        one for one in run.report.get("asked", []) if one["asks"] and one["key"] not in answers
    ]
    if not waiting:
        return set()
    ready = StagedRow.objects.of(run).filter(state=RowState.READY, has_warnings=True)
    there = {
        (mark[0], mark[1]) for marks in ready.values_list("warnings", flat=True) for mark in marks
    }
    return {
        one["key"] for one in waiting if not one["can_leave"] or (one["kind"], one["what"]) in there
    }


def warnings_of(run: ImportRun) -> list[Warned]:
    """Return the warnings of the run's last check: of reading in its order, then of known records."""
    answers, waiting = answers_of(run), open_warnings(run)
    return [
        Warned(
            key=one["key"],
            kind=one["kind"],
            sentence=one["sentence"],
            lines=tuple(one["lines"]),
            evidence=tuple(Evidence(*said) for said in one["evidence"]),
            answer=answers.get(one["key"], ""),
            can_leave=one["can_leave"],
            is_open=one["key"] in waiting,
        )
        for one in run.report.get("asked", [])
    ]


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
