"""The form behind the set-up link: the organization, and who administers it."""

import zoneinfo
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from pmo.accounts.models import User
from pmo.organization.current import organization
from pmo.organization.first_run.words import MONTHS
from pmo.organization.models import Organization

# sign -> name; another one of the environment is offered too
CURRENCIES = {
    "$": "US dollar ($)",
    "£": "Pound sterling (£)",
    "€": "Euro (€)",
    "C$": "Canadian dollar (C$)",
    "A$": "Australian dollar (A$)",
    "NZ$": "New Zealand dollar (NZ$)",
    "CHF": "Swiss franc (CHF)",
    "₹": "Indian rupee (₹)",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# the zones of the United States by the names that people there use, first
AMERICAN = {
    "America/New_York": "Eastern (New York)",
    "America/Chicago": "Central (Chicago)",
    "America/Denver": "Mountain (Denver)",
    "America/Phoenix": "Mountain without summer time (Phoenix)",
    "America/Los_Angeles": "Pacific (Los Angeles)",
    "America/Anchorage": "Alaska (Anchorage)",
    "Pacific/Honolulu": "Hawaii (Honolulu)",
}
REGIONS = (
    *("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian"),
    *("Pacific",),
)


def currencies() -> list[tuple[str, str]]:
    own = organization().currency
    return list(({own: own} | CURRENCIES).items() if own not in CURRENCIES else CURRENCIES.items())


@cache  # reading the names opens some hundred files
def zones() -> list[tuple[str, Any]]:
    """Return every zone, those of the United States first, the others by region."""
    found: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(zoneinfo.available_timezones()):
        region, _, place = name.partition("/")
        if place and region in found:
            found[region].append((name, place.replace("_", " ").replace("/", ", ")))
    rest = [(region, places) for region, places in found.items() if places]
    return [("UTC", "UTC"), ("United States", list(AMERICAN.items())), *rest]


class UnseenInput(forms.TextInput):
    """A field whose content no page gives back."""

    def format_value(self, value: Any) -> None:
        return None


class SetupForm(forms.Form):
    """One form for all of it, so that nobody is left between two steps."""

    token = forms.CharField(
        label="Set-up link",
        max_length=500,
        help_text="Paste the whole link that Rounds printed, each time that you send this page.",
        widget=UnseenInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Paste the set-up link that Rounds printed."},
    )
    organization_name = forms.CharField(
        label="Name of the organization",
        max_length=120,
        help_text="It stands on every page, summary and mail.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    currency = forms.ChoiceField(help_text="It stands beside every amount.")
    fiscal_year_start_month = forms.TypedChoiceField(
        label="Fiscal year begins in",
        coerce=int,
        choices=list(enumerate(MONTHS, start=1)),
        help_text="Budgets and forecasts are added up by it.",
    )
    time_zone = forms.ChoiceField(help_text="Due times and dates follow it.")
    due_weekday = forms.TypedChoiceField(
        label="Updates are due on",
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        help_text="Each week, from project managers.",
    )
    due_time = forms.TimeField(
        label="At",
        help_text="In this time zone.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Enter a time, for example 16:00."},
    )
    name = forms.CharField(
        label="Full name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Work email",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"invalid": "Enter an address, for example grace@hospital.example."},
    )
    password = forms.CharField(
        strip=False,
        help_text="At least 10 characters. Three or four words in a row are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    leads_office = forms.BooleanField(
        required=False,
        label="This person also leads the project office (PMO lead)",
        help_text=(
            "An administrator manages people and settings. A PMO lead imports projects and issues"
            " summaries. Leave it unchecked if you will invite the PMO lead next."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        now = organization()
        kwargs["initial"] = {
            "organization_name": "" if now.name == settings.UNNAMED else now.name,
            "currency": now.currency,
            "fiscal_year_start_month": now.fiscal_year_start_month,
            "time_zone": now.time_zone,
            "due_weekday": now.due_weekday,
            "due_time": now.due_time,
        }
        super().__init__(*args, **kwargs)
        for name, choices in (("currency", currencies()), ("time_zone", zones())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
            field.choices = choices

    def clean_organization_name(self) -> str:
        # at its own field: the person has a name too, and a service would mean that
        kept = Organization._meta.get_field("name").clean(
            self.cleaned_data["organization_name"], None
        )
        return str(kept)

    def clean(self) -> None:
        password = self.cleaned_data.get("password")
        if password:
            person = User(
                name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email")
            )
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)

    def organization(self) -> dict[str, Any]:
        """Return what the organization's service takes."""
        names = ("currency", "fiscal_year_start_month", "time_zone", "due_weekday", "due_time")
        chosen = {name: self.cleaned_data[name] for name in names}
        return chosen | {"name": self.cleaned_data["organization_name"]}

    def administrator(self) -> dict[str, Any]:
        """Return what the people's service takes."""
        return {name: self.cleaned_data[name] for name in ("name", "email", "password")}
