from typing import Any

from rest_framework import serializers

from pmo.accounts.resources import Input, Strict, VisibleField
from portfolio.models import Alignment, Objective, Portfolio, PortfolioProject
from projects.models import Project


class PortfolioOutput(serializers.ModelSerializer[Portfolio]):
    class Meta:
        model = Portfolio
        fields = ("id", "code", "name", "description", "version")


class PortfolioInput(Input):
    class Meta:
        model = Portfolio
        fields = ("code", "name", "description", "version")


class EntryOutput(serializers.ModelSerializer[PortfolioProject]):
    class Meta:
        model = PortfolioProject
        fields = ("id", "portfolio", "project", "added_on", "removed_on")


class EntryInput(Strict):
    """A project that joins a portfolio from today on."""

    portfolio = serializers.PrimaryKeyRelatedField(queryset=Portfolio.objects.all())
    project = VisibleField(queryset=Project.objects.all())


class EntriesInput(Strict):
    """Projects that join a portfolio from today on, all in one step."""

    portfolio = serializers.PrimaryKeyRelatedField(queryset=Portfolio.objects.all())
    projects = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        allow_empty=False,
        max_length=1000,
        help_text="Ids of projects.",
    )


class EntryResult(serializers.Serializer[Any]):
    """What became of one project."""

    project = serializers.IntegerField()
    result = serializers.ChoiceField(choices=["added", "already in it", "refused"])
    reason = serializers.CharField(help_text="Why it was refused; empty otherwise.")


class ObjectiveOutput(serializers.ModelSerializer[Objective]):
    class Meta:
        model = Objective
        fields = ("id", "code", "name", "pillar", "description", "version")


class ObjectiveInput(Input):
    class Meta:
        model = Objective
        fields = ("code", "name", "pillar", "description", "version")


class AlignmentOutput(serializers.ModelSerializer[Alignment]):
    class Meta:
        model = Alignment
        fields = ("id", "project", "objective", "strength", "contribution", "version")


class AlignmentInput(Input):
    project = VisibleField(queryset=Project.objects.all())

    class Meta:
        model = Alignment
        fields = ("project", "objective", "strength", "contribution", "version")
