"""Portfolios, objectives and alignments over the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.accounts.resources import ReadingResource, Writing
from portfolio import serializers, services
from portfolio.models import Alignment, Objective, Portfolio, PortfolioProject
from projects.models import Project

NOT_OPEN = "There is no such project, or it is not open to you."


class PortfolioResource(Writing):
    """Projects that are looked at, funded and decided on together."""

    required_permission = read_permission = Permission.DASHBOARD_VIEW
    write_permission = Permission.PORTFOLIO_CHANGE
    queryset = Portfolio.objects.all()
    serializer_class = serializers.PortfolioOutput
    input_class = serializers.PortfolioInput
    filterset_fields = ("code",)
    ordering_fields = ("code", "name")

    def add(self, values: dict[str, Any]) -> Portfolio:
        return services.create_portfolio(by=self.caller, **values)

    def change(self, record: Portfolio, version: int, values: dict[str, Any]) -> Portfolio:
        return services.change_portfolio(
            portfolio=record, version=version, by=self.caller, **values
        )


class EntryResource(ReadingResource, mixins.DestroyModelMixin):
    """Which project is, or was, in which portfolio. Deleting ends the membership from today on."""

    required_permission = Permission.DASHBOARD_VIEW
    read_permission = Permission.PROJECT_VIEW
    write_permission: ClassVar[Permission] = Permission.PORTFOLIO_CHANGE
    queryset = PortfolioProject.objects.all()
    related = ("project__unit",)
    serializer_class = serializers.EntryOutput
    filterset_fields = ("portfolio", "project")
    http_method_names = ["get", "head", "options", "post", "delete"]

    @extend_schema(request=serializers.EntryInput, responses={201: serializers.EntryOutput})
    def create(self, request: Request) -> Response:
        context = self.get_serializer_context()
        serializer = serializers.EntryInput(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        self.demand(self.write_permission, said["project"])
        entry = services.add_project(by=self.caller, **said)
        return Response(self.get_serializer(entry).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.EntriesInput, responses={200: serializers.EntryResult(many=True)}
    )
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def bulk(self, request: Request) -> Response:
        """Put many projects in at once; each is answered by itself, in the order asked."""
        serializer = serializers.EntriesInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        self.demand(self.write_permission)
        said = serializer.validated_data
        scope = scope_of(self.caller, self.write_permission)
        rows = Project.objects.visible_to(self.caller).select_related("unit")
        open_ones = {
            project.pk: project
            for project in rows.filter(pk__in=said["projects"])
            if scope.covers(project.unit_path)
        }
        added = services.add_projects(
            portfolio=said["portfolio"], projects=list(open_ones.values()), by=self.caller
        )
        fresh = {entry.project_id for entry in added.entries}
        results = []
        for pk in dict.fromkeys(said["projects"]):
            result = "added" if pk in fresh else "already in it" if pk in open_ones else "refused"
            reason = "" if pk in open_ones else NOT_OPEN
            results.append({"project": pk, "result": result, "reason": reason})
        return Response(serializers.EntryResult(results, many=True).data)

    def perform_destroy(self, instance: PortfolioProject) -> None:
        services.end_membership(entry=instance, by=self.caller)


class ObjectiveResource(Writing):
    """Goals of the organization's strategy."""

    required_permission = read_permission = Permission.DASHBOARD_VIEW
    write_permission = Permission.OBJECTIVE_CHANGE
    queryset = Objective.objects.all()
    serializer_class = serializers.ObjectiveOutput
    input_class = serializers.ObjectiveInput
    filterset_fields = ("code", "pillar")
    ordering_fields = ("code", "name")

    def add(self, values: dict[str, Any]) -> Objective:
        return services.create_objective(by=self.caller, **values)

    def change(self, record: Objective, version: int, values: dict[str, Any]) -> Objective:
        return services.change_objective(
            objective=record, version=version, by=self.caller, **values
        )


class AlignmentResource(Writing, mixins.DestroyModelMixin):
    """How projects serve objectives."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.PROJECT_CHANGE
    queryset = Alignment.objects.all()
    related = ("project__unit",)
    serializer_class = serializers.AlignmentOutput
    input_class = serializers.AlignmentInput
    fixed = ("project", "objective")
    filterset_fields = ("project", "objective", "strength")

    def add(self, values: dict[str, Any]) -> Alignment:
        return services.align(by=self.caller, **values)

    def change(self, record: Alignment, version: int, values: dict[str, Any]) -> Alignment:
        return services.change_alignment(
            alignment=record, version=version, by=self.caller, **values
        )

    def perform_destroy(self, instance: Alignment) -> None:
        services.remove_alignment(alignment=instance, by=self.caller)
