"""The forms of a schedule file: the file itself, and what may go when it is written."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from projects.domain.exchange.guarded_xml import MEGABYTE
from projects.services.plan_imports.checking import LARGEST


class ScheduleForm(forms.Form):
    """A file from another program."""

    file = forms.FileField(
        label="Schedule",
        help_text=f"Microsoft Project XML (.xml) or Excel (.xlsx), at most {LARGEST // MEGABYTE} MB.",
        widget=forms.FileInput(attrs={"accept": ".xml,.xlsx"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size and file.size > LARGEST:
            raise forms.ValidationError(
                f"The file is larger than {LARGEST // MEGABYTE} MB.", code="size"
            )
        return file


class ApplyForm(forms.Form):
    """What the writer agrees to."""

    removes_started = forms.BooleanField(
        required=False,
        label="Also remove rows with progress that the file does not hold",
    )
