"""Write rows of a register, milestones or risks, found again by their project and name."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Model

from pmo.common.folding import fold
from projects.models import Milestone, Project
from projects.services import milestones
from reports.imports.domain import ImportRow
from reports.imports.domain.likeness import is_same_text
from reports.imports.services.known import held_projects, hold
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.setting import Change, Setting, Written
from reports.imports.services.showing import change_of
from risks import services as risks
from risks.models import Risk

MILESTONE_FIELDS = {
    name: name for name in ("name", "kind", "baseline_date", "forecast_date", "actual_date")
}
RISK_FIELDS = {
    "title": "title",
    "kind": "kind",
    "likelihood": "likelihood",
    "impact": "impact",
    "response": "response",
    "due": "review_date",
}


@dataclass(slots=True)
class BegunEntry:
    """A row whose project was found."""

    row: ImportRow
    project: Project
    fields: dict[str, Any]


class RegisterWriter:
    """Writes rows about records that belong to projects and have a name of their own there."""

    kind: ClassVar[str]
    model: ClassVar[type[Model]]
    named: ClassVar[str]  # the field that names the record
    own: ClassVar[dict[str, str]]  # our field -> the record's own
    later: tuple[type[Model], ...]

    def start(self, rows: Sequence[ImportRow], setting: Setting) -> None:
        """Lock and read the projects that the rows name, and their records of this kind."""
        self._held = held_projects(setting.lookups.keys(rows, "project"))
        found = self.model._default_manager.filter(project__in=self._held).order_by("-pk")
        records: list[Any] = list(found.select_for_update(of=("self",), no_key=True))
        hold(records)
        self._records: dict[tuple[int, str], Any] = {}
        for record in records:
            record.project = self._held[record.project_id]
            self._records[record.project_id, fold(getattr(record, self.named))] = record

    def begin(self, row: ImportRow, setting: Setting) -> BegunEntry:
        """Find the row's project; raise one of `refusals.ERRORS`."""
        key = setting.lookups.key(row, "project")
        project = self._held.get(key) if key is not None else None
        if project is None:
            raise RowRefusedError(
                "project", "No project has this code.", "The code of a project that is in Rounds."
            )
        setting.lookups.may_change(project, "project")
        return BegunEntry(row, project, self.fields_of(row, setting))

    def settle(self, begun: Sequence[BegunEntry], setting: Setting) -> None:
        """Nothing is written yet on which the records stand."""

    def finish(self, begun: BegunEntry, setting: Setting) -> Written:
        """Create or change the record; raise one of `refusals.ERRORS`."""
        name = fold(str(begun.row.values[self.named]))
        known = self._records.get((begun.project.pk, name))
        if known is None:
            self.create(begun, setting)
            return Written("created", (), begun.project.pk)
        ours = {own: field for field, own in self.own.items()}
        changes: list[Change] = [
            change_of(self.kind, ours[own], getattr(known, own), value)
            for own, value in begun.fields.items()
            if not is_same_text(getattr(known, own), value)
        ]
        begun.fields = {
            own: value
            for own, value in begun.fields.items()
            if own == self.named or not is_same_text(getattr(known, own), value)
        }
        self.change(known, begun, setting)
        return Written("updated" if changes else "unchanged", tuple(changes), begun.project.pk)

    def fields_of(self, row: ImportRow, setting: Setting) -> dict[str, Any]:
        return {
            own: _whole(row.values[field]) for field, own in self.own.items() if field in row.values
        }

    def create(self, begun: BegunEntry, setting: Setting) -> None:
        raise NotImplementedError

    def change(self, record: Any, begun: BegunEntry, setting: Setting) -> None:
        raise NotImplementedError


def _whole(value: object) -> object:
    return int(value) if isinstance(value, Decimal) else value


class MilestoneWriter(RegisterWriter):
    kind, model, named, own = "milestone", Milestone, "name", MILESTONE_FIELDS
    later = (Milestone,)

    def create(self, begun: BegunEntry, setting: Setting) -> None:
        milestones.create_milestone(project=begun.project, by=setting.by, **begun.fields)

    def change(self, record: Any, begun: BegunEntry, setting: Setting) -> None:
        milestones.change_milestone(milestone=record, version=None, by=setting.by, **begun.fields)


class RiskWriter(RegisterWriter):
    kind, model, named, own = "risk", Risk, "title", RISK_FIELDS | {"owner": "owner"}
    later = (Risk,)

    def fields_of(self, row: ImportRow, setting: Setting) -> dict[str, Any]:
        named = {field: own for field, own in RISK_FIELDS.items() if field in row.values}
        fields: dict[str, Any] = {own: _whole(row.values[field]) for field, own in named.items()}
        owner = setting.lookups.person(row, "owner")
        return fields | ({"owner": owner} if owner else {})

    def create(self, begun: BegunEntry, setting: Setting) -> None:
        for name in ("likelihood", "impact"):
            if name not in begun.fields:
                raise RowRefusedError(name, "A new risk needs this score.", "A number from 1 to 5.")
        risks.create_risk(project=begun.project, by=setting.by, **begun.fields)

    def change(self, record: Any, begun: BegunEntry, setting: Setting) -> None:
        risks.change_risk(risk=record, version=None, by=setting.by, **begun.fields)


WRITERS: dict[str, type[RegisterWriter]] = {
    "milestone": MilestoneWriter,
    "risk": RiskWriter,
}
