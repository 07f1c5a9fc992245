"""The form of a lesson."""

from typing import Any

from django import forms

from pmo.common.page.editing import RecordForm
from pmo.common.page.sentences import Sentences
from projects.project_templates.models import Lesson
from projects.project_templates.selectors.lessons import moments_of

LONG_TEXT = Sentences(attrs={"rows": 3})


class LessonForm(RecordForm):
    """What happened, and what to do next time."""

    class Meta:
        model = Lesson
        fields = ("title", "category", "moment", "what_happened", "next_time", "recorded_on")
        labels = {
            "title": "Lesson",
            "moment": "Learned at",
            "what_happened": "What happened?",
            "next_time": "What to do next time?",
            "recorded_on": "Recorded on",
        }
        help_texts = {
            "title": "One sentence that an outsider understands.",
            "what_happened": "What was expected, and what came. No patient data, no blame.",
            "next_time": "What the next project of this kind should do from its first week.",
        }
        widgets = {"what_happened": LONG_TEXT, "next_time": LONG_TEXT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = moments_of(self.instance.project)
        if self.instance.moment and self.instance.moment not in names:
            names.append(self.instance.moment)
        self.fields["moment"] = forms.ChoiceField(
            label="Learned at",
            required=False,
            choices=[("", "No gate or phase in particular"), *((name, name) for name in names)],
            help_text="A gate, or a phase of the plan.",
        )
