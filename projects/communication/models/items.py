"""What is said to whom, how and when, what has been sent, and how a go-live is taken up."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from pmo.accounts.models import User
from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.bounds import Count, SmallWhole
from pmo.common.records.fields import Line, Prose
from projects.communication.domain.timing import Cadence, late_through, shifted
from projects.domain.kinds import StakeholderCategory
from projects.domain.stages import ACTIVE
from projects.models import (
    InProject,
    InProjectQuerySet,
    Milestone,
    Project,
    Stakeholder,
    StakeholderGroup,
)

FURTHEST = 3660  # days from a milestone; ten years
MOST = 100_000_000
TOO_FAR = "Ten years before or after the milestone at most."
ONE_AUDIENCE = "Choose one audience: a stakeholder, a group of the register, or a category."
ONE_DATE = "Give either a date or a milestone, not both."
SOME_DATE = "Say when: a date, or a milestone with days before or after it."
THROUGH_LEAD = frozenset({StakeholderCategory.UNIONS.value, StakeholderCategory.REGULATORS.value})


class MessageChannel(models.TextChoices):
    HUDDLE = "huddle", "Huddle"
    MAIL = "mail", "Mail"
    NEWSLETTER = "newsletter", "Newsletter"
    TOWN_HALL = "town_hall", "Town hall"
    INTRANET = "intranet", "Intranet"
    POSTER = "poster", "Poster"
    SCREEN_SAVER = "screen_saver", "Screen saver"
    ONE_TO_ONE = "one_to_one", "One-to-one"
    LETTER = "letter", "Letter"


class CommunicationItemQuerySet(InProjectQuerySet["CommunicationItem"]):
    def open(self) -> Self:
        """Keep what is still to be sent in projects that run."""
        stages = [stage.value for stage in ACTIVE]
        return self.filter(next_due__isnull=False, project__stage__in=stages)

    def of_category(self, category: str) -> Self:
        """Keep what is for a category: the stakeholder's or group's own, else the item's."""
        return self.filter(
            Q(stakeholder__group__category=category)
            | Q(stakeholder__group=None, stakeholder__category=category)
            | Q(group__category=category)
            | Q(category=category)
        )

    def due(self, today: date) -> Self:
        return self.open().filter(next_due__lte=today)

    def overdue(self, today: date) -> Self:
        return self.open().filter(next_due__lt=today)

    def late(self, today: date) -> Self:
        """Keep what was due five working days ago or longer and is not sent."""
        return self.open().filter(next_due__lte=late_through(today))


def people_field() -> Count:
    """Return the column for a number that a system says; None where nobody read it."""
    return Count(null=True, blank=True, least=0, most=MOST)


