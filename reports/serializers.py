from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from pmo.accounts.resources import Strict
from pmo.common.api.ids import RecordField
from pmo.common.models import AuditEvent, Job
from pmo.common.records.fields import no_control_characters, no_patient_data
from portfolio.models import Portfolio
from reports.domain.figure_table import FIELDS, Use, names_in
from reports.domain.reconciliation import Basis, StepKind
from reports.models import Freeze, Snapshot, Summary, VarianceReport, VoidedFreeze, scope_of
from reports.selectors.scopes import scope_named
from reports.words.scopes import NO_SCOPE

LANDING = (
    "Where the projects will land: the headline (managers' forecast against approved budget), sums of"
    " earned value with the range of estimates, how late the median project is, and how far forecasts"
    " of finished projects were off; `is_lent` where those of the portfolio were too few and all that"
    " the reader may see are taken."
)
SCOPE = "`hospital`, `portfolio-3`, `program-4` or `unit-5`: a unit with those below it."
INSIDE = names_in(Use.INSIDE)


class SnapshotOutput(serializers.ModelSerializer[Snapshot]):
    """Every figure of one project at one date; null with its reason in `reasons` where not known."""

    date = serializers.SerializerMethodField(help_text="The day of the freeze; null for now.")
    status_update = serializers.PrimaryKeyRelatedField[Any](source="update", read_only=True)
    manager_is_active = serializers.BooleanField(
        source="manager.is_active",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="False for somebody who is deactivated today; null where nobody is known by id.",
    )

    class Meta:
        model = Snapshot
        fields = (
            *(f.name for f in Snapshot._meta.concrete_fields if f.name not in INSIDE),
            "status_update",
            "manager_is_active",
        )
        extra_kwargs: ClassVar = {one.name: {"help_text": one.told} for one in FIELDS}

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_date(self, row: Snapshot) -> str | None:
        return None if row.is_live else row.date.isoformat()


class JobOutput(serializers.ModelSerializer[Job]):
    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "key",
            "state",
            "done",
            "total",
            "message",
            "error",
            "result",
            "created_at",
            "finished_at",
        )


class EventOutput(serializers.ModelSerializer[AuditEvent]):
    class Meta:
        model = AuditEvent
        fields = (
            "id",
            "sequence",
            "at",
            "by",
            "action",
            "target",
            "scope",
            "body",
            "previous_mac",
            "mac",
        )


class ScopedOutput(serializers.Serializer[Any]):
    """What a document is about; `portfolio` is null for all but a portfolio, as are the others."""

    scope = serializers.CharField(source="scope_key", read_only=True, help_text=SCOPE)
    scope_name = serializers.CharField(source="scope.name", read_only=True)
    portfolio_name = serializers.CharField(
        source="portfolio.name", read_only=True, default=None, allow_null=True
    )


SCOPED = ("scope", "scope_name", "portfolio", "portfolio_name", "program", "unit")


class SummaryOutput(ScopedOutput, serializers.ModelSerializer[Summary]):
    class Meta:
        model = Summary
        fields: tuple[str, ...] = (
            "id",
            *SCOPED,
            "date",
            "is_early",
            "compared_with",
            "state",
            "compiled_at",
            "issued_at",
            "seal",
        )


class SummaryFull(SummaryOutput):
    """A summary with what this reader's copy says and the lines it is made of."""

    sheet = serializers.DictField(read_only=True)
    lines = serializers.ListField(child=serializers.DictField(), read_only=True)
    landing = serializers.DictField(read_only=True, help_text=LANDING)

    class Meta(SummaryOutput.Meta):
        fields = (*SummaryOutput.Meta.fields, "sheet", "lines", "landing")


def _amount(*, null: bool = False) -> "serializers.DecimalField":
    return serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=null)


class HeadlineOutput(serializers.Serializer[Any]):
    """
    Managers' forecast against approved budget, over the `compared` projects that have both.

    The calculated landing is over the `calculated`, its difference from the forecast over the
    `challenged` projects that have both.
    """

    projects = serializers.IntegerField()
    compared = serializers.IntegerField()
    approved_budget = _amount(null=True)
    managers_forecast = _amount(null=True)
    over_or_under = _amount(null=True)
    calculated = serializers.IntegerField()
    calculated_landing = _amount(null=True)
    challenged = serializers.IntegerField()
    calculated_minus_forecast = _amount(null=True)


