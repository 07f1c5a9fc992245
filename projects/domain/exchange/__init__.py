"""Schedules that come from, and go to, other programs: files in and out of one plain form."""

from projects.domain.exchange.mspdi_reading import read_mspdi
from projects.domain.exchange.mspdi_writing import write_mspdi
from projects.domain.exchange.planfile import (
    EVERY_DAY,
    BaselineRow,
    CalendarRow,
    ExceptionRow,
    Fate,
    LinkRow,
    Loss,
    PlanFile,
    PlanFileError,
    TaskRow,
)
from projects.domain.exchange.workbook import read_workbook_plan

__all__ = [
    "EVERY_DAY",
    "BaselineRow",
    "CalendarRow",
    "ExceptionRow",
    "Fate",
    "LinkRow",
    "Loss",
    "PlanFile",
    "PlanFileError",
    "TaskRow",
    "read_mspdi",
    "read_workbook_plan",
    "write_mspdi",
]
