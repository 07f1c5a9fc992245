"""How the go-lives of a project were taken up, and which readings are due."""

from dataclasses import dataclass
from datetime import date

from projects.communication.domain.adoption import AdoptionCounts
from projects.communication.models import AdoptionReading
from projects.domain.kinds import MilestoneKind
from projects.models import Milestone, MilestoneQuerySet, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One recorded day."""

    day: int
    reading: AdoptionReading
    counts: AdoptionCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class GoLive:
    """One finished go-live with its readings, the earliest first."""

    milestone: Milestone
    went_live: date
    readings: list[Read]


def live_milestones(project: Project) -> MilestoneQuerySet:
    """Return the go-lives that are done."""
    done = project.milestones.filter(kind=MilestoneKind.GO_LIVE, actual_date__isnull=False)
    return done.order_by("actual_date", "pk")


def go_lives_of(project: Project) -> list[GoLive]:
    """Return the finished go-lives, the earliest first, in two queries."""
    readings: dict[int, list[Read]] = {}
    for one in project.adoption_readings.order_by("day", "pk"):
        read = Read(day=one.day, reading=one, counts=counts_of(one))
        readings.setdefault(one.milestone_id, []).append(read)
    return [
        GoLive(milestone=one, went_live=one.actual_date, readings=readings.get(one.pk, []))
        for one in live_milestones(project)
        if one.actual_date is not None
    ]


def counts_of(reading: AdoptionReading) -> AdoptionCounts:
    return AdoptionCounts(
        licensed=reading.licensed,
        active=reading.active,
        assigned=reading.assigned,
        passed=reading.passed,
        tickets=reading.tickets,
        workarounds=reading.workarounds,
        units_planned=reading.units_planned,
        units_live=reading.units_live,
    )
