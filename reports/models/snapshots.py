"""
The heart: one row per project per date with every figure that a page, report or summary shows.

The live row (date LIVE) is rebuilt when its project changes and as the day turns; a dated row is
frozen for ever. A dashboard is a query over these rows; "as of" is the same query with another date. A day may be
frozen twice: early, when the office pressed the button, and at its end as the week's freeze.
"""

from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, Value, When
from django.db.models.functions import Abs, Concat

from pmo.accounts.models import MARK, Unit, User
from pmo.accounts.roles import Role
from pmo.common.models import AppendOnlyError, AppendOnlyQuerySet
from pmo.common.records.fields import Prose
from pmo.common.records.search import as_read
from portfolio.models import Portfolio, PortfolioProject
from projects.domain.calendar import week_of
from projects.models import InProject, Program, Project, ProjectMember, StatusUpdate
from projects.models.money import within_reason
from projects.models.project import InProjectQuerySet
from projects.models.status import color_field
from reports.domain.scope import ReportScope, ScopeKind

# the date of the live row: a real value, so that "one row per project and date" holds for it too
LIVE = date(9999, 12, 31)
# the date of rows that are prepared aside for a day that began, until all of them replace the live ones
COMING = date(9999, 12, 30)


def of_other_days(day: date) -> tuple[Q, Q, Q]:
    """Return what tells rows of another day, each a look into an index where it is asked alone."""
    return Q(judged_for__lt=day), Q(judged_for__gt=day), Q(judged_for=None)


class SnapshotQuerySet(InProjectQuerySet["Snapshot"]):
    def live(self) -> Self:
        return self.filter(date=LIVE)

    def coming(self) -> Self:
        """Keep what is prepared aside; it counts as early, so that no course of time meets it."""
        return self.filter(date=COMING, is_early=True)

    def drop_coming(self) -> None:
        """Remove what was prepared aside, once it stands as the live rows."""
        super(SnapshotQuerySet, self.coming()).delete()

    def of_another_day(self, day: date) -> Self:
        """Keep the live rows that were not judged for this day; older versions kept no day."""
        return self.live().filter(reduce(or_, of_other_days(day)))

    def at(self, day: date, *, is_early: bool = False) -> Self:
        """Keep the rows of one freeze, or of now when `day` is LIVE."""
        return self.live() if day == LIVE else self.filter(date=day, is_early=is_early)

    def regular(self) -> Self:
        """Leave out what was taken early or voided: a course has one point a week; live rows stay."""
        voided = VoidedFreeze.objects.filter(is_early=False).values("date")
        return self.filter(is_early=False).exclude(date__in=voided)

    def active(self) -> Self:
        return self.filter(is_active=True)

    def of_scope(self, scope: ReportScope, *, on: date) -> Self:
        """
        Keep what was in the scope on that day, each project once; the whole hospital keeps all.

        A portfolio has its own dates. Program and unit are those of the row, frozen with it; which
        units lie below another is as it is today. Rows that release 0.1 froze hold the program's
        name alone and are found by it.
        """
        number = scope.key.id
        match scope.kind:
            case ScopeKind.HOSPITAL:
                return self
            case ScopeKind.PORTFOLIO:
                entries = PortfolioProject.objects.filter(portfolio=number).on(on)
                return self.filter(project__in=entries.values("project_id"))
            case ScopeKind.PROGRAM:
                by_name = Q(program=None, program_name=scope.name)
                return self.filter(Q(program=number) | by_name)
            case ScopeKind.UNIT:
                below = Unit.objects.filter(path__contains=f"/{number}/")
                return self.filter(unit__in=below.values("pk"))

    def with_marks(self) -> Self:
        """
        Add `manager_said` and `sponsor_said`: the names, marked where a live row's person is deactivated.

        What was frozen keeps the name as it was said then.
        """
        sponsors = ProjectMember.objects.filter(
            project=OuterRef("project"), role=Role.SPONSOR, user__name=OuterRef("sponsor_name")
        )
        return self.annotate(
            manager_said=_said("manager_name", Q(manager__is_active=False)),
            sponsor_said=_said("sponsor_name", Exists(sponsors.filter(user__is_active=False))),
        )

    def worst_first(self) -> Self:
        return self.order_by(*as_read("rank", "-money_at_risk", "name", "pk"))

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnlyError("Snapshots are rebuilt, never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Snapshots are never removed.")


def _said(name: str, left: Q | Exists) -> Case:
    named = Concat(name, Value(MARK), output_field=models.CharField())
    return Case(When(Q(left, date=LIVE), then=named), default=F(name))


def _days(**options: Any) -> "models.IntegerField[Any, Any]":
    return models.IntegerField(null=True, **options)


def _money(**options: Any) -> "models.DecimalField[Any, Any]":
    """An amount that was added up: many within their bounds may come to more than one may be."""
    return models.DecimalField(
        max_digits=16, decimal_places=2, validators=[within_reason], **options
    )


def _ratio() -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=16, decimal_places=6, null=True)


def _count() -> "models.PositiveIntegerField[Any, Any]":
    return models.PositiveIntegerField(default=0)


