"""Funding sources and month forecasts, as the API reads and writes them."""

from typing import Any

from rest_framework import serializers

from pmo.accounts.resources import Input, VisibleField
from projects.models import BudgetLine, FundingSource, MonthForecast, Project

SOURCE = (
    "code",
    "name",
    "kind",
    "restriction",
    "amount",
    "available_from",
    "expires_on",
)


class FundingSourceOutput(serializers.ModelSerializer[FundingSource]):
    class Meta:
        model = FundingSource
        fields = ("id", *SOURCE, "version")


class FundingSourceInput(Input):
    class Meta:
        model = FundingSource
        fields = (*SOURCE, "version")


class AmountOutput(serializers.Serializer[Any]):
    """An amount, or null with the reason why it is not known."""

    value = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class DrawOutput(serializers.Serializer[Any]):
    """What one project draws on the source; `left` is what will lapse."""

    project = serializers.IntegerField(source="project_id")
    allotted = AmountOutput()
    spent = serializers.DecimalField(max_digits=18, decimal_places=2)
    committed = serializers.DecimalField(max_digits=18, decimal_places=2)
    spent_and_to_come = AmountOutput(source="forecast")
    left = AmountOutput()


class SourceMoneyOutput(serializers.Serializer[Any]):
    """Sums over the projects that the caller may see; `has_hidden` tells that there are others."""

    allotted = AmountOutput()
    unallotted = AmountOutput()
    over_allotted = serializers.DecimalField(max_digits=18, decimal_places=2)
    spent = serializers.DecimalField(max_digits=18, decimal_places=2)
    committed = serializers.DecimalField(max_digits=18, decimal_places=2)
    spent_and_to_come = AmountOutput(source="forecast")
    left = AmountOutput()
    has_hidden = serializers.BooleanField()
    draws = DrawOutput(many=True)


class MonthForecastOutput(serializers.ModelSerializer[MonthForecast]):
    class Meta:
        model = MonthForecast
        fields = ("id", "project", "line", "month", "amount", "made_on")


class MonthForecastInput(Input):
    project = VisibleField(queryset=Project.objects.all())
    line = VisibleField(queryset=BudgetLine.objects.all(), allow_null=True, required=False)
    use_as_forecast = serializers.BooleanField(
        default=False, help_text="Make spent to date plus the months to come the forecast cost."
    )
    version = None  # type: ignore[assignment]  # Django's way to drop a field: an entry never changes

    class Meta:
        model = MonthForecast
        fields = ("project", "line", "month", "amount", "use_as_forecast")
