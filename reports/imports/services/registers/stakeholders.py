"""Write rows about stakeholders."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from pmo.common.folding import fold
from projects.models import EngagementRecord, Level, Project, Stakeholder, StakeholderGroup
from projects.services import stakeholders
from reports.imports.domain import ImportRow
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.registers.base import BegunEntry, RegisterWriter, own_of
from reports.imports.services.setting import Setting

LEVELS = {"low": Level.LOW.value, "medium": Level.MEDIUM.value, "high": Level.HIGH.value}


class StakeholderWriter(RegisterWriter):
    kind, model, named = "stakeholder", Stakeholder, "name"
    own = own_of(kind)
    people = ("lead",)
    codes = {"power": LEVELS, "interest": LEVELS}
    later = (Stakeholder, EngagementRecord)

    def read(self, rows: Sequence[ImportRow], held: Mapping[int, Project]) -> None:
        super().read(rows, held)
        said = {fold(str(row.values["group"])) for row in rows if row.values.get("group")}
        known = [one for one in self._by_name.values() if one.group_id] if said else []
        meant = Q(name__folded__in=said) | Q(pk__in=[one.group_id for one in known])
        groups = StakeholderGroup.objects.filter(meant).in_bulk() if said else {}
        for stakeholder in known:
            stakeholder.group = groups[stakeholder.group_id]
        self._groups = {fold(str(group.name)): group for group in groups.values()}

    def fields_of(self, row: ImportRow, setting: Setting) -> dict[str, Any]:
        """Return what the row speaks of, with the group of the register that it names."""
        fields = super().fields_of(row, setting)
        if "group" in fields:
            fields["group"] = self._group(str(fields["group"]))
        return fields

    def _group(self, name: str) -> StakeholderGroup | None:
        if name and fold(name) not in self._groups:
            raise RowRefusedError(
                "group",
                "The stakeholder register has no group of this name.",
                "The name of a group of the register, or nothing.",
            )
        return self._groups.get(fold(name))

    def create(self, begun: BegunEntry, setting: Setting) -> None:
        stakeholders.create_stakeholder(project=begun.project, by=setting.by, **begun.fields)

    def change(self, record: Any, begun: BegunEntry, setting: Setting) -> None:
        stakeholders.change_stakeholder(
            stakeholder=record, version=None, by=setting.by, **begun.fields
        )
