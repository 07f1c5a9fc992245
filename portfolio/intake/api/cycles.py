"""Capital cycles, draws on their contingency, the replacement list and the rules of intake over the API."""

from typing import Any

from django.db.models import Case, F, Q, When
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import ReadingResource, Writing
from portfolio.intake import serializers as shapes
from portfolio.intake.models import (
    CapitalCycle,
    ContingencyDraw,
    IntakeRules,
    ProjectRequest,
    ReplacementItem,
)
from portfolio.intake.models.capital import ONLY
from portfolio.intake.selectors.capital import ranked
from portfolio.intake.selectors.settings import rules
from portfolio.intake.services import cycles as services
from portfolio.intake.services.replacing import request_replacement
from portfolio.intake.words import cycles as words


class CapitalCycleResource(Writing):
    """Each year's round of capital."""

    required_permission = read_permission = Permission.CAPITAL_VIEW
    write_permission = Permission.CAPITAL_CHANGE
    queryset = CapitalCycle.objects.all()
    serializer_class = shapes.CycleOutput
    input_class = shapes.CycleInput
    filterset_fields = ("year",)
    ordering_fields = ("year",)

    def add(self, values: dict[str, Any]) -> CapitalCycle:
        return services.create_cycle(by=self.caller, **values)

    def change(self, record: CapitalCycle, version: int, values: dict[str, Any]) -> CapitalCycle:
        return services.change_cycle(cycle=record, version=version, by=self.caller, **values)


class ContingencyDrawResource(Writing):
    """Money taken from a cycle's contingency. Draws are added, never changed; too much answers 409."""

    required_permission = read_permission = Permission.CAPITAL_VIEW
    write_permission = Permission.CAPITAL_CHANGE
    queryset = ContingencyDraw.objects.all()
    serializer_class = shapes.ContingencyDrawOutput
    input_class = shapes.ContingencyDrawInput
    filterset_fields = ("cycle",)
    ordering_fields = ("drawn_on",)
    http_method_names = ["get", "head", "options", "post"]

    def get_queryset(self) -> Any:
        visible = ProjectRequest.objects.visible_to(self.caller).values("pk")
        is_open = Q(request=None) | Q(request__in=visible)
        return super().get_queryset().annotate(shown_reason=Case(When(is_open, then=F("reason"))))

    def add(self, values: dict[str, Any]) -> ContingencyDraw:
        return services.draw_contingency(by=self.caller, **values)


class ReplacementResource(Writing):
    """What is in use and will have to be replaced."""

    required_permission = read_permission = Permission.REQUEST_VIEW
    write_permission = Permission.CAPITAL_CHANGE
    queryset = ReplacementItem.objects.all()
    related = ("unit",)
    serializer_class = shapes.ReplacementOutput
    input_class = shapes.ReplacementInput
    filterset_fields = ("unit", "support", "is_active")
    ordering_fields = ("name", "in_use_since")

    def get_queryset(self) -> Any:
        visible = ProjectRequest.objects.visible_to(self.caller).values("pk")
        shown = Case(When(request__in=visible, then=F("request_id")))
        return super().get_queryset().annotate(shown_request=shown)

    def add(self, values: dict[str, Any]) -> ReplacementItem:
        self.demand(self.write_permission, ReplacementItem(unit=values["unit"]))
        return services.create_replacement(by=self.caller, **values)

    def change(
        self, record: ReplacementItem, version: int, values: dict[str, Any]
    ) -> ReplacementItem:
        self.demand(self.write_permission, record)
        if "unit" in values:  # where it goes
            self.demand(self.write_permission, ReplacementItem(unit=values["unit"]))
        return services.change_replacement(item=record, version=version, by=self.caller, **values)

    @extend_schema(request=None, responses={201: shapes.RequestOutput})
    @action(detail=True, methods=["post"], url_path="request")
    def ask(self, request: Request, pk: str) -> Response:
        """Make a draft of a request that replaces it; 409 while another one is under way."""
        del request, pk
        item: ReplacementItem = self.get_object()
        self.demand(self.write_permission, item)
        made = request_replacement(item=item, by=self.caller, title=words.replace_title(item))
        return Response(shapes.RequestOutput(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=shapes.ReplacementScore(many=True), filters=False)
    @action(detail=False, pagination_class=None, filter_backends=[])
    def ranking(self, request: Request) -> Response:
        """Return what is on the list by score, the most urgent first."""
        del request
        items = self.get_queryset().filter(is_active=True)
        rows = [
            {
                "id": one.item.pk,
                "score": one.score,
                "signs": [sign.value for sign in one.signs],
                "is_due": one.is_due,
            }
            for one in ranked(items, rules(), timezone.localdate())
        ]
        return Response(shapes.ReplacementScore(rows, many=True).data)


class IntakeRulesResource(ReadingResource):
    """The thresholds of intake: always one record, with the id 1."""

    required_permission = read_permission = Permission.REQUEST_VIEW
    queryset = IntakeRules.objects.all()
    serializer_class = shapes.IntakeRulesOutput
    input_class = shapes.IntakeRulesInput  # of changes; the schema reads it
    fixed: tuple[str, ...] = ()
    filterset_fields: tuple[str, ...] = ()
    http_method_names = ["get", "head", "options", "patch"]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer the one record, also before it was saved for the first time."""
        del args, kwargs
        self.filter_queryset(self.get_queryset())  # refuses what it does not know
        del request
        page = self.paginate_queryset([rules()])
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def get_object(self) -> IntakeRules:
        if str(self.kwargs["pk"]) != str(ONLY):
            raise Http404
        return rules()

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is named."""
        del pk
        record = self.get_object()
        self.demand(Permission.INTAKE_RULES)
        shape = self.input_class(record, data=request.data, partial=True, context={"is_edit": True})
        shape.is_valid(raise_exception=True)
        values = dict(shape.validated_data)
        changed = services.change_rules(by=self.caller, version=values.pop("version"), **values)
        return Response(self.get_serializer(changed).data)
