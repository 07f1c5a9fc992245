"""Baselines, change requests, reserves and tolerances over the API, under the rules of the pages."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import ReadingResource, Writing
from projects.domain.change_control import ApprovalLevel
from projects.domain.kinds import ReserveKind
from projects.models import Baseline, ChangeRequest, ReserveMovement, Tolerance
from projects.selectors.change_control import limits, ruling_for
from projects.serializers import changes as shapes
from projects.services import changes as services
from projects.services.baselines import set_first_baseline
from projects.services.reserves import move_reserve
from projects.services.tolerances import set_tolerance


class BaselineResource(ReadingResource):
    """
    Approved plans and budgets, version by version. They are never changed.

    The first is set here; later ones come from implementing a change request.
    """

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission: ClassVar[Permission] = Permission.BASELINE_SET
    queryset = Baseline.objects.all()
    related = ("project__unit",)
    serializer_class = shapes.BaselineOutput
    filterset_fields = ("project", "number", "approved_on")
    ordering_fields = ("approved_on", "number")
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(request=shapes.BaselineInput, responses={201: shapes.BaselineOutput})
    def create(self, request: Request) -> Response:
        said = _said(self, request, shapes.BaselineInput)
        self.demand(self.write_permission, said["project"])
        baseline = set_first_baseline(by=self.caller, **said)
        return Response(self.get_serializer(baseline).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=shapes.BaselineItemOutput(many=True), filters=False)
    @action(detail=True, pagination_class=None, filter_backends=[])
    def items(self, request: Request, pk: str) -> Response:
        """Return the work with its approved dates and money, in the order of the plan."""
        del request, pk
        rows = self.get_object().items.order_by("position", "pk")
        return Response(shapes.BaselineItemOutput(rows, many=True).data)

    @extend_schema(responses=shapes.BaselinePeriodOutput(many=True), filters=False)
    @action(detail=True, pagination_class=None, filter_backends=[])
    def months(self, request: Request, pk: str) -> Response:
        """Return the planned money by month and kind."""
        del request, pk
        rows = self.get_object().periods.order_by("month", "kind")
        return Response(shapes.BaselinePeriodOutput(rows, many=True).data)


class ChangeRequestResource(Writing):
    """Wishes to change what was approved: raised, assessed, decided, implemented as a baseline."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.CHANGE_RAISE
    queryset = ChangeRequest.objects.all()
    related = ("project__unit",)
    serializer_class = shapes.ChangeRequestOutput
    input_class = shapes.ChangeRequestInput
    fixed = ("project", "is_emergency")
    filterset_fields = ("project", "state", "cause", "is_emergency")
    ordering_fields = ("raised_on", "decided_on", "number")

    def add(self, values: dict[str, Any]) -> ChangeRequest:
        return services.raise_change(by=self.caller, **values)

    def change(self, record: ChangeRequest, version: int, values: dict[str, Any]) -> ChangeRequest:
        self.demand(self.write_permission, record.project)
        return services.revise_change(request=record, version=version, by=self.caller, **values)

    @extend_schema(responses=shapes.RulingOutput)
    @action(detail=True)
    def ruling(self, request: Request, pk: str) -> Response:
        """Say who decides an assessed change and why; 404 before it is assessed."""
        del request, pk
        found = ruling_for(self.get_object(), self.caller)
        if found is None:
            return Response({"detail": "It is not assessed yet."}, status.HTTP_404_NOT_FOUND)
        body = {"level": found.level.value, "reasons": found.reasons, "refusal": found.refusal}
        return Response(body)

    @extend_schema(request=shapes.AssessInput, responses=shapes.ChangeRequestOutput)
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, pk: str) -> Response:
        """Say what the change does to scope, finish, cost and benefits."""
        del pk
        change, said = self._step(request, shapes.AssessInput, Permission.CHANGE_ASSESS)
        return self.answer(services.assess_change(request=change, by=self.caller, **said))

    @extend_schema(request=shapes.DecisionInput, responses=shapes.ChangeRequestOutput)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Approve or reject; 409 with the reason beyond the caller's tolerance."""
        del pk
        change, said = self._step(request, shapes.DecisionInput, Permission.CHANGE_DECIDE)
        return self.answer(services.decide_change(request=change, by=self.caller, **said))

    @extend_schema(request=shapes.WithdrawalInput, responses=shapes.ChangeRequestOutput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the request back while it is not implemented."""
        del pk
        change, said = self._step(request, shapes.WithdrawalInput, Permission.CHANGE_RAISE)
        return self.answer(services.withdraw_change(request=change, by=self.caller, **said))

    @extend_schema(request=shapes.ImplementInput, responses={201: shapes.BaselineOutput})
    @action(detail=True, methods=["post"])
    def implement(self, request: Request, pk: str) -> Response:
        """Make the approved change the next baseline, and answer with that."""
        del pk
        change, said = self._step(request, shapes.ImplementInput, Permission.CHANGE_ASSESS)
        baseline = services.implement_change(request=change, by=self.caller, **said)
        return Response(shapes.BaselineOutput(baseline).data, status=status.HTTP_201_CREATED)

    def _step(
        self, request: Request, shape: type[serializers.Serializer[Any]], needed: Permission
    ) -> tuple[ChangeRequest, dict[str, Any]]:
        change: ChangeRequest = self.get_object()
        self.demand(needed, change.project)
        return change, _said(self, request, shape)


class ReserveMovementResource(Writing):
    """Money set aside (positive) and drawn down (negative). Movements are added, never changed."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.RESERVE_CHANGE
    queryset = ReserveMovement.objects.all()
    related = ("project__unit",)
    serializer_class = shapes.ReserveMovementOutput
    input_class = shapes.ReserveMovementInput
    filterset_fields = ("project", "reserve", "change_request")
    ordering_fields = ("made_on",)
    http_method_names = ["get", "head", "options", "post"]

    def add(self, values: dict[str, Any]) -> ReserveMovement:
        reserve = ReserveKind(values.pop("reserve"))
        return move_reserve(by=self.caller, reserve=reserve, **values)


class ToleranceResource(ReadingResource):
    """How large a change each level may approve, where the defaults were changed."""

    required_permission = read_permission = Permission.PROJECT_LIST
    write_permission: ClassVar[Permission] = Permission.TOLERANCE_CHANGE
    queryset = Tolerance.objects.all()
    serializer_class = shapes.ToleranceOutput
    filterset_fields = ("level",)
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(request=shapes.ToleranceInput, responses=shapes.ToleranceOutput)
    def create(self, request: Request) -> Response:
        """Set the limits of one level."""
        self.demand(self.write_permission)
        said = _said(self, request, shapes.ToleranceInput)
        row = set_tolerance(by=self.caller, level=ApprovalLevel(said.pop("level")), **said)
        return Response(self.get_serializer(row).data)

    @extend_schema(responses=shapes.LimitOutput(many=True), filters=False)
    @action(detail=False, url_path="in-force", pagination_class=None, filter_backends=[])
    def in_force(self, request: Request) -> Response:
        """Return the limits that count today, set or default."""
        del request
        rows = [
            {"level": level.value, "cost_percent": limit.cost_percent, "days": limit.days}
            for level, limit in limits().items()
        ]
        return Response(shapes.LimitOutput(rows, many=True).data)


def _said(
    resource: ReadingResource, request: Request, shape: type[serializers.Serializer[Any]]
) -> dict[str, Any]:
    """Return what the body says; for model shapes only what it names."""
    serializer = shape(data=request.data, context=resource.get_serializer_context())
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
