"""What the pages of imports show: the rows of a check, and the made-up ones of the samples."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.common.models import AuditEvent
from pmo.common.records.audit import target_of
from pmo.common.records.search import like
from projects.models import Project
from reports.imports.domain import (
    RECORD_KINDS,
    ImportValue,
    RecordKind,
    normalized,
    profile_from_dict,
)
from reports.imports.domain.fields import CellKind, SampleFor
from reports.imports.domain.kinds.sample_projects import PROJECTS
from reports.imports.domain.likeness import Evidence
from reports.imports.models import (
    OVER,
    ImportRun,
    ImportRunQuerySet,
    ImportState,
    RowState,
    StagedRow,
)

PROJECT = "project"  # the kind whose records the others name
# whose rows nobody has judged yet, or that are about to change
UNJUDGED = (ImportState.MAPPING, ImportState.CHECKING, ImportState.APPLYING)
MOST_UNITS, MOST_PROJECTS = 6, 4
MOST_DIGITS = 9
MOST_LOOKED_AT = 5_000
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
    "undone": Q(state=RowState.UNDONE),
    "added": Q(outcome="created", state=RowState.WRITTEN),
    "altered": Q(outcome="updated", state=RowState.WRITTEN),
    "back": Q(state__in=[RowState.REFUSED, RowState.LEFT_OUT]),
}
# rows that need somebody stand first
NEED = Case(
    When(state=RowState.REFUSED, then=Value(0)),
    When(has_warnings=True, then=Value(1)),
    When(outcome="updated", then=Value(2)),
    When(outcome="created", then=Value(3)),
    default=Value(4),
    output_field=IntegerField(),
)
MOST_KINDS = 20
# of a row's first problem: its field, what is wrong, what would be right
_FIELD, _WRONG, _RIGHT = (KT(f"problems__0__{place}") for place in (2, 3, 4))


class ProblemKind(NamedTuple):
    """One sort of problem of refused rows: its field, the sentences, and in how many rows it comes first."""

    field: str
    wrong: str
    right: str
    rows: int


class SaidOften(NamedTuple):
    """A text of the file that is wrong for a field, and in how many refused rows it stands."""

    field: str
    label: str
    header: str
    text: str
    rows: int


class EditedSince(NamedTuple):
    """A project of an import that somebody changed since: who last, and when."""

    project: Project
    by: User
    at: datetime


def rows_of(run: ImportRun, show: str = "") -> QuerySet[StagedRow]:
    """Return the rows of the run's last check in the order of the file; "" and unknown words show all."""
    rows = StagedRow.objects.of(run).defer("effects", "cells")
    return rows.filter(SHOWN[show]) if show in SHOWN else rows


def looked_for(
    rows: QuerySet[StagedRow], *, problem: str = "", find: str = ""
) -> QuerySet[StagedRow]:
    """Keep the rows whose first problem this is, and whose name, code or line is looked for; those that need somebody first."""
    if problem:
        rows = rows.filter(state=RowState.REFUSED, problems__0__3=problem)
    if find:
        wanted = like(find, "name", "code")
        number = find.casefold().removeprefix("row").strip()
        if number.isdecimal() and len(number) < MOST_DIGITS:
            wanted |= Q(line=int(number))
        rows = rows.filter(wanted)
    return rows.annotate(need=NEED).order_by("need", "position")


def problem_kinds(run: ImportRun) -> list[ProblemKind]:
    """Return the sorts of problems of the rows handed back, the frequent ones first."""
    refused = StagedRow.objects.of(run).filter(state=RowState.REFUSED).order_by()
    kinds = refused.annotate(field=_FIELD, wrong=_WRONG, right=_RIGHT).values(
        "field", "wrong", "right"
    )
    found = kinds.annotate(rows=Count("pk")).order_by("-rows", "wrong")[:MOST_KINDS]
    return [ProblemKind(one["field"], one["wrong"], one["right"], one["rows"]) for one in found]


def said_often(run: ImportRun, columns: Mapping[str, tuple[int, str]]) -> list[SaidOften]:
    """
    Return the wrong texts of the refused rows that a word could mend everywhere, the frequent ones first.

    A text that only one row says is among them where the field knows its words. `columns` has the place
    and the header of each field. The first rows of very many are looked at.
    """
    kind = RECORD_KINDS[run.document["record"]]
    refused = StagedRow.objects.of(run).filter(state=RowState.REFUSED)
    found: Counter[tuple[str, str]] = Counter()
    for cells, problems in refused.values_list("cells", "problems")[:MOST_LOOKED_AT]:
        for field in {one[2] for one in problems if one[2] in columns}:
            place = columns[field][0]
            if place < len(cells) and cells[place]:
                found[field, cells[place]] += 1
    listed = []
    for (name, text), rows in found.most_common():
        field = kind.field(name)
        if rows > 1 or field.kind is CellKind.CHOICE:
            listed.append(SaidOften(name, field.label, columns[name][1], text, rows))
    return listed[:MOST_KINDS]


def edited_since(run: ImportRun, by: User) -> list[EditedSince]:
    """Return the projects of an import that somebody changed after it was written, the latest first."""
    written = AuditEvent.objects.filter(action="import.applied", target=target_of(run))
    last = written.order_by("-sequence").values_list("sequence", flat=True).first()
    if last is None:
        return []
    rows = StagedRow.objects.of(run).filter(project__isnull=False).order_by()
    scopes = rows.annotate(scope=Concat(Value("projects.project:"), Cast("project", CharField())))
    since = AuditEvent.objects.filter(sequence__gt=last, by__isnull=False)
    events: dict[int, AuditEvent] = {}
    newest = (
        since.filter(scope__in=scopes.values("scope"))
        .values("scope")
        .annotate(newest=Max("sequence"))
    )
    latest = AuditEvent.objects.filter(sequence__in=newest.values("newest")).select_related("by")
    for event in latest:
        events[int(event.scope.partition(":")[2])] = event
    projects = Project.objects.visible_to(by).filter(pk__in=events)
    found = [
        EditedSince(one, event.by, event.at)
        for one in projects
        if (event := events[one.pk]).by is not None
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def beside(run: ImportRun) -> ImportRunQuerySet:
    """Return the imports of the other sheets of a workbook that were chosen with this one."""
    first = run.follows_id or run.pk
    family = ImportRun.objects.filter(Q(pk=first) | Q(follows=first)).exclude(pk=run.pk)
    return family.defer("content", "report").order_by("pk")


def projects_beside(run: ImportRun) -> ImportRunQuerySet:
    """Return the imports of the workbook's other sheets whose projects the rows of this one may name."""
    if run.document.get("record") == PROJECT:
        return ImportRun.objects.none()
    return beside(run).filter(document__record=PROJECT)


def is_waiting(run: ImportRun) -> bool:
    """Say whether the projects of the same workbook have to be written before these rows."""
    return run.is_open and projects_beside(run).exclude(state__in=OVER).exists()


def awaits_a_check(run: ImportRun) -> bool:
    """Say whether rows can be judged only once the projects of the same workbook are."""
    return run.is_open and projects_beside(run).filter(state__in=UNJUDGED).exists()


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
