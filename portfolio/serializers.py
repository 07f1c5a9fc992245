from typing import Any

from rest_framework import serializers

from pmo.accounts.resources import Input, Strict, VisibleField
from pmo.common.api.ids import RecordField
from pmo.common.records.fields import Line, Prose
from portfolio.models import Alignment, ColorValidation, Objective, Portfolio, PortfolioProject
from projects.domain.colors import CHOICES as COLORS
from projects.domain.office import OfficeKind
from projects.models import Project, StatusUpdate


class PortfolioOutput(serializers.ModelSerializer[Portfolio]):
    class Meta:
        model = Portfolio
        fields = ("id", "code", "name", "description", "kind", "version")


class PortfolioInput(Input):
    """The kind of office is given once; later `kind` switches it, and `kind_preview` says what that does."""

    class Meta:
        model = Portfolio
        fields = ("code", "name", "description", "kind", "version")


class KindInput(Strict):
    """Another kind of office. `version` is that of the portfolio."""

    kind = serializers.ChoiceField(choices=OfficeKind.choices(), allow_blank=True)
    version = serializers.IntegerField(min_value=1)


class RuleChangeOutput(serializers.Serializer[Any]):
    row = serializers.CharField(help_text="The row of the table: gates, status …")
    before = serializers.CharField()
    after = serializers.CharField()


class SwitchedOutput(serializers.Serializer[Any]):
    """What another kind would change for one project."""

    project = serializers.IntegerField(source="project.pk")
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    changes = RuleChangeOutput(many=True)


class ValidationInput(Strict):
    """The color that stands; another than was said needs a reason, and red says what help it needs."""

    status_update = VisibleField(queryset=StatusUpdate.objects.all(), source="update")
    color = serializers.ChoiceField(choices=COLORS)
    reason = serializers.CharField(
        max_length=280, allow_blank=True, default="", validators=[*Prose.default_validators]
    )
    help_needed = serializers.CharField(
        max_length=280, allow_blank=True, default="", validators=[*Prose.default_validators]
    )
    help_from = serializers.CharField(
        max_length=120, allow_blank=True, default="", validators=[*Line.default_validators]
    )
    help_due = serializers.DateField(allow_null=True, default=None)


class ValidationOutput(serializers.ModelSerializer[ColorValidation]):
    class Meta:
        model = ColorValidation
        fields = ("id", "project", "update", "said", "color", "reason", "validated_at")


class EntryOutput(serializers.ModelSerializer[PortfolioProject]):
    class Meta:
        model = PortfolioProject
        fields = ("id", "portfolio", "project", "added_on", "removed_on")


class EntryInput(Strict):
    """A project that joins a portfolio from today on."""

    portfolio = RecordField(queryset=Portfolio.objects.all())
    project = VisibleField(queryset=Project.objects.all())


class EntriesInput(Strict):
    """Projects that join a portfolio from today on, all in one step."""

    portfolio = RecordField(queryset=Portfolio.objects.all())
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
