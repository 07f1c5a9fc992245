"""Portfolios, the objectives of the organization's strategy, and which project serves which."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from pmo.accounts.models import User
from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.fields import Line, Prose
from projects.domain.office import OfficeKind
from projects.models import InProject, InProjectQuerySet, Project, StatusUpdate
from projects.models.baselines import KeptQuerySet
from projects.models.status import color_field


class Portfolio(Versioned):
    """Projects that are looked at, funded and decided on together."""

    code = Line(max_length=20, unique=True)
    name = Line(max_length=120)
    description = Prose(max_length=500)
    # the kind of office that its projects stand under; "" is not chosen
    kind = models.CharField(max_length=12, choices=OfficeKind.choices(), blank=True, default="")

    searched = ("name", "code")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="portfolio_name_not_blank"),
            models.CheckConstraint(
                condition=Q(kind__in=["", *(kind.value for kind in OfficeKind)]),
                name="portfolio_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("portfolio:portfolio_detail", self.pk)


class PortfolioProjectQuerySet(InProjectQuerySet["PortfolioProject"]):
    def on(self, day: date) -> Self:
        """Keep the memberships in force on `day`, so that the past keeps its own list."""
        return self.filter(added_on__lte=day).filter(Q(removed_on=None) | Q(removed_on__gt=day))


class PortfolioProject(InProject):
    """A project's time in a portfolio; ended by `removed_on`, never deleted."""

    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="entries")
    project = models.ForeignKey(Project, models.CASCADE, related_name="portfolio_entries")
    added_on = Day()
    removed_on = Day(null=True, blank=True)

    objects = PortfolioProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "project"],
                condition=Q(removed_on=None),
                name="portfolioproject_once_at_a_time",
                violation_error_message="The project is already in this portfolio.",
            ),
            models.CheckConstraint(
                condition=Q(removed_on=None) | Q(removed_on__gte=models.F("added_on")),
                name="portfolioproject_removed_after_added",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} in {self.portfolio}"


class ColorValidation(InProject):
    """The office's word on the overall color of a published update: as it was said, or as it was set."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="color_validations")
    update = models.OneToOneField(StatusUpdate, models.CASCADE, related_name="validation")
    said = color_field()  # by whoever wrote the update
    color = color_field()  # the one that stands
    reason = Prose(max_length=280)
    validated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    validated_at = models.DateTimeField()

    objects = KeptQuerySet["ColorValidation"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(color=models.F("said")) | ~Q(reason=""),
                name="colorvalidation_other_has_reason",
                violation_error_message="Say why another color stands.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.update}: {self.color}"


class Objective(Versioned):
    """A goal of the organization's strategy."""

    code = Line(max_length=20, unique=True)
    name = Line(max_length=160)
    pillar = Line(max_length=80, blank=True, default="")
    description = Prose(max_length=500)

    searched = ("name", "code")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="objective_name_not_blank")
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("portfolio:objective_detail", self.pk)


class Strength(models.IntegerChoices):
    SUPPORTS = 1, "Supports"
    CONTRIBUTES = 2, "Contributes strongly"
    DECIDES = 3, "Decides it"


class Alignment(InProject, Versioned):
    """How a project serves an objective, in one sentence."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="alignments")
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="alignments")
    strength = models.PositiveSmallIntegerField(choices=Strength, default=Strength.SUPPORTS)
    contribution = Prose(max_length=280)

    objects = InProjectQuerySet["Alignment"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "objective"],
                name="alignment_once",
                violation_error_message="The project is already aligned with this objective.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.objective}"

    def get_absolute_url(self) -> str:
        return address_of("portfolio:alignment_edit", self.pk)
