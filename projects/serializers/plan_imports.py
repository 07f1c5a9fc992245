"""Schedule files as the API reads and writes them."""

from typing import Any

from rest_framework import serializers

from pmo.accounts.resources import Strict, VisibleField
from pmo.common.records.uploads import name_that_stays
from projects.models import PlanImport, Project


class PlanImportOutput(serializers.ModelSerializer[PlanImport]):
    """What a file does, or did, to a plan; without its report line by line."""

    imported_by_name = serializers.SerializerMethodField()
    trouble = serializers.SerializerMethodField(
        help_text="Why the file could not be checked or written; empty when nothing stands against it."
    )

    class Meta:
        model = PlanImport
        fields = (
            "id",
            "project",
            "file_name",
            "digest",
            "format",
            "state",
            "counts",
            "job",
            "trouble",
            "imported_by_name",
            "imported_at",
            "applied_at",
            "undone_at",
        )

    def get_imported_by_name(self, run: PlanImport) -> str:
        return str(run.imported_by or "")

    def get_trouble(self, run: PlanImport) -> str:
        return run.trouble


class PlanImportFull(PlanImportOutput):
    """With the report: what is lost, changed and kept, and the file's own baseline."""

    class Meta:
        model = PlanImport
        fields = (*PlanImportOutput.Meta.fields, "losses", "baseline")


class UploadInput(Strict):
    project: Any = VisibleField(queryset=Project.objects.all())
    file = serializers.FileField(
        validators=[name_that_stays], help_text="Microsoft Project XML or an Excel workbook."
    )


class ApplyInput(Strict):
    removes_started = serializers.BooleanField(
        default=False, help_text="Also remove rows with progress that the file does not hold."
    )
