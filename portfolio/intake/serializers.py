from typing import Any

from rest_framework import serializers

from pmo.accounts.models import Unit, User
from pmo.accounts.resources import Input, Strict, VisibleField
from pmo.common.api.ids import RecordField
from portfolio.governance.models import Decision
from portfolio.intake.domain.kinds import GroundKind, TriageOutcome
from portfolio.intake.domain.profile import QUESTIONS
from portfolio.intake.models import (
    CapitalCycle,
    ContingencyDraw,
    IntakeRules,
    MandatoryGround,
    ProjectRequest,
    ReplacementItem,
    RequestItem,
    RequestVersion,
    TimelineStep,
)
from portfolio.intake.services.cycles import CYCLE_FIELDS, REPLACEMENT_FIELDS, RULE_FIELDS
from portfolio.intake.services.grounds import GROUND_FIELDS
from portfolio.intake.services.items import ITEM_FIELDS
from portfolio.intake.services.requests import PAGE_ONE
from portfolio.intake.services.triage import TRIAGE_FIELDS
from portfolio.intake.validators import NO_GROUND
from portfolio.starts.serializers import StartInput
from projects.domain.kinds import BudgetKind
from projects.models import Project

REASON = "Why; the requester reads it."
FROM = "The version the step was made from; a newer one answers 409."


class GroundOutput(serializers.ModelSerializer[MandatoryGround]):
    class Meta:
        model = MandatoryGround
        fields = (
            "id",
            *GROUND_FIELDS,
            "given_by",
            "verified_by",
            "verified_at",
            "verified_bites_on",
            "version",
        )


class RequestOutput(serializers.ModelSerializer[ProjectRequest]):
    """`project`, `merged_into` and `committee_decision` are null too where the caller may not see them."""

    number = serializers.CharField(read_only=True)
    project = serializers.IntegerField(source="shown_project", read_only=True, allow_null=True)
    merged_into = serializers.IntegerField(
        source="shown_merged_into", read_only=True, allow_null=True
    )
    committee_decision = serializers.IntegerField(
        source="shown_decision", read_only=True, allow_null=True
    )
    ground = GroundOutput(read_only=True, allow_null=True, default=None)
    profile = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = ProjectRequest
        fields = (
            "id",
            "number",
            *PAGE_ONE,
            "requester",
            "state",
            "decision_reason",
            "submitted_on",
            "clock_since",
            "clock_used",
            "answer_due_on",
            "decided_on",
            *TRIAGE_FIELDS,
            "project",
            "merged_into",
            "ground",
            "version",
        )


class RequestInput(Input):
    """Page one. A draft needs its title alone."""

    sponsor = RecordField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )

    class Meta:
        model = ProjectRequest
        fields: tuple[str, ...] = (*PAGE_ONE, "version")


class RequestStepInput(Strict):
    """A step that needs no more than the version it was made from."""

    version = serializers.IntegerField(min_value=1, help_text=FROM)


class RequestWithdrawalInput(RequestStepInput):
    """A withdrawal, with a reason for who would give one."""

    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class SponsorAnswerInput(RequestStepInput):
    """What the sponsor who was asked says; without one's yes one is no more named on it."""

    agrees = serializers.BooleanField()


class RequestReasonInput(RequestStepInput):
    reason = serializers.CharField(max_length=1000, help_text=REASON)


class RequestAnswerInput(RequestInput):
    """The answer to what was asked, with what changes on page one because of it."""

    answer = serializers.CharField(max_length=1000)

    class Meta(RequestInput.Meta):
        fields = ("answer", *RequestInput.Meta.fields)


class RequestTriageInput(Input):
    """What triage adds."""

    profile = serializers.ListField(
        child=serializers.ChoiceField(choices=list(QUESTIONS.items())), required=False
    )
    committee_decision = VisibleField(
        queryset=Decision.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = ProjectRequest
        fields = (*TRIAGE_FIELDS, "version")


class TriageDecisionInput(RequestStepInput):
    """A decision. `into` goes with a merge, `cycle` and `amount` with an emergency."""

    outcome = serializers.ChoiceField(choices=TriageOutcome.choices())
    reason = serializers.CharField(max_length=1000, help_text=REASON)
    into = VisibleField(queryset=ProjectRequest.objects.all(), required=False, allow_null=True)
    cycle = RecordField(queryset=CapitalCycle.objects.all(), required=False, allow_null=True)
    amount = serializers.DecimalField(
        max_digits=16, decimal_places=2, min_value=0, required=False, allow_null=True
    )


class GroundInput(Input):
    kind = serializers.ChoiceField(
        choices=GroundKind.choices(), error_messages={"invalid_choice": NO_GROUND}
    )

    class Meta:
        model = MandatoryGround
        fields = (*GROUND_FIELDS, "version")


class NewProjectInput(RequestStepInput):
    """The project that an accepted request becomes."""

    code = serializers.CharField(max_length=30)
    name = serializers.CharField(max_length=200)
    summary = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    category = serializers.CharField(max_length=20, required=False)
    unit = RecordField(queryset=Unit.objects.all(), required=False)
    manager = RecordField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )


