"""Plans over the API: tasks, what they wait for, and working calendars."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import ReadingResource, Writing
from pmo.common.records.writing import RefusalError
from projects.domain.kinds import LinkKind
from projects.models import CalendarException, Task, TaskLink, TaskStep, WorkCalendar
from projects.serializers import tasks as serializers
from projects.services import calendars, plan, task_steps


class TaskFilter(django_filters.FilterSet):
    finish_until = django_filters.DateFilter(
        field_name="finish", lookup_expr="lte", label="Finishes on or before"
    )
    is_done = django_filters.BooleanFilter(
        field_name="actual_finish", lookup_expr="isnull", exclude=True, label="Done"
    )

    class Meta:
        model = Task
        fields = ("project", "parent", "is_critical", "is_summary", "external_id")


class TaskResource(Writing, mixins.DestroyModelMixin):
    """Rows of plans. Each change computes the plan's dates and floats again."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.PLAN_CHANGE
    queryset = Task.objects.all()
    related = ("project__unit",)
    serializer_class = serializers.TaskOutput
    input_class = serializers.TaskInput
    fixed = ("project", "parent", "after")
    filterset_class = TaskFilter
    ordering_fields = ("position", "start", "finish", "total_float")

    def add(self, values: dict[str, Any]) -> Task:
        return plan.create_task(by=self.caller, **values)

    def change(self, record: Task, version: int, values: dict[str, Any]) -> Task:
        return plan.change_task(task=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: Task) -> None:
        plan.remove_task(task=instance, by=self.caller)

    @extend_schema(request=serializers.MoveInput, responses=serializers.TaskOutput)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Move a row with those below it; 409 with the reason when it cannot go there."""
        del pk
        task = self.get_object()
        self.demand(self.write_permission, task.project)
        serializer = serializers.MoveInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        direction = serializer.validated_data["direction"]
        return self.answer(plan.move_task(task=task, direction=direction, by=self.caller))


class TaskStepResource(Writing, mixins.DestroyModelMixin):
    """Weighted steps of tasks that earn by them."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.PLAN_CHANGE
    queryset = TaskStep.objects.all()
    related = ("project__unit",)
    serializer_class = serializers.StepOutput
    input_class = serializers.StepInput
    fixed = ("project", "task")
    filterset_fields = ("project", "task")
    ordering_fields = ("name", "done_on")

    def add(self, values: dict[str, Any]) -> TaskStep:
        if values["task"].project_id != values.pop("project").pk:
            raise RefusalError("That task does not exist in this project.")
        return task_steps.create_step(by=self.caller, **values)

    def change(self, record: TaskStep, version: int, values: dict[str, Any]) -> TaskStep:
        return task_steps.change_step(step=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: TaskStep) -> None:
        task_steps.remove_step(step=instance, by=self.caller)


class TaskLinkResource(ReadingResource, mixins.DestroyModelMixin):
    """What tasks wait for; a link is taken away and made again rather than changed."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission: ClassVar[Permission] = Permission.PLAN_CHANGE
    queryset = TaskLink.objects.all()
    related = ("project__unit",)
    serializer_class = serializers.LinkOutput
    filterset_fields = ("project", "predecessor", "successor", "kind")
    http_method_names = ["get", "head", "options", "post", "delete"]

    @extend_schema(request=serializers.LinkInput, responses={201: serializers.LinkOutput})
    def create(self, request: Request) -> Response:
        serializer = serializers.LinkInput(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        said = dict(serializer.validated_data)
        self.demand(self.write_permission, said["successor"].project)
        kind = LinkKind(said.pop("kind"))
        link = plan.link_tasks(kind=kind, by=self.caller, **said)
        return Response(self.get_serializer(link).data, status=status.HTTP_201_CREATED)

    def perform_destroy(self, instance: TaskLink) -> None:
        plan.unlink_tasks(link=instance, by=self.caller)


class CalendarResource(Writing, mixins.DestroyModelMixin):
    """The days on which plans count work: a week, holidays, and days that are worked nevertheless."""

    required_permission = read_permission = Permission.PROJECT_LIST
    write_permission = Permission.CALENDAR_CHANGE
    queryset = WorkCalendar.objects.prefetch_related(
        Prefetch("exceptions", CalendarException.objects.order_by("first_date", "pk"))
    )
    serializer_class = serializers.CalendarOutput
    input_class = serializers.CalendarInput
    filterset_fields = ("name", "is_default")
    ordering_fields = ("name",)

    def add(self, values: dict[str, Any]) -> WorkCalendar:
        return calendars.create_calendar(by=self.caller, **serializers.days_from(values))

    def change(self, record: WorkCalendar, version: int, values: dict[str, Any]) -> WorkCalendar:
        fields = serializers.days_from(values)
        return calendars.change_calendar(calendar=record, version=version, by=self.caller, **fields)

    def perform_destroy(self, instance: WorkCalendar) -> None:
        calendars.remove_calendar(calendar=instance, by=self.caller)
