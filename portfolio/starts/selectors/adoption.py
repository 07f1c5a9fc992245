"""What adopting the latest version of its template would change in one project."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from portfolio.starts.domain.adopting import AdoptLine, ByHand, LineKind, line_of
from portfolio.starts.models import ProjectStart, StartItem
from portfolio.starts.selectors.here import TakenRecords, here_row, records_of
from portfolio.starts.selectors.items import start_of
from projects.models import Project, Task
from projects.project_templates.domain.sections import (
    BUDGET,
    PHASES,
    RISKS,
    SECTIONS,
    STAKEHOLDERS,
    TASKS,
    Document,
    Row,
    SectionSpec,
    in_region,
)
from projects.project_templates.models import TemplateVersion

# fields of a task that are decided elsewhere: its place, its milestone and gate, its calendar
ELSEWHERE = frozenset({"phase", "milestone", "gate", "calendar"})
DERIVED = frozenset({"score"})
COMPARED = tuple(section for section in SECTIONS if section is not PHASES)
NEVER_REMOVED = {RISKS.name: ByHand.REGISTER, STAKEHOLDERS.name: ByHand.STAKEHOLDER}


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptPreview:
    """The lines that a project may take over from a later version, section by section."""

    start: ProjectStart
    version: TemplateVersion
    records: TakenRecords
    items: Mapping[tuple[str, str], StartItem]
    lines: Sequence[AdoptLine]

    def line(self, section: str, key: str) -> AdoptLine | None:
        return next(
            (one for one in self.lines if (one.section.name, one.key) == (section, key)), None
        )


def preview_of(project: Project) -> AdoptPreview | None:
    """Compare a project with the latest version of its template; None where it started from none."""
    start = start_of(project)
    if start is None:
        return None
    latest = start.from_version.template.current or start.from_version
    records = records_of(project, start)
    rows = StartItem.objects.filter(project=project).select_related("anchor").in_order()
    items = {(item.section, item.key): item for item in rows}
    lines = list(_lines(start, latest, items, records))
    return AdoptPreview(start=start, version=latest, records=records, items=items, lines=lines)


def has_later(start: ProjectStart) -> bool:
    """Say whether the template has another version than the one a project started from."""
    current = start.from_version.template.current_id
    return current is not None and current != start.from_version_id


def _lines(
    start: ProjectStart,
    latest: TemplateVersion,
    items: Mapping[tuple[str, str], StartItem],
    records: TakenRecords,
) -> Iterator[AdoptLine]:
    for section in COMPARED:
        begun = _by_key(section, start.from_version.document, start.region)
        said = _by_key(section, latest.document, start.region)
        for key in dict.fromkeys([*begun, *said, *_kept(section, items)]):
            item = items.get((section.name, key))
            was = begun.get(key) if item is None or item.base is None else item.base
            now = said.get(key)
            here = here_row(item, was or None, now, records) if item else None
            if item is None and was is not None:
                continue  # it was never brought
            line = line_of(section, key, was=was, now=now, here=here)
            if line is not None and (known := _taken_as(line, item, records)) is not None:
                yield known


def _by_key(section: SectionSpec, document: Document, region: str) -> dict[str, Row]:
    rows = [row for row in section.rows_of(document) if in_region(row, region)]
    return {section.key_of(row): row for row in rows}


def _kept(section: SectionSpec, items: Mapping[tuple[str, str], StartItem]) -> list[str]:
    return [key for name, key in items if name == section.name]


def _taken_as(line: AdoptLine, item: StartItem | None, records: TakenRecords) -> AdoptLine | None:
    """Leave out what follows from other fields, and say what has to be done by hand."""
    moves = [move for move in line.moves if move.spec.name not in DERIVED]
    left_out = [
        move.spec for move in moves if line.section is TASKS and move.spec.name in ELSEWHERE
    ]
    moves = [move for move in moves if move.spec not in left_out]
    if line.kind is LineKind.CHANGED and not moves and not left_out:
        return None
    found = replace(line, moves=moves, left_out=left_out)
    return replace(found, by_hand=_by_hand(found, item, records))


def _by_hand(line: AdoptLine, item: StartItem | None, records: TakenRecords) -> ByHand | None:
    record = records.of(item) if item else None
    if line.section is BUDGET and record is not None and record.amount is not None:
        return ByHand.BOOKED
    if line.kind is LineKind.GONE and line.section.name in NEVER_REMOVED:
        return NEVER_REMOVED[line.section.name]
    return _by_hand_in_plan(line, record) if line.section is TASKS else None


def _by_hand_in_plan(line: AdoptLine, task: Task | None) -> ByHand | None:
    if line.kind is LineKind.ADDED:
        return ByHand.GATE if line.row.get("gate") else None
    if line.kind is LineKind.CHANGED:
        return None if line.moves else ByHand.PLACE
    if task is not None and task.milestone_id:
        return ByHand.MILESTONE
    return ByHand.BEGUN if task is not None and task.actual_start else None
