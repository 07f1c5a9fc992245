"""The measured risk color of projects, registered with the health rules."""

from collections.abc import Collection, Mapping
from datetime import date

from projects.domain.colors import Color
from projects.domain.health import Axis, Measure
from projects.measures import measures_axis
from risks.domain.matrix import Band, band
from risks.models import Risk

NO_RISKS = Measure(color=Color.NONE, rule="No risk is registered.")
COLORS = {
    Band.EXTREME: Color.RED,
    Band.HIGH: Color.AMBER,
    Band.MODERATE: Color.GREEN,
    Band.LOW: Color.GREEN,
}


@measures_axis(Axis.RISK)
def risk_measures(project_ids: Collection[int], as_of: date) -> Mapping[int, Measure]:
    """Grade each project by its highest open threat; a register with none open is green."""
    del as_of  # the register holds today's scores only
    rows = (
        Risk.objects.threats()
        .filter(project__in=project_ids)
        .order_by("score", "pk")
        .values_list("project_id", "state", "likelihood", "impact", "title")
    )
    found: dict[int, Measure] = {}
    for pk, state, likelihood, impact, title in rows:
        if state != "open":
            found.setdefault(pk, Measure(color=Color.GREEN, rule="No risk is open: green."))
            continue
        grade = band(likelihood, impact)
        color = COLORS[grade]
        found[pk] = Measure(
            color=color,
            rule=f"Highest open risk scores {likelihood * impact} ({grade.label.lower()}):"
            f" {color.value}. {title}"[:300],
        )
    return {pk: found.get(pk, NO_RISKS) for pk in project_ids}
