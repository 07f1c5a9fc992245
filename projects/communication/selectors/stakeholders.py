"""Stakeholders as the pages show them: of one project, and over all that a reader may see."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from pmo.accounts.models import User
from pmo.common.records.search import as_read
from projects.communication.domain.grid import Treatment, steps, treatment
from projects.domain.stages import ACTIVE
from projects.models import (
    Engagement,
    Level,
    Project,
    Stakeholder,
    StakeholderGroup,
    StakeholderQuerySet,
)

SHOWN_WITH = ("project", "lead", "group__lead")
IN_RUNNING = Q(project__stage__in=[stage.value for stage in ACTIVE])


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeholderStanding:
    """One stakeholder with how people treat such, and the steps from now to wanted."""

    stakeholder: Stakeholder
    treatment: Treatment
    steps: int
    number: int  # in the grid, from 1

    @property
    def is_against(self) -> bool:
        """True for a powerful one who is resistant."""
        one = self.stakeholder
        return bool(one.power == Level.HIGH and one.engagement == Engagement.RESISTANT)

    @property
    def has_nobody(self) -> bool:
        """True for a powerful one to whom no named person talks (GOVERN 11a)."""
        return bool(self.stakeholder.power == Level.HIGH and self.stakeholder.lead_now is None)

    @property
    def is_open_action(self) -> bool:
        """True for a gap whose action lacks words, a day or a person."""
        one = self.stakeholder
        return one.needs_work and not (one.approach and one.action_due and one.lead_now)


def standings_of(project: Project) -> list[StakeholderStanding]:
    """Return a project's stakeholders, the most powerful first, then the most interested."""
    rows = project.stakeholders.select_related(*SHOWN_WITH)
    return [
        StakeholderStanding(
            stakeholder=one,
            treatment=treatment(one.power, one.interest),
            steps=steps(one.engagement, one.engagement_wanted),
            number=number,
        )
        for number, one in enumerate(
            rows.order_by(*as_read("-power", "-interest", "name", "pk")), start=1
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeholderCounts:
    """Over some stakeholders: gaps between now and wanted, powerful ones against, and without a lead."""

    total: int
    gaps: int
    against: int
    nobody: int


def stakeholder_counts(stakeholders: StakeholderQuerySet) -> StakeholderCounts:
    """Count in one query."""
    powerful = Q(power=Level.HIGH)
    alone = powerful & Q(lead=None) & (Q(group=None) | Q(group__lead=None))
    return StakeholderCounts(
        **stakeholders.order_by().aggregate(
            total=Count("pk"),
            gaps=Count("pk", filter=~Q(engagement=F("engagement_wanted"))),
            against=Count("pk", filter=powerful & Q(engagement=Engagement.RESISTANT)),
            nobody=Count("pk", filter=alone),
        )
    )


def groups_for(reader: User) -> QuerySet[StakeholderGroup]:
    """Return the register; `projects_seen` counts the projects naming each that the reader may see."""
    seen = Project.objects.visible_to(reader).order_by().values("pk")
    return (
        StakeholderGroup.objects.select_related("lead")
        .annotate(
            projects_seen=Count(
                "stakeholders__project",
                filter=Q(stakeholders__project__in=seen),
                distinct=True,
            )
        )
        .order_by(*as_read("name", "pk"))
    )
