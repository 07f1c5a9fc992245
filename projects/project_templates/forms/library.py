"""The forms of the library: a file that comes in, and a version that goes out."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from pmo.common.page.sentences import Sentences
from pmo.common.records.fields import Line
from projects.project_templates.domain.yamlfile import LARGEST

NOT_TEXT = "This file is no text in UTF-8. A content pack is a YAML file."


class PackForm(forms.Form):
    """A content pack: one template as a file."""

    file = forms.FileField(
        label="Content pack",
        help_text="One template as a YAML file (.yaml), as Rounds writes it.",
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def clean_file(self) -> str:
        """Return the text of the file."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size and file.size > LARGEST:
            raise forms.ValidationError("The file is larger than 1 MB.", code="size")
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(NOT_TEXT, code="encoding") from None
        return text


class PackTextForm(forms.Form):
    """A template's content as its file says it, to be read through and published."""

    pack = forms.CharField(
        label="Content",
        max_length=LARGEST,
        strip=False,
        widget=Sentences(attrs={"rows": 30, "spellcheck": "false"}),
        help_text="A row of a table is a line. Everything that is wrong is said with its line.",
    )
    note = forms.CharField(
        label="What is new?",
        required=False,
        max_length=200,
        validators=Line.default_validators,
        help_text="One line, kept with the version.",
    )


class EditPackForm(PackTextForm):
    """The content of a version that is edited in place."""

    edited = forms.IntegerField(widget=forms.HiddenInput)
