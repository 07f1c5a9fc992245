"""Baselines, change requests, reserves and tolerances, as the API reads and writes them."""

from rest_framework import serializers

from pmo.accounts.resources import Input, Strict, VisibleField
from projects.domain.change_control import DEFAULT_LIMITS
from projects.models import (
    Baseline,
    BaselineItem,
    BaselinePeriod,
    BudgetLine,
    ChangeRequest,
    Project,
    ReserveMovement,
    Tolerance,
)
from projects.selectors.baselining import FROZEN

RAISED = ("title", "justification", "cause", "is_emergency")
EFFECTS = (
    "scope_effect",
    "schedule_effect_days",
    "cost_effect",
    "funding",
    "budget_line",
    "benefit_effect",
    "quality_effect",
)


class BaselineOutput(serializers.ModelSerializer[Baseline]):
    class Meta:
        model = Baseline
        fields = (
            "id",
            "project",
            "number",
            "name",
            "reason",
            "change_request",
            "approved_by",
            "approved_on",
            "earns_by",
            "start",
            "finish",
            "distributed",
            "undistributed",
            "contingency",
            "management_reserve",
            "includes_contingency",
            "budget_at_completion",
            "calendars",
        )


class BaselineItemOutput(serializers.ModelSerializer[BaselineItem]):
    class Meta:
        model = BaselineItem
        fields = FROZEN


class BaselinePeriodOutput(serializers.ModelSerializer[BaselinePeriod]):
    class Meta:
        model = BaselinePeriod
        fields = ("month", "kind", "amount")


class BaselineInput(Strict):
    """The first baseline of a project; later ones come from implemented change requests."""

    project = VisibleField(queryset=Project.objects.all())
    name = serializers.CharField(max_length=120)
    reason = serializers.CharField(max_length=1000)
    finish = serializers.DateField(
        required=False, help_text="The approved finish; without it the project's, else the plan's."
    )


class ChangeRequestOutput(serializers.ModelSerializer[ChangeRequest]):
    class Meta:
        model = ChangeRequest
        fields = (
            "id",
            "project",
            "number",
            *RAISED,
            "state",
            "raised_by",
            "raised_on",
            *EFFECTS,
            "assessed_by",
            "assessed_on",
            "decided_by",
            "decided_on",
            "decided_as",
            "decision_note",
            "withdrawn_by",
            "withdrawn_on",
            "withdrawal_reason",
            "version",
        )


class ChangeRequestInput(Input):
    project = VisibleField(queryset=Project.objects.all())

    class Meta:
        model = ChangeRequest
        fields = ("project", *RAISED, "version")


class AssessInput(Strict, serializers.ModelSerializer[ChangeRequest]):
    """What the change does. What is left out stays as it was said before."""

    budget_line = VisibleField(queryset=BudgetLine.objects.all(), allow_null=True, required=False)
    version = serializers.IntegerField(min_value=1)

    class Meta:
        model = ChangeRequest
        fields = (*EFFECTS, "version")


class DecisionInput(Strict):
    is_approved = serializers.BooleanField()
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    version = serializers.IntegerField(min_value=1)


class WithdrawalInput(Strict):
    reason = serializers.CharField(max_length=500)
    version = serializers.IntegerField(min_value=1)


class ImplementInput(Strict):
    name = serializers.CharField(
        max_length=120,
        required=False,
        allow_blank=True,
        default="",
        help_text="Of the new baseline.",
    )
    version = serializers.IntegerField(min_value=1)


class RulingOutput(serializers.Serializer[object]):
    """Who decides an assessed change, and why; `refusal` is empty when the caller may."""

    level = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    refusal = serializers.CharField()


class ReserveMovementOutput(serializers.ModelSerializer[ReserveMovement]):
    class Meta:
        model = ReserveMovement
        fields = (
            "id",
            "project",
            "reserve",
            "amount",
            "reason",
            "change_request",
            "made_on",
            "made_by",
        )


class ReserveMovementInput(Input):
    project = VisibleField(queryset=Project.objects.all())
    version = None  # type: ignore[assignment]  # Django's way to drop a field: a movement never changes

    class Meta:
        model = ReserveMovement
        fields = ("project", "reserve", "amount", "reason")


class ToleranceOutput(serializers.ModelSerializer[Tolerance]):
    class Meta:
        model = Tolerance
        fields = ("id", "level", "cost_percent", "days", "version")


class ToleranceInput(Strict):
    """The limits of a level. `version` is that of its row, 0 while the defaults hold."""

    level = serializers.ChoiceField(choices=[(one.value, one.label) for one in DEFAULT_LIMITS])
    cost_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100
    )
    days = serializers.IntegerField(min_value=0, max_value=10_000)
    version = serializers.IntegerField(min_value=0)


class LimitOutput(serializers.Serializer[object]):
    """The limits in force, whether they were set or are the defaults."""

    level = serializers.CharField()
    cost_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    days = serializers.IntegerField()
