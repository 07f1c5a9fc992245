from projects.models.money import BudgetLine, CostEntry, ForecastEntry
from projects.models.project import (
    Engagement,
    InProject,
    InProjectQuerySet,
    Level,
    Program,
    Project,
    ProjectMember,
    ProjectQuerySet,
    Stakeholder,
)
from projects.models.schedule import Milestone, MilestoneQuerySet
from projects.models.status import StatusUpdate, StatusUpdateQuerySet, UpdateState

__all__ = [
    "BudgetLine",
    "CostEntry",
    "Engagement",
    "ForecastEntry",
    "InProject",
    "InProjectQuerySet",
    "Level",
    "Milestone",
    "MilestoneQuerySet",
    "Program",
    "Project",
    "ProjectMember",
    "ProjectQuerySet",
    "Stakeholder",
    "StatusUpdate",
    "StatusUpdateQuerySet",
    "UpdateState",
]
