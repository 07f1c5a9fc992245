"""
Where the measured color of an axis comes from.

Schedule and cost come from a project's own figures. A higher app that can measure another axis
registers a function here, so that every screen shows the same measure.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from projects.domain.health import Axis, Measure

Provider = Callable[[Collection[int], date], Mapping[int, Measure]]
_providers: dict[Axis, Provider] = {}


def measures_axis(axis: Axis) -> Callable[[Provider], Provider]:
    """Register the function that measures `axis` for many projects in a fixed number of queries."""

    def register(provider: Provider) -> Provider:
        _providers[axis] = provider
        return provider

    return register


def provided(project_ids: Collection[int], as_of: date) -> dict[Axis, Mapping[int, Measure]]:
    return {axis: provider(project_ids, as_of) for axis, provider in _providers.items()}


Disputes = Callable[[], "QuerySet[Any, Any]"]
_disputes: list[Disputes] = []


def finds_disputes(finder: Disputes) -> Disputes:
    """Register where to find the ids of projects whose managers say better than the data."""
    _disputes[:] = [finder]
    return finder


def disputed() -> "QuerySet[Any, Any] | None":
    """Return the ids of disputed projects; None when nothing finds them."""
    return _disputes[0]() if _disputes else None
