"""What the writers of registers have in common: a row's project, its record, and what it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Model, Q

from pmo.common.folding import fold
from projects.models import Project
from reports.imports.domain import RECORD_KINDS, CellKind, ImportRow
from reports.imports.domain.likeness import is_same_text
from reports.imports.services.known import held_projects, hold
from reports.imports.services.setting import Change, Setting, Written
from reports.imports.services.showing import change_of


@dataclass(slots=True)
class BegunEntry:
    """A row whose project was found."""

    row: ImportRow
    project: Project
    fields: dict[str, Any]


def begun_project(row: ImportRow, held: Mapping[int, Project], setting: Setting) -> Project:
    """Return the project that the row names; raise RowRefusedError for none and one of others."""
    key = setting.lookups.key(row, "project")
    project = held.get(key) if key is not None else None
    if project is None:
        raise setting.lookups.no_project(row)
    setting.lookups.may_change(project, "project")
    return project


def _said(rows: Sequence[ImportRow], field: str) -> set[str]:
    """Return what the rows say in a field, as it is compared."""
    return {fold(str(row.values[field])) for row in rows if field in row.values}


def own_of(kind: str, **renamed: str) -> dict[str, str]:
    """Return the record's own field for each that the kind has but its project; most are called the same."""
    names = [field.name for field in RECORD_KINDS[kind].fields if field.name != "project"]
    return {name: renamed.get(name, name) for name in names}


class RegisterWriter:
    """
    Writes rows about records that belong to projects: found again by their own number, else by name.

    A row with a number is never taken for a record that has another one.
    """

    kind: ClassVar[str]
    model: ClassVar[type[Model]]
    named: ClassVar[str]  # the field that names the record
    own: ClassVar[dict[str, str]]  # our field -> the record's own
    people: ClassVar[tuple[str, ...]] = ()  # of these, fields that name somebody
    # the record's own field -> our code -> what is stored
    codes: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    later: tuple[type[Model], ...]

    def start(self, rows: Sequence[ImportRow], setting: Setting) -> None:
        """Lock and read the projects that the rows name, and the records that the rows may mean."""
        self.read(rows, held_projects(setting.lookups.keys(rows, "project")))

    def read(self, rows: Sequence[ImportRow], held: Mapping[int, Project]) -> None:
        """Lock and read the records in these projects, which the caller holds, that the rows may mean."""
        self._held = held
        meant = Q(**{f"{self.named}__folded__in": _said(rows, self.named)})
        if numbers := _said(rows, "external_id"):
            meant |= Q(external_id__folded__in=numbers)
        found = self.model._default_manager.filter(meant, project__in=held).order_by("-pk")
        records: list[Any] = list(found.select_for_update(of=("self",), no_key=True))
        hold(records)
        self._by_name: dict[tuple[int, str], Any] = {}
        self._by_number: dict[tuple[int, str], Any] = {}
        for record in records:
            record.project = self._held[record.project_id]
            self._by_name[record.project_id, fold(getattr(record, self.named))] = record
            if number := getattr(record, "external_id", ""):
                self._by_number[record.project_id, fold(number)] = record

    def begin(self, row: ImportRow, setting: Setting) -> BegunEntry:
        """Find the row's project; raise one of `refusals.ERRORS`."""
        project = begun_project(row, self._held, setting)
        return BegunEntry(row, project, self.fields_of(row, setting))

    def settle(self, begun: Sequence[BegunEntry], setting: Setting) -> None:
        """Nothing is written yet on which the records stand."""

    def finish(self, begun: BegunEntry, setting: Setting) -> Written:
        """Create or change the record; raise one of `refusals.ERRORS`."""
        known = self._known(begun)
        self.complete(begun, known)
        if known is None:
            brings = [self._change_of(own, None, value) for own, value in begun.fields.items()]
            self.create(begun, setting)
            return Written("created", tuple(brings), begun.project.pk)
        said = {
            own: value
            for own, value in begun.fields.items()
            if not is_same_text(getattr(known, own), value)
        }
        changes = [self._change_of(own, getattr(known, own), value) for own, value in said.items()]
        begun.fields = {self.named: begun.fields[self.named]} | said
        self.change(known, begun, setting)
        return Written("updated" if changes else "unchanged", tuple(changes), begun.project.pk)

    def fields_of(self, row: ImportRow, setting: Setting) -> dict[str, Any]:
        """Return the record's own fields that the row speaks of."""
        fields: dict[str, Any] = {}
        for field, own in self.own.items():
            if field in self.people:
                if user := setting.lookups.person(row, field):
                    fields[own] = user
            elif field in row.values:
                fields[own] = self._stored(field, own, row.values[field])
        return fields

    def complete(self, begun: BegunEntry, known: Any) -> None:
        """Add what the row leaves open and the record needs; raise RowRefusedError where that is missing."""

    def create(self, begun: BegunEntry, setting: Setting) -> None:
        raise NotImplementedError

    def change(self, record: Any, begun: BegunEntry, setting: Setting) -> None:
        raise NotImplementedError

    def _known(self, begun: BegunEntry) -> Any:
        project, number = begun.project.pk, begun.fields.get("external_id", "")
        if number and (known := self._by_number.get((project, fold(number)))):
            return known
        known = self._by_name.get((project, fold(str(begun.row.values[self.named]))))
        if known is not None and number and known.external_id:
            return None  # it is another one's, who is called the same
        return known

    def _stored(self, field: str, own: str, value: Any) -> Any:
        if isinstance(value, Decimal) and self._kind_of(field) is CellKind.NUMBER:
            return int(value)
        return self.codes.get(own, {}).get(value, value)

    def _kind_of(self, field: str) -> CellKind:
        return RECORD_KINDS[self.kind].field(field).kind

    def _change_of(self, own: str, old: Any, new: Any) -> Change:
        ours = {name: field for field, name in self.own.items()}
        return change_of(self.kind, ours[own], self._shown(own, old), self._shown(own, new))

    def _shown(self, own: str, value: Any) -> Any:
        """Return our code for what is stored."""
        codes = self.codes.get(own, {})
        return next((code for code, stored in codes.items() if stored == value), value)
