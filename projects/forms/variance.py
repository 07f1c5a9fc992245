"""The form for a cause of a difference between baseline and forecast."""

from typing import Any

from pmo.common.page.editing import RecordForm
from projects.forms.money import with_currency
from projects.models import VarianceCause
from projects.validators import within_a_century


class VarianceCauseForm(RecordForm):
    class Meta:
        model = VarianceCause
        fields = ("measure", "cause", "amount", "days", "explanation")
        labels = {
            "measure": "What differs",
            "days": "Days",
            "explanation": "What happened",
        }
        help_texts = {
            "amount": "For cost. More is positive, less is negative.",
            "days": "For the finish date, in calendar days. Later is positive, earlier is negative.",
            "explanation": "One sentence that the committee understands. No patient data. It counts"
            " until the next baseline is approved.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_currency(self)
        self.fields["explanation"].required = True
        # alone: the database's own bounds would speak first, in numbers that say nothing
        self.fields["days"].validators = [within_a_century]
