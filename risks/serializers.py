from rest_framework import serializers

from pmo.accounts.resources import Input, VisibleField
from projects.models import Project
from risks.models import Issue, Risk

RISK = (
    "title",
    "description",
    "kind",
    "state",
    "likelihood",
    "impact",
    "inherent_likelihood",
    "inherent_impact",
    "target_likelihood",
    "target_impact",
    "strategy",
    "response",
    "owner",
    "review_date",
    "proximity_date",
    "cost_impact",
)
ISSUE = ("title", "description", "severity", "state", "owner", "due_date", "resolution")


class RiskOutput(serializers.ModelSerializer[Risk]):
    band = serializers.CharField(read_only=True)

    class Meta:
        model = Risk
        fields = ("id", "project", *RISK, "score", "band", "version")


class RiskInput(Input):
    project = VisibleField(queryset=Project.objects.all())

    class Meta:
        model = Risk
        fields = ("project", *RISK, "version")


class IssueOutput(serializers.ModelSerializer[Issue]):
    class Meta:
        model = Issue
        fields = ("id", "project", "from_risk", *ISSUE, "version")


class IssueInput(Input):
    project = VisibleField(queryset=Project.objects.all())
    from_risk = VisibleField(queryset=Risk.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Issue
        fields = ("project", "from_risk", *ISSUE, "version")
