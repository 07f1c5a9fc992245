"""The plan: tasks, what each waits for, and the days on which work is done."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.bounds import Count, SmallCount, SmallWhole
from pmo.common.records.fields import Line, Prose
from projects.domain.exchange.planfile import LONGEST_DURATION, LONGEST_LAG
from projects.domain.kinds import Constraint, EarningMethod, LinkKind, TaskKind
from projects.models.money import BudgetLine, money_field
from projects.models.project import InProject, InProjectQuerySet, Project
from projects.models.schedule import HEAVIEST, WEIGHT, Milestone

MONDAY_TO_FRIDAY = "1111100"
EVERY_DAY = "1111111"
ALL = 100
WHOLE_PERCENT = "Percent complete is a whole number from 0 to 100."


class WorkCalendar(Versioned):
    """The days on which work is done; shared by the projects of the organization."""

    name = Line(max_length=80, unique=True)
    weekdays = models.CharField(max_length=7, default=MONDAY_TO_FRIDAY)  # Monday first, 1 = worked
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="workcalendar_one_default"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__regex=r"^[01]{7}$") & Q(weekdays__contains="1"),
                name="workcalendar_some_day_worked",
                violation_error_message="Choose at least one working day of the week.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("projects:calendar_edit", self.pk)


class CalendarException(models.Model):
    """Days that are not as the week says: a holiday, or a weekend that is worked."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="exceptions")
    first_date = Day()
    last_date = Day()
    is_working = models.BooleanField(default=False)
    name = Line(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_date__gte=models.F("first_date")),
                name="calendarexception_in_order",
                violation_error_message="The last day is before the first.",
            )
        ]
        indexes = [models.Index(fields=["calendar", "first_date"], name="calendarexception_by_day")]

    def __str__(self) -> str:
        return f"{self.name or self.first_date}"


class TaskQuerySet(InProjectQuerySet["Task"]):
    def in_order(self) -> Self:
        """Return the rows as the plan shows them."""
        return self.order_by("position", "pk")


class Task(InProject, Versioned):
    """
    One row of the plan. Durations are working days of the task's calendar; 0 is a milestone.

    `start` and `finish` are the forecast: actual once there is one, else as the network computes;
    finish is the last day worked. These, the floats, `outline`, `depth` and `is_summary` are
    written by rescheduling alone. None means that it was never computed.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="tasks")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    position = models.PositiveIntegerField(default=0)  # 1 is the first row of the plan
    name = Line(max_length=200)
    kind = models.CharField(
        max_length=12,
        choices=TaskKind.choices(),
        default=TaskKind.WORK.value,
    )
    calendar = models.ForeignKey(
        WorkCalendar, models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    duration = Count(default=1, least=0, most=LONGEST_DURATION)
    constraint = models.CharField(
        max_length=20,
        choices=Constraint.choices(),
        default=Constraint.NONE.value,
    )
    constraint_date = Day(null=True, blank=True)
    actual_start = Day(null=True, blank=True)
    actual_finish = Day(null=True, blank=True)
    percent_complete = SmallCount(default=0, least=0, most=ALL, said=WHOLE_PERCENT)
    planned_cost = money_field(null=True, blank=True, negative="A planned cost cannot be negative.")
    budget_line = models.ForeignKey(
        BudgetLine, models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    earning = models.CharField(
        max_length=12,
        choices=EarningMethod.choices(),
        default=EarningMethod.PERCENT.value,
    )
    # the reported milestone that this row stands for
    milestone = models.OneToOneField(
        Milestone, models.SET_NULL, null=True, blank=True, related_name="task"
    )
    notes = Prose(max_length=500)
    external_id = Line(max_length=60, blank=True, default="")  # its key in an imported file

    outline = models.CharField(max_length=120, blank=True, default="")  # 2.1.3
    depth = models.PositiveSmallIntegerField(default=0)
    is_summary = models.BooleanField(default=False)
    start = models.DateField(null=True, blank=True, editable=False)
    finish = models.DateField(null=True, blank=True, editable=False)
    late_start = models.DateField(null=True, blank=True, editable=False)
    late_finish = models.DateField(null=True, blank=True, editable=False)
    total_float = models.IntegerField(
        null=True, blank=True, editable=False
    )  # working days of the task's calendar
    free_float = models.IntegerField(null=True, blank=True, editable=False)
    is_critical = models.BooleanField(default=False)
    on_longest_path = models.BooleanField(default=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="task_name_not_blank"),
            models.CheckConstraint(
                condition=Q(percent_complete__lte=100),
                name="task_percent_in_range",
                violation_error_message=WHOLE_PERCENT,
            ),
            models.CheckConstraint(
                condition=Q(constraint=Constraint.NONE.value) | Q(constraint_date__isnull=False),
                name="task_constraint_has_date",
                violation_error_message="Give the date of the constraint.",
            ),
            models.CheckConstraint(
                condition=Q(actual_finish=None) | Q(actual_start__isnull=False),
                name="task_finished_was_started",
                violation_error_message="A finished task needs its actual start.",
            ),
            models.CheckConstraint(
                condition=Q(actual_finish=None) | Q(actual_finish__gte=models.F("actual_start")),
                name="task_finish_after_start",
                violation_error_message="The actual finish is before the actual start.",
            ),
            models.CheckConstraint(
                condition=Q(planned_cost=None) | Q(planned_cost__gte=0),
                name="task_cost_not_negative",
                violation_error_message="A planned cost cannot be negative.",
            ),
        ]
        indexes = [models.Index(fields=["project", "position"], name="task_in_order")]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("projects:task_edit", self.pk)

    @property
    def is_done(self) -> bool:
        return self.actual_finish is not None

    def is_late(self, *, as_of: date) -> bool:
        """Say whether it should be done by `as_of`, as forecast, and is not."""
        return not self.is_done and self.finish is not None and self.finish < as_of


class TaskStep(InProject, Versioned):
    """A part of a task that earns by weighted steps; done or not."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="task_steps")
    task = models.ForeignKey(Task, models.CASCADE, related_name="steps")
    name = Line(max_length=120)
    weight = SmallCount(default=1, least=1, most=HEAVIEST, said=WEIGHT)
    done_on = Day(null=True, blank=True)

    objects = InProjectQuerySet["TaskStep"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "name"],
                name="taskstep_once",
                violation_error_message="This task already has a step of this name.",
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1) & Q(weight__lte=100),
                name="taskstep_weight_in_range",
                violation_error_message=WEIGHT,
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("projects:step_edit", self.pk)


class TaskLink(InProject):
    """What a task waits for. The lag is negative for a lead."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="task_links")
    predecessor = models.ForeignKey(Task, models.CASCADE, related_name="followers")
    successor = models.ForeignKey(Task, models.CASCADE, related_name="waits_for")
    kind = models.CharField(
        max_length=2,
        choices=LinkKind.choices(),
        default=LinkKind.FINISH_START.value,
    )
    lag = SmallWhole(
        default=0, least=-LONGEST_LAG, most=LONGEST_LAG
    )  # working days of the predecessor's calendar
    is_elapsed = models.BooleanField(default=False)  # the lag counts every day, day and night

    objects = InProjectQuerySet["TaskLink"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="tasklink_once",
                violation_error_message="These two tasks are linked already; change that link.",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")),
                name="tasklink_not_to_itself",
                violation_error_message="A task cannot wait for itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id}{self.kind}{self.lag or ''}"
