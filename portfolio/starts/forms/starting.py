"""The form that starts a project from a template."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from pmo.accounts.forms import WITHOUT_ADDRESS, UnitChoiceField, person_said
from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.common.page.forms import DayInput, MoneyInput
from pmo.common.records.fields import Line
from pmo.common.records.search import as_read
from pmo.organization.current import category_choices, organization
from portfolio.starts.models import SLOWEST, Region
from portfolio.starts.services.bringing import example_total
from portfolio.starts.services.starting import StartWish
from portfolio.starts.words import starting as words
from projects.domain.kinds import Lane
from projects.forms.records import narrowed, units_for
from projects.models import WorkCalendar
from projects.models.money import within_reason
from projects.project_templates.domain.checking import LARGEST_SIZE
from projects.project_templates.domain.sections import Document
from projects.project_templates.words.library import size_label

SIZE = "size_"
POUND = "£"


def typed_person(person: User) -> str:
    """Return what finds this one person again when it is typed."""
    return person.email or f"{person.name}{WITHOUT_ADDRESS}"


def offer_people(field: forms.Field, url: str) -> None:
    """Let a field for a person offer those whom what is typed may mean, in the page's list of people."""
    field.widget.attrs |= {
        "list": "people-choices",
        "autocomplete": "off",
        "hx-get": url,
        "hx-trigger": "input changed delay:200ms",
        "hx-target": "#people-choices",
        "hx-swap": "innerHTML",
        "hx-sync": "this:replace",
        "hx-include": "this",
    }


class PersonField(forms.CharField):
    """Somebody, found by email address or by a name that only one person has."""

    def clean(self, value: Any) -> Any:
        said = super().clean(value).strip()
        return person_said(said) if said else None


class StartForm(forms.Form):
    """What it takes to start: a name, a unit, a go-live day, a manager; the rest has its usual value."""

    name = forms.CharField(label="Name", max_length=200, validators=Line.default_validators)
    unit = UnitChoiceField(queryset=Unit.objects.none(), label="Unit")
    go_live = forms.DateField(label="Go-live", widget=DayInput())
    manager = PersonField(
        label="Project manager",
        required=False,
        help_text="Type a name, choose from the list. Empty: the role is to be filled.",
    )
    ground = forms.CharField(
        label="Which rule or finding asks for it?",
        max_length=300,
        required=False,
        validators=Line.default_validators,
        help_text="Citation or notice. Mandatory work needs it.",
    )
    ground_date = forms.DateField(
        label="From which day does it hold?", required=False, widget=DayInput()
    )
    total = forms.DecimalField(
        label="Budget", required=False, min_value=0, max_digits=16, decimal_places=2, validators=[within_reason]
    )  # fmt: skip
    sponsor = PersonField(label="Sponsor", required=False)
    code = forms.CharField(
        label="Code",
        max_length=30,
        required=False,
        validators=Line.default_validators,
        help_text="Short and unique. Empty: Rounds numbers it.",
    )
    category = forms.ChoiceField(label="Category", required=False)
    percent = forms.IntegerField(
        label="Durations, in percent of the template’s",
        min_value=25,
        max_value=SLOWEST,
        initial=100,
        help_text="50 halves every duration, 120 adds a fifth.",
    )
    seven_days = forms.BooleanField(
        label="Seven-day work runs on all seven days",
        required=False,
        help_text="Cutovers, moves and a command center. Otherwise they count working days.",
    )
    calendar = forms.ModelChoiceField(
        WorkCalendar.objects.none(), label="Working calendar", required=False
    )
    region = forms.ChoiceField(
        label="Rules of",
        choices=Region.choices,
        help_text="Obligations of another country are left out.",
    )
    is_confidential = forms.BooleanField(
        label="Confidential",
        required=False,
        help_text="Only the people named on it and the PMO lead can see it.",
    )

    main = ("name", "unit", "go_live", "manager")
    mandatory = ("ground", "ground_date")

    def __init__(
        self,
        *args: Any,
        document: Document,
        by: User,
        choices_url: str,
        lane: str = "",
        **kwargs: Any,
    ) -> None:
        """Ask what the document needs; `lane` is what was decided already, "" is the template's."""
        super().__init__(*args, **kwargs)
        self.document = document
        narrowed(self, "unit", units_for(by, Permission.PROJECT_CREATE), "Choose a unit")
        narrowed(
            self,
            "calendar",
            WorkCalendar.objects.order_by(*as_read("name", "pk")),
            "The organization’s",
        )
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)  # noqa: S101 - narrows the type
        category.choices = [("", "As the template says"), *category_choices(kept="")]
        money = organization().money
        self.fields["total"].widget = MoneyInput(currency=str(organization().currency))
        self.fields["total"].help_text = words.example_hint(example_total(document, {}), money)
        self.fields["region"].initial = Region.UK if organization().currency == POUND else Region.US
        if (lane or document["lane"]) != Lane.MANDATORY:
            for name in self.mandatory:
                del self.fields[name]
        for name in ("manager", "sponsor"):
            offer_people(self.fields[name], choices_url)
        self._ask_sizes()

    def _ask_sizes(self) -> None:
        for key, given in (self.document.get("scale") or {}).items():
            if isinstance(given, int | float):
                self.fields[SIZE + key] = forms.IntegerField(
                    label=size_label(key),
                    min_value=1,
                    max_value=LARGEST_SIZE,
                    initial=int(given),
                    required=False,
                )

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.main, *self.mandatory) if name in self.fields]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        first = {*self.main, *self.mandatory}
        return [
            self[name] for name in self.fields if name not in first and not name.startswith(SIZE)
        ]

    @property
    def size_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(SIZE)]

    def sizes(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            name.removeprefix(SIZE): said[name]
            for name in self.fields
            if name.startswith(SIZE) and said.get(name)
        }

    def wish(self) -> StartWish:
        """Return what is asked of the template."""
        said = self.cleaned_data
        return StartWish(
            go_live=said["go_live"],
            percent=said["percent"],
            seven_days=said["seven_days"],
            calendar=said["calendar"],
            region=said["region"],
            sizes=self.sizes(),
            total=said["total"],
            ground=said.get("ground", ""),
            ground_date=said.get("ground_date"),
        )

    def project_fields(self) -> dict[str, Any]:
        said = self.cleaned_data
        fields = {name: said[name] for name in ("name", "unit", "manager", "sponsor", "code")}
        if said["category"]:
            fields["category"] = said["category"]
        return {**fields, "is_confidential": said["is_confidential"]}


class PreviewForm(forms.Form):
    """What the dates follow from, as typed so far."""

    go_live = forms.DateField(required=False)
    percent = forms.IntegerField(required=False, min_value=25, max_value=SLOWEST)
    seven_days = forms.BooleanField(required=False)
    calendar = forms.ModelChoiceField(WorkCalendar.objects.all(), required=False)

    def wish(self) -> StartWish | None:
        """Return what the dates follow from; None while that is not known."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        day: date | None = said["go_live"]
        if day is None:
            return None
        return StartWish(
            go_live=day,
            percent=said["percent"] or 100,
            seven_days=said["seven_days"],
            calendar=said["calendar"],
            total=Decimal(),
        )
