"""Forms of texts for audiences."""

from django import forms

from pmo.common.page.editing import RecordForm
from pmo.common.page.sentences import Sentences
from reports.audiences.models import AudienceText, TextAudience


class DraftForm(forms.Form):
    """For whom a text is drafted."""

    audience = forms.ChoiceField(label="Audience", choices=TextAudience.choices)

    def clean_audience(self) -> TextAudience:
        return TextAudience(self.cleaned_data["audience"])


class TextForm(RecordForm):
    class Meta:
        model = AudienceText
        fields = ("title", "body")
        labels = {"title": "Title", "body": "Text"}
        help_texts = {"body": "No patient data, nothing confidential."}
        widgets = {"body": Sentences(attrs={"rows": 14})}
