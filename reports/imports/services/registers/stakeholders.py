"""Write rows about stakeholders."""

from typing import Any

from projects.models import Stakeholder
from projects.models.project import Level
from projects.services import projects
from reports.imports.services.registers.base import BegunEntry, RegisterWriter, own_of
from reports.imports.services.setting import Setting

LEVELS = {"low": Level.LOW.value, "medium": Level.MEDIUM.value, "high": Level.HIGH.value}


class StakeholderWriter(RegisterWriter):
    kind, model, named = "stakeholder", Stakeholder, "name"
    own = own_of(kind)
    codes = {"power": LEVELS, "interest": LEVELS}
    later = (Stakeholder,)

    def create(self, begun: BegunEntry, setting: Setting) -> None:
        projects.create_stakeholder(project=begun.project, by=setting.by, **begun.fields)

    def change(self, record: Any, begun: BegunEntry, setting: Setting) -> None:
        projects.change_stakeholder(stakeholder=record, version=None, by=setting.by, **begun.fields)
