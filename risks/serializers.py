from rest_framework import serializers

from pmo.accounts.resources import Input, VisibleField
from projects.models import Project
from risks.models import Issue, Risk
from risks.services import ISSUE_FIELDS, RISK_FIELDS


class RiskOutput(serializers.ModelSerializer[Risk]):
    band = serializers.CharField(read_only=True)

    class Meta:
        model = Risk
        fields = ("id", "project", *RISK_FIELDS, "score", "band", "version")


class RiskInput(Input):
    project = VisibleField(queryset=Project.objects.all())

    class Meta:
        model = Risk
        fields = ("project", *RISK_FIELDS, "version")


class IssueOutput(serializers.ModelSerializer[Issue]):
    class Meta:
        model = Issue
        fields = ("id", "project", "from_risk", *ISSUE_FIELDS, "version")


class IssueInput(Input):
    project = VisibleField(queryset=Project.objects.all())
    from_risk = VisibleField(queryset=Risk.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Issue
        fields = ("project", "from_risk", *ISSUE_FIELDS, "version")
