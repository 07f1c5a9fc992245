"""What was approved, when, and why it changed: baselines, change requests, reserves."""

from decimal import Decimal
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Q

from pmo.accounts.models import User
from pmo.common.local.days import Day
from pmo.common.models import AppendOnlyError, M, Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.bounds import Count, Share, Whole
from pmo.common.records.fields import Line, Prose
from projects.domain.kinds import (
    OPEN_CHANGES,
    BudgetKind,
    Cause,
    ChangeFunding,
    ChangeState,
    EarningMethod,
    EarnsBy,
    ReserveKind,
    TaskKind,
)
from projects.models.money import BudgetLine, money_field
from projects.models.project import InProject, InProjectQuerySet, Project
from projects.validators import FARTHEST, TOO_FAR

MOST_TOLERATED = 10_000  # days


class KeptQuerySet(InProjectQuerySet[M]):
    """Written once, with the baseline or the movement they belong to."""

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are never removed.")


class ChangeRequestQuerySet(InProjectQuerySet["ChangeRequest"]):
    def open(self) -> Self:
        return self.filter(state__in=[state.value for state in OPEN_CHANGES])


class ChangeRequest(InProject, Versioned):
    """
    A wish to change what was approved, with its effects. Implemented, it is a new baseline.

    Effects are None while nobody has assessed them; 0 says that there is none.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="change_requests")
    number = models.PositiveIntegerField()
    title = Line(max_length=160)
    justification = Prose(max_length=1000)
    cause = models.CharField(
        max_length=12,
        choices=[(c.value, c.label) for c in Cause if c != Cause.APPROVED],
        default=Cause.SCOPE.value,
    )
    is_emergency = models.BooleanField(default=False)  # done first, approved afterwards
    state = models.CharField(
        max_length=12,
        choices=ChangeState.choices(),
        default=ChangeState.RAISED.value,
    )
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    raised_on = Day()

    scope_effect = Prose(max_length=1000)
    schedule_effect_days = Whole(
        null=True, blank=True, least=-FARTHEST, most=FARTHEST, said=TOO_FAR
    )  # calendar days of the finish
    cost_effect = money_field(null=True, blank=True)
    benefit_effect = Prose(max_length=1000)
    quality_effect = Prose(max_length=1000)
    funding = models.CharField(
        max_length=12,
        choices=ChangeFunding.choices(),
        default=ChangeFunding.NONE.value,
    )
    # the line that new money goes to; without one it stays undistributed
    budget_line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="change_requests"
    )
    assessed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    assessed_on = Day(null=True, blank=True)

    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = Day(null=True, blank=True)
    decision_note = Prose(max_length=1000)
    decided_as = models.CharField(max_length=20, blank=True, default="")  # the tolerance level

    # beside the decision, which stays as it was given
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_on = Day(null=True, blank=True)
    withdrawal_reason = Prose(max_length=500)

    searched = ("title", "project__name", "project__code")
    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="changerequest_number_once"),
            models.CheckConstraint(condition=~Q(title=""), name="changerequest_title_not_blank"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ChangeState]),
                name="changerequest_state_known",
            ),
            models.CheckConstraint(
                condition=Q(assessed_on=None, assessed_by=None) | Q(assessed_on__isnull=False),
                name="changerequest_assessed_when",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["approved", "rejected", "implemented"], decided_on__isnull=False
                )
                | Q(state__in=["raised", "assessed", "withdrawn"]),
                name="changerequest_decided_when",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_on__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_on=None, withdrawn_by=None)),
                name="changerequest_withdrawn_when",
            ),
        ]
        indexes = [models.Index(fields=["state", "raised_on"], name="changerequest_by_state")]

    def __str__(self) -> str:
        return f"CR-{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return address_of("projects:change_request", self.pk)

    @property
    def is_open(self) -> bool:
        return ChangeState(self.state) in OPEN_CHANGES


class Baseline(InProject):
    """
    The approved plan and money of a project, as one version; written once, never changed.

    It holds from `approved_on` until the next one. `calendars` are the working days as they were,
    by the key that an item names: {"weekdays": "1111100", "exceptions": [[first, last, worked]]}.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="baselines")
    number = models.PositiveIntegerField()
    name = Line(max_length=120)
    reason = Prose(max_length=1000)
    change_request = models.OneToOneField(
        ChangeRequest, models.PROTECT, null=True, blank=True, related_name="baseline"
    )
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_on = Day()
    approved_at = models.DateTimeField()
    earns_by = models.CharField(
        max_length=12,
        choices=EarnsBy.choices(),
        default=EarnsBy.TASKS.value,
    )
    start = Day(null=True, blank=True)
    finish = Day(null=True, blank=True)
    # the sum of the items, and what is not yet in any of them; None without money
    distributed = money_field(null=True, blank=True)
    undistributed = money_field(default=0)
    contingency = money_field(default=0)
    management_reserve = money_field(default=0)
    includes_contingency = models.BooleanField(default=False)
    budget_at_completion = money_field(null=True, blank=True)
    calendars = models.JSONField(default=dict, blank=True)
    # all its items and months are in: the database lets no more join it
    is_complete = models.BooleanField(default=False, editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="baseline_number_once"),
            models.CheckConstraint(
                condition=Q(start=None) | Q(finish=None) | Q(finish__gte=models.F("start")),
                name="baseline_in_order",
                violation_error_message="The baseline's finish is before its start.",
            ),
        ]
        indexes = [models.Index(fields=["project", "-approved_on", "-number"], name="baseline_at")]

    def __str__(self) -> str:
        return f"Baseline {self.number}"

    def get_absolute_url(self) -> str:
        return address_of("projects:baseline", self.pk)


