"""The register of decisions: what is asked, what was decided and why, votes, conditions."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.accounts.roles import Role
from pmo.common.local.days import Day
from pmo.common.models import AppendOnlyError, AppendOnlyQuerySet, Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.fields import Line, Prose, TypedData
from portfolio.governance.domain.kinds import (
    WAITING,
    Blocks,
    Choice,
    ConditionState,
    DecisionKind,
    DecisionOutcome,
    DecisionState,
    Position,
)
from portfolio.governance.models.committees import ROLES, Committee, CommitteeMember
from portfolio.governance.validators import sound_options
from projects.models import Project
from projects.models.money import money_field

SEALED = (DecisionState.DECIDED, DecisionState.SUPERSEDED, DecisionState.WITHDRAWN)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """
        Keep what `can(user, DECISION_VIEW, decision)` allows.

        That is what is about a project that the user may see or about none, and what was put before the
        user: as decider, in a committee, as owner of a condition, or raised by the user.
        """
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        rows = Q(project__in=Project.objects.visible_to(user).values("pk"))
        if scope_of(user, Permission.DECISION_VIEW).everywhere:
            rows |= Q(project=None)
        return self.filter(rows | put_before(user))

    def waiting(self) -> Self:
        return self.filter(state__in=list(WAITING))

    def overdue(self, as_of: date) -> Self:
        return self.waiting().filter(needed_by__lt=as_of)

    def oldest_first(self) -> Self:
        """Rule 3a: what was asked first stands first."""
        return self.order_by("asked_on", "needed_by", "pk")


def put_before(user: User) -> Q:
    """Match what was put before a person, whoever may see its project."""
    seats = CommitteeMember.objects.of(user).values("committee")
    on_agenda = Decision.objects.filter(agenda_items__meeting__committee__in=seats)
    asked = Q(decider_committee__in=seats) | Q(decider_person=user)
    return (
        (asked & ~Q(state=DecisionState.DRAFT.value))
        | Q(pk__in=on_agenda.values("pk"))
        | Q(pk__in=Condition.objects.filter(owner=user).values("decision"))
        | Q(raised_by=user)
    )


class Decision(Versioned):
    """
    A question with its options, who decides it by when, and what was decided.

    Decided, its row never changes again but for `state`, once a later decision supersedes it. `counted`
    keeps how the vote was counted. `options` is a list as `validators.sound_options` reads it, `recommended` and
    `chosen` are places in it. `needed_by` is the day on which the cost of delay begins.
    """

    number = models.CharField(max_length=12, unique=True, editable=False)
    kind = models.CharField(
        max_length=10, choices=DecisionKind.choices(), default=DecisionKind.GENERAL.value
    )
    question = Line(max_length=200)
    background = Prose(max_length=2000)
    options = TypedData(default=list, blank=True, validators=[sound_options])
    recommended = models.PositiveSmallIntegerField(null=True, blank=True)
    recommendation = Prose(max_length=1000)
    decider_committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    decider_person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="decisions_due"
    )
    consulted = Prose(max_length=500)  # one a line
    informed = Prose(max_length=500)  # one a line
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    amount = money_field(null=True, blank=True, negative="The amount cannot be negative.")
    needed_by = Day(null=True, blank=True)
    delay_cost = money_field(
        null=True, blank=True, negative="The amount cannot be negative."
    )  # of a working day
    delay_harm = Line(max_length=200, blank=True, default="")  # the same in words
    state = models.CharField(
        max_length=10, choices=DecisionState.choices(), default=DecisionState.DRAFT.value
    )
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    asked_on = Day(null=True, blank=True, editable=False)
    outcome = models.CharField(
        max_length=20, choices=DecisionOutcome.choices(), blank=True, default="", editable=False
    )
    chosen = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    reason = Prose(max_length=2000)
    dissent = Prose(max_length=1000)
    missing = Prose(max_length=500)  # what a deferred one waits for
    counted = models.JSONField(default=dict, blank=True, editable=False)
    is_out_of_cycle = models.BooleanField(default=False, editable=False)
    meeting = models.ForeignKey(
        "governance.Meeting",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="decided",
    )
    decided_on = Day(null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, editable=False)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="superseded_by"
    )

    searched = ("question", "number", "project__name", "project__code")
    scope_needs = ("project__unit", "decider_committee")
    objects = DecisionQuerySet.as_manager()
    _is_sealed = False

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="decision_question_not_blank"),
            models.CheckConstraint(
                condition=Q(decider_committee=None) | Q(decider_person=None),
                name="decision_one_decider",
                violation_error_message="Exactly one decides: a committee or a person.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(state="withdrawn")
                | Q(needed_by__isnull=False, asked_on__isnull=False)
                & (Q(decider_committee__isnull=False) | Q(decider_person__isnull=False)),
                name="decision_asked_is_whole",
                violation_error_message="Say who decides, and by when.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["decided", "superseded"], decided_on__isnull=False)
                & ~Q(outcome__in=["", "defer"])
                | Q(state="deferred", outcome="defer")
                | ~Q(state__in=["decided", "superseded", "deferred"]) & Q(decided_on=None),
                name="decision_decided_has_outcome",
            ),
            models.CheckConstraint(
                condition=(Q(amount=None) | Q(amount__gte=0))
                & (Q(delay_cost=None) | Q(delay_cost__gte=0)),
                name="decision_not_negative",
                violation_error_message="The amount cannot be negative.",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "asked_on"], name="decision_by_state"),
            models.Index(fields=["project", "state"], name="decision_by_project"),
            models.Index(fields=["decider_committee", "state"], name="decision_by_committee"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.question}"

    def get_absolute_url(self) -> str:
        return address_of("governance:decision", self.pk)

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Self:
        row = super().from_db(db, field_names, values, **options)
        row._is_sealed = row.__dict__.get("state") in SEALED
        return row

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._is_sealed and self.state != DecisionState.SUPERSEDED:
            raise AppendOnlyError("A decided decision is never changed; another supersedes it.")
        super().save(*args, **kwargs)
        self._is_sealed = self.state in SEALED

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.state != DecisionState.DRAFT:
            raise AppendOnlyError("What was asked is never removed; withdraw it.")
        return super().delete(*args, **kwargs)

    def scoped_by(self) -> "Decision":
        return self

    @property
    def unit_path(self) -> str:
        return self.project.unit_path if self.project else ""

    @property
    def is_hidden(self) -> bool:
        return self.project is not None and self.project.is_hidden

    def roles_of(self, user: User) -> set[Role]:
        """Return the user's roles on the project and towards the decision; asked once per user."""
        known: dict[int, set[Role]] = self.__dict__.setdefault("_roles_of", {})
        if user.pk not in known:
            found = set(self.project.roles_of(user)) if self.project else set()
            known[user.pk] = found | set(self._roles_towards(user))
        return known[user.pk]

    def _roles_towards(self, user: User) -> Iterator[Role]:
        # a draft is its author's, who may be the committee's own secretary
        is_asked = self.state != DecisionState.DRAFT or self.raised_by_id == user.pk
        if is_asked and self.decider_person_id == user.pk:
            yield Role.DECIDER
        bodies = {self.decider_committee_id} if is_asked else set()
        if self.pk:
            bodies |= set(self.agenda_items.values_list("meeting__committee", flat=True))
            if self.conditions.filter(owner=user).exists():
                yield Role.PARTY
        seats = CommitteeMember.objects.of(user).filter(committee__in=bodies - {None})
        for position in seats.values_list("position", flat=True):
            yield ROLES[Position(position)]
        if self.raised_by_id == user.pk:
            yield Role.PARTY

    @property
    def decider(self) -> Committee | User | None:
        """Who decides; None in a draft that does not say yet."""
        return self.decider_committee or self.decider_person

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_decided(self) -> bool:
        return self.state == DecisionState.DECIDED