class WalkPartOutput(serializers.Serializer[Any]):
    """What one project adds; an amount is null where that figure does not hold the project."""

    project = serializers.IntegerField()
    code = serializers.CharField()
    before = _amount(null=True)
    after = _amount(null=True)
    amount = _amount()


class WalkStepOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[kind.value for kind in StepKind])
    reason = serializers.CharField()
    amount = _amount()
    projects = WalkPartOutput(many=True)


class WalkLevelOutput(serializers.Serializer[Any]):
    basis = serializers.ChoiceField(choices=[basis.value for basis in Basis])
    amount = _amount()
    projects = serializers.IntegerField()


class WalkOutput(serializers.Serializer[Any]):
    """From one figure to another: `start` and the amounts of the steps add up to `end`."""

    start = WalkLevelOutput()
    steps = WalkStepOutput(many=True)
    end = WalkLevelOutput()


class LandingOutput(serializers.Serializer[Any]):
    """Where the money will land, over the projects that the reader may see."""

    as_of = serializers.DateField(allow_null=True, help_text="The frozen day; null for now.")
    headline = HeadlineOutput()
    walks = WalkOutput(many=True)
    unknown = serializers.ListField(
        child=serializers.ChoiceField(choices=[basis.value for basis in Basis]),
        help_text="Figures that no project here has.",
    )


class VoidedOutput(serializers.ModelSerializer[VoidedFreeze]):
    class Meta:
        model = VoidedFreeze
        fields = ("at", "by", "reason")


class VoidInput(Strict):
    """Why a freeze counts no more."""

    reason = serializers.CharField(
        max_length=300, validators=[no_patient_data, no_control_characters]
    )


class FreezeOutput(serializers.ModelSerializer[Freeze]):
    """
    One freeze: for the organization, or of one imported portfolio. `by` is null for the clock.

    `taken_on` is the day its last row was computed, later than `date` where the freeze was late.
    `voided` says who voided it, when and why; null for one that counts.
    """

    voided = serializers.SerializerMethodField()

    class Meta:
        model = Freeze
        fields = (
            "id",
            "date",
            "kind",
            "portfolio",
            "frozen_at",
            "rows",
            "by",
            "taken_on",
            "voided",
        )

    @extend_schema_field(VoidedOutput(allow_null=True))
    def get_voided(self, freeze: Freeze) -> dict[str, Any] | None:
        voided = getattr(freeze, "voided", None)
        return VoidedOutput(voided).data if voided else None


class FreezeInput(Strict):
    """Nothing to say: today's figures are frozen as they stand."""


class VarianceOutput(ScopedOutput, serializers.ModelSerializer[VarianceReport]):
    class Meta:
        model = VarianceReport
        fields: tuple[str, ...] = (
            "id",
            *SCOPED,
            "date",
            "is_early",
            "compared_with",
            "made_at",
        )


class VarianceFull(VarianceOutput):
    """A variance report with the lines of the projects this reader may see."""

    lines = serializers.ListField(child=serializers.DictField(), read_only=True)
    landing = serializers.DictField(read_only=True, help_text=LANDING)

    class Meta(VarianceOutput.Meta):
        fields = (*VarianceOutput.Meta.fields, "lines", "landing")


class VarianceInput(Strict):
    """A frozen day to report on, and an earlier one to compare with."""

    scope = serializers.CharField(required=False, help_text=SCOPE)
    portfolio = RecordField(
        queryset=Portfolio.objects.all(), required=False, help_text="The same as its scope."
    )
    date = serializers.DateField()
    is_early = serializers.BooleanField(
        default=False, help_text="The freeze of that day that was taken early."
    )
    compared_with = serializers.DateField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Put what the report is about in the place of its names; one of them is needed."""
        text, portfolio = attrs.pop("scope", ""), attrs.pop("portfolio", None)
        if bool(text) == bool(portfolio):
            raise serializers.ValidationError({"scope": ["Say what the report is about, once."]})
        scope = scope_of(portfolio) if portfolio else scope_named(text)
        if scope is None:
            raise serializers.ValidationError({"scope": [NO_SCOPE]})
        return attrs | {"scope": scope}
