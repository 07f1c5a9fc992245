"""Forms for milestones."""

from typing import Any

from django import forms

from pmo.common.page.editing import RecordForm
from projects.forms.records import hold_to_baseline
from projects.models import Milestone

LABELS = {
    "baseline_date": "Baseline date",
    "forecast_date": "Forecast date",
    "actual_date": "Done on",
}


class MilestoneForm(RecordForm):
    """A milestone; the baseline is there only for those who may set it."""

    class Meta:
        model = Milestone
        fields = ("name", "kind", "baseline_date", "forecast_date", "actual_date", "weight")
        labels = LABELS
        help_texts = {
            "name": "What must be true on that day, for example “Occupancy permit granted”.",
            "baseline_date": "The approved date; delays are counted from it.",
            "forecast_date": "When it will be reached as things stand today.",
            "actual_date": "Leave empty until it is done.",
            "weight": "From 1 to 100: how much of the project it stands for.",
        }

    def __init__(self, *args: Any, has_baseline: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_baseline:
            del self.fields["baseline_date"]
        elif self.instance.project.baselines.exists():
            hold_to_baseline(self, "baseline_date")


class MilestoneDatesForm(RecordForm):
    """The two dates that move, edited in their row."""

    class Meta:
        model = Milestone
        fields = ("forecast_date", "actual_date")
        labels = LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = f"dates-{self.instance.pk}"
        self.auto_id = f"{row}-%s"  # several rows may be open at once
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                # the fields stand in cells of a table row, outside of their form
                field.widget.attrs["form"] = row
        self.fields["forecast_date"].widget.attrs["data-focus"] = True
