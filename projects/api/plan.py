"""Milestones and money over the API."""

from typing import Any

import django_filters
from rest_framework import mixins

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import Writing
from projects.models import BudgetLine, CostEntry, ForecastEntry, Milestone
from projects.serializers import records
from projects.services import milestones, money


class MilestoneFilter(django_filters.FilterSet):
    due_from = django_filters.DateFilter(
        field_name="due_date", lookup_expr="gte", label="Due on or after"
    )
    due_until = django_filters.DateFilter(
        field_name="due_date", lookup_expr="lte", label="Due on or before"
    )
    is_done = django_filters.BooleanFilter(
        field_name="actual_date", lookup_expr="isnull", exclude=True, label="Done"
    )

    class Meta:
        model = Milestone
        fields = ("project", "kind")


class MilestoneResource(Writing, mixins.DestroyModelMixin):
    """What must be true when: as planned, as forecast and as it came."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.MILESTONE_CHANGE
    queryset = Milestone.objects.all()
    related = ("project__unit",)
    serializer_class = records.MilestoneOutput
    input_class = records.MilestoneInput
    fixed = ("project",)
    filterset_class = MilestoneFilter
    ordering_fields = ("due_date", "name")

    def add(self, values: dict[str, Any]) -> Milestone:
        if values.get("baseline_date"):
            self.demand(Permission.MILESTONE_BASELINE, values["project"])
        return milestones.create_milestone(by=self.caller, **values)

    def change(self, record: Milestone, version: int, values: dict[str, Any]) -> Milestone:
        if "baseline_date" in values:
            self.demand(Permission.MILESTONE_BASELINE, record.project)
        return milestones.change_milestone(
            milestone=record, version=version, by=self.caller, **values
        )

    def perform_destroy(self, instance: Milestone) -> None:
        milestones.remove_milestone(milestone=instance, by=self.caller)


class BudgetLineResource(Writing, mixins.DestroyModelMixin):
    """Approved money by category, for the whole life or for one fiscal year."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.BUDGET_CHANGE
    queryset = BudgetLine.objects.all()
    related = ("project__unit",)
    serializer_class = records.BudgetLineOutput
    input_class = records.BudgetLineInput
    fixed = ("project",)
    filterset_fields = ("project", "kind", "fiscal_year")
    ordering_fields = ("fiscal_year", "category", "amount")

    def add(self, values: dict[str, Any]) -> BudgetLine:
        return money.create_budget_line(by=self.caller, **values)

    def change(self, record: BudgetLine, version: int, values: dict[str, Any]) -> BudgetLine:
        return money.change_budget_line(line=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: BudgetLine) -> None:
        money.remove_budget_line(line=instance, by=self.caller)


class CostEntryFilter(django_filters.FilterSet):
    from_date = django_filters.DateFilter(
        field_name="entry_date", lookup_expr="gte", label="On or after"
    )
    until_date = django_filters.DateFilter(
        field_name="entry_date", lookup_expr="lte", label="On or before"
    )

    class Meta:
        model = CostEntry
        fields = ("project", "kind", "line")


class CostEntryResource(Writing):
    """Money spent or bound by a contract; credits are negative."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.COST_RECORD
    queryset = CostEntry.objects.all()
    related = ("project__unit",)
    serializer_class = records.CostEntryOutput
    input_class = records.CostEntryInput
    fixed = ("project",)
    filterset_class = CostEntryFilter
    ordering_fields = ("entry_date", "amount")

    def add(self, values: dict[str, Any]) -> CostEntry:
        return money.record_cost(by=self.caller, **values)

    def change(self, record: CostEntry, version: int, values: dict[str, Any]) -> CostEntry:
        return money.change_cost(entry=record, version=version, by=self.caller, **values)


class ForecastEntryResource(Writing):
    """Forecasts of cost as they were made. They are added, never changed."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.FORECAST_CHANGE
    queryset = ForecastEntry.objects.all()
    related = ("project__unit",)
    serializer_class = records.ForecastEntryOutput
    input_class = records.ForecastEntryInput
    filterset_fields = ("project", "fiscal_year", "made_on")
    ordering_fields = ("made_on",)
    http_method_names = ["get", "head", "options", "post"]

    def add(self, values: dict[str, Any]) -> ForecastEntry:
        made = money.make_forecast(by=self.caller, **values)
        return made or self.same_as_latest(values)

    def same_as_latest(self, values: dict[str, Any]) -> ForecastEntry:
        """Return the entry that says this already."""
        return ForecastEntry.objects.filter(
            project=values["project"], fiscal_year=values.get("fiscal_year")
        ).latest("made_on", "pk")
