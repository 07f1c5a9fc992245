from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from pmo.common.models import AuditEvent, Job
from reports.models import Snapshot

INTERNAL = {"rank", "money_at_risk", "update"}


class SnapshotOutput(serializers.ModelSerializer[Snapshot]):
    """Every figure of one project at one date; null with its reason in `reasons` where not known."""

    date = serializers.SerializerMethodField(help_text="The day of the freeze; null for now.")
    status_update = serializers.PrimaryKeyRelatedField[Any](source="update", read_only=True)

    class Meta:
        model = Snapshot
        fields = (
            *(f.name for f in Snapshot._meta.concrete_fields if f.name not in INTERNAL),
            "status_update",
        )

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
