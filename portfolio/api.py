"""Portfolios, objectives and alignments over the API."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.accounts.resources import ReadingResource, Writing
from portfolio import selectors, serializers, services
from portfolio.models import Alignment, ColorValidation, Objective, Portfolio, PortfolioProject
from projects.domain.colors import Color
from projects.domain.office import OfficeKind
from projects.models import Project

NOT_OPEN = "There is no such project, or it is not open to you."


class PortfolioResource(Writing):
    """Projects that are looked at, funded and decided on together."""

    required_permission = read_permission = Permission.DASHBOARD_VIEW
    write_permission = Permission.PORTFOLIO_CHANGE
    queryset = Portfolio.objects.all()
    serializer_class = serializers.PortfolioOutput
    input_class = serializers.PortfolioInput
    filterset_fields = ("code", "kind")
    ordering_fields = ("code", "name")
    fixed = ("kind",)

    @extend_schema(request=serializers.KindInput, responses=serializers.PortfolioOutput)
    @action(detail=True, methods=["post"])
    def kind(self, request: Request, pk: str) -> Response:
        """Let the portfolio's projects stand under another kind of office from now on."""
        del pk
        portfolio = self.get_object()
        self.demand(Permission.PORTFOLIO_KIND)
        serializer = serializers.KindInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        kind = OfficeKind(said["kind"]) if said["kind"] else None
        return self.answer(
            services.switch_kind(
                portfolio=portfolio, kind=kind, version=said["version"], by=self.caller
            )
        )

    @extend_schema(
        parameters=[OpenApiParameter("to", enum=[kind.value for kind in OfficeKind])],
        responses=serializers.SwitchedOutput(many=True),
        filters=False,
    )
    @action(detail=True, url_path="kind-preview", pagination_class=None, filter_backends=[])
    def kind_preview(self, request: Request, pk: str) -> Response:
        """Say for each project you may see what the kind `to` would change; without it, no kind."""
        del pk
        portfolio = self.get_object()
        wanted = request.query_params.get("to", "")
        kind = OfficeKind(wanted) if wanted in set(OfficeKind) else None
        entries = selectors.entries_for(self.caller, portfolio, on=timezone.localdate())
        found = selectors.switched(portfolio, [entry.project for entry in entries], kind)
        return Response(serializers.SwitchedOutput(found, many=True).data)

    def add(self, values: dict[str, Any]) -> Portfolio:
        if values.get("kind"):
            self.demand(Permission.PORTFOLIO_KIND)
        return services.create_portfolio(by=self.caller, **values)

    def change(self, record: Portfolio, version: int, values: dict[str, Any]) -> Portfolio:
        return services.change_portfolio(
            portfolio=record, version=version, by=self.caller, **values
        )


class ValidationResource(ReadingResource):
    """The office's word on the colors of updates, where its kind is directive."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission: ClassVar[Permission] = Permission.STATUS_JUDGE
    queryset = ColorValidation.objects.all()
    related = ("project__unit",)
    serializer_class = serializers.ValidationOutput
    filterset_fields = ("project", "update", "color")
    ordering_fields = ("validated_at",)
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(
        request=serializers.ValidationInput, responses={201: serializers.ValidationOutput}
    )
    def create(self, request: Request) -> Response:
        """Let the color of a published update stand, or set another with a reason."""
        context = self.get_serializer_context()
        serializer = serializers.ValidationInput(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        self.demand(self.write_permission, said["update"].project)
        record = services.validate_update(by=self.caller, **said | {"color": Color(said["color"])})
        return Response(self.get_serializer(record).data, status=status.HTTP_201_CREATED)


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
