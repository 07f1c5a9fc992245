"""Causes of differences between baseline and forecast over the API."""

from typing import Any

from rest_framework import mixins

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import Writing
from projects.models import VarianceCause
from projects.serializers import earned
from projects.services import variance


class VarianceCauseResource(Writing, mixins.DestroyModelMixin):
    """Why a project costs or lasts other than its baseline said; approved changes need no entry."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.VARIANCE_EXPLAIN
    queryset = VarianceCause.objects.all()
    related = ("project__unit",)
    serializer_class = earned.VarianceCauseOutput
    input_class = earned.VarianceCauseInput
    fixed = ("project",)
    filterset_fields = ("project", "measure", "cause")
    ordering_fields = ("noted_on",)

    def add(self, values: dict[str, Any]) -> VarianceCause:
        return variance.note_cause(by=self.caller, **values)

    def change(self, record: VarianceCause, version: int, values: dict[str, Any]) -> VarianceCause:
        return variance.change_cause(record=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: VarianceCause) -> None:
        variance.remove_cause(record=instance, by=self.caller)
