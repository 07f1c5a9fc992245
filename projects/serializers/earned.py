"""Earned value and causes of differences, as the API reads and writes them."""

from typing import Any

from rest_framework import serializers

from pmo.accounts.resources import Input, VisibleField
from projects.models import Project, VarianceCause

CAUSE = ("measure", "cause", "amount", "days", "explanation")


class VarianceCauseOutput(serializers.ModelSerializer[VarianceCause]):
    class Meta:
        model = VarianceCause
        fields = ("id", "project", *CAUSE, "noted_on", "version")


class VarianceCauseInput(Input):
    project = VisibleField(queryset=Project.objects.all())

    class Meta:
        model = VarianceCause
        fields = ("project", *CAUSE, "version")


class EarnedFigureOutput(serializers.Serializer[Any]):
    """One figure; null with the reason why it is not known."""

    key = serializers.CharField()
    name = serializers.CharField()
    term = serializers.CharField()
    unit = serializers.ChoiceField(choices=["money", "ratio", "share", "days"])
    value = serializers.DecimalField(
        max_digits=None, decimal_places=None, allow_null=True, help_text="Not rounded."
    )
    reason = serializers.CharField()
    formula = serializers.CharField()


class EarnedValueOutput(serializers.Serializer[Any]):
    """Every figure of earned value of one project as of a day."""

    as_of = serializers.DateField()
    baseline = serializers.IntegerField(allow_null=True, help_text="Its number.")
    method = serializers.CharField(help_text="How the headline estimate was made; may be empty.")
    finish = serializers.DateField(allow_null=True, help_text="At the pace in time so far.")
    finish_reason = serializers.CharField()
    figures = EarnedFigureOutput(many=True)
