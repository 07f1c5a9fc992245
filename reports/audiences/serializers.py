"""Texts for audiences, as the API reads and writes them."""

from rest_framework import serializers

from pmo.accounts.resources import Input, Strict
from reports.audiences.models import AudienceText, TextAudience
from reports.models import Summary


class TextOutput(serializers.ModelSerializer[AudienceText]):
    class Meta:
        model = AudienceText
        fields = ("id", "summary", "audience", "title", "body", "drafted", "version")


class TextInput(Input):
    class Meta:
        model = AudienceText
        fields = ("title", "body", "version")


class TextDraftInput(Strict):
    """Which issued summary is told to whom."""

    summary = serializers.PrimaryKeyRelatedField(queryset=Summary.objects.issued())
    audience = serializers.ChoiceField(choices=TextAudience.choices)
