"""The form of a working calendar."""

from typing import Any

from django import forms

from pmo.common.page.editing import RecordForm
from pmo.common.page.sentences import Sentences
from projects.domain.plan.days_off import Days, DaysError, read, written
from projects.models import WorkCalendar
from projects.selectors.planning import days_of

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class CalendarForm(RecordForm):
    worked = forms.MultipleChoiceField(
        label="Working days of the week",
        choices=[(str(number), name) for number, name in enumerate(WEEK)],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "options options--row"}),
        error_messages={"required": "Choose at least one working day of the week."},
    )
    days = forms.CharField(
        label="Days that differ",
        required=False,
        max_length=60_000,
        widget=Sentences(attrs={"rows": 8}),
        help_text="One line each: 2026-12-24 to 2027-01-01 Holidays. A day that is worked although"
        " the week says otherwise: 2026-11-21 worked Go-live. Of two lines for one day the later counts.",
    )

    class Meta:
        model = WorkCalendar
        fields = ("name", "is_default")
        labels = {"is_default": "The calendar of every project that names no other"}

    field_order = ("name", "worked", "days", "is_default")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["worked"] = self._worked(self.instance)
        self.initial["days"] = written(days_of(self.instance)) if self.instance.pk else ""

    def _worked(self, calendar: WorkCalendar) -> list[str]:
        return [str(number) for number, mark in enumerate(calendar.weekdays) if mark == "1"]

    def clean_days(self) -> str:
        try:
            self.read_days: list[Days] = read(self.cleaned_data["days"])
        except DaysError as error:
            raise forms.ValidationError(str(error), code="days") from None
        return written(self.read_days)

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        values = self.changes()
        chosen = values.pop("worked")
        values["weekdays"] = "".join("1" if str(n) in chosen else "0" for n in range(len(WEEK)))
        return values | {"days": self.read_days}

    def saved_value(self, current: Any, name: str) -> Any:
        if name == "worked":
            return self._worked(current)
        return written(days_of(current)) if name == "days" else super().saved_value(current, name)
