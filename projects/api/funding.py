"""Funding sources and month forecasts over the API."""

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import Writing
from pmo.common.records.writing import RefusalError
from projects.models import FundingSource, MonthForecast, Project
from projects.selectors.funding import sources_of
from projects.serializers import funding as serializers
from projects.services import funding, months


class FundingSourceResource(Writing, mixins.DestroyModelMixin):
    """Where money comes from, what it may be spent on and until when."""

    required_permission = read_permission = Permission.FUNDING_VIEW
    write_permission = Permission.FUNDING_CHANGE
    queryset = FundingSource.objects.all()
    serializer_class = serializers.FundingSourceOutput
    input_class = serializers.FundingSourceInput
    filterset_fields = ("code", "kind")
    ordering_fields = ("code", "name", "expires_on")

    def add(self, values: dict[str, Any]) -> FundingSource:
        return funding.create_source(by=self.caller, **values)

    def change(self, record: FundingSource, version: int, values: dict[str, Any]) -> FundingSource:
        return funding.change_source(source=record, version=version, by=self.caller, **values)

    @extend_schema(responses=serializers.SourceMoneyOutput)
    @action(detail=True)
    def money(self, request: Request, pk: str) -> Response:
        """What the projects the caller may see draw on the source, and what of it will lapse."""
        del request, pk
        visible = Project.objects.visible_to(self.caller)
        found = sources_of([self.get_object()], visible, as_of=timezone.localdate())[0]
        return Response(serializers.SourceMoneyOutput(found).data)

    def perform_destroy(self, instance: FundingSource) -> None:
        funding.remove_source(source=instance, by=self.caller)


class MonthForecastFilter(django_filters.FilterSet):
    from_month = django_filters.DateFilter(
        field_name="month", lookup_expr="gte", label="Of this month or later"
    )
    until_month = django_filters.DateFilter(
        field_name="month", lookup_expr="lte", label="Of this month or earlier"
    )

    class Meta:
        model = MonthForecast
        fields = ("project", "line", "made_on")


class MonthForecastResource(Writing):
    """What months were expected to cost, as it was said. The latest of a line and month counts."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.FORECAST_CHANGE
    queryset = MonthForecast.objects.all()
    related = ("project__unit",)
    serializer_class = serializers.MonthForecastOutput
    input_class = serializers.MonthForecastInput
    filterset_class = MonthForecastFilter
    ordering_fields = ("month", "made_on")
    http_method_names = ["get", "head", "options", "post"]

    def add(self, values: dict[str, Any]) -> MonthForecast:
        cell = (values.get("line"), values["month"])
        made = months.forecast_months(
            project=values["project"],
            cells={cell: values["amount"]},
            use_as_forecast=values["use_as_forecast"],
            by=self.caller,
        )
        return made[0] if made else self.same_as_latest(values)

    def same_as_latest(self, values: dict[str, Any]) -> MonthForecast:
        """Return the entry that says this already."""
        rows = MonthForecast.objects.filter(
            project=values["project"], line=values.get("line"), month=values["month"]
        )
        latest = rows.order_by("-made_on", "-pk").first()
        if latest is None:
            raise RefusalError("Nothing is forecast for this month, so 0 takes nothing back.")
        return latest
