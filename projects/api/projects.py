"""Projects, programs and people named, over the API."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.models import Unit
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.accounts.resources import ReadingResource, Writing
from pmo.accounts.roles import Role
from pmo.organization.current import organization
from projects.domain.stages import Stage
from projects.models import Program, Project, ProjectMember, Stakeholder
from projects.selectors.earned_value import earned_of
from projects.selectors.plan_file import mspdi_of
from projects.serializers import earned, records
from projects.services import projects as services
from projects.services import stakeholders as stakeholder_services
from projects.words.earned_value import DEFINITIONS
from projects.words.earned_value_explained import defined


class ProgramResource(Writing):
    """Projects that share a purpose."""

    required_permission = read_permission = Permission.PROJECT_LIST
    write_permission = Permission.PROGRAM_CHANGE
    queryset = Program.objects.all()
    serializer_class = records.ProgramOutput
    input_class = records.ProgramInput
    filterset_fields = ("code",)
    ordering_fields = ("code", "name")

    def add(self, values: dict[str, Any]) -> Program:
        return services.create_program(by=self.caller, **values)

    def change(self, record: Program, version: int, values: dict[str, Any]) -> Program:
        return services.change_program(program=record, version=version, by=self.caller, **values)


class ProjectResource(Writing):
    """Projects the caller may see. The stage has an action of its own."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.PROJECT_CHANGE
    create_permission = Permission.PROJECT_CREATE
    queryset = Project.objects.with_names()
    serializer_class = records.ProjectOutput
    input_class = records.ProjectInput
    filterset_fields = ("code", "stage", "category", "lane", "unit", "program")
    ordering_fields = ("code", "name", "start_date", "forecast_finish_date")

    def add(self, values: dict[str, Any]) -> Project:
        self._demand_unit(Permission.PROJECT_CREATE, values["unit"])
        return services.create_project(by=self.caller, **values)

    def change(self, record: Project, version: int, values: dict[str, Any]) -> Project:
        if services.GOVERNED_FIELDS & values.keys():
            self.demand(Permission.PROJECT_GOVERN, record)
        if values.get("unit", record.unit) != record.unit:
            self._demand_unit(Permission.PROJECT_GOVERN, values["unit"])
        return services.change_project(project=record, version=version, by=self.caller, **values)

    def _demand_unit(self, permission: Permission, unit: Unit) -> None:
        """Refuse a unit in which the caller does not hold the permission, as the page's choice does."""
        if not scope_of(self.caller, permission).covers(unit.path):
            raise serializers.ValidationError({"unit": ["Choose a unit of yours."]})

    @extend_schema(request=records.StageInput, responses=records.ProjectOutput)
    @action(detail=True, methods=["post"])
    def stage(self, request: Request, pk: str) -> Response:
        """Move the project to another stage; 409 with the reason when it may not go there."""
        del pk
        project = self.get_object()
        self.demand(Permission.PROJECT_GOVERN, project)
        serializer = records.StageInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        moved = services.change_stage(
            project=project,
            target=Stage(said["stage"]),
            reason=said["reason"],
            version=said["version"],
            by=self.caller,
        )
        return self.answer(moved)

    @extend_schema(responses=earned.EarnedValueOutput)
    @action(detail=True, methods=["get"], url_path="earned-value")
    def earned_value(self, request: Request, pk: str) -> Response:
        """Earned value of today; the snapshots keep that of each past week."""
        del pk
        project, today = self.get_object(), timezone.localdate()
        found = earned_of([project.pk], as_of=today)[project.pk]
        figures = found.figures()
        answer = {
            "as_of": today,
            "baseline": found.baseline,
            "method": found.found.eac_method.label if found.found.eac_method else "",
            "finish": found.finish.value,
            "finish_reason": found.finish.reason,
            "figures": [
                {
                    "key": key,
                    "name": definition.label,
                    "term": definition.term,
                    "unit": definition.unit.value,
                    "value": figures[key].value,
                    "reason": figures[key].reason,
                    "formula": definition.formula,
                }
                for key in DEFINITIONS
                for definition in [defined(key, organization().money)]
            ],
        }
        return Response(earned.EarnedValueOutput(answer).data)

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="plan-file")
    def plan_file(self, request: Request, pk: str) -> HttpResponse:
        """Hand the plan out as a file of Microsoft Project (XML)."""
        del request, pk
        project = self.get_object()
        content = mspdi_of(project, made_at=timezone.localtime())
        return HttpResponse(content, content_type="application/xml")


class MemberResource(ReadingResource, mixins.DestroyModelMixin):
    """People named on projects, and in which role."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission: ClassVar[Permission] = Permission.PROJECT_GOVERN
    queryset = ProjectMember.objects.all()
    related = ("user", "project__unit")
    serializer_class = records.MemberOutput
    filterset_fields = ("project", "user", "role")
    http_method_names = ["get", "head", "options", "post", "delete"]

    @extend_schema(request=records.MemberInput, responses={201: records.MemberOutput})
    def create(self, request: Request) -> Response:
        serializer = records.MemberInput(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        self.demand(self.write_permission, said["project"])
        member = services.name_person(
            project=said["project"], user=said["user"], role=Role(said["role"]), by=self.caller
        )
        return Response(self.get_serializer(member).data, status=status.HTTP_201_CREATED)

    def perform_destroy(self, instance: ProjectMember) -> None:
        services.unname_person(member=instance, by=self.caller)


class StakeholderResource(Writing):
    """People and groups with a stake in a project."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.STAKEHOLDER_CHANGE
    queryset = Stakeholder.objects.all()
    related = ("project__unit",)
    serializer_class = records.StakeholderOutput
    input_class = records.StakeholderInput
    fixed = ("project",)
    filterset_fields = ("project", "engagement", "engagement_wanted", "power", "interest", "group")
    ordering_fields = ("name", "power", "action_due")

    def add(self, values: dict[str, Any]) -> Stakeholder:
        return stakeholder_services.create_stakeholder(by=self.caller, **values)

    def change(self, record: Stakeholder, version: int, values: dict[str, Any]) -> Stakeholder:
        return stakeholder_services.change_stakeholder(
            stakeholder=record, version=version, by=self.caller, **values
        )