# in SQL, of a row about to be added; for the fences
IN_COMPLETE_BASELINE = (
    "EXISTS (SELECT 1 FROM projects_baseline whole"
    " WHERE whole.id = NEW.baseline_id AND whole.is_complete)"
)


class BaselineItem(InProject):
    """
    A task or milestone as a baseline freezes it, or the whole project where it has neither.

    Only what earns has an amount: tasks, or milestones where no task costs anything. The dates of the
    others are there to compare. A row of a task that stands for a milestone names both.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="baseline_items")
    baseline = models.ForeignKey(Baseline, models.CASCADE, related_name="items")
    task_number = models.PositiveBigIntegerField(null=True)  # its id, which may be gone by now
    milestone_number = models.PositiveBigIntegerField(null=True)
    position = models.PositiveIntegerField(default=0)
    outline = models.CharField(max_length=120, blank=True, default="")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=TaskKind.choices())
    is_summary = models.BooleanField(default=False)
    start = Day(null=True)
    finish = Day(null=True)
    duration = models.PositiveIntegerField(default=0)
    calendar = models.CharField(max_length=20, blank=True, default="")  # key in Baseline.calendars
    earning = models.CharField(
        max_length=12,
        choices=EarningMethod.choices(),
        default=EarningMethod.PERCENT.value,
    )
    amount = money_field(null=True)
    # the weights by which it earns, if it earns by steps: [[id of the step, weight], …]
    steps = models.JSONField(default=list, blank=True)

    objects = KeptQuerySet["BaselineItem"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["baseline", "task_number"],
                condition=Q(task_number__isnull=False),
                name="baselineitem_task_once",
            ),
            models.UniqueConstraint(
                fields=["baseline", "milestone_number"],
                condition=Q(milestone_number__isnull=False),
                name="baselineitem_milestone_once",
            ),
        ]
        indexes = [models.Index(fields=["project", "baseline"], name="baselineitem_by_project")]

    def __str__(self) -> str:
        return str(self.name)


class BaselinePeriod(InProject):
    """Planned money of one month in a baseline, by capital or operating."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="baseline_periods")
    baseline = models.ForeignKey(Baseline, models.CASCADE, related_name="periods")
    month = Day()  # its first day
    kind = models.CharField(max_length=12, choices=BudgetKind.choices())
    amount = money_field()

    objects = KeptQuerySet["BaselinePeriod"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["baseline", "month", "kind"], name="baselineperiod_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="baselineperiod_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.amount}"


class ReserveMovement(InProject):
    """Money set aside (positive) or drawn down (negative); the balance is the sum."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="reserve_movements")
    reserve = models.CharField(max_length=12, choices=ReserveKind.choices())
    amount = money_field()
    reason = Line(max_length=200)
    change_request = models.ForeignKey(
        ChangeRequest, models.PROTECT, null=True, blank=True, related_name="reserve_movements"
    )
    made_on = Day()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = KeptQuerySet["ReserveMovement"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="reservemovement_not_zero"),
        ]
        indexes = [
            models.Index(fields=["project", "reserve", "made_on"], name="reservemovement_by_day")
        ]

    def __str__(self) -> str:
        return f"{self.reserve} {self.amount}"


class ToleranceLevel(models.TextChoices):
    """Who may approve a change, smallest first; above the last one, the PMO lead decides."""

    MANAGER = "manager", "Project manager"
    SPONSOR = "sponsor", "Sponsor"


class Tolerance(Versioned):
    """How large a change this level may approve: within both limits."""

    level = models.CharField(max_length=12, choices=ToleranceLevel, unique=True)
    cost_percent = Share(
        max_digits=5,
        decimal_places=2,
        least=Decimal(),
        most=Decimal(100),
        said="The share is from 0 to 100 percent.",
    )  # of the first baseline
    days = Count(least=0, most=MOST_TOLERATED)  # calendar days of the finish

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cost_percent__gte=0) & Q(cost_percent__lte=100),
                name="tolerance_percent_in_range",
                violation_error_message="The share is from 0 to 100 percent.",
            )
        ]

    def __str__(self) -> str:
        return self.get_level_display()


class VarianceMeasure(models.TextChoices):
    COST = "cost", "Cost"
    FINISH = "finish", "Finish date"


class VarianceCause(InProject, Versioned):
    """A part of the difference between baseline and forecast that somebody has explained."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="variance_causes")
    measure = models.CharField(max_length=10, choices=VarianceMeasure)
    cause = models.CharField(
        max_length=12, choices=[(c.value, c.label) for c in Cause if c != Cause.APPROVED]
    )
    amount = money_field(null=True, blank=True)  # positive costs more; for COST
    days = Whole(
        null=True, blank=True, least=-FARTHEST, most=FARTHEST, said=TOO_FAR
    )  # positive is later; for FINISH
    explanation = Prose(max_length=500)
    noted_on = Day()

    objects = InProjectQuerySet["VarianceCause"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(measure="cost", amount__isnull=False, days=None)
                | Q(measure="finish", days__isnull=False, amount=None),
                name="variancecause_in_its_unit",
                violation_error_message="Give an amount for cost, days for the finish date.",
            )
        ]
        indexes = [
            models.Index(fields=["project", "measure", "noted_on"], name="variancecause_by_day")
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()} {self.noted_on}"

    def get_absolute_url(self) -> str:
        return address_of("projects:variance_cause_edit", self.pk)
