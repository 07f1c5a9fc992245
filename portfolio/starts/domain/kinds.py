"""What a row of a template becomes in a project."""

from enum import StrEnum


class ItemKind(StrEnum):
    TASK = "task"
    LINE = "budget_line"
    RISK = "risk"
    STAKEHOLDER = "stakeholder"
    MESSAGE = "message"
