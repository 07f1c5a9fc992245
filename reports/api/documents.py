"""Weekly summaries and variance reports over the API, each reader's own copy."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import Reading
from reports.models import Summary, VarianceReport
from reports.selectors.documents import summaries_for, variance_reports, visible_ids
from reports.selectors.reading import print_data, reading_of
from reports.serializers import (
    JobOutput,
    SummaryFull,
    SummaryOutput,
    VarianceFull,
    VarianceInput,
    VarianceOutput,
)
from reports.services.summaries import note_reading
from reports.services.variance import request_variance


def own_lines(content: dict[str, Any], seen: set[int]) -> list[dict[str, Any]]:
    """Return the stored lines of the projects this reader may see."""
    return [line for line in content["lines"] if line["id"] in seen]


class SummaryResource(Reading):
    """
    The executives' page of a portfolio and week; drafts for those who review them.

    One summary holds `sheet`, what page, PDF and mail print for this reader, and `lines`, one per
    project the reader may see. Figures are made of those lines alone.
    """

    required_permission = read_permission = Permission.SUMMARY_VIEW
    queryset = Summary.objects.all()
    related = ("portfolio",)
    serializer_class = SummaryOutput
    filterset_fields = ("portfolio", "date", "state")
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
            "lines": own_lines(summary.content, set(visible_ids(self.caller))),
        }
        return Response(full)


class VarianceResource(Reading):
    """Cost and schedule against the approved plan. Asking for one answers with the job that makes it."""

    required_permission = read_permission = Permission.DASHBOARD_VIEW
    queryset = VarianceReport.objects.all()
    serializer_class = VarianceOutput
    filterset_fields = ("portfolio", "date", "compared_with")
    ordering = ("-date",)
    ordering_fields = ("date", "made_at")
    http_method_names = ["get", "head", "options", "post"]

    def get_queryset(self) -> QuerySet[VarianceReport]:
        return variance_reports()

    @extend_schema(responses=VarianceFull)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        del request, args, kwargs
        report = self.get_object()
        lines = own_lines(report.content, set(visible_ids(self.caller)))
        return Response({**VarianceOutput(report).data, "lines": lines})

    @extend_schema(request=VarianceInput, responses={202: JobOutput})
    def create(self, request: Request) -> Response:
        self.demand(Permission.REPORT_RUN)
        serializer = VarianceInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        job = request_variance(
            portfolio=said["portfolio"],
            day=said["date"],
            compared_with=said.get("compared_with"),
            by=self.caller,
        )
        return Response(JobOutput(job).data, status=status.HTTP_202_ACCEPTED)
