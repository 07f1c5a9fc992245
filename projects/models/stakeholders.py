"""Who has a stake in a project, the organization's register of them, and how they stood when."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from pmo.accounts.models import User
from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.fields import Line, Prose
from projects.domain.kinds import StakeholderCategory
from projects.models.project import InProject, InProjectQuerySet, Project


class Level(models.IntegerChoices):
    LOW = 1, "Low"
    MEDIUM = 2, "Medium"
    HIGH = 3, "High"


class Engagement(models.TextChoices):
    """The levels of the stakeholder engagement assessment matrix."""

    UNAWARE = "unaware", "Unaware"
    RESISTANT = "resistant", "Resistant"
    NEUTRAL = "neutral", "Neutral"
    SUPPORTIVE = "supportive", "Supportive"
    LEADING = "leading", "Leading"


class StakeholderGroup(Versioned):
    """A person or group known once to the whole organization; `lead` is who talks to it."""

    name = Line(
        max_length=120,
        unique=True,
        error_messages={"unique": "The register already has this group."},
    )
    category = models.CharField(max_length=20, choices=StakeholderCategory.choices())
    lead = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="stakeholder_groups"
    )
    note = Prose(max_length=500)

    searched = ("name", "lead__name")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="stakeholdergroup_named"),
            models.CheckConstraint(
                condition=Q(category__in=[one.value for one in StakeholderCategory]),
                name="stakeholdergroup_category_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("communication:group_edit", self.pk)


class StakeholderQuerySet(InProjectQuerySet["Stakeholder"]):
    def of_category(self, category: str) -> Self:
        """Keep those of a category: the register's, else the project's own."""
        return self.filter(Q(group__category=category) | Q(group=None, category=category))

    def away_from_wanted(self) -> Self:
        """Keep those who do not stand as they should."""
        return self.exclude(engagement=F("engagement_wanted"))

    def powerful_and_against(self) -> Self:
        return self.filter(power=Level.HIGH, engagement=Engagement.RESISTANT)

    def nobody_talks_to(self) -> Self:
        """Keep the powerful ones for whom nobody is named, here or in the register."""
        return self.filter(power=Level.HIGH, lead=None).filter(Q(group=None) | Q(group__lead=None))


class Stakeholder(InProject, Versioned):
    """
    A person or group with a stake: power, interest, engagement now and wanted.

    `group` is the same one in the organization's register; its category and lead hold unless the
    project says its own lead. `approach` is the action that closes the gap, `action_due` its day.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="stakeholders")
    group = models.ForeignKey(
        StakeholderGroup, models.PROTECT, null=True, blank=True, related_name="stakeholders"
    )
    name = Line(max_length=120)
    position = Line(max_length=120, blank=True, default="")
    category = models.CharField(
        max_length=20, choices=StakeholderCategory.choices(), blank=True, default=""
    )
    lead = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="stakeholders_led"
    )
    power = models.PositiveSmallIntegerField(choices=Level, default=Level.MEDIUM)
    interest = models.PositiveSmallIntegerField(choices=Level, default=Level.MEDIUM)
    engagement = models.CharField(max_length=12, choices=Engagement, default=Engagement.NEUTRAL)
    engagement_wanted = models.CharField(
        max_length=12, choices=Engagement, default=Engagement.SUPPORTIVE
    )
    approach = Prose(max_length=500)
    action_due = Day(null=True, blank=True)

    searched = ("name", "project__name", "project__code")
    objects = StakeholderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                name="stakeholder_once",
                violation_error_message="This stakeholder is already listed.",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("projects:stakeholder_edit", self.pk)

    @property
    def needs_work(self) -> bool:
        return self.engagement != self.engagement_wanted

    @property
    def category_now(self) -> str:
        """The code of the register's category, else of the project's own; empty where neither says."""
        return str(self.group.category if self.group else self.category)

    @property
    def category_label(self) -> str:
        code = self.category_now
        return StakeholderCategory(code).label if code else ""

    @property
    def lead_now(self) -> User | None:
        """Who talks to them: named here, else in the register."""
        return self.lead or (self.group.lead if self.group else None)


class EngagementRecord(InProject):
    """How a stakeholder stood from a day on, and should; added to, never changed."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="engagement_records")
    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, related_name="history")
    engagement = models.CharField(max_length=12, choices=Engagement)
    engagement_wanted = models.CharField(max_length=12, choices=Engagement)
    noted_on = models.DateField(editable=False)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = InProjectQuerySet["EngagementRecord"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["stakeholder", "noted_on"], name="engagement_by_day")]

    def __str__(self) -> str:
        return f"{self.stakeholder}: {self.get_engagement_display()}"
