"""Gates as the API reads and writes them."""

from rest_framework import serializers

from pmo.accounts.models import User
from pmo.accounts.resources import Input, Strict, VisibleField
from pmo.common.api.ids import RecordField
from pmo.common.records.fields import Prose
from portfolio.governance.models import (
    Committee,
    EvidenceItem,
    GateHold,
    GateReview,
    GateSet,
    ProjectGate,
    SetGate,
)
from projects.models import Milestone, Project


class GateOutput(serializers.ModelSerializer[ProjectGate]):
    class Meta:
        model = ProjectGate
        fields = (
            "id",
            "project",
            "code",
            "name",
            "question",
            "position",
            "stage",
            "milestone",
            "planned_on",
            "committee",
            "version",
        )


class GateInput(Input):
    project = VisibleField(queryset=Project.objects.all())
    milestone = VisibleField(queryset=Milestone.objects.all(), allow_null=True, required=False)

    class Meta:
        model = ProjectGate
        fields = (
            "project",
            "code",
            "name",
            "question",
            "stage",
            "milestone",
            "planned_on",
            "committee",
            "version",
        )


class LayInput(Strict):
    """A project that gets the gates of the set for its category."""

    project = VisibleField(queryset=Project.objects.all())


class GateEvidenceOutput(serializers.ModelSerializer[EvidenceItem]):
    class Meta:
        model = EvidenceItem
        fields = (
            "id",
            "project",
            "gate",
            "position",
            "kind",
            "name",
            "field",
            "is_required",
            "state",
            "url",
            "revision",
            "sha256",
            "note",
            "given_on",
            "version",
        )


class GateEvidenceInput(Input):
    """What is asked for when adding; later what shows it."""

    gate = VisibleField(queryset=ProjectGate.objects.all())

    class Meta:
        model = EvidenceItem
        fields = ("gate", "kind", "name", "field", "is_required", "version")


class ShownInput(Strict, serializers.ModelSerializer[EvidenceItem]):
    """What shows it: a document by address and version, the others in words."""

    version = serializers.IntegerField(min_value=1)

    class Meta:
        model = EvidenceItem
        fields = ("url", "revision", "sha256", "note", "version")


class DismissalInput(Strict):
    reason = serializers.CharField(max_length=500, validators=[*Prose.default_validators])
    version = serializers.IntegerField(min_value=1)


class EvidenceVersionInput(Strict):
    version = serializers.IntegerField(min_value=1)


class ReviewOutput(serializers.ModelSerializer[GateReview]):
    class Meta:
        model = GateReview
        fields = ("id", "project", "gate", "decision")


class ReviewInput(Strict):
    """A gate that is put before a committee or a person; without either, its own committee."""

    gate = VisibleField(queryset=ProjectGate.objects.all())
    decider_committee = VisibleField(
        queryset=Committee.objects.all(), allow_null=True, required=False
    )
    decider_person: RecordField = RecordField(
        queryset=User.objects.filter(is_active=True), allow_null=True, required=False
    )
    needed_by = serializers.DateField()
    recommendation = serializers.CharField(
        max_length=1000, allow_blank=True, default="", validators=[*Prose.default_validators]
    )


class HoldOutput(serializers.ModelSerializer[GateHold]):
    class Meta:
        model = GateHold
        fields = ("id", "project", "reason", "placed_on", "lifted_on", "version")


class HoldInput(Input):
    project = VisibleField(queryset=Project.objects.all())

    class Meta:
        model = GateHold
        fields = ("project", "reason", "version")


class GateSetOutput(serializers.ModelSerializer[GateSet]):
    class Meta:
        model = GateSet
        fields = ("id", "code", "name", "category", "version")


class GateSetInput(Input):
    class Meta:
        model = GateSet
        fields = ("code", "name", "category", "version")


class SetGateOutput(serializers.ModelSerializer[SetGate]):
    class Meta:
        model = SetGate
        fields = (
            "id",
            "gate_set",
            "code",
            "name",
            "question",
            "position",
            "stage",
            "committee",
            "evidence",
            "version",
        )


class SetGateInput(Input):
    class Meta:
        model = SetGate
        fields = (
            "gate_set",
            "code",
            "name",
            "question",
            "position",
            "stage",
            "committee",
            "evidence",
            "version",
        )
