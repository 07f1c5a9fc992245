"""The registers: what may go wrong (or well), and what did."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from pmo.accounts.models import User
from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.fields import Line, Prose
from projects.models import InProject, InProjectQuerySet, Project
from projects.models.money import money_field
from risks.domain.matrix import EXTREME_FROM, HIGH_FROM, IMPACTS, LIKELIHOODS, Band, band, score
from risks.validators import both_or_neither, strategy_fits


class RiskKind(models.TextChoices):
    THREAT = "threat", "Threat"
    OPPORTUNITY = "opportunity", "Opportunity"


class RiskState(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    OCCURRED = "occurred", "Occurred"


class Strategy(models.TextChoices):
    AVOID = "avoid", "Avoid"
    REDUCE = "reduce", "Reduce"
    TRANSFER = "transfer", "Transfer"
    ACCEPT = "accept", "Accept"
    EXPLOIT = "exploit", "Exploit"
    ENHANCE = "enhance", "Enhance"
    SHARE = "share", "Share"


def scale_field(words: dict[int, str], *, optional: bool) -> models.PositiveSmallIntegerField:  # type: ignore[type-arg]  # the stubs make it generic, Django does not
    choices = [(value, f"{value} {word}") for value, word in words.items()]
    return models.PositiveSmallIntegerField(choices=choices, null=optional, blank=optional)


def external_id_field() -> Line:
    """Return the column for the number that a record has in somebody's own register, such as R-017."""
    return Line(max_length=40, blank=True, default="", verbose_name="reference")


def once_per_project(name: str, noun: str) -> models.UniqueConstraint:
    """Keep a reference to one record of its project; records without one are many."""
    return models.UniqueConstraint(
        fields=["project", "external_id"],
        condition=~Q(external_id=""),
        name=name,
        violation_error_message=f"Another {noun} of this project has this reference.",
    )


def product(likelihood: int | None, impact: int | None) -> int | None:
    """Return the score; None when either part is not given."""
    return None if likelihood is None or impact is None else score(likelihood, impact)


class RiskQuerySet(InProjectQuerySet["Risk"]):
    def open(self) -> Self:
        return self.filter(state=RiskState.OPEN)

    def threats(self) -> Self:
        return self.filter(kind=RiskKind.THREAT)

    def high(self) -> Self:
        """Keep the high and extreme ones."""
        return self.filter(score__gte=HIGH_FROM)

    def extreme(self) -> Self:
        return self.filter(score__gte=EXTREME_FROM)

    def review_overdue(self, as_of: date) -> Self:
        return self.open().filter(review_date__lt=as_of)


class Risk(InProject, Versioned):
    """An uncertain event; scored before responses (inherent), today (current), as wanted (target)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="risks")
    external_id = external_id_field()
    title = Line(max_length=160)
    description = Prose(max_length=1000)
    kind = models.CharField(max_length=12, choices=RiskKind, default=RiskKind.THREAT)
    state = models.CharField(max_length=10, choices=RiskState, default=RiskState.OPEN)
    likelihood = scale_field(LIKELIHOODS, optional=False)
    impact = scale_field(IMPACTS, optional=False)
    inherent_likelihood = scale_field(LIKELIHOODS, optional=True)
    inherent_impact = scale_field(IMPACTS, optional=True)
    target_likelihood = scale_field(LIKELIHOODS, optional=True)
    target_impact = scale_field(IMPACTS, optional=True)
    score = models.GeneratedField(
        expression=F("likelihood") * F("impact"),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    strategy = models.CharField(max_length=10, choices=Strategy, blank=True, default="")
    response = Prose(max_length=1000)
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="risks_owned"
    )
    review_date = Day(null=True, blank=True)
    proximity_date = Day(null=True, blank=True)
    cost_impact = money_field(null=True, blank=True)

    searched = ("title", "external_id", "project__name", "project__code")
    objects = RiskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__gte=1, likelihood__lte=5, impact__gte=1, impact__lte=5),
                name="risk_score_in_range",
                violation_error_message="Likelihood and impact go from 1 to 5.",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="risk_title_not_blank"),
            once_per_project("risk_reference_once", "risk"),
        ]
        indexes = [
            models.Index(fields=["project", "state", "score"], name="risk_by_project"),
            models.Index(fields=["state", "-score", "id"], name="risk_highest"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return address_of("risks:risk_detail", self.pk)

    def clean(self) -> None:
        strategy_fits(self.kind, self.strategy)
        both_or_neither("inherent", self.inherent_likelihood, self.inherent_impact)
        both_or_neither("target", self.target_likelihood, self.target_impact)

    @property
    def band(self) -> Band:
        return band(self.likelihood, self.impact)

    @property
    def inherent_score(self) -> int | None:
        """Likelihood times impact before any response; None when nobody scored it then."""
        return product(self.inherent_likelihood, self.inherent_impact)

    @property
    def target_score(self) -> int | None:
        """Likelihood times impact as wanted after the responses; None when nobody said."""
        return product(self.target_likelihood, self.target_impact)

    def is_review_overdue(self, as_of: date) -> bool:
        return (
            self.state == RiskState.OPEN
            and self.review_date is not None
            and self.review_date < as_of
        )


class IssueState(models.TextChoices):
    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"


class Severity(models.IntegerChoices):
    LOW = 1, "Low"
    MEDIUM = 2, "Medium"
    HIGH = 3, "High"
    CRITICAL = 4, "Critical"


class IssueQuerySet(InProjectQuerySet["Issue"]):
    def open(self) -> Self:
        return self.filter(state=IssueState.OPEN)

    def overdue(self, as_of: date) -> Self:
        return self.open().filter(due_date__lt=as_of)


class Issue(InProject, Versioned):
    """Something that did go wrong and needs solving; may come from a risk and keeps the link."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="issues")
    external_id = external_id_field()
    title = Line(max_length=160)
    description = Prose(max_length=1000)
    severity = models.PositiveSmallIntegerField(choices=Severity, default=Severity.MEDIUM)
    state = models.CharField(max_length=10, choices=IssueState, default=IssueState.OPEN)
    from_risk = models.ForeignKey(
        Risk, models.PROTECT, null=True, blank=True, related_name="issues"
    )
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="issues_owned"
    )
    due_date = Day(null=True, blank=True)
    resolution = Prose(max_length=1000)

    searched = ("title", "external_id", "project__name", "project__code")
    objects = IssueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="issue_title_not_blank"),
            once_per_project("issue_reference_once", "issue"),
            models.CheckConstraint(
                condition=~Q(state="resolved", resolution=""),
                name="issue_resolved_says_how",
                violation_error_message="Say how the issue was resolved.",
            ),
        ]
        indexes = [models.Index(fields=["project", "state", "severity"], name="issue_by_project")]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return address_of("risks:issue_detail", self.pk)

    def is_overdue(self, as_of: date) -> bool:
        return self.state == IssueState.OPEN and self.due_date is not None and self.due_date < as_of
