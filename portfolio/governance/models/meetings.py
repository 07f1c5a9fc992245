"""Meetings: who was there, what was on the agenda, what became of it, and the minutes."""

from typing import Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from pmo.accounts.models import User
from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.fields import Line, Link, Prose
from portfolio.governance.domain.kinds import ItemResult, MeetingState, Presence, Purpose
from portfolio.governance.models.committees import Committee
from portfolio.governance.models.decisions import Decision


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(committee__in=Committee.objects.visible_to(user).values("pk"))


class Meeting(Versioned):
    """A committee's meeting on one day."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="meetings")
    day = Day()
    place = Line(max_length=120, blank=True, default="")
    state = models.CharField(
        max_length=10, choices=MeetingState.choices(), default=MeetingState.PLANNED.value
    )
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = MeetingQuerySet.as_manager()
    scope_needs = ("committee",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "day"],
                name="meeting_once_a_day",
                violation_error_message="This committee already meets on that day.",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at=None),
                name="meeting_closed_has_time",
            ),
        ]
        indexes = [models.Index(fields=["committee", "-day"], name="meeting_latest")]

    def __str__(self) -> str:
        return f"{self.committee}, {self.day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return address_of("governance:meeting", self.pk)

    def scoped_by(self) -> Committee:
        return self.committee

    @property
    def is_open(self) -> bool:
        return self.state == MeetingState.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == MeetingState.CLOSED


M = TypeVar("M", bound=models.Model, covariant=True)  # noqa: PLC0105 - as in the stubs


class OfMeetingQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep what belongs to meetings of committees that the user may see."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))


class OfMeeting(models.Model):
    """A record that belongs to a meeting and is seen by whoever sees its committee."""

    meeting: models.ForeignKey[Meeting, Meeting]
    scope_needs = ("meeting__committee",)

    class Meta:
        abstract = True

    def scoped_by(self) -> Committee:
        return self.meeting.committee


class Attendance(OfMeeting):
    """Whether somebody who sits in the committee was there; without a row nobody was."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    presence = models.CharField(max_length=10, choices=Presence.choices())

    objects = OfMeetingQuerySet["Attendance"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(presence__in=[one.value for one in Presence]),
                name="attendance_presence_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_presence_display()}"


class AgendaItemQuerySet(OfMeetingQuerySet["AgendaItem"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the items whose meeting and whose decision the user may see."""
        seen = Decision.objects.visible_to(user).values("pk")
        return super().visible_to(user).filter(decision__in=seen)


class AgendaItem(OfMeeting, Versioned):
    """A decision before a meeting, to be taken or to be ratified; a deferred one has several."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="agenda_items")
    purpose = models.CharField(
        max_length=8, choices=Purpose.choices(), default=Purpose.DECIDE.value
    )
    position = models.PositiveSmallIntegerField()
    presenter = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    motion = Prose(max_length=500)
    mover = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    seconder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(
        max_length=12, choices=ItemResult.choices(), default=ItemResult.WAITING.value
    )
    reason = Prose(max_length=2000)
    counted = models.JSONField(default=dict, blank=True, editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "decision"],
                name="agendaitem_once",
                violation_error_message="This is already on the agenda.",
            ),
            models.CheckConstraint(
                condition=Q(mover=None) | Q(seconder=None) | ~Q(mover=models.F("seconder")),
                name="agendaitem_two_movers",
                violation_error_message="Somebody else has to second the motion.",
            ),
        ]
        indexes = [models.Index(fields=["meeting", "position"], name="agendaitem_in_order")]

    def __str__(self) -> str:
        return f"{self.position}. {self.decision.question}"

    def get_absolute_url(self) -> str:
        return address_of("governance:item", self.pk)

    @property
    def is_over(self) -> bool:
        return self.result != ItemResult.WAITING


class Interest(models.Model):
    """An interest that somebody declared in an item; whoever recuses leaves quorum and vote."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="interests")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = Line(max_length=300)
    is_recused = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "person"], name="interest_once"),
            models.CheckConstraint(condition=~Q(text=""), name="interest_not_blank"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.text}"


class AgendaPaper(models.Model):
    """A paper that was before the meeting, in which version."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="papers")
    title = Line(max_length=160)
    revision = Line(max_length=40)
    url = Link(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "title", "revision"],
                name="agendapaper_once",
                violation_error_message="This paper is already listed in this version.",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="agendapaper_title_not_blank"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.revision}"


class MeetingActionQuerySet(OfMeetingQuerySet["MeetingAction"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the actions of meetings that the user may see, but for those on hidden decisions."""
        seen = Decision.objects.visible_to(user).values("pk")
        return super().visible_to(user).filter(Q(item=None) | Q(item__decision__in=seen))


class MeetingAction(OfMeeting, Versioned):
    """Something that a meeting asked somebody to do."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="actions")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    text = Line(max_length=300)
    owner = models.ForeignKey(User, models.PROTECT, related_name="meeting_actions")
    due = Day()
    done_on = Day(null=True, blank=True)

    objects = MeetingActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="meetingaction_text_not_blank")
        ]
        indexes = [models.Index(fields=["owner", "done_on"], name="meetingaction_by_owner")]

    def __str__(self) -> str:
        return str(self.text)


class Minutes(OfMeeting, Versioned):
    """
    The minutes of a meeting in one version; a correction is the next version.

    `content` is what the meeting was when the version was made, one row an item, so that each reader's
    page is the rows that reader may see. It never changes; approving is all that happens to it.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict)
    correction = Prose(max_length=1000)  # what this version corrects; empty for the first
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_in = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="minutes_approved"
    )
    approved_on = Day(null=True, blank=True)

    objects = OfMeetingQuerySet["Minutes"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="minutes_number_once"),
            models.CheckConstraint(
                condition=Q(approved_in=None, approved_on=None)
                | Q(approved_in__isnull=False, approved_on__isnull=False),
                name="minutes_approved_in_a_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, version {self.number}"

    def get_absolute_url(self) -> str:
        return address_of("governance:minutes", self.pk)
