"""Weekly summaries and variance reports over the API, each reader's own copy."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.resources import ReadingResource
from pmo.common.folding import fold
from reports.domain.landing import landing_of, numbers_of
from reports.domain.lines import Seen, named, named_mark
from reports.models import Freeze, Summary, VarianceReport, columns_of
from reports.selectors.documents import (
    finished_in,
    stored_lines,
    stored_marks,
    summaries_for,
    variance_reports,
    visible_ids,
)
from reports.selectors.scopes import scope_named
from reports.serializers import (
    SCOPE,
    FreezeInput,
    FreezeOutput,
    JobOutput,
    SummaryFull,
    SummaryOutput,
    VarianceFull,
    VarianceInput,
    VarianceOutput,
    VoidInput,
)
from reports.services.early import request_freeze
from reports.services.summaries import note_reading
from reports.services.variance import request_variance
from reports.services.voiding import void_freeze
from reports.words.reading import print_data, reading_of
from reports.words.scopes import NO_SCOPE

LAST = "9999"  # after every day


def own_copy(document: Summary | VarianceReport, reader: User) -> dict[str, Any]:
    """Return the stored lines of the projects this reader may see, in today's names, and where they land."""
    seen = visible_ids(reader)
    lines = [named(line) for line in stored_lines(document) if line["id"] in seen]
    found = Seen.of(lines, seen, finished_in(document))
    return {"lines": lines, "landing": numbers_of(landing_of(found))}


def with_milestones(report: VarianceReport, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the milestones back into the lines they belong to, by date."""
    found: dict[int, list[dict[str, Any]]] = {
        line["id"]: [] for line in lines if line.pop("milestones_apart", 0)
    }
    for mark in stored_marks(report):
        if (marks := found.get(mark.pop("project"))) is not None:
            marks.append(named_mark(mark))
    for marks in found.values():
        marks.sort(key=lambda mark: (mark.get("due_date", LAST), fold(mark["name"])))
    return [
        line | ({"milestones": found[line["id"]]} if line["id"] in found else {}) for line in lines
    ]


class ScopedFilter(django_filters.FilterSet):
    """Keep the documents about one scope, by its key."""

    scope = django_filters.CharFilter(method="of_scope", help_text=SCOPE)

    def of_scope(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        scope = scope_named(text)
        if scope is None:
            raise ValidationError({"scope": [NO_SCOPE]})
        return rows.filter(**columns_of(scope.key))


class SummaryFilter(ScopedFilter):
    class Meta:
        model = Summary
        fields = ("portfolio", "program", "unit", "date", "is_early", "state")


class VarianceFilter(ScopedFilter):
    class Meta:
        model = VarianceReport
        fields = ("portfolio", "program", "unit", "date", "is_early", "compared_with")


class SummaryResource(ReadingResource):
    """
    The executives' page of a scope and week; drafts for those who review them.

    One summary holds `sheet`, what page, PDF and mail print for this reader, and `lines`, one per
    project the reader may see. Figures are made of those lines alone.
    """

    required_permission = read_permission = Permission.SUMMARY_VIEW
    queryset = Summary.objects.all()
    related = ("portfolio", "program", "unit")
    serializer_class = SummaryOutput
    filterset_class = SummaryFilter
    ordering = ("-date",)
    ordering_fields = ("date",)

    def get_queryset(self) -> QuerySet[Summary]:
        return summaries_for(self.caller)

    @extend_schema(responses=SummaryFull)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        del request, args, kwargs
        summary = self.get_object()
        note_reading(summary=summary, by=self.caller)
        full = {
            **SummaryOutput(summary).data,
            "sheet": print_data(reading_of(summary, self.caller)),
            **own_copy(summary, self.caller),
        }
        return Response(full)


class VarianceResource(ReadingResource):
    """Cost and schedule against the approved plan. Asking for one answers with the job that makes it."""

    required_permission = read_permission = Permission.DASHBOARD_VIEW
    queryset = VarianceReport.objects.all()
    serializer_class = VarianceOutput
    filterset_class = VarianceFilter
    ordering = ("-date",)
    ordering_fields = ("date", "made_at")
    http_method_names = ["get", "head", "options", "post"]

    def get_queryset(self) -> QuerySet[VarianceReport]:
        return variance_reports()

    @extend_schema(responses=VarianceFull)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        del request, args, kwargs
        report = self.get_object()
        copy = own_copy(report, self.caller)
        copy["lines"] = with_milestones(report, copy["lines"])
        return Response({**VarianceOutput(report).data, **copy})

    @extend_schema(request=VarianceInput, responses={202: JobOutput})
    def create(self, request: Request) -> Response:
        self.demand(Permission.REPORT_RUN)
        serializer = VarianceInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        job = request_variance(
            scope=said["scope"],
            day=said["date"],
            is_early=said["is_early"],
            compared_with=said.get("compared_with"),
            by=self.caller,
        )
        return Response(JobOutput(job).data, status=status.HTTP_202_ACCEPTED)


class FreezeResource(ReadingResource):
    """
    When figures were kept: each week at its end, early by hand, or imported as of a date.

    Posting nothing freezes today's figures, once a day: 201 with the freeze, or 202 with the job that
    makes it where there are many projects. The week's freeze comes all the same. A voided freeze is not
    listed; it is read by its id.
    """

    required_permission = read_permission = Permission.DASHBOARD_VIEW
    write_permission = Permission.FREEZE_VOID  # of one freeze; making one asks for its own
    queryset = Freeze.with_voided.all()
    related = ("voided",)
    serializer_class = FreezeOutput
    filterset_fields = ("date", "kind", "portfolio")
    ordering = ("-date",)
    ordering_fields = ("date", "frozen_at")
    http_method_names = ["get", "head", "options", "post"]

    def get_queryset(self) -> QuerySet[Freeze]:
        freezes: QuerySet[Freeze] = super().get_queryset()
        return freezes.filter(voided=None) if self.action == "list" else freezes

    @extend_schema(request=VoidInput, responses=FreezeOutput)
    @action(detail=True, methods=["post"])
    def void(self, request: Request, pk: str) -> Response:
        """Let a freeze count no more, for a reason that stays beside it. This cannot be undone."""
        del pk
        freeze = self.get_object()
        said = VoidInput(data=request.data)
        said.is_valid(raise_exception=True)
        void_freeze(freeze=freeze, reason=said.validated_data["reason"], by=self.caller)
        return Response(FreezeOutput(self.get_object()).data)

    @extend_schema(request=FreezeInput, responses={201: FreezeOutput, 202: JobOutput})
    def create(self, request: Request) -> Response:
        self.demand(Permission.FREEZE_NOW)
        FreezeInput(data=request.data).is_valid(raise_exception=True)
        made = request_freeze(by=self.caller)
        if isinstance(made, Freeze):
            return Response(FreezeOutput(made).data, status=status.HTTP_201_CREATED)
        return Response(JobOutput(made).data, status=status.HTTP_202_ACCEPTED)