class RequestStartInput(StartInput):
    """A template to start the project from; name, unit and sponsor are the request's unless given."""

    name = serializers.CharField(max_length=200, required=False)
    unit = RecordField(queryset=Unit.objects.all(), required=False)
    version = serializers.IntegerField(min_value=1, help_text=FROM)


class LinkedProjectInput(RequestStepInput):
    """The project that a request became, where it was added already."""

    project = VisibleField(queryset=Project.objects.all())


class AlikeOutput(serializers.Serializer[Any]):
    """A record that looks alike; `because` holds title, system and obligation as they apply."""

    title = serializers.CharField(source="label")
    url = serializers.CharField(help_text="Its page.")
    state = serializers.CharField()
    similarity = serializers.FloatField(help_text="Of the titles, from 0 to 1.")
    because = serializers.ListField(child=serializers.CharField())


class AgesOutput(serializers.Serializer[Any]):
    """How many requests in triage are how near to their answer."""

    late = serializers.IntegerField(help_text="Past their days.")
    soon = serializers.IntegerField(help_text="Due within five working days.")
    new = serializers.IntegerField(help_text="Due later.")
    waiting = serializers.IntegerField(help_text="A question to the requester is open.")


class VersionOutput(serializers.ModelSerializer[RequestVersion]):
    class Meta:
        model = RequestVersion
        fields = ("id", "request", "number", "content", "digest", "submitted_by", "submitted_at")


class RequestStepOutput(serializers.ModelSerializer[TimelineStep]):
    class Meta:
        model = TimelineStep
        fields = ("id", "request", "kind", "text", "by", "at")


class RequestItemOutput(serializers.ModelSerializer[RequestItem]):
    amount = serializers.DecimalField(max_digits=24, decimal_places=2, read_only=True)

    class Meta:
        model = RequestItem
        fields = (
            "id",
            "request",
            *ITEM_FIELDS,
            "amount",
            "override",
            "override_reason",
            "override_by",
            "version",
        )


class RequestItemInput(Input):
    request = VisibleField(queryset=ProjectRequest.objects.all())

    class Meta:
        model = RequestItem
        fields = ("request", *ITEM_FIELDS, "version")


class ItemSideInput(RequestStepInput):
    """What finance says of an item instead of the rule; empty gives it back to the rule."""

    side = serializers.ChoiceField(choices=BudgetKind.choices(), allow_blank=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class CycleOutput(serializers.ModelSerializer[CapitalCycle]):
    class Meta:
        model = CapitalCycle
        fields = ("id", *CYCLE_FIELDS, "version")


class CycleInput(Input):
    class Meta:
        model = CapitalCycle
        fields = (*CYCLE_FIELDS, "version")


class ContingencyDrawOutput(serializers.ModelSerializer[ContingencyDraw]):
    """`reason` is null for a request that the caller may not see."""

    reason = serializers.CharField(source="shown_reason", read_only=True, allow_null=True)

    class Meta:
        model = ContingencyDraw
        fields = ("id", "cycle", "amount", "reason", "drawn_on", "by")


class ContingencyDrawInput(Input):
    reason = serializers.CharField(max_length=500, help_text="What it is drawn for.")

    class Meta:
        model = ContingencyDraw
        fields = ("cycle", "amount", "reason")


class ReplacementOutput(serializers.ModelSerializer[ReplacementItem]):
    """`request`, which replaces it, is null too where the caller may not see it."""

    request = serializers.IntegerField(source="shown_request", read_only=True, allow_null=True)

    class Meta:
        model = ReplacementItem
        fields = ("id", *REPLACEMENT_FIELDS, "request", "version")


class ReplacementInput(Input):
    class Meta:
        model = ReplacementItem
        fields = (*REPLACEMENT_FIELDS, "version")


class IntakeRulesOutput(serializers.ModelSerializer[IntakeRules]):
    class Meta:
        model = IntakeRules
        fields = ("id", *RULE_FIELDS, "version")


class IntakeRulesInput(Input):
    version = serializers.IntegerField(
        min_value=0, help_text=f"{FROM} 0 until they are saved once."
    )

    class Meta:
        model = IntakeRules
        fields = (*RULE_FIELDS, "version")


class ReplacementScore(serializers.Serializer[Any]):
    """How urgent one thing is."""

    id = serializers.IntegerField()
    score = serializers.IntegerField()
    signs = serializers.ListField(child=serializers.CharField())
    is_due = serializers.BooleanField()
