"""Gates over the API, under the rules of the pages: sets, gates, evidence, reviews, holds."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import ReadingResource, Writing
from portfolio.governance import serializers_gates as shapes
from portfolio.governance.models import (
    EvidenceItem,
    GateHold,
    GateReview,
    GateSet,
    ProjectGate,
    SetGate,
)
from portfolio.governance.services import gate_sets, gate_work
from portfolio.governance.services.gates import lay_set


class GateResource(Writing, mixins.DestroyModelMixin):
    """The gates of projects. `lay` puts those of the set for its category on a project."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.GATE_CHANGE
    queryset = ProjectGate.objects.all()
    related = ("project__unit",)
    serializer_class = shapes.GateOutput
    input_class = shapes.GateInput
    fixed = ("project", "code")
    filterset_fields = ("project", "code", "stage")
    ordering_fields = ("position", "planned_on")

    def add(self, values: dict[str, Any]) -> ProjectGate:
        return gate_work.add_gate(by=self.caller, **values)

    def change(self, record: ProjectGate, version: int, values: dict[str, Any]) -> ProjectGate:
        self.demand(self.write_permission, record.project)
        return gate_work.change_gate(gate=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: ProjectGate) -> None:
        self.demand(self.write_permission, instance.project)
        gate_work.remove_gate(gate=instance, by=self.caller)

    @extend_schema(request=shapes.LayInput, responses={201: shapes.GateOutput(many=True)})
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def lay(self, request: Request) -> Response:
        """Lay the gates of the set for the project's category on a project that has none."""
        said = _said(self, request, shapes.LayInput)
        self.demand(self.write_permission, said["project"])
        laid = lay_set(project=said["project"], by=self.caller)
        return Response(shapes.GateOutput(laid, many=True).data, status=status.HTTP_201_CREATED)


class EvidenceResource(ReadingResource):
    """What gates ask to be shown, and what was given."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission: ClassVar[Permission] = Permission.GATE_EVIDENCE
    queryset = EvidenceItem.objects.all()
    related = ("project__unit", "gate")
    serializer_class = shapes.GateEvidenceOutput
    filterset_fields = ("project", "gate", "kind", "state")
    ordering_fields = ("position", "given_on")
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(request=shapes.GateEvidenceInput, responses={201: shapes.GateEvidenceOutput})
    def create(self, request: Request) -> Response:
        """Ask for one more piece of evidence."""
        said = _said(self, request, shapes.GateEvidenceInput)
        gate = said.pop("gate")
        self.demand(self.write_permission, gate.project)
        item = gate_work.ask_evidence(gate=gate, by=self.caller, **said)
        return Response(self.get_serializer(item).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.ShownInput, responses=shapes.GateEvidenceOutput)
    @action(detail=True, methods=["post"])
    def give(self, request: Request, pk: str) -> Response:
        """Show it: a document by address and version, the others in words."""
        del pk
        item, said = self._step(request, shapes.ShownInput)
        given = gate_work.give_evidence(item=item, by=self.caller, **said)
        return Response(self.get_serializer(given).data)

    @extend_schema(request=shapes.DismissalInput, responses=shapes.GateEvidenceOutput)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Say why it is not needed here; where evidence is enforced, the office alone may."""
        del pk
        item, said = self._step(request, shapes.DismissalInput)
        dismissed = gate_work.dismiss_evidence(item=item, by=self.caller, **said)
        return Response(self.get_serializer(dismissed).data)

    @extend_schema(request=shapes.EvidenceVersionInput, responses=shapes.GateEvidenceOutput)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Ask for it again."""
        del pk
        item, said = self._step(request, shapes.EvidenceVersionInput)
        opened = gate_work.reopen_evidence(item=item, by=self.caller, **said)
        return Response(self.get_serializer(opened).data)

    def _step(self, request: Request, shape: Any) -> tuple[EvidenceItem, dict[str, Any]]:
        item: EvidenceItem = self.get_object()
        self.demand(self.write_permission, item.project)
        return item, _said(self, request, shape)


class GateReviewResource(ReadingResource):
    """Gates put before who decides them; each is a decision of the register, where it is decided."""

    required_permission = Permission.DECISION_LIST
    read_permission = Permission.DECISION_VIEW
    write_permission: ClassVar[Permission] = Permission.GATE_ASK
    queryset = GateReview.objects.all()
    related = ("project__unit", "decision")
    serializer_class = shapes.ReviewOutput
    filterset_fields = ("project", "gate", "decision__state", "decision__outcome")
    ordering_fields = ("decision__needed_by",)
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(request=shapes.ReviewInput, responses={201: shapes.ReviewOutput})
    def create(self, request: Request) -> Response:
        """Ask for the review of a gate."""
        said = _said(self, request, shapes.ReviewInput)
        self.demand(self.write_permission, said["gate"].project)
        review = gate_work.ask_review(by=self.caller, **said)
        return Response(self.get_serializer(review).data, status=status.HTTP_201_CREATED)


class GateHoldResource(ReadingResource):
    """Holds of a directive office. A hold is lifted, never removed."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission: ClassVar[Permission] = Permission.GATE_HOLD
    queryset = GateHold.objects.all()
    related = ("project__unit",)
    serializer_class = shapes.HoldOutput
    filterset_fields = ("project",)
    ordering_fields = ("placed_on",)
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(request=shapes.HoldInput, responses={201: shapes.HoldOutput})
    def create(self, request: Request) -> Response:
        """Hold a project's gates, stages and new commitments."""
        said = _said(self, request, shapes.HoldInput)
        self.demand(self.write_permission, said["project"])
        hold = gate_work.hold_project(by=self.caller, **said)
        return Response(self.get_serializer(hold).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.HoldInput, responses={204: None})
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def stop(self, request: Request) -> Response:
        """Stop a project: it is cancelled, and a hold on it ends."""
        said = _said(self, request, shapes.HoldInput)
        self.demand(self.write_permission, said["project"])
        gate_work.stop_project(by=self.caller, version=None, **said)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=shapes.EvidenceVersionInput, responses=shapes.HoldOutput)
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: str) -> Response:
        """Let the project go on."""
        del pk
        hold: GateHold = self.get_object()
        self.demand(self.write_permission, hold.project)
        said = _said(self, request, shapes.EvidenceVersionInput)
        lifted = gate_work.lift_hold(hold=hold, by=self.caller, **said)
        return Response(self.get_serializer(lifted).data)