def _rule() -> "models.CharField[Any, Any]":
    return models.CharField(max_length=300, blank=True, default="")


class Snapshot(InProject):
    """
    Figures of one project at one date. None means not known; `reasons` says why.

    Names are repeated here so that a page is one indexed query and the past keeps its own words.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="snapshots")
    date = models.DateField()  # LIVE, or the day of the freeze
    is_early = models.BooleanField(default=False)  # frozen by hand before the week's freeze
    judged_for = models.DateField(null=True)  # the day the figures are of; None: of version 0.1
    built_at = models.DateTimeField()
    reasons = models.JSONField(default=dict)  # field -> why it is None, as stated

    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=20)
    lane = models.CharField(max_length=20)
    stage = models.CharField(max_length=20)
    is_active = models.BooleanField(default=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=120)
    # whom the names mean; None too in rows of before these were kept
    program = models.ForeignKey(
        Program, models.PROTECT, null=True, related_name="+", db_index=False
    )
    manager = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    program_name = models.CharField(max_length=120, blank=True, default="")
    manager_name = models.CharField(max_length=120, blank=True, default="")
    sponsor_name = models.CharField(max_length=120, blank=True, default="")

    # declared by the manager; `overall` is NONE when the last update is stale
    overall = color_field()
    overall_said = color_field()  # the last color said, however old
    overall_before = color_field()  # `overall` of the freeze before
    published_rating = models.CharField(max_length=60, blank=True, default="")
    note = models.CharField(max_length=280, blank=True, default="")
    schedule = color_field()
    cost = color_field()
    scope = color_field()
    risk = color_field()
    resources = color_field()
    quality = color_field()
    update = models.ForeignKey(StatusUpdate, models.PROTECT, null=True, related_name="+")
    updated_on = models.DateField(null=True)
    update_due = models.BooleanField(default=False)  # owes this week's update and has not sent it
    is_stale = models.BooleanField(default=True)
    trend = models.CharField(max_length=8, blank=True, default="")  # letters R A G N, oldest first

    # measured from the data, with the rule that fired
    measured = color_field()
    measured_rule = _rule()
    measured_before = color_field()
    measured_schedule = color_field()
    measured_schedule_rule = _rule()
    measured_cost = color_field()
    measured_cost_rule = _rule()
    measured_risk = color_field()
    measured_risk_rule = _rule()
    is_disputed = models.BooleanField(default=False)  # the manager says better than the data

    # money
    approved_budget = _money(null=True)
    spent = _money(null=True)
    committed = _money(null=True)
    forecast_cost = _money(null=True)
    forecast_cost_before = _money(null=True)
    cost_variance = _money(null=True)  # forecast minus approved, positive = over
    year_budget = _money(null=True)
    year_forecast = _money(null=True)
    fiscal_year = models.PositiveSmallIntegerField(null=True)

    # earned value against the baseline in force; never rewritten by a later baseline
    baseline_number = models.PositiveIntegerField(null=True)
    budget_at_completion = _money(null=True)
    planned_value = _money(null=True)
    earned_value = _money(null=True)
    cpi = _ratio()
    spi = _ratio()
    spi_t = _ratio()
    eac = _money(null=True)
    eac_low = _money(null=True)
    eac_high = _money(null=True)
    eac_method = models.CharField(max_length=10, blank=True, default="")
    forecast_finish_ev = models.DateField(null=True)  # at the pace in time so far
    earned_reasons = models.JSONField(default=dict)  # field -> why it is None, each reason once

    # dates
    start_date = models.DateField(null=True)
    baseline_finish = models.DateField(null=True)
    forecast_finish = models.DateField(null=True)  # the actual finish once there is one
    forecast_finish_before = models.DateField(null=True)
    is_finished = models.BooleanField(default=False)
    finish_slip_days = _days()
    percent_complete = models.PositiveSmallIntegerField(null=True)
    milestones = _count()
    milestones_done = _count()
    milestones_late = _count()  # past their date and not done
    milestones_due_soon = _count()  # due in the next 30 days
    next_milestone = models.CharField(max_length=200, blank=True, default="")
    next_milestone_date = models.DateField(null=True)
    next_milestone_slip_days = _days()

    # risks and issues
    open_risks = _count()
    high_risks = _count()
    top_risk = models.CharField(max_length=160, blank=True, default="")
    top_risk_score = models.PositiveSmallIntegerField(null=True)
    open_issues = _count()
    overdue_actions = _count()  # risk reviews and issues past their date

    # what waits for whom
    help_needed = models.CharField(max_length=280, blank=True, default="")
    help_from = models.CharField(max_length=120, blank=True, default="")
    help_due = models.DateField(null=True)

    # sorting, computed once
    rank = models.PositiveSmallIntegerField(default=2)
    money_at_risk = _money(default=0)

    searched = ("name", "code", "manager_name")
    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "date", "is_early"], name="snapshot_one_per_freeze"
            ),
            models.CheckConstraint(
                condition=Q(percent_complete=None) | Q(percent_complete__lte=100),
                name="snapshot_percent_in_range",
            ),
        ]
        indexes = [
            models.Index(
                fields=["date", "is_active", "rank", "-money_at_risk", "name", "id"],
                name="snapshot_worst_first",
            ),
            # with what the key figures compare with, so that the freeze before is read here alone
            models.Index(
                fields=["date", "is_active", "overall", "overall_before"],
                include=["project", "is_early", "milestones_late", "high_risks"],
                name="snapshot_colors",
            ),
            # the few rows that the cards of a page show, without reading the others
            models.Index(
                F("date"),
                F("is_active"),
                Abs("cost_variance").desc(),
                condition=Q(cost_variance__isnull=False),
                name="snapshot_far_from_budget",
            ),
            models.Index(
                fields=["date", "is_active", "-finish_slip_days"],
                condition=Q(finish_slip_days__isnull=False),
                name="snapshot_late",
            ),
            models.Index(
                fields=["date", "is_active", "help_due"],
                condition=~Q(help_needed=""),
                name="snapshot_waiting",
            ),
            # which day the live rows are of: asked by every page that shows them
            models.Index(fields=["date", "judged_for", "built_at"], name="snapshot_judged_for"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {'live' if self.is_live else self.date}"

    @property
    def is_live(self) -> bool:
        return self.date == LIVE


class FrozenMilestoneQuerySet(InProjectQuerySet["FrozenMilestone"]):
    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnlyError("What was frozen is never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("What was frozen is never removed.")


class FreezeKind(models.TextChoices):
    WEEK = "week", "Weekly freeze"
    EARLY = "early", "Taken early"
    IMPORT = "import", "Imported as of a date"


class FreezeQuerySet(models.QuerySet["Freeze"]):
    def of(self, scope: ReportScope) -> Self:
        """Keep the organization's, and those that were imported with this portfolio."""
        number, everybody = scope.portfolio_id, Q(portfolio=None)
        return self.filter(everybody | Q(portfolio=number) if number else everybody)

    def regular(self) -> Self:
        return self.exclude(kind=FreezeKind.EARLY)

    def of_week(self, day: date) -> Self:
        """Keep the organization's freeze of the reporting week that `day` is in."""
        monday = week_of(day)
        days = (monday, monday + timedelta(days=6))
        return self.filter(portfolio=None, kind=FreezeKind.WEEK, date__range=days)

    def to_compare_with(self, day: date) -> Self:
        """
        Order the freezes before `day` so that the first is what it is compared with.

        That is the last regular one, and one that was taken early only where there is no other.
        """
        taken_early = ExpressionWrapper(Q(kind=FreezeKind.EARLY), models.BooleanField())
        earlier = self.filter(date__lt=day).annotate(taken_early=taken_early)
        return earlier.order_by("taken_early", "-date")


