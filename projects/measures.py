"""
Where the measured color of an axis comes from.

Schedule and cost come from a project's own figures. A higher app that can measure another axis
registers a function here, so that every screen shows the same measure.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from projects.domain.health import Axis, Measure
from projects.selectors.facts import Facts

Provider = Callable[[Collection[int], date], Mapping[int, Measure]]
_providers: dict[Axis, Provider] = {}


def measures_axis(axis: Axis) -> Callable[[Provider], Provider]:
    """Register the function that measures `axis` for many projects in a fixed number of queries."""

    def register(provider: Provider) -> Provider:
        _providers[axis] = provider
        return provider

    return register


def provided(
    project_ids: Collection[int], as_of: date, *, known: Collection[Axis] = ()
) -> dict[Axis, Mapping[int, Measure]]:
    """Ask every provider but those of the axes that are `known` already."""
    return {
        axis: provider(project_ids, as_of)
        for axis, provider in _providers.items()
        if axis not in known
    }


@dataclass(frozen=True, slots=True)
class Source:
    """What an axis is graded from, shaped so that one statement reads it together with others."""

    facts: Callable[[Collection[int]], list["QuerySet[Any, Any]"]]
    grade: Callable[[Collection[int], Facts], Mapping[int, Measure]]


_sources: dict[Axis, Source] = {}


def measured_from(axis: Axis, source: Source) -> None:
    """Say what the measure of `axis` is made of, for callers that read everything at once."""
    _sources[axis] = source


def facts_of_sources(project_ids: Collection[int]) -> list["QuerySet[Any, Any]"]:
    return [query for source in _sources.values() for query in source.facts(project_ids)]


def graded(project_ids: Collection[int], facts: Facts) -> dict[Axis, Mapping[int, Measure]]:
    """Grade every axis whose rows were read with `facts_of_sources`."""
    return {axis: source.grade(project_ids, facts) for axis, source in _sources.items()}


Disputes = Callable[[], "QuerySet[Any, Any]"]
_disputes: list[Disputes] = []


def finds_disputes(finder: Disputes) -> Disputes:
    """Register where to find the ids of projects whose managers say better than the data."""
    _disputes[:] = [finder]
    return finder


def disputed() -> "QuerySet[Any, Any] | None":
    """Return the ids of disputed projects; None when nothing finds them."""
    return _disputes[0]() if _disputes else None
