"""What becomes of the people, units and programs that a file names and Rounds does not know."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms

from pmo.accounts.forms import UnitChoiceField
from pmo.accounts.models import Unit, User, in_tree_order
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can, scope_of
from pmo.common.page import formats
from pmo.common.records.search import as_read
from projects.forms.records import units_for
from projects.models import Program
from reports.imports.domain import ADD, KEPT_IN, LEAVE

# selects that would list more names than this in all list only those that look alike
MOST_OPTIONS = 5_000
AS_ABOVE = ("", "As chosen above")
CHOOSE = ("", "Choose")
NEW = {"person": "person", "unit": "department", "program": "program"}
MAY_BE_EMPTY = frozenset(("person", "program"))
_ANOTHER = "Choose another answer where a name means {} already in Rounds."
NOTES = {
    "person": f"Names must match exactly. {_ANOTHER.format('a person')}",
    "unit": _ANOTHER.format("a unit"),
    "program": _ANOTHER.format("a program"),
}
Unknown = Mapping[str, Any]


class NameGroup(NamedTuple):
    """What is asked about the names of one sort: for all of them, and for each."""

    id: str
    title: str
    note: str
    choice: forms.BoundField | None  # the answer for all
    below: forms.BoundField | None
    rows: list[forms.BoundField]


class AnswersForm(forms.Form):
    """One answer for all names of a sort, and another for a name where it differs."""

    people = forms.ChoiceField(
        label="What should Rounds do with these people?",
        choices=(
            (ADD, "Add them as people who cannot sign in until an administrator adds an address"),
            (LEAVE, "Leave their fields empty"),
        ),
        widget=forms.RadioSelect(attrs={"class": "options"}),
        error_messages={"required": "Choose what to do with the people."},
    )
    units = forms.ChoiceField(
        label="What should Rounds do with these units?",
        choices=((ADD, "Add them as departments"), (LEAVE, "Add none: I choose a unit for each")),
        widget=forms.RadioSelect(attrs={"class": "options"}),
        error_messages={"required": "Choose what to do with the units."},
    )
    programs = forms.ChoiceField(
        label="What should Rounds do with these programs?",
        choices=((ADD, "Add them as programs"), (LEAVE, "Leave their fields empty")),
        widget=forms.RadioSelect(attrs={"class": "options"}),
        error_messages={"required": "Choose what to do with the programs."},
    )
    below = UnitChoiceField(
        Unit.objects.none(),
        required=False,
        label="New departments are part of",
        empty_label="Nothing, they are at the top",
    )

    def __init__(
        self,
        *args: Any,
        unknown: Sequence[Unknown],
        answers: Mapping[str, Any],
        by: User,
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.unknown = unknown
        self.may_name = can(by, Permission.PERSON_NAME).allowed
        scope = scope_of(by, Permission.UNIT_ADD)
        self.may_add_units = scope.everywhere or bool(scope.paths)
        self.may_add_programs = can(by, Permission.PROGRAM_CHANGE).allowed
        below: Any = self.fields["below"]
        below.queryset = units_for(by, Permission.UNIT_ADD)
        if not scope.everywhere:
            below.required, below.empty_label = True, "Choose a unit"
            below.error_messages["required"] = "Choose the unit that they are part of."
        self._names(answers)
        self._fit()

    def _names(self, answers: Mapping[str, Any]) -> None:
        everybody = list(User.objects.filter(is_active=True).order_by(*as_read("name", "pk")))
        all_units = in_tree_order(Unit.objects.all())
        all_programs = list(Program.objects.order_by(*as_read("name", "pk")))
        amount = len(everybody) + len(all_units) + len(all_programs)
        lists_all = len(self.unknown) * amount <= MOST_OPTIONS
        people = {user.pk: _person_label(user) for user in everybody}
        names = {unit.pk: unit.name for unit in all_units}
        units = {
            unit.pk: f"{unit.name}, part of {names[unit.parent_id]}"
            if unit.parent_id
            else unit.name
            for unit in all_units
        }
        programs = {one.pk: f"{one.name} ({one.code})" for one in all_programs}
        listed = {"person": people, "unit": units, "program": programs}
        for number, one in enumerate(self.unknown):
            known = listed[one["sort"]]
            said = (answers.get(KEPT_IN[one["sort"]]) or {}).get(one["key"])
            self.fields[f"name_{number}"] = forms.ChoiceField(
                label=f"“{one['name']}”",
                required=not self._follows(one),
                help_text=f"{_uses(one)}. {_hint(one)}".strip(),
                choices=self._options(one, known, lists_all=lists_all),
                initial=said or "",
                error_messages={"required": f"Choose what “{one['name']}” is."},
            )

    def _options(self, one: Unknown, known: Mapping[int, str], *, lists_all: bool) -> list[Any]:
        options: list[Any] = [AS_ABOVE if self._follows(one) else CHOOSE]
        if self._can_add(one):
            options.append((ADD, f"Add as a new {NEW[one['sort']]}"))
        if one["sort"] in MAY_BE_EMPTY:
            options.append((LEAVE, "Leave empty"))
        first = [(str(pk), known[pk]) for pk in (*one["same"], *one["near"]) if pk in known]
        if first:
            options.append(("Of this name" if one["same"] else "Did you mean", first))
        listed = {int(pk) for pk, _ in first}
        rest = [(str(pk), label) for pk, label in known.items() if pk not in listed]
        if lists_all and rest:
            options.append((f"{KEPT_IN[one['sort']].capitalize()} in Rounds", rest))
        return options

    def _can_add(self, one: Unknown) -> bool:
        if one["sort"] == "person":
            return self.may_name and "@" not in one["name"]
        return self.may_add_units if one["sort"] == "unit" else self.may_add_programs

    def _follows(self, one: Unknown) -> bool:
        """Say whether the answer for all can be this name's; several of one name are always asked about."""
        return not one["same"] and self._can_add(one)

    def _fit(self) -> None:
        """Take out what nobody has to answer."""
        for sort, name in KEPT_IN.items():
            if not any(one["sort"] == sort and self._follows(one) for one in self.unknown):
                del self.fields[name]
        adds_units = self.may_add_units and any(one["sort"] == "unit" for one in self.unknown)
        if not (adds_units and self.fields["below"].queryset.exists()):  # type: ignore[attr-defined]  # a model choice field
            del self.fields["below"]

    def _rows(self, sort: str) -> list[forms.BoundField]:
        return [self[f"name_{n}"] for n, one in enumerate(self.unknown) if one["sort"] == sort]

    @property
    def groups(self) -> list[NameGroup]:
        """Return what is asked about the names of each sort that there are."""
        asked = {sort: self._rows(sort) for sort in KEPT_IN}
        return [
            NameGroup(
                name,
                f"{name.capitalize()} not in Rounds",
                NOTES[sort],
                self[name] if name in self.fields else None,
                self["below"] if sort == "unit" and "below" in self.fields else None,
                asked[sort],
            )
            for sort, name in KEPT_IN.items()
            if asked[sort]
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.found: dict[str, dict[str, str]] = {name: {} for name in KEPT_IN.values()}
        for number, one in enumerate(self.unknown):
            group = KEPT_IN[one["sort"]]
            field = f"name_{number}"
            said = cleaned.get(field) or (cleaned.get(group, "") if self._follows(one) else "")
            if said and not (said == LEAVE and group == "units"):
                self.found[group][one["key"]] = said
            elif not {field, group} & self.errors.keys():
                self.add_error(field, f"Choose what “{one['name']}” is.")
        if "below" in self.errors and ADD not in self.found["units"].values():
            del self.errors["below"]
        return cleaned

    def answers(self) -> dict[str, Any]:
        """Return what the run keeps."""
        below = self.cleaned_data.get("below")
        return {**self.found, "below": below.pk if below else None}


def _person_label(user: User) -> str:
    beside = " · ".join(part for part in (user.title, user.email) if part)
    return f"{user.name} ({beside})" if beside else str(user.name)


def _uses(one: Unknown) -> str:
    return ", ".join(
        f"{label} in {formats.count(amount, 'row')}" for label, amount in one["uses"].items()
    )


def _hint(one: Unknown) -> str:
    if one["same"]:
        return f"{len(one['same'])} have this name. Choose which is meant."
    if one["sort"] == "person" and "@" in one["name"]:
        return "An address: an administrator adds people who sign in."
    return "A similar name is in Rounds." if one["near"] else ""
