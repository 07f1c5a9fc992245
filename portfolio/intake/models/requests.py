"""Requests for projects: one page, what triage adds to it, and all that became of it."""

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import Scope, scope_of
from pmo.accounts.roles import Role
from pmo.common.local.days import Day
from pmo.common.models import AppendOnlyQuerySet, Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.fields import Line, Prose
from portfolio.intake.domain.kinds import (
    OPEN,
    GroundKind,
    RequestClass,
    RequestKind,
    RequestSize,
    RequestState,
    SponsorAnswer,
    TimelineKind,
)
from portfolio.intake.domain.similarity import parts_of
from portfolio.intake.validators import known_questions
from projects.domain.kinds import Lane
from projects.models import Project
from projects.models.money import money_field

YEARS = (1, 2, 3, 4, 5)  # whose running cost is estimated
NEGATIVE = "An estimate cannot be negative."
SENT = Q(submitted_on__isnull=False)  # a draft that was withdrawn was never sent


def estimate() -> "models.DecimalField[Any, Any]":
    """Return the column of an estimate, good to half of it either way; None while nobody estimated."""
    return money_field(null=True, blank=True, negative=NEGATIVE)


def below(scope: Scope) -> Q:
    """Match the requests of the units in which a scope holds."""
    if scope.everywhere:
        return Q()
    found = Q(pk__in=[])
    for path in scope.paths:
        found |= Q(unit__path__startswith=path)
    return found