B = TypeVar("B", bound=models.Model, covariant=True)  # noqa: PLC0105 - as in the stubs


class OfDecisionQuerySet(models.QuerySet[B]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep what belongs to decisions that the user may see."""
        return self.filter(decision__in=Decision.objects.visible_to(user).values("pk"))


class Vote(models.Model):
    """
    How somebody voted on an item of a meeting, or out of cycle, where there is no item.

    Given again it is another row of the trail and the same row here, until the item is over.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="votes")
    item = models.ForeignKey(
        "governance.AgendaItem", models.PROTECT, null=True, related_name="votes"
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=8, choices=Choice.choices())
    reason = Line(max_length=300, blank=True, default="")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfDecisionQuerySet["Vote"].as_manager()
    scope_needs = ("decision__project__unit", "decision__decider_committee")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "person"], name="vote_once_per_item"),
            models.UniqueConstraint(
                fields=["decision", "person"],
                condition=Q(item=None),
                name="vote_once_out_of_cycle",
            ),
            models.CheckConstraint(
                condition=Q(choice__in=[one.value for one in Choice]), name="vote_choice_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_choice_display()}"

    def scoped_by(self) -> Decision:
        return self.decision


class ConditionQuerySet(OfDecisionQuerySet["Condition"]):
    def open(self) -> Self:
        return self.filter(state=ConditionState.OPEN.value)

    def overdue(self, as_of: date) -> Self:
        return self.open().filter(due__lt=as_of)


class Condition(Versioned):
    """What an approval hangs on: owner and due day always, evidence once it is met."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    text = Prose(max_length=500, blank=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="conditions_owned")
    due = Day()
    blocks = models.CharField(max_length=8, choices=Blocks.choices(), default=Blocks.STAGE.value)
    evidence = Prose(max_length=1000)
    state = models.CharField(
        max_length=8, choices=ConditionState.choices(), default=ConditionState.OPEN.value
    )
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = Day(null=True, blank=True)
    waived_by = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="+"
    )  # None where the person waived it who had decided
    close_reason = Prose(max_length=500)

    objects = ConditionQuerySet.as_manager()
    scope_needs = ("decision__project__unit", "decision__decider_committee")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "position"], name="condition_place_once"),
            models.CheckConstraint(condition=~Q(text=""), name="condition_text_not_blank"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None)
                | ~Q(state="open") & Q(closed_on__isnull=False),
                name="condition_closed_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="met") | ~Q(evidence="") & Q(verified_by__isnull=False),
                name="condition_met_has_evidence",
                violation_error_message="Say what shows that the condition is met.",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due"], name="condition_by_due"),
            models.Index(fields=["owner", "state"], name="condition_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.decision.number} C{self.position}"

    def get_absolute_url(self) -> str:
        return f"{self.decision.get_absolute_url()}#condition-{self.pk}"

    def scoped_by(self) -> Decision:
        return self.decision

    def is_overdue(self, as_of: date) -> bool:
        return self.state == ConditionState.OPEN and self.due < as_of


class Ratification(models.Model):
    """What the committee said at a meeting of what was decided out of cycle; refused or not, it stands."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="ratification")
    item = models.OneToOneField("governance.AgendaItem", models.PROTECT, related_name="+")
    is_ratified = models.BooleanField()
    reason = Prose(max_length=1000)
    on = Day()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["Ratification"].as_manager()

    def __str__(self) -> str:
        return f"{self.decision.number}, {'ratified' if self.is_ratified else 'refused'}"
