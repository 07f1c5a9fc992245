from typing import Any

from rest_framework import serializers

from pmo.accounts.models import Unit, User
from pmo.accounts.resources import Strict, VisibleField
from pmo.common.api.ids import RecordField
from pmo.organization.current import category_choices
from portfolio.starts.domain.adopting import LineKind
from portfolio.starts.models import SLOWEST, ProjectStart, Region, StartItem
from portfolio.starts.selectors.adoption import COMPARED
from portfolio.starts.services.starting import StartWish
from projects.models import Project, WorkCalendar
from projects.project_templates.domain.checking import LARGEST_SIZE
from projects.project_templates.models import ProjectTemplate
from projects.project_templates.serializers import PackFaultOutput, PackInput


class StartOutput(serializers.ModelSerializer[ProjectStart]):
    template = serializers.IntegerField(source="from_version.template_id")
    number = serializers.IntegerField(source="from_version.number")

    class Meta:
        model = ProjectStart
        fields = (
            "id", "project", "template", "number", "go_live", "sizes", "percent", "seven_days", "region",
            "total", "ground", "ground_date", "version",
        )  # fmt: skip


class StartInput(Strict):
    """A project to start: what the page asks for."""

    template = RecordField(queryset=ProjectTemplate.objects.offered())
    name = serializers.CharField(max_length=200)
    unit = RecordField(queryset=Unit.objects.all())
    go_live = serializers.DateField()
    manager = RecordField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    sponsor = RecordField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    code = serializers.CharField(max_length=30, required=False, allow_blank=True)
    category = serializers.CharField(max_length=20, required=False)
    is_confidential = serializers.BooleanField(required=False)
    percent = serializers.IntegerField(min_value=25, max_value=SLOWEST, required=False)
    seven_days = serializers.BooleanField(required=False)
    calendar = RecordField(queryset=WorkCalendar.objects.all(), required=False, allow_null=True)
    region = serializers.ChoiceField(choices=Region.choices, required=False)
    sizes = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_SIZE), required=False
    )
    total = serializers.DecimalField(
        max_digits=15, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    ground = serializers.CharField(max_length=300, required=False, allow_blank=True)
    ground_date = serializers.DateField(required=False, allow_null=True)

    def validate_category(self, value: str) -> str:
        if value not in dict(category_choices(kept="")):
            raise serializers.ValidationError("Choose a category that is in use.")
        return value

    def asked(self) -> dict[str, Any]:
        """Return the fields of the service."""
        said = dict(self.validated_data)
        wish = {name: said.pop(name) for name in list(said) if name in StartWish.__slots__}
        return {**said, "wish": StartWish(**wish)}


class StartItemOutput(serializers.ModelSerializer[StartItem]):
    class Meta:
        model = StartItem
        fields = (
            "id", "project", "section", "key", "name", "said", "state", "amount", "record_kind", "record_pk",
            "anchor", "filled_by", "version",
        )  # fmt: skip


class ItemChange(Strict):
    version = serializers.IntegerField(min_value=1)
    amount = serializers.DecimalField(
        max_digits=15, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    baseline = serializers.FloatField(required=False)
    target = serializers.FloatField(required=False)
    hours = serializers.FloatField(required=False, min_value=0)
    target_percent = serializers.FloatField(required=False, min_value=0, max_value=100)
    target_max_percent = serializers.FloatField(required=False, min_value=0, max_value=100)
    target_max = serializers.FloatField(required=False, min_value=0)


class RoleFilled(Strict):
    person = RecordField(queryset=User.objects.filter(is_active=True), allow_null=True)


class FieldMoveOutput(serializers.Serializer[object]):
    field = serializers.CharField(source="spec.name")
    was = serializers.JSONField(help_text="What the template said when it was last looked at.")
    now = serializers.JSONField(help_text="What it says now.")
    here = serializers.JSONField(help_text="What the project has.")
    is_own = serializers.BooleanField(help_text="The project changed it itself.")


class AdoptLineOutput(serializers.Serializer[object]):
    section = serializers.CharField(source="section.name")
    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=[one.value for one in LineKind])
    row = serializers.JSONField(
        help_text="The row as the template says it; of one that is gone, as the project has it."
    )
    moves = FieldMoveOutput(many=True)
    by_hand = serializers.CharField(
        allow_null=True, help_text="Why Rounds does not take it over; null where it does."
    )
    seal = serializers.CharField(help_text="Send it back with the line that was seen.")


class AdoptPreviewOutput(serializers.Serializer[object]):
    template = serializers.IntegerField(source="version.template_id")
    number = serializers.IntegerField(source="version.number", help_text="The latest version.")
    lines = AdoptLineOutput(many=True)


class LineInput(Strict):
    section = serializers.ChoiceField(choices=[one.name for one in COMPARED])
    key = serializers.CharField(max_length=300)
    seal = serializers.CharField(max_length=16)
    over_own = serializers.BooleanField(
        required=False, default=False, help_text="Replace what the project changed itself."
    )


class LineKept(Strict):
    section = serializers.ChoiceField(choices=[one.name for one in COMPARED])
    key = serializers.CharField(max_length=300)
    seal = serializers.CharField(max_length=16)


class FinishedProject(Strict):
    project = VisibleField(queryset=Project.objects.all())


class DraftOutput(serializers.Serializer[object]):
    """A template as a finished project did it, and what it lacks before it can be published."""

    pack = serializers.CharField()
    faults = PackFaultOutput(many=True)


class DraftPublished(PackInput):
    """The draft as it was put right."""

    project = VisibleField(queryset=Project.objects.all())