class GateSetResource(Writing, mixins.DestroyModelMixin):
    """The office's sets of gates; a new one begins with the gates of the set that ships."""

    required_permission = read_permission = Permission.GATE_SET_CHANGE
    write_permission = Permission.GATE_SET_CHANGE
    queryset = GateSet.objects.all()
    serializer_class = shapes.GateSetOutput
    input_class = shapes.GateSetInput
    filterset_fields = ("code", "category")
    ordering_fields = ("code", "name")

    def add(self, values: dict[str, Any]) -> GateSet:
        return gate_sets.create_gate_set(by=self.caller, **values)

    def change(self, record: GateSet, version: int, values: dict[str, Any]) -> GateSet:
        return gate_sets.change_gate_set(gate_set=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: GateSet) -> None:
        gate_sets.remove_gate_set(gate_set=instance, by=self.caller)


class SetGateResource(Writing, mixins.DestroyModelMixin):
    """The gates of the office's sets."""

    required_permission = read_permission = Permission.GATE_SET_CHANGE
    write_permission = Permission.GATE_SET_CHANGE
    queryset = SetGate.objects.all()
    related = ("gate_set",)
    serializer_class = shapes.SetGateOutput
    input_class = shapes.SetGateInput
    fixed = ("gate_set",)
    filterset_fields = ("gate_set", "code")
    ordering_fields = ("position",)

    def add(self, values: dict[str, Any]) -> SetGate:
        return gate_sets.add_set_gate(by=self.caller, **values)

    def change(self, record: SetGate, version: int, values: dict[str, Any]) -> SetGate:
        return gate_sets.change_set_gate(gate=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: SetGate) -> None:
        gate_sets.remove_set_gate(gate=instance, by=self.caller)


def _said(resource: ReadingResource, request: Request, shape: Any) -> dict[str, Any]:
    serializer = shape(data=request.data, context=resource.get_serializer_context())
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
