from rest_framework import serializers

from pmo.accounts.resources import Input, Strict, VisibleField
from projects.models import Project
from projects.project_templates.models import Lesson, ProjectTemplate, TemplateVersion
from projects.project_templates.services.lessons import LESSON_FIELDS


class TemplateOutput(serializers.ModelSerializer[ProjectTemplate]):
    number = serializers.IntegerField(
        source="current.number", allow_null=True, help_text="The version that projects start from."
    )
    document = serializers.JSONField(
        source="current.document", allow_null=True, help_text="Its content."
    )

    class Meta:
        model = ProjectTemplate
        fields = ("id", "code", "name", "origin", "is_offered", "number", "document", "version")


class TemplateVersionOutput(serializers.ModelSerializer[TemplateVersion]):
    class Meta:
        model = TemplateVersion
        fields = ("id", "template", "number", "note", "published_at", "published_by", "document")


class PackInput(Strict):
    pack = serializers.CharField(
        trim_whitespace=False, max_length=1_000_000, help_text="The content pack: YAML, as a file holds it."
    )  # fmt: skip
    note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class PackTakenOutput(serializers.Serializer[object]):
    template = serializers.IntegerField()
    number = serializers.IntegerField(
        allow_null=True, help_text="The new version; null where nothing changed."
    )


class PackFaultOutput(serializers.Serializer[object]):
    line = serializers.IntegerField(allow_null=True)
    sentence = serializers.CharField()


class PackRefusal(serializers.Serializer[object]):
    detail = serializers.CharField()
    faults = PackFaultOutput(many=True)


class OfferInput(Strict):
    is_offered = serializers.BooleanField()


class LessonOutput(serializers.ModelSerializer[Lesson]):
    class Meta:
        model = Lesson
        fields = ("id", "project", *LESSON_FIELDS, "version")


class LessonInput(Input):
    project = VisibleField(queryset=Project.objects.all())

    class Meta:
        model = Lesson
        fields = ("project", *LESSON_FIELDS, "version")
