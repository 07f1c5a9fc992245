"""The form of the organization's settings, in the sections of its page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField

from pmo.common.local.currency import OFFERED, Currency
from pmo.common.page.editing import RecordForm
from pmo.organization import locks
from pmo.organization.desk import words
from pmo.organization.models import Organization
from pmo.organization.validators import WEEKDAYS, currency_text, zones

ANOTHER = "another"
# the regions that people know; the rest are old names of the same places
REGIONS = (
    *("America", "Europe", "Asia", "Australia", "Pacific", "Africa", "Atlantic", "Indian"),
    *("Arctic", "Antarctica"),
)
DAYS = [(place, name) for place, name in enumerate(WEEKDAYS)]
TIME_FIELDS = ("due_time", "remind_time", "compile_time")
SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("name", "Name", ("name",)),
    ("money", "Money", ("currency", "another", "currency_after")),
    ("year", "Fiscal year", ("fiscal_year_start_month",)),
    ("zone", "Time zone", ("time_zone",)),
    (
        "week",
        "The week’s rhythm",
        (
            *("due_weekday", "due_time", "remind_time"),
            *("freeze_weekday", "compile_weekday", "compile_time"),
        ),
    ),
    ("dates", "Dates that make sense", ("earliest_date", "years_ahead")),
)
ZoneChoices = list[tuple[str, str | list[tuple[str, str]]]]


class FormSection(NamedTuple):
    key: str
    title: str
    fields: list[BoundField]
    sentence: str
    is_paired: bool  # short fields that stand two in a row


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def zone_choices(chosen: str) -> ZoneChoices:
    """Return the places of the world by region; the one that is chosen is always among them."""
    found: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for zone in sorted(zones()):
        region, _, city = zone.partition("/")
        if region in found:
            found[region].append((zone, city.replace("_", " ").replace("/", ", ")))
    listed = {zone for places in found.values() for zone, _ in places}
    alone = dict.fromkeys(["UTC", *([] if chosen in listed else [chosen])])
    return [*((zone, words.place(zone)) for zone in alone), *found.items()]


def _is_true(value: str) -> bool:
    return value == "True"


class OrganizationForm(RecordForm):
    """Currency and fiscal year are shown, not offered, once an amount is recorded."""

    another = forms.CharField(
        label="Another currency",
        required=False,
        max_length=8,
        help_text="Its sign or code as it stands beside amounts, 1 to 8 characters, for example kr or NZD."
        " Used only with “Another” above.",
    )

    class Meta:
        model = Organization
        fields = (
            *("name", "currency", "currency_after", "fiscal_year_start_month", "time_zone"),
            *("due_weekday", "due_time", "remind_time"),
            *("freeze_weekday", "compile_weekday", "compile_time"),
            *("earliest_date", "years_ahead"),
        )
        labels = {
            "name": "Name of the organization",
            "earliest_date": "Earliest date",
            "years_ahead": "Years ahead",
            "due_time": "Time they are due",
            "remind_time": "Time of the reminder, on that day",
            "compile_time": "Time it is drafted",
        }
        help_texts = {
            "name": "As it stands on every page, in mails and on printed summaries."
            " What is issued keeps the name it was issued under.",
            "remind_time": "Before updates are due.",
            "years_ahead": "How far from today a date may lie, 1 to 100.",
        }

    def __init__(self, *args: Any, now: datetime, is_locked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self._offer_money()
        self._offer_days()
        # the day that sets the window is not measured by it, or it could never be widened
        self.fields["earliest_date"].validators = []
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone",
            choices=zone_choices(self.instance.time_zone),
            help_text="When updates are due, weeks end and summaries are drafted goes by it.",
        )
        if is_locked:
            self._lock()

    def _lock(self) -> None:
        """Show what is locked; what was chosen in a form opened before is refused in a sentence."""
        for name in locks.LOCKED:
            self.fields[name].disabled = name not in self.data
            self.fields[name].help_text = locks.SENTENCES[name]
        if self.fields["currency"].disabled:
            del self.fields["another"]

    def _offer_money(self) -> None:
        sign = self.instance.currency
        known = [(one.sign, words.currency_name(one.sign)) for one in OFFERED]
        if sign not in dict(known):
            known.append((sign, sign))
        self.fields["currency"] = forms.ChoiceField(
            label="Currency", choices=[*known, (ANOTHER, "Another")]
        )
        before, after = (Currency(sign, after=side) for side in (False, True))
        self.fields["currency_after"] = forms.TypedChoiceField(
            label="Where it stands",
            choices=[
                ("False", f"{words.SIDES[False]}: {words.amounts(before)}"),
                ("True", f"{words.SIDES[True]}: {words.amounts(after)}"),
            ],
            coerce=_is_true,
            widget=forms.RadioSelect(attrs={"class": "options"}),
        )
        self.fields["fiscal_year_start_month"] = forms.TypedChoiceField(
            label="First month",
            choices=[(month, words.year_from(month, self.now.date())) for month in range(1, 13)],
            coerce=int,
        )

    def _offer_days(self) -> None:
        labels = {
            "due_weekday": ("Day updates are due", ""),
            "freeze_weekday": (
                "Day the week is frozen",
                "At its end, and not before updates are due.",
            ),
            "compile_weekday": (
                "Day the summary is drafted",
                "The first such day after the freeze.",
            ),
        }
        for name, (label, hint) in labels.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label, help_text=hint, choices=DAYS, coerce=int
            )
        for name in TIME_FIELDS:
            self.fields[name].widget = TimeInput()
        self.fields["years_ahead"].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        another = values.pop("another", "")
        if values.get("currency") == ANOTHER:
            if not another:
                self.add_error("another", "Enter the sign or code of the currency.")
            try:
                currency_text(another or "x")
            except forms.ValidationError as error:
                self.add_error("another", error)
            values["currency"] = another or self.instance.currency
        return values

    def sections(self) -> Iterator[FormSection]:
        """Yield the fields as the page shows them, with what follows from the settings as saved."""
        one = Organization(
            **{name: self.initial[name] for name in self.Meta.fields if name in self.initial}
        )
        sentences = {
            "zone": words.time_there(one.time_zone, self.now),
            "week": words.week_sentence(one),
            "dates": words.window_sentence(one),
        }
        for key, title, names in SECTIONS:
            bound = [self[name] for name in names if name in self.fields]
            yield FormSection(key, title, bound, sentences.get(key, ""), key in {"week", "dates"})
