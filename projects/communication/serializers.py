"""The register, messages, what was sent and adoption, as the API reads and writes them."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from pmo.accounts.resources import Input, Strict, VisibleField
from projects.communication.models import (
    AdoptionReading,
    CommunicationItem,
    CommunicationSending,
)
from projects.communication.models.items import MOST
from projects.communication.selectors.adoption import counts_of
from projects.communication.services.adoption import COUNTED
from projects.communication.validators import days_to_come
from projects.models import Milestone, Project, Stakeholder, StakeholderGroup

GROUP = ("name", "category", "lead", "note")
ITEM = (
    "code",
    "stakeholder",
    "group",
    "category",
    "message",
    "text",
    "channel",
    "sender",
    "cadence",
    "due_on",
    "ends_on",
    "milestone",
    "offset_days",
    "until_offset_days",
    "translated_into",
)
READING = ("milestone", "day", "measured_on", "source", *COUNTED)


class GroupOutput(serializers.ModelSerializer[StakeholderGroup]):
    class Meta:
        model = StakeholderGroup
        fields = ("id", *GROUP, "version")


class GroupInput(Input):
    class Meta:
        model = StakeholderGroup
        fields = (*GROUP, "version")


class MessageOutput(serializers.ModelSerializer[CommunicationItem]):
    audience = serializers.CharField(read_only=True)

    class Meta:
        model = CommunicationItem
        fields = (
            "id",
            "project",
            *ITEM,
            "audience",
            "next_due",
            "plain_by",
            "plain_on",
            "approved_by",
            "approved_on",
            "version",
        )


class MessageInput(Input):
    project = VisibleField(queryset=Project.objects.all())
    stakeholder = VisibleField(queryset=Stakeholder.objects.all(), required=False, allow_null=True)
    milestone = VisibleField(queryset=Milestone.objects.all(), required=False, allow_null=True)

    class Meta:
        model = CommunicationItem
        fields = ("project", *ITEM, "version")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        days_to_come(attrs, before=self.instance, today=timezone.localdate())
        return attrs


class SentInput(Strict):
    """That a message went out."""

    sent_on = serializers.DateField()
    reach = serializers.IntegerField(
        min_value=0,
        max_value=MOST,
        required=False,
        allow_null=True,
        help_text="How many people it reached; null where nobody counted.",
    )
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1)


class CheckInput(Strict):
    """The version of the message that was read."""

    version = serializers.IntegerField(min_value=1)


class SendingOutput(serializers.ModelSerializer[CommunicationSending]):
    class Meta:
        model = CommunicationSending
        fields = ("id", "project", "item", "covers", "sent_on", "reach", "note", "noted_by")


class AdoptionOutput(serializers.ModelSerializer[AdoptionReading]):
    active_share = serializers.SerializerMethodField()
    pass_share = serializers.SerializerMethodField()
    tickets_per_100 = serializers.SerializerMethodField()
    unit_share = serializers.SerializerMethodField()

    class Meta:
        model = AdoptionReading
        fields = (
            "id",
            "project",
            *READING,
            "active_share",
            "pass_share",
            "tickets_per_100",
            "unit_share",
            "version",
        )

    def get_active_share(self, reading: AdoptionReading) -> float | None:
        return counts_of(reading).active_share

    def get_pass_share(self, reading: AdoptionReading) -> float | None:
        return counts_of(reading).pass_share

    def get_tickets_per_100(self, reading: AdoptionReading) -> float | None:
        return counts_of(reading).tickets_per_100

    def get_unit_share(self, reading: AdoptionReading) -> float | None:
        return counts_of(reading).unit_share


class AdoptionInput(Input):
    project = VisibleField(queryset=Project.objects.all())
    milestone = VisibleField(queryset=Milestone.objects.all())

    class Meta:
        model = AdoptionReading
        fields = ("project", *READING, "version")
