"""Requests, their grounds and history; capital cycles and what is due to be replaced."""

from portfolio.intake.models.capital import (
    CapitalCycle,
    ContingencyDraw,
    IntakeRules,
    ReplacementItem,
    RequestItem,
)
from portfolio.intake.models.requests import (
    YEARS,
    MandatoryGround,
    ProjectRequest,
    RequestQuerySet,
    RequestVersion,
    TimelineStep,
)

AMOUNTS = {
    ProjectRequest: (
        "capital_estimate",
        "operating_estimate",
        *(f"running_{year}" for year in YEARS),
    ),
    RequestItem: ("unit_cost",),
    CapitalCycle: ("envelope", "contingency"),
    ContingencyDraw: ("amount",),
    IntakeRules: ("capital_threshold", "small_below", "medium_below", "large_below"),
    ReplacementItem: ("service_cost", "new_cost"),
}

__all__ = [
    "AMOUNTS",
    "YEARS",
    "CapitalCycle",
    "ContingencyDraw",
    "IntakeRules",
    "MandatoryGround",
    "ProjectRequest",
    "ReplacementItem",
    "RequestItem",
    "RequestQuerySet",
    "RequestVersion",
    "TimelineStep",
]
