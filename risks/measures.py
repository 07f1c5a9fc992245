"""The measured risk color of projects, registered with the health rules."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from pmo.common.records.prepared import prepared
from pmo.organization.bands import bands_of
from pmo.organization.current import organization
from projects.domain.colors import Color
from projects.domain.health import Axis, Measure
from projects.measures import Source, measured_from, measures_axis
from projects.selectors.facts import Facts, by_source, together
from risks.domain.matrix import Band, band
from risks.selectors import open_threats, register_facts

NO_RISKS = Measure(color=Color.NONE, rule="No risk is registered.")
NONE_OPEN = Measure(color=Color.GREEN, rule="No risk is open: green.")
BEST_FIRST = tuple(Band)


@measures_axis(Axis.RISK)
def risk_measures(project_ids: Collection[int], as_of: date) -> Mapping[int, Measure]:
    """Grade each project by its highest open threat; a register with none open is green."""
    del as_of  # the register holds today's scores only
    return measures_from(project_ids, by_source(_register_rows(project_ids)))


@prepared
def _register_rows(ids: Collection[int]) -> "QuerySet[Any, Any]":
    return together(register_facts(ids))


def measures_from(project_ids: Collection[int], facts: Facts) -> Mapping[int, Measure]:
    """Grade from rows that somebody has read."""
    past = {fact.project_id for fact in facts.get("past_threat", [])}
    found = {pk: NONE_OPEN if pk in past else NO_RISKS for pk in project_ids}
    colors = _colors()
    for threat in open_threats(facts):
        grade = band(threat.likelihood, threat.impact)
        color = colors[grade]
        found[threat.project_id] = Measure(
            color=color,
            rule=f"Highest open risk scores {threat.score} ({grade.label.lower()}):"
            f" {color.value}. {threat.title}"[:300],
        )
    return found


def _colors() -> dict[Band, Color]:
    """Return the color of each grade by the organization's bands."""
    bands = bands_of(organization().bands)
    amber, red = BEST_FIRST.index(Band(bands.risk_amber)), BEST_FIRST.index(Band(bands.risk_red))
    return {
        grade: Color.RED if place >= red else Color.AMBER if place >= amber else Color.GREEN
        for place, grade in enumerate(BEST_FIRST)
    }


measured_from(Axis.RISK, Source(facts=register_facts, grade=measures_from))
