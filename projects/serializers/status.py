"""Status updates as the API reads and writes them."""

from typing import Any

from rest_framework import serializers

from pmo.accounts.resources import Strict, VisibleField
from pmo.common.records.fields import Prose
from projects.domain.challenge import LONGEST_REASON
from projects.domain.updates import MILESTONE_DATES, TYPED
from projects.models import Project, StatusUpdate
from projects.services.milestones import DATES
from projects.validators import said_on_unused_axes

SAID = (*TYPED, MILESTONE_DATES)
LONGEST_ID = 18  # digits that every database's integers hold


class UpdateOutput(serializers.ModelSerializer[StatusUpdate]):
    author_name = serializers.SerializerMethodField()

    class Meta:
        model = StatusUpdate
        fields = (
            "id",
            "project",
            "week",
            "revision",
            "state",
            "author_name",
            "saved_at",
            "published_at",
            "published_rating",
            *SAID,
            "version",
        )

    def get_author_name(self, update: StatusUpdate) -> str:
        return update.author.name if update.author else ""


class MovedDates(Strict):
    """
    Where a milestone stands now; empty text takes a date away.

    `reason` says why an open one stays on a day that has passed.
    """

    forecast = serializers.CharField(allow_blank=True, max_length=10, required=False)
    actual = serializers.CharField(allow_blank=True, max_length=10, required=False)
    reason = serializers.CharField(
        allow_blank=True,
        max_length=LONGEST_REASON,
        required=False,
        validators=[*Prose.default_validators],
    )


class UpdateInput(Strict, serializers.ModelSerializer[StatusUpdate]):
    """
    This week's draft of a project. `version` is that of the draft the writer saw, 0 for none.

    What is left out stays as it is in the draft.
    """

    project = VisibleField(queryset=Project.objects.all())
    version = serializers.IntegerField(min_value=0)
    milestone_dates = serializers.DictField(child=MovedDates(), required=False)

    class Meta:
        model = StatusUpdate
        fields = ("project", "version", *SAID)
        validators: tuple[()] = ()

    def validate_milestone_dates(
        self, value: dict[str, dict[str, str]]
    ) -> dict[str, dict[str, str]]:
        for key, dates in value.items():
            if not (key.isdecimal() and len(key) <= LONGEST_ID):
                raise serializers.ValidationError(f"{key!r} is not the id of a milestone.")
            for text in filter(None, (dates.get(name) for name in DATES)):
                serializers.DateField().run_validation(text)
        return {key: dict(dates) for key, dates in value.items()}

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if faults := said_on_unused_axes(values):
            raise serializers.ValidationError(faults)
        return values
