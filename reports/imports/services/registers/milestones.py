"""Write rows about milestones."""

from typing import Any

from projects.models import Milestone
from projects.services import milestones
from reports.imports.services.registers.base import BegunEntry, RegisterWriter, own_of
from reports.imports.services.setting import Setting


class MilestoneWriter(RegisterWriter):
    kind, model, named = "milestone", Milestone, "name"
    own = own_of(kind)
    later = (Milestone,)

    def create(self, begun: BegunEntry, setting: Setting) -> None:
        milestones.create_milestone(project=begun.project, by=setting.by, **begun.fields)

    def change(self, record: Any, begun: BegunEntry, setting: Setting) -> None:
        milestones.change_milestone(milestone=record, version=None, by=setting.by, **begun.fields)
