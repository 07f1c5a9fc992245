"""The organization's own rules, in the words of this app: bands of colors, and axes with their names."""

from decimal import Decimal

from pmo.organization.axes import axes_of
from pmo.organization.bands import bands_of
from pmo.organization.current import organization
from projects.domain.health import Axis, HealthRules

PERCENT = Decimal(100)


def health_rules() -> HealthRules:
    """Return the bands in force."""
    bands = bands_of(organization().bands)
    return HealthRules(
        green_share=bands.schedule_green / PERCENT,
        amber_share=bands.schedule_amber / PERCENT,
        green_working_days=bands.schedule_days,
        cost_green_share=bands.cost_green / PERCENT,
        cost_amber_share=bands.cost_amber / PERCENT,
        stale_days=bands.stale_days,
    )


def axis_names() -> dict[Axis, str]:
    """Return the name of every axis, used or not, in their order."""
    return {Axis(one.key): one.name for one in axes_of(organization().axes)}


def axes_in_use() -> dict[Axis, str]:
    """Return the axes that updates are asked for, with their names, in their order."""
    return {Axis(one.key): one.name for one in axes_of(organization().axes) if one.in_use}
