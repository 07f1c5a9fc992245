"""Tasks, links and working calendars, as the API reads and writes them."""

from typing import Any

from rest_framework import serializers

from pmo.accounts.resources import Input, Strict, VisibleField
from projects.domain.kinds import LinkKind
from projects.domain.plan.days_off import Days
from projects.models import (
    BudgetLine,
    CalendarException,
    Milestone,
    Project,
    Task,
    TaskLink,
    TaskStep,
    WorkCalendar,
)
from projects.services.plan import COMPUTED, TASK_FIELDS

LONGEST_LAG = 9_999  # days
TEXT = 500


class CalendarField(VisibleField):
    """A calendar's id; calendars belong to everybody."""

    def get_queryset(self) -> Any:
        return WorkCalendar.objects.all()


class TaskOutput(serializers.ModelSerializer[Task]):
    class Meta:
        model = Task
        fields = ("id", "project", "parent", *COMPUTED, *TASK_FIELDS, "version")


class TaskInput(Input):
    project = VisibleField(queryset=Project.objects.all())
    parent = VisibleField(  # type: ignore[assignment]  # the metaclass takes it from the class
        queryset=Task.objects.all(), allow_null=True, required=False
    )
    after = VisibleField(
        queryset=Task.objects.all(),
        allow_null=True,
        required=False,
        help_text="The row below which, at its level, the new one stands.",
    )
    calendar = CalendarField(queryset=WorkCalendar.objects.all(), allow_null=True, required=False)
    budget_line = VisibleField(queryset=BudgetLine.objects.all(), allow_null=True, required=False)
    milestone = VisibleField(queryset=Milestone.objects.all(), allow_null=True, required=False)
    waits_for = serializers.CharField(
        max_length=TEXT,
        allow_blank=True,
        required=False,
        help_text="Row numbers with a kind and a lag: 3, 5SS, 3FS+2d, 7+3ed. Replaces what it waited for.",
    )

    class Meta:
        model = Task
        fields = ("project", "parent", "after", "waits_for", *TASK_FIELDS, "version")


class MoveInput(Strict):
    """Where a row goes, with those below it; `in` is below the row above it."""

    direction = serializers.ChoiceField(choices=["up", "down", "in", "out"])


class StepOutput(serializers.ModelSerializer[TaskStep]):
    class Meta:
        model = TaskStep
        fields = ("id", "project", "task", "name", "weight", "done_on", "version")


class StepInput(Input):
    project = VisibleField(queryset=Project.objects.all())
    task = VisibleField(queryset=Task.objects.all())

    class Meta:
        model = TaskStep
        fields = ("project", "task", "name", "weight", "done_on", "version")


class LinkOutput(serializers.ModelSerializer[TaskLink]):
    class Meta:
        model = TaskLink
        fields = ("id", "project", "predecessor", "successor", "kind", "lag", "is_elapsed")


class LinkInput(Strict):
    predecessor = VisibleField(queryset=Task.objects.all())
    successor = VisibleField(queryset=Task.objects.all())
    kind = serializers.ChoiceField(choices=LinkKind.choices(), default=LinkKind.FINISH_START.value)
    lag = serializers.IntegerField(min_value=-LONGEST_LAG, max_value=LONGEST_LAG, default=0)
    is_elapsed = serializers.BooleanField(default=False)


class DayOutput(serializers.ModelSerializer[CalendarException]):
    class Meta:
        model = CalendarException
        fields = ("first_date", "last_date", "is_working", "name")


class DaysOffInput(Strict):
    """Days that are not as the week says."""

    first_date = serializers.DateField()
    last_date = serializers.DateField()
    is_working = serializers.BooleanField(default=False)
    name = serializers.CharField(max_length=80, allow_blank=True, default="")


class CalendarOutput(serializers.ModelSerializer[WorkCalendar]):
    exceptions = DayOutput(many=True, read_only=True)

    class Meta:
        model = WorkCalendar
        fields = ("id", "name", "weekdays", "is_default", "exceptions", "version")


class CalendarInput(Input):
    exceptions = DaysOffInput(
        many=True, required=False, help_text="Replaces all; of two for one day the later counts."
    )

    class Meta:
        model = WorkCalendar
        fields = ("name", "weekdays", "is_default", "exceptions", "version")


def days_from(values: dict[str, Any]) -> dict[str, Any]:
    """Return a calendar's values as its services take them."""
    fields = dict(values)
    if "exceptions" in fields:
        fields["days"] = [
            Days(one["first_date"], one["last_date"], one["is_working"], one["name"])
            for one in fields.pop("exceptions")
        ]
    return fields
