"""Requests over the API: page one, its way through triage, and what it would buy."""

from typing import Any, ClassVar

from django.db.models import Case, F, When
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import ReadingResource, Writing
from portfolio.governance.models import Decision
from portfolio.intake import serializers as shapes
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.models import (
    MandatoryGround,
    ProjectRequest,
    RequestItem,
    RequestVersion,
    TimelineStep,
)
from portfolio.intake.selectors.hints import hints_for, likeness_of
from portfolio.intake.selectors.requests import ages_of, sent
from portfolio.intake.selectors.settings import (
    may_edit,
    may_list_items,
    may_triage,
    rules,
    working_days,
)
from portfolio.intake.services import becoming, grounds, items, requests, triage
from projects.domain.kinds import BudgetKind
from projects.models import Project

NOT_YOURS = "Only the requester does this, while it is a draft or a question is asked."
NO_ITEMS = "The requester lists items of a draft, the office those of a request in triage."


class RequestResource(Writing):
    """Wishes for projects: drafts of the caller's own, and what was submitted and may be seen."""

    required_permission = Permission.REQUEST_SUBMIT
    read_permission = Permission.REQUEST_SUBMIT
    write_permission = Permission.REQUEST_SUBMIT
    queryset = ProjectRequest.objects.all()
    related = ("unit", "ground")
    serializer_class = shapes.RequestOutput
    input_class = shapes.RequestInput
    filterset_fields = ("state", "lane", "unit", "requester", "kind", "size", "cycle")
    ordering_fields = ("answer_due_on", "submitted_on", "title")

    def get_queryset(self) -> Any:
        projects = Project.objects.visible_to(self.caller).values("pk")
        decisions = Decision.objects.visible_to(self.caller).values("pk")
        others = ProjectRequest.objects.visible_to(self.caller).values("pk")
        return (
            super()
            .get_queryset()
            .annotate(
                shown_project=Case(When(project__in=projects, then=F("project_id"))),
                shown_decision=Case(
                    When(committee_decision__in=decisions, then=F("committee_decision_id"))
                ),
                shown_merged_into=Case(When(merged_into__in=others, then=F("merged_into_id"))),
            )
        )

    def add(self, values: dict[str, Any]) -> ProjectRequest:
        return requests.create_request(by=self.caller, **values)

    def change(
        self, record: ProjectRequest, version: int, values: dict[str, Any]
    ) -> ProjectRequest:
        self._own(record)
        return requests.change_request(request=record, version=version, by=self.caller, **values)

    @extend_schema(request=shapes.RequestStepInput, responses=shapes.RequestOutput)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Send a draft to triage; 400 names the gaps on its page."""
        del pk
        record, said = self._said(request, shapes.RequestStepInput)
        self._own(record)
        return self.answer(requests.submit_request(request=record, by=self.caller, **said))

    @extend_schema(request=shapes.RequestAnswerInput, responses=shapes.RequestOutput)
    @action(detail=True, methods=["post"], url_path="reply")
    def reply(self, request: Request, pk: str) -> Response:
        """Answer what was asked, with what changes on the page; the clock goes on."""
        del pk
        record: ProjectRequest = self.get_object()
        self._own(record)
        context = {**self.get_serializer_context(), "is_edit": True}
        shape = shapes.RequestAnswerInput(record, data=request.data, partial=True, context=context)
        shape.is_valid(raise_exception=True)
        said = {"answer": "", **shape.validated_data}
        return self.answer(requests.answer_request(request=record, by=self.caller, **said))

    @extend_schema(request=shapes.RequestWithdrawalInput, responses=shapes.RequestOutput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's own request back."""
        del pk
        record, said = self._said(request, shapes.RequestWithdrawalInput)
        self._own(record)
        return self.answer(requests.withdraw_request(request=record, by=self.caller, **said))

    @extend_schema(request=shapes.SponsorAnswerInput, responses={204: None})
    @action(detail=True, methods=["post"])
    def sponsor(self, request: Request, pk: str) -> Response:
        """Say as the sponsor who was asked whether one answers for it."""
        del pk
        record, said = self._said(request, shapes.SponsorAnswerInput)
        requests.answer_as_sponsor(request=record, by=self.caller, **said)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=shapes.RequestTriageInput, responses=shapes.RequestOutput)
    @action(detail=True, methods=["post"])
    def triage(self, request: Request, pk: str) -> Response:
        """Say lane, class, estimates, profile, worth and options."""
        del pk
        record = self._judged()
        context = {**self.get_serializer_context(), "is_edit": True}
        shape = shapes.RequestTriageInput(record, data=request.data, partial=True, context=context)
        shape.is_valid(raise_exception=True)
        return self.answer(
            triage.triage_request(request=record, by=self.caller, **shape.validated_data)
        )

    @extend_schema(request=shapes.TriageDecisionInput, responses=shapes.RequestOutput)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Decide with a reason; 409 says what is missing."""
        del pk
        record = self._judged()
        _, said = self._said(request, shapes.TriageDecisionInput)
        outcome = TriageOutcome(said.pop("outcome"))
        return self.answer(
            triage.decide_request(request=record, by=self.caller, outcome=outcome, **said)
        )

    @extend_schema(request=shapes.RequestReasonInput, responses=shapes.RequestOutput)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Take a decision back: the request is in triage again."""
        del pk
        record = self._judged()
        _, said = self._said(request, shapes.RequestReasonInput)
        return self.answer(triage.send_back(request=record, by=self.caller, **said))

    @extend_schema(request=shapes.GroundInput, responses={200: shapes.RequestOutput})
    @action(detail=True, methods=["post", "patch"])
    def ground(self, request: Request, pk: str) -> Response:
        """Give what makes it mandatory (POST), or change that (PATCH, with the ground's version)."""
        del pk
        record: ProjectRequest = self.get_object()
        if not (may_triage(self.caller, record) or may_edit(self.caller, record)):
            raise PermissionDenied(NOT_YOURS)
        is_edit = request.method == "PATCH"
        known = get_object_or_404(MandatoryGround, request=record) if is_edit else None
        context = {**self.get_serializer_context(), "is_edit": is_edit}
        shape = shapes.GroundInput(known, data=request.data, partial=is_edit, context=context)
        shape.is_valid(raise_exception=True)
        if known:
            grounds.change_ground(ground=known, by=self.caller, **shape.validated_data)
        else:
            grounds.give_ground(request=record, by=self.caller, **shape.validated_data)
        return self.answer(record)

    @extend_schema(request=shapes.RequestStepInput, responses=shapes.RequestOutput)
    @action(detail=True, methods=["post"], url_path="verify-ground")
    def verify_ground(self, request: Request, pk: str) -> Response:
        """Confirm the ground as a second person; `version` is the ground's."""
        del pk
        record = self._judged()
        _, said = self._said(request, shapes.RequestStepInput)
        ground = get_object_or_404(MandatoryGround, request=record)
        grounds.verify_ground(ground=ground, by=self.caller, **said)
        return self.answer(record)

    @extend_schema(request=shapes.NewProjectInput, responses=shapes.RequestOutput)
    @action(detail=True, methods=["post"])
    def project(self, request: Request, pk: str) -> Response:
        """Make it a project, in its own unit unless another is given."""
        del pk
        record: ProjectRequest = self.get_object()
        self.demand(Permission.PROJECT_CREATE, record)
        _, said = self._said(request, shapes.NewProjectInput)
        unit = said.pop("unit", record.unit)
        self.demand(Permission.PROJECT_CREATE, Project(unit=unit))
        becoming.make_project(request=record, by=self.caller, unit=unit, **said)
        return self.answer(record)

    @extend_schema(request=shapes.RequestStartInput, responses=shapes.RequestOutput)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Start its project from a template; the plan and all else comes with it."""
        del pk
        record: ProjectRequest = self.get_object()
        self.demand(Permission.PROJECT_CREATE, record)
        shape = shapes.RequestStartInput(data=request.data)
        shape.is_valid(raise_exception=True)
        said = shape.asked()
        self.demand(Permission.PROJECT_CREATE, Project(unit=said.get("unit", record.unit)))
        becoming.start_from_template(request=record, by=self.caller, **said)
        return self.answer(record)

    @extend_schema(request=shapes.LinkedProjectInput, responses=shapes.RequestOutput)
    @action(detail=True, methods=["post"], url_path="link-project")
    def link_project(self, request: Request, pk: str) -> Response:
        """Say which project it became, where that was added already."""
        del pk
        record = self._judged()
        _, said = self._said(request, shapes.LinkedProjectInput)
        return self.answer(becoming.link_project(request=record, by=self.caller, **said))

    @extend_schema(responses=shapes.AlikeOutput(many=True), filters=False)
    @action(detail=True, pagination_class=None, filter_backends=[])
    def hints(self, request: Request, pk: str) -> Response:
        """Return what may be the same, of what the caller may see: requests and running projects."""
        del request, pk
        record: ProjectRequest = self.get_object()
        found = hints_for(
            self.caller,
            likeness_of(record),
            rules=rules(),
            today=timezone.localdate(),
            besides=record.pk,
        )
        return Response(shapes.AlikeOutput(found, many=True).data)

    @extend_schema(responses=shapes.AgesOutput, filters=False)
    @action(detail=False, pagination_class=None, filter_backends=[])
    def ages(self, request: Request) -> Response:
        """Count the requests in triage that the caller may see by how near their answer is."""
        del request
        found = ages_of(sent(self.caller), timezone.localdate(), working_days())
        return Response({age.value: number for age, number in found.items()})

    def _own(self, record: ProjectRequest) -> None:
        """Refuse whoever is not the requester."""
        if record.requester_id != self.caller.pk:
            raise PermissionDenied(NOT_YOURS)

    def _judged(self) -> ProjectRequest:
        record: ProjectRequest = self.get_object()
        self.demand(Permission.REQUEST_TRIAGE, record)
        return record

    def _said(
        self, request: Request, shape: type[serializers.Serializer[Any]]
    ) -> tuple[ProjectRequest, dict[str, Any]]:
        record: ProjectRequest = self.get_object()
        serializer = shape(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return record, dict(serializer.validated_data)


class OfRequests(ReadingResource):
    """What belongs to a request, seen by whoever sees the request."""

    required_permission = read_permission = Permission.REQUEST_SUBMIT
    filterset_fields = ("request",)
    http_method_names = ["get", "head", "options"]

    def get_queryset(self) -> Any:
        visible = ProjectRequest.objects.visible_to(self.caller).values("pk")
        return super().get_queryset().filter(request__in=visible)


class RequestVersionResource(OfRequests):
    """Submissions as they were sent, for ever."""

    queryset = RequestVersion.objects.all()
    serializer_class = shapes.VersionOutput


class RequestStepResource(OfRequests):
    """What happened to requests, with reasons."""

    queryset = TimelineStep.objects.all()
    serializer_class = shapes.RequestStepOutput


class RequestItemResource(Writing, mixins.DestroyModelMixin):
    """What requests would buy."""

    required_permission = read_permission = Permission.REQUEST_SUBMIT
    write_permission: ClassVar[Permission] = Permission.REQUEST_SUBMIT
    queryset = RequestItem.objects.all()
    related = ("request__unit",)
    serializer_class = shapes.RequestItemOutput
    input_class = shapes.RequestItemInput
    fixed = ("request",)
    filterset_fields = ("request", "nature")

    def add(self, values: dict[str, Any]) -> RequestItem:
        record = values.pop("request")
        self._may(record)
        return items.create_item(request=record, by=self.caller, **values)

    def change(self, record: RequestItem, version: int, values: dict[str, Any]) -> RequestItem:
        self._may(record.request)
        return items.change_item(item=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: RequestItem) -> None:
        self._may(instance.request)
        items.remove_item(item=instance, by=self.caller)

    def _may(self, record: ProjectRequest) -> None:
        if not may_list_items(self.caller, record):
            raise PermissionDenied(NO_ITEMS)

    @extend_schema(request=shapes.ItemSideInput, responses=shapes.RequestItemOutput)
    @action(detail=True, methods=["post"])
    def classify(self, request: Request, pk: str) -> Response:
        """Say for finance what an item is instead of the rule."""
        del pk
        item: RequestItem = self.get_object()
        self.demand(Permission.REQUEST_CLASSIFY, item.request)
        shape = shapes.ItemSideInput(data=request.data)
        shape.is_valid(raise_exception=True)
        said = dict(shape.validated_data)
        side = said.pop("side")
        changed = items.classify_item(
            item=item, by=self.caller, side=BudgetKind(side) if side else None, **said
        )
        return self.answer(changed, status.HTTP_200_OK)
