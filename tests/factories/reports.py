"""Snapshot rows as a page reads them, without going through the figures of a project."""

import datetime

import factory
from django.utils import timezone

from projects.domain.health import Axis
from reports.models import Freeze, Snapshot
from reports.models.snapshots import LIVE
from tests.factories import ProjectFactory


class SnapshotFactory(factory.django.DjangoModelFactory):
    """A live row of an active green project that reports and has neither money nor dates."""

    class Meta:
        model = Snapshot

    project = factory.SubFactory(ProjectFactory)
    date = LIVE
    judged_for = factory.LazyAttribute(
        lambda row: timezone.localdate() if row.date == LIVE else row.date
    )
    built_at = factory.LazyFunction(timezone.now)
    code = factory.SelfAttribute("project.code")
    name = factory.SelfAttribute("project.name")
    category = "facility"
    lane = "strategic"
    stage = "delivery"
    unit = factory.SelfAttribute("project.unit")
    unit_name = factory.SelfAttribute("project.unit.name")
    manager_name = "M. Okafor"
    overall = "green"
    overall_said = "green"
    overall_before = "green"
    is_stale = False
    updated_on = datetime.date(2026, 11, 20)
    trend = "GG"
    measured = "green"
    measured_before = "green"
    measured_schedule = "green"
    measured_cost = "green"
    measured_risk = "green"

    rank = factory.LazyAttribute(lambda row: ("red", "amber", "none", "green").index(row.overall))

    @classmethod
    def _adjust_kwargs(cls, **kwargs):
        return {axis.value: "green" for axis in Axis} | kwargs


def freeze(day, portfolio=None, kind="week"):
    return Freeze.objects.create(
        date=day, portfolio=portfolio, kind=kind, frozen_at=timezone.now(), rows=0
    )