class CommunicationItem(InProject, Versioned):
    """
    One message to one audience; `next_due` is kept from its date or milestone and from what was sent.

    An item on a milestone moves with it: `offset_days` are calendar days from it, `until_offset_days`
    end a repeated one. None of `next_due` means that nothing more is due, or that no date is known.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="communication_items")
    code = Line(max_length=20, blank=True, default="")
    stakeholder = models.ForeignKey(
        Stakeholder, models.PROTECT, null=True, blank=True, related_name="communication_items"
    )
    group = models.ForeignKey(
        StakeholderGroup, models.PROTECT, null=True, blank=True, related_name="communication_items"
    )
    category = models.CharField(
        max_length=20, choices=StakeholderCategory.choices(), blank=True, default=""
    )
    message = Line(max_length=200)
    text = Prose(max_length=4000)
    channel = models.CharField(max_length=20, choices=MessageChannel, default=MessageChannel.MAIL)
    sender = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="communication_items"
    )
    cadence = models.CharField(max_length=12, choices=Cadence.choices(), default=Cadence.ONCE.value)
    due_on = Day(null=True, blank=True)
    ends_on = Day(null=True, blank=True)
    # one that is removed leaves its items, which then need another date
    milestone = models.ForeignKey(
        Milestone, models.SET_NULL, null=True, blank=True, related_name="communication_items"
    )
    offset_days = SmallWhole(default=0, least=-FURTHEST, most=FURTHEST, said=TOO_FAR)
    until_offset_days = SmallWhole(
        null=True, blank=True, least=-FURTHEST, most=FURTHEST, said=TOO_FAR
    )
    next_due = models.DateField(null=True, editable=False)
    translated_into = Line(max_length=200, blank=True, default="")
    plain_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    plain_on = models.DateField(null=True, editable=False)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_on = models.DateField(null=True, editable=False)

    searched = ("message", "code", "project__name", "project__code")
    objects = CommunicationItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(message=""), name="communicationitem_says_something"
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(milestone=None),
                name="communicationitem_one_date",
                violation_error_message=ONE_DATE,
            ),
            models.CheckConstraint(
                condition=Q(offset_days__gte=-FURTHEST, offset_days__lte=FURTHEST),
                name="communicationitem_offset_in_range",
                violation_error_message=TOO_FAR,
            ),
            models.CheckConstraint(
                condition=Q(until_offset_days=None)
                | Q(until_offset_days__gte=F("offset_days"), until_offset_days__lte=FURTHEST),
                name="communicationitem_ends_after_start",
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                condition=Q(plain_by=None, plain_on=None)
                | Q(plain_by__isnull=False, plain_on__isnull=False),
                name="communicationitem_plain_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_on=None)
                | Q(approved_by__isnull=False, approved_on__isnull=False),
                name="communicationitem_approved_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "next_due"], name="communication_by_project"),
            models.Index(fields=["next_due"], name="communication_due"),
        ]

    def __str__(self) -> str:
        return str(self.message)

    def get_absolute_url(self) -> str:
        return address_of("communication:item_detail", self.pk)

    def clean(self) -> None:
        if sum(map(bool, (self.stakeholder_id, self.group_id, self.category))) != 1:
            raise ValidationError(ONE_AUDIENCE, code="audience")
        if self.due_on and self.milestone_id:
            raise ValidationError({"due_on": ValidationError(ONE_DATE, code="date")})
        if not self.due_on and not self.milestone_id:
            raise ValidationError({"due_on": ValidationError(SOME_DATE, code="date")})
        for name in ("stakeholder", "milestone"):
            other = getattr(self, name)
            if other is not None and other.project_id != self.project_id:
                sentence = "This belongs to another project."
                raise ValidationError({name: ValidationError(sentence, code="project")})
        if self.ends_on and self.due_on and self.ends_on < self.due_on:
            sentence = "The last day is before the first."
            raise ValidationError({"ends_on": ValidationError(sentence, code="order")})

    @property
    def audience(self) -> str:
        """Who hears it, in words."""
        if self.stakeholder or self.group:
            return str(self.stakeholder or self.group)
        return StakeholderCategory(self.category).label if self.category else ""

    @property
    def category_now(self) -> str:
        if self.stakeholder:
            return self.stakeholder.category_now
        return str(self.group.category if self.group else self.category)

    @property
    def lead(self) -> User | None:
        """The named person who talks to this audience; None where nobody is named."""
        if self.stakeholder:
            return self.stakeholder.lead_now
        return self.group.lead if self.group else None

    @property
    def is_for_patients(self) -> bool:
        return self.category_now == StakeholderCategory.PATIENTS.value

    @property
    def goes_through_lead(self) -> bool:
        return self.category_now in THROUGH_LEAD

    @property
    def is_repeated(self) -> bool:
        return self.cadence != Cadence.ONCE

    @property
    def first_day(self) -> date | None:
        """When it is due for the first time; None without a date."""
        given: date | None = self.due_on
        return given or self._from_milestone(self.offset_days)

    @property
    def last_day(self) -> date | None:
        """When a repeated one ends; None where it goes on."""
        if self.until_offset_days is None:
            given: date | None = self.ends_on
            return given
        return self._from_milestone(self.until_offset_days)

    def _from_milestone(self, offset: int) -> date | None:
        due: date | None = self.milestone.due_date if self.milestone else None
        return shifted(due, offset)


class CommunicationSending(InProject):
    """A message that went out; `covers` is the due day it answered, `reach` how many it reached."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="communication_sendings")
    item = models.ForeignKey(CommunicationItem, models.CASCADE, related_name="sendings")
    covers = models.DateField(editable=False)
    sent_on = Day()
    reach = people_field()
    note = Prose(max_length=500)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    objects = InProjectQuerySet["CommunicationSending"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["item", "sent_on"], name="communication_sent")]

    def __str__(self) -> str:
        return f"{self.item}, {self.sent_on}"


class AdoptionReading(InProject, Versioned):
    """What the systems say of one go-live on day 7, 30 or 90; None where nobody read it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="adoption_readings")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="adoption_readings")
    day = models.PositiveSmallIntegerField(
        choices=[(7, "Day 7"), (30, "Day 30"), (90, "Day 90")], verbose_name="day after go-live"
    )
    measured_on = Day()
    source = Line(max_length=120)
    licensed = people_field()
    active = people_field()
    assigned = people_field()
    passed = people_field()
    tickets = people_field()
    workarounds = people_field()
    units_planned = people_field()
    units_live = people_field()

    objects = InProjectQuerySet["AdoptionReading"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "day"],
                name="adoption_once_a_day",
                violation_error_message="This day of this go-live is recorded already.",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="adoption_has_a_source"),
            models.CheckConstraint(condition=Q(day__in=(7, 30, 90)), name="adoption_day_known"),
            models.CheckConstraint(
                condition=Q(active=None) | Q(licensed=None) | Q(active__lte=F("licensed")),
                name="adoption_active_are_licensed",
                violation_error_message="More users are active than licensed.",
            ),
            models.CheckConstraint(
                condition=Q(passed=None) | Q(assigned=None) | Q(passed__lte=F("assigned")),
                name="adoption_passed_were_assigned",
                violation_error_message="More passed than were assigned.",
            ),
            models.CheckConstraint(
                condition=Q(units_live=None)
                | Q(units_planned=None)
                | Q(units_live__lte=F("units_planned")),
                name="adoption_units_were_planned",
                violation_error_message="More units work with it than were planned.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone}, day {self.day}"

    def get_absolute_url(self) -> str:
        return address_of("communication:project_adoption", self.project_id)

    def clean(self) -> None:
        if self.milestone_id and self.milestone.project_id != self.project_id:
            sentence = "This go-live belongs to another project."
            raise ValidationError({"milestone": ValidationError(sentence, code="project")})