class RequestQuerySet(models.QuerySet["ProjectRequest"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """
        Keep one's own, those one is to sponsor, and those that a role opens.

        What was never submitted is nobody else's, also once it is withdrawn; a confidential one is for
        the requester, the sponsor and whoever sees confidential projects.
        """
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        scope = scope_of(user, Permission.REQUEST_VIEW)
        hidden = scope_of(user, Permission.PROJECT_VIEW_CONFIDENTIAL)
        rows = Q(requester=user) | (Q(sponsor=user) & SENT)
        if scope.everywhere or scope.paths:
            rows |= SENT & Q(is_confidential=False) & below(scope)
        if hidden.everywhere or hidden.paths:
            rows |= SENT & below(hidden) & below(scope)
        return self.filter(rows)

    def mine(self, user: User) -> Self:
        """Keep what the person asked for, or is to sponsor."""
        return self.filter(Q(requester=user) | (Q(sponsor=user) & SENT))

    def open(self) -> Self:
        """Keep what is asked for and not over; a draft is not asked for yet."""
        return self.filter(state__in=[state.value for state in OPEN])


class ProjectRequest(Versioned):
    """
    Somebody's wish for a project. A draft has a title and may have no more.

    What triage adds is empty until somebody triaged. The clock runs since `clock_since`, None while it
    stands still; `clock_used` are the working days that went before.
    """

    title = Line(max_length=160)
    problem = Prose(max_length=2000)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="project_requests"
    )
    kind = models.CharField(max_length=10, choices=RequestKind.choices(), blank=True, default="")
    if_nothing = Prose(max_length=1000)
    wanted_by = Day(null=True, blank=True)
    is_hard_date = models.BooleanField(default=False)
    size = models.CharField(max_length=2, choices=RequestSize.choices(), blank=True, default="")
    sponsor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="sponsored_requests"
    )
    sponsor_answer = models.CharField(
        max_length=8, choices=SponsorAnswer.choices(), blank=True, default=""
    )
    systems = Prose(max_length=500)  # one a line, or parted by commas
    is_confidential = models.BooleanField(default=False)
    requester = models.ForeignKey(User, models.PROTECT, related_name="project_requests")
    state = models.CharField(
        max_length=10, choices=RequestState.choices(), default=RequestState.DRAFT.value
    )

    submitted_on = models.DateField(null=True, editable=False)
    clock_since = models.DateField(null=True, editable=False)
    clock_used = models.PositiveSmallIntegerField(default=0, editable=False)
    answer_due_on = models.DateField(null=True, editable=False)
    decided_on = models.DateField(null=True, editable=False)
    decision_reason = Prose(max_length=1000)  # of the last decision

    lane = models.CharField(max_length=20, choices=Lane.choices(), blank=True, default="")
    request_class = models.CharField(
        "class", max_length=12, choices=RequestClass.choices(), blank=True, default=""
    )
    capital_estimate = estimate()
    operating_estimate = estimate()
    running_1 = estimate()
    running_2 = estimate()
    running_3 = estimate()
    running_4 = estimate()
    running_5 = estimate()
    profile = models.JSONField(default=list, blank=True)  # codes of the questions answered with yes
    expected_value = Prose(max_length=1000)
    options = Prose(max_length=1000)  # do minimum, replace, retire, with what speaks for each
    cycle = models.ForeignKey(
        "intake.CapitalCycle", models.PROTECT, null=True, blank=True, related_name="requests"
    )
    # what a committee decided on it, once there is such a decision
    committee_decision = models.ForeignKey(
        "governance.Decision", models.PROTECT, null=True, blank=True, related_name="requests"
    )

    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged"
    )
    project = models.OneToOneField(
        Project, models.PROTECT, null=True, editable=False, related_name="request"
    )

    scope_needs = ("unit",)
    searched = ("title", "problem", "decision_reason")
    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="projectrequest_title_not_blank"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in RequestState]),
                name="projectrequest_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.MERGED.value) ^ Q(merged_into=None),
                name="projectrequest_merged_into_one",
            ),
            models.CheckConstraint(
                condition=Q(clock_since=None, answer_due_on=None)
                | Q(
                    clock_since__isnull=False,
                    answer_due_on__isnull=False,
                    state=RequestState.TRIAGE.value,
                ),
                name="projectrequest_clock_runs_in_triage",
            ),
            models.CheckConstraint(
                condition=SENT
                | Q(state__in=[RequestState.DRAFT.value, RequestState.WITHDRAWN.value]),
                name="projectrequest_sent_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.DECLINED.value, decision_reason=""),
                name="projectrequest_declined_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "answer_due_on"], name="projectrequest_by_due"),
            models.Index(fields=["requester", "state"], name="projectrequest_by_requester"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return address_of("intake:request_detail", self.pk)

    def clean(self) -> None:
        try:
            known_questions(self.profile)
        except ValidationError as error:
            raise ValidationError({"profile": error}) from error

    def scoped_by(self) -> "ProjectRequest":
        return self

    @property
    def number(self) -> str:
        """What people call it by."""
        return f"R-{self.pk:04}"

    @property
    def unit_path(self) -> str:
        return self.unit.path if self.unit else ""

    @property
    def is_hidden(self) -> bool:
        return bool(self.is_confidential)

    def roles_of(self, user: User) -> set[Role]:
        """Return what the person may do with this one request: read it, as its requester or sponsor."""
        roles = {Role.READER} if self.requester_id == user.pk else set()
        if self.sponsor_id == user.pk and self.submitted_on is not None:
            roles.add(Role.READER)
        return roles

    @property
    def is_open(self) -> bool:
        return RequestState(self.state) in OPEN

    @property
    def system_names(self) -> tuple[str, ...]:
        return parts_of(self.systems)


class OfRequestQuerySet(models.QuerySet["MandatoryGround"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(request__in=ProjectRequest.objects.visible_to(user).values("pk"))


class MandatoryGround(Versioned):
    """Why work is mandatory: what says so, from when, and who besides the requester looked at it."""

    request = models.OneToOneField(ProjectRequest, models.CASCADE, related_name="ground")
    kind = models.CharField(max_length=12, choices=GroundKind.choices())
    citation = Line(max_length=200)
    bites_on = Day()
    evidence = Prose(max_length=1000)
    vendor_notice = Line(max_length=200, blank=True, default="")
    given_by = models.ForeignKey(User, models.PROTECT, editable=False, related_name="+")
    verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+"
    )
    verified_at = models.DateTimeField(null=True, editable=False)
    # the date that was verified: what moves is measured from it
    verified_bites_on = models.DateField(null=True, editable=False)

    objects = OfRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in GroundKind]),
                name="mandatoryground_kind_known",
            ),
            models.CheckConstraint(condition=~Q(citation=""), name="mandatoryground_cites"),
            models.CheckConstraint(
                condition=~Q(kind=GroundKind.VENDOR.value, vendor_notice=""),
                name="mandatoryground_vendor_gave_notice",
                violation_error_message="Name the vendor’s notice: its number or date, and what it says.",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None, verified_at=None, verified_bites_on=None)
                | Q(
                    verified_by__isnull=False,
                    verified_at__isnull=False,
                    verified_bites_on__isnull=False,
                ),
                name="mandatoryground_verified_whole",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=models.F("given_by")),
                name="mandatoryground_second_person",
                violation_error_message="Whoever gave the ground cannot verify it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.citation}"

    @property
    def is_verified(self) -> bool:
        return self.verified_by_id is not None


class RequestVersion(models.Model):
    """A submission as it was sent, for ever; `content` is what its document prints."""

    request = models.ForeignKey(ProjectRequest, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    objects = AppendOnlyQuerySet["RequestVersion"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="requestversion_once")
        ]

    def __str__(self) -> str:
        return f"{self.request} ({self.number})"


class TimelineStep(models.Model):
    """One step on the way of a request, with its reason; what the requester reads."""

    request = models.ForeignKey(ProjectRequest, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=TimelineKind.choices())
    text = Prose(max_length=1000)
    # the request it was merged into, or that was merged into it: shown to whoever may see that one
    other = models.ForeignKey(ProjectRequest, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet["TimelineStep"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in TimelineKind]),
                name="timelinestep_kind_known",
            )
        ]
        indexes = [models.Index(fields=["request", "at"], name="timelinestep_by_request")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.request}"
