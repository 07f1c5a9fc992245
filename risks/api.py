"""The registers over the API."""

from typing import Any

import django_filters

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import Writing
from risks import services
from risks.models import Issue, Risk
from risks.serializers import IssueInput, IssueOutput, RiskInput, RiskOutput


class RiskFilter(django_filters.FilterSet):
    score_from = django_filters.NumberFilter(
        field_name="score", lookup_expr="gte", label="Score, at least"
    )

    class Meta:
        model = Risk
        fields = ("project", "kind", "state", "owner", "likelihood", "impact")


class RiskResource(Writing):
    """What may go wrong, or well."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.RISK_CHANGE
    queryset = Risk.objects.all()
    related = ("project__unit",)
    serializer_class = RiskOutput
    input_class = RiskInput
    fixed = ("project",)
    filterset_class = RiskFilter
    ordering_fields = ("score", "review_date", "title")

    def add(self, values: dict[str, Any]) -> Risk:
        return services.create_risk(by=self.caller, **values)

    def change(self, record: Risk, version: int, values: dict[str, Any]) -> Risk:
        return services.change_risk(risk=record, version=version, by=self.caller, **values)


class IssueResource(Writing):
    """What did go wrong. One that comes from a risk (`from_risk`) marks that risk as occurred."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.ISSUE_CHANGE
    queryset = Issue.objects.all()
    related = ("project__unit",)
    serializer_class = IssueOutput
    input_class = IssueInput
    fixed = ("project", "from_risk")
    filterset_fields = ("project", "state", "severity", "owner")
    ordering_fields = ("severity", "due_date", "title")

    def add(self, values: dict[str, Any]) -> Issue:
        return services.create_issue(by=self.caller, **values)

    def change(self, record: Issue, version: int, values: dict[str, Any]) -> Issue:
        return services.change_issue(issue=record, version=version, by=self.caller, **values)