class StandingFreezes(models.Manager["Freeze"]):
    """The freezes that count: what was voided is asked for by its own name."""

    def get_queryset(self) -> FreezeQuerySet:
        return FreezeQuerySet(self.model, using=self._db).filter(voided=None)


class Freeze(models.Model):
    """
    The record that a date was frozen: for the organization, or for one imported portfolio.

    The organization's week is frozen once, on whichever day its rhythm says then; a day may have been
    frozen early as well.
    """

    date = models.DateField()
    portfolio = models.ForeignKey(Portfolio, models.PROTECT, null=True, related_name="freezes")
    kind = models.CharField(max_length=10, choices=FreezeKind, default=FreezeKind.WEEK)
    frozen_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    # the day its last row was computed; None: not kept, as of imported days and of version 0.1
    taken_on = models.DateField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: the clock

    objects = StandingFreezes.from_queryset(FreezeQuerySet)()
    with_voided = FreezeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["date", "portfolio"], name="freeze_once_per_portfolio"),
            models.UniqueConstraint(
                fields=["date", "kind"],
                condition=Q(portfolio=None),
                name="freeze_once_for_all_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.rows} projects"

    @property
    def is_early(self) -> bool:
        return self.kind == FreezeKind.EARLY


class VoidedFreeze(models.Model):
    """
    That a freeze counts no more, who said so and why; what was frozen stays as it is.

    Its day and kind are repeated here, so that frozen rows are left out without a join.
    """

    freeze = models.OneToOneField(Freeze, models.PROTECT, related_name="voided")
    date = models.DateField()
    is_early = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = Prose(max_length=300)

    objects = AppendOnlyQuerySet["VoidedFreeze"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="voidedfreeze_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.date}, voided"


class FrozenMilestone(InProject):
    """A milestone as it stood when its project was frozen; written with the freeze, never changed."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="frozen_milestones")
    date = models.DateField()  # of the freeze
    is_early = models.BooleanField(default=False)  # as the freeze is
    milestone = models.PositiveBigIntegerField()  # its id, which may be gone by now
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    baseline_date = models.DateField(null=True)
    due_date = models.DateField(null=True)  # the actual date once done, else the forecast
    is_done = models.BooleanField()

    objects = FrozenMilestoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["date", "project", "milestone", "is_early"],
                name="frozenmilestone_once_per_freeze",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.date}"
