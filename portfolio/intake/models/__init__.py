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
    ReplacementItem: ("service_cost", "new_cost"),
}
LIMITS = {
    IntakeRules: ("capital_threshold", "small_below", "medium_below", "large_below"),
}

__all__ = [
    "AMOUNTS",
    "LIMITS",
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
