"""What the addresses of report pages may say: which scope, which day, which rows, which order."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from django import forms
from django.db.models import F

from pmo.accounts.models import Unit
from pmo.common.page.forms import DayInput
from pmo.common.records.search import as_read, found
from pmo.organization.current import category_names
from reports.domain.figure_table import FIELDS, Kind
from reports.models.snapshots import Snapshot, SnapshotQuerySet
from reports.selectors.key_figures import shown
from reports.selectors.scopes import OfferedScopes
from reports.words.key_figures import SHOWS
from reports.words.scopes import INDENT, NO_CODE, NO_SCOPE, scope_choices

COLORS = (("red", "Red"), ("amber", "Amber"), ("none", "No report"), ("green", "Green"))
SIZES = (25, 100)
NEVER_FIRST = "updated_on"  # who never reported stands before who reported long ago


def _sorts() -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield each order of the health table by its name in an address, what is not known last."""
    for one in FIELDS:
        if one.sort and one.kind is Kind.TEXT:
            yield one.sort, tuple(as_read(one.name))
            yield f"-{one.sort}", tuple(as_read(f"-{one.name}"))
        elif one.sort:
            first = one.name == NEVER_FIRST
            rising = F(one.name).asc(nulls_first=first or None, nulls_last=not first or None)
            yield one.sort, (rising, *as_read("name"))
            yield f"-{one.sort}", (F(one.name).desc(nulls_last=True), *as_read("name"))


SORTS: Mapping[str, tuple[Any, ...]] = dict(_sorts())


def unit_choices(units: Iterable[Unit]) -> list[tuple[str, str]]:
    """Return units, which come in the order of their tree, indented."""
    return [(str(unit.pk), INDENT * unit.depth + unit.name) for unit in units]


class ScopeField(forms.ChoiceField):
    """One of the offered scopes; what is offered is read when it is shown, or named by the address."""

    offered: OfferedScopes

    def offer(self, offered: OfferedScopes) -> None:
        self.offered = offered
        # a select asks twice
        self.choices = cache(lambda: scope_choices(offered))

    def valid_value(self, value: str) -> bool:
        return self.offered.find(value) is not None


class LookForm(forms.Form):
    """What to look at (none = the whole hospital) and as of which day (none = now)."""

    scope = ScopeField(label="Look at", required=False)
    as_of = forms.DateField(
        label="As of",
        required=False,
        widget=DayInput(attrs={"list": "frozen-days"}),
        error_messages={"invalid": "Enter a day like 2026-11-15."},
    )

    def __init__(self, data: Mapping[str, str], *, offered: OfferedScopes) -> None:
        """Take a portfolio by its code, too: addresses that people keep say it so."""
        code = data.get("portfolio", "")
        ours = next((one for one in offered.portfolios if one.code == code), None)
        by_code = {"scope": str(ours.key) if ours else code} if code else {}
        super().__init__(by_code | {name: data[name] for name in data})
        field: Any = self.fields["scope"]
        field.offer(offered)
        field.error_messages["invalid_choice"] = NO_CODE if by_code else NO_SCOPE


class HealthFilter(forms.Form):
    """Which rows of the health table; what the address says wrongly filters nothing."""

    color = forms.ChoiceField(choices=(("", "All"), *COLORS), required=False)
    q = forms.CharField(
        label="Find",
        required=False,
        max_length=80,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Project, code or manager", "size": 22}
        ),
    )
    show = forms.ChoiceField(label="Show", choices=SHOWS, required=False)
    unit = forms.ChoiceField(label="Unit", required=False)
    category = forms.ChoiceField(label="Category", required=False)

    def __init__(self, data: Mapping[str, str], *, offered: OfferedScopes) -> None:
        super().__init__(data)
        unit: Any = self.fields["unit"]
        unit.choices = cache(lambda: [("", "All"), *unit_choices(offered.units)])
        category: Any = self.fields["category"]
        category.choices = [("", "All"), *category_names().items()]

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def is_narrow(self) -> bool:
        """True when anything but a color narrows the rows."""
        return any(self.chosen(name) for name in ("q", "show", "unit", "category"))

    @property
    def labels(self) -> list[str]:
        """Name what narrows the rows, as a file that holds them says it: "red", "Cardiology"."""
        named = []
        for name in ("color", "show", "unit", "category"):
            field: Any = self.fields[name]
            if value := self.chosen(name):
                label = str(dict(field.choices)[value]).replace(INDENT, "")
                named.append(label.lower() if name in {"color", "show"} else label)
        words = self.chosen("q")
        return [*named, f"“{words}”"] if words else named

    @property
    def address(self) -> dict[str, str]:
        """Return the part of an address that narrows another page or a file in the same way."""
        return {name: value for name in self.fields if (value := self.chosen(name))}

    def apply(self, rows: SnapshotQuerySet, before: SnapshotQuerySet | None) -> SnapshotQuerySet:
        """
        Keep what every filter but the color keeps; colors are counted on what is left.

        `before` are the rows of the freeze that is compared with.
        """
        if unit := self.chosen("unit"):
            rows = rows.filter(unit__path__contains=f"/{unit}/")
        if category := self.chosen("category"):
            rows = rows.filter(category=category)
        if show := self.chosen("show"):
            rows = rows.filter(shown(show, before))
        if words := self.chosen("q"):
            rows = rows.filter(found(Snapshot, words))
        return rows

    def of_color(self, rows: SnapshotQuerySet) -> SnapshotQuerySet:
        color = self.chosen("color")
        return rows.filter(overall=color) if color else rows


def ordered(rows: SnapshotQuerySet, sort: str) -> SnapshotQuerySet:
    """Order rows as the address says; anything unknown is worst first."""
    order = SORTS.get(sort)
    return rows.order_by(*order, "pk") if order else rows.worst_first()


def order_of(text: str) -> str:
    """Return an order that the address names; "" (worst first) for any other."""
    return text if text in SORTS else ""


def size_of(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and int(text) in SIZES else SIZES[0]
