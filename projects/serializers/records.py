"""Projects and what belongs to them, as the API reads and writes them."""

from rest_framework import serializers

from pmo.accounts.models import User
from pmo.accounts.resources import Input, Strict, VisibleField
from pmo.accounts.roles import PROJECT_ROLES
from pmo.common.api.ids import RecordField
from projects.domain.stages import Stage
from projects.models import (
    BudgetLine,
    CostEntry,
    ForecastEntry,
    Milestone,
    Program,
    Project,
    ProjectMember,
    Stakeholder,
)
from projects.validators import category_in_use

PROJECT = (
    "code",
    "name",
    "summary",
    "category",
    "lane",
    "unit",
    "program",
    "calendar",
    "start_date",
    "baseline_finish_date",
    "forecast_finish_date",
    "actual_finish_date",
    "includes_contingency",
    "is_confidential",
)
MILESTONE = ("name", "kind", "baseline_date", "forecast_date", "actual_date", "weight")
BUDGET_LINE = (
    "category",
    "kind",
    "fiscal_year",
    "amount",
    "stated_reason",
    "approved_on",
    "funding_source",
    "cost_center",
)
COST_ENTRY = ("line", "kind", "commitment", "entry_date", "amount", "note")
STAKEHOLDER = (
    "group",
    "name",
    "position",
    "category",
    "lead",
    "power",
    "interest",
    "engagement",
    "engagement_wanted",
    "approach",
    "action_due",
)


class ProgramOutput(serializers.ModelSerializer[Program]):
    class Meta:
        model = Program
        fields = ("id", "code", "name", "purpose", "version")


class ProgramInput(Input):
    class Meta:
        model = Program
        fields = ("code", "name", "purpose", "version")


class ProjectOutput(serializers.ModelSerializer[Project]):
    manager_name = serializers.CharField(read_only=True)
    manager_is_active = serializers.BooleanField(
        read_only=True,
        allow_null=True,
        help_text="False for somebody who was deactivated; null where nobody is named.",
    )
    sponsor_name = serializers.CharField(read_only=True)

    class Meta:
        model = Project
        fields = (
            "id",
            *PROJECT,
            "stage",
            "cancelled_on",
            "manager_name",
            "manager_is_active",
            "sponsor_name",
            "stated_reasons",
            "version",
        )


class ProjectInput(Input):
    class Meta:
        model = Project
        fields = (*PROJECT, "version")

    def validate_category(self, value: str) -> str:
        category_in_use(value, kept=self.instance.category if self.instance else None)
        return value


class StageInput(Strict):
    """A move to another stage."""

    stage = serializers.ChoiceField(choices=Stage.choices())
    reason = serializers.CharField(max_length=500)
    version = serializers.IntegerField(min_value=1)


class MemberOutput(serializers.ModelSerializer[ProjectMember]):
    name = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = ProjectMember
        fields = ("id", "project", "user", "name", "role")


class MemberInput(Strict):
    project = VisibleField(queryset=Project.objects.all())
    user = RecordField(queryset=User.objects.filter(is_active=True))
    role = serializers.ChoiceField(choices=[(r.value, r.label) for r in PROJECT_ROLES])


class MilestoneOutput(serializers.ModelSerializer[Milestone]):
    slip_days = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Milestone
        fields = ("id", "project", *MILESTONE, "due_date", "slip_days", "version")


class MilestoneInput(Input):
    project = VisibleField(queryset=Project.objects.all())

    class Meta:
        model = Milestone
        fields = ("project", *MILESTONE, "version")


class BudgetLineOutput(serializers.ModelSerializer[BudgetLine]):
    class Meta:
        model = BudgetLine
        fields = ("id", "project", *BUDGET_LINE, "version")


class BudgetLineInput(Input):
    project = VisibleField(queryset=Project.objects.all())

    class Meta:
        model = BudgetLine
        fields = ("project", *BUDGET_LINE, "version")


class CostEntryOutput(serializers.ModelSerializer[CostEntry]):
    class Meta:
        model = CostEntry
        fields = ("id", "project", *COST_ENTRY, "source", "source_id", "version")


class CostEntryInput(Input):
    project = VisibleField(queryset=Project.objects.all())
    line = VisibleField(queryset=BudgetLine.objects.all(), allow_null=True, required=False)
    commitment = VisibleField(queryset=CostEntry.objects.all(), allow_null=True, required=False)

    class Meta:
        model = CostEntry
        fields = ("project", *COST_ENTRY, "version")


class ForecastEntryOutput(serializers.ModelSerializer[ForecastEntry]):
    class Meta:
        model = ForecastEntry
        fields = ("id", "project", "fiscal_year", "amount", "stated_reason", "made_on")


class ForecastEntryInput(Input):
    project = VisibleField(queryset=Project.objects.all())
    version = None  # type: ignore[assignment]  # Django's way to drop a field: an entry never changes

    class Meta:
        model = ForecastEntry
        fields = ("project", "fiscal_year", "amount", "stated_reason")


class StakeholderOutput(serializers.ModelSerializer[Stakeholder]):
    class Meta:
        model = Stakeholder
        fields = ("id", "project", *STAKEHOLDER, "version")


class StakeholderInput(Input):
    project = VisibleField(queryset=Project.objects.all())

    class Meta:
        model = Stakeholder
        fields = ("project", *STAKEHOLDER, "version")
