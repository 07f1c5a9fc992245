"""Committees, and who sits on them in which seat and for how long."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.accounts.roles import Role
from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.bounds import SmallCount
from pmo.common.records.fields import Line, Prose, TypedData
from portfolio.governance.domain.kinds import Position, VotingRule
from portfolio.governance.validators import LONGEST_SEAT, sound_quorum_seats, sound_seats
from projects.models.money import money_field

MOST_MEMBERS = 99
ROLES = {
    Position.CHAIR: Role.COMMITTEE_CHAIR,
    Position.DEPUTY: Role.COMMITTEE_CHAIR,
    Position.SECRETARY: Role.COMMITTEE_SECRETARY,
    Position.MEMBER: Role.COMMITTEE_MEMBER,
}


class CommitteeQuerySet(models.QuerySet["Committee"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep what `can(user, COMMITTEE_VIEW, committee)` allows."""
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        if scope_of(user, Permission.COMMITTEE_VIEW).everywhere:
            return self
        return self.filter(pk__in=CommitteeMember.objects.of(user).values("committee"))

    def standing(self) -> Self:
        """Leave out those that are dissolved; on its last day a committee still meets."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=timezone.localdate()))


class Committee(Versioned):
    """
    People who decide together, and the rules by which they do.

    `quorum_seats` are groups of seats: one of each has to be there, so [["CFO"], ["CMO", "CNO"]] is
    "the CFO, and the CMO or the CNO". `delegated_amount` is the most it may approve; None is no limit.
    """

    code = Line(max_length=20, unique=True)
    name = Line(max_length=120)
    purpose = Prose(max_length=500)
    higher_body = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="lower_bodies"
    )
    delegated_amount = money_field(null=True, blank=True, negative="The amount cannot be negative.")
    quorum = SmallCount(default=3, least=1, most=MOST_MEMBERS)
    quorum_seats = TypedData(default=list, blank=True, validators=[sound_quorum_seats])
    counts_remote = models.BooleanField(default=True)  # whether the bylaws count who joins remotely
    voting_rule = models.CharField(
        max_length=20, choices=VotingRule.choices(), default=VotingRule.MAJORITY_OF_CAST.value
    )
    veto_seats = TypedData(default=list, blank=True, validators=[sound_seats])
    names_movers = models.BooleanField(default=False)  # minutes name who moved and seconded
    ended_on = Day(null=True, blank=True)

    searched = ("name", "code")
    objects = CommitteeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="committee_name_not_blank"),
            models.CheckConstraint(
                condition=Q(delegated_amount=None) | Q(delegated_amount__gte=0),
                name="committee_amount_not_negative",
                violation_error_message="The amount cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(voting_rule__in=[one.value for one in VotingRule]),
                name="committee_rule_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("governance:committee", self.pk)

    def scoped_by(self) -> "Committee":
        return self

    def stands_on(self, day: date) -> bool:
        """Say whether it is not dissolved by that day."""
        return self.ended_on is None or day <= self.ended_on

    @property
    def unit_path(self) -> str:
        """A committee lives in no unit: roles of one unit do not reach it."""
        return ""

    @property
    def is_hidden(self) -> bool:
        return False

    def roles_of(self, user: User) -> set[Role]:
        """Return what the user is in this committee today; asked once per user and instance."""
        known: dict[int, set[Role]] = self.__dict__.setdefault("_roles_of", {})
        if user.pk not in known:
            held = CommitteeMember.objects.of(user).filter(committee=self.pk)
            known[user.pk] = {
                ROLES[Position(one)] for one in held.values_list("position", flat=True)
            }
        return known[user.pk]


class CommitteeMemberQuerySet(models.QuerySet["CommitteeMember"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(committee__in=Committee.objects.visible_to(user))

    def on(self, day: date) -> Self:
        """Keep who sat on that day."""
        return self.filter(since__lte=day).filter(Q(until=None) | Q(until__gte=day))

    def of(self, user: User | AnonymousUser) -> Self:
        """Keep the seats that a person has today; who left reads no more than others do."""
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        return self.on(timezone.localdate()).filter(person=user)


class CommitteeMember(Versioned):
    """Somebody's time in a committee; ended by `until`, never deleted."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="members")
    person = models.ForeignKey(User, models.PROTECT, related_name="committee_seats")
    seat = Line(
        max_length=LONGEST_SEAT, blank=True, default=""
    )  # CFO; empty for nobody's in particular
    position = models.CharField(
        max_length=10, choices=Position.choices(), default=Position.MEMBER.value
    )
    is_executive = models.BooleanField(default=False)
    votes = models.BooleanField(default=True)  # others attend
    since = Day()
    until = Day(null=True, blank=True)

    objects = CommitteeMemberQuerySet.as_manager()

    scope_needs = ("committee",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "person"],
                condition=Q(until=None),
                name="committeemember_once_at_a_time",
                violation_error_message="This person already sits in this committee.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                name="committeemember_in_order",
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                condition=Q(position__in=[one.value for one in Position]),
                name="committeemember_position_known",
            ),
        ]
        indexes = [models.Index(fields=["person", "committee"], name="committeemember_by_person")]

    def __str__(self) -> str:
        return f"{self.person}, {self.seat}" if self.seat else str(self.person)

    def get_absolute_url(self) -> str:
        return address_of("governance:member_edit", self.pk)

    def scoped_by(self) -> Committee:
        return self.committee
