"""What is mended on the page of a check: the cells of a row, and a value wherever the file says it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from pmo.accounts.models import Unit, in_tree_order
from pmo.common.page import formats
from reports.imports.domain import Profile, normalized, profile_from_dict
from reports.imports.domain.fields import CellKind, Field, Sort
from reports.imports.domain.likely_words import likely
from reports.imports.models import ImportRun, StagedRow
from reports.imports.selectors import SaidOften
from reports.imports.services.work import with_categories

UNCHANGED = "Change a field, or leave the row out."
LONGEST = 2_000
COLORS = ("red", "amber", "green")
MOST_UNITS = 500
Choice = tuple[str, str]


def columns_of(run: ImportRun, profile: Profile) -> dict[str, tuple[int, str]]:
    """Return for each field of ours the place and the header of the column that it comes from."""
    there = {normalized(header): place for place, header in reversed(list(enumerate(run.headers)))}
    found: dict[str, tuple[int, str]] = {}
    for name, source in profile.sources.items():
        places = [there[one] for header in source.headers if (one := normalized(header)) in there]
        if places:
            found[name] = places[0], run.headers[places[0]]
    return found


def words_for(field: Field) -> list[Choice]:
    """Return the words of which a cell may say one; none where it may say anything."""
    if field.kind is CellKind.COLOR:
        return [(word, word) for word in map(formats.color_word, COLORS)]
    if field.kind is CellKind.CHOICE:
        return [(word, word) for code, word in field.choices if code not in field.unoffered]
    if field.names is Sort.UNIT:
        units = Unit.objects.all()[: MOST_UNITS + 1]
        if len(units) <= MOST_UNITS:
            return [(unit.name, unit.name) for unit in in_tree_order(Unit.objects.all())]
    return []


class MendForm(forms.Form):
    """The cells of one row, with what is wrong beside them; all that are mapped, or the wrong ones."""

    def __init__(
        self,
        *args: Any,
        run: ImportRun,
        row: StagedRow,
        profile: Profile,
        shows_all: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.auto_id = f"mend_{row.position}_%s"
        self.row = row
        self._columns = columns_of(run, profile)
        wrong = [one[2] for one in row.problems if one[2] in self._columns]
        self.amount = len(self._columns)
        chosen = list(self._columns) if shows_all or not wrong else list(dict.fromkeys(wrong))
        self.shows_all = len(chosen) == self.amount
        self.first_wrong = wrong[0] if wrong else next(iter(chosen), "")
        for name in chosen:
            place, header = self._columns[name]
            text = self._text(place)
            self.fields[name] = _cell_field(profile.kind.field(name), header, text)
            if name == self.first_wrong:
                self.fields[name].widget.attrs["data-focus"] = True

    def _text(self, place: int) -> str:
        return str(self.row.cells[place]) if place < len(self.row.cells) else ""

    def with_problems(self) -> "MendForm":
        """Let every field say what the check found wrong with it."""
        self.is_bound = True
        self.data = {name: self._text(self._columns[name][0]) for name in self.fields}
        self.full_clean()
        for _line, _column, name, wrong, right in self.row.problems:
            self.add_error(name if name in self.fields else None, f"{wrong} {right}".strip())
        return self

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.said = {
            self._columns[name][1]: str(text)
            for name, text in cleaned.items()
            if str(text) != self._text(self._columns[name][0]).strip()
        }
        return cleaned


def mend_form(data: QueryDict, run: ImportRun, row: StagedRow) -> MendForm:
    """Return the form as it was sent: with all cells, or the wrong ones."""
    profile = with_categories(profile_from_dict(run.document))
    every = len(data.keys() & columns_of(run, profile).keys()) > len(row.problems)
    return MendForm(data, run=run, row=row, profile=profile, shows_all=every)


def _cell_field(field: Field, header: str, text: str) -> forms.Field:
    hint = "" if normalized(header) == normalized(field.label) else f"Column “{header}”"
    words = words_for(field)
    if not words:
        return forms.CharField(
            label=field.label, required=False, initial=text, max_length=LONGEST, help_text=hint
        )
    known = {word for word, _ in words}
    first = [("", "Empty")] if not text else [("", "Empty"), (text, f"“{text}”, as in the file")]
    return forms.ChoiceField(
        label=field.label,
        required=False,
        initial=text,
        help_text=hint,
        choices=[*(first[:1] if text in known else first), *words],
    )


class ValueForm(forms.Form):
    """What a value of the file should say wherever it stands."""

    header = forms.CharField(widget=forms.HiddenInput)
    old = forms.CharField(widget=forms.HiddenInput, strip=False)
    new = forms.CharField(required=False, max_length=LONGEST)

    def __init__(self, *args: Any, number: int = 0, field: Field | None = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.auto_id = f"value_{number}_%s"
        words = words_for(field) if field else []
        self.is_choice = bool(words)
        if words:
            choices = [("", "Choose"), *words, (LEAVE_EMPTY, "Leave empty")]
            self.fields["new"] = forms.ChoiceField(choices=choices)

    def mended(self) -> str:
        """Return what the cells are to say."""
        said = str(self.cleaned_data["new"]).strip()
        return "" if said == LEAVE_EMPTY else said


LEAVE_EMPTY = "-"


def value_forms(
    said: Sequence[SaidOften], fields: Mapping[str, Field]
) -> list[tuple[SaidOften, ValueForm]]:
    """Return a form for each value that the file says where Rounds knows other words."""
    return [
        (
            one,
            ValueForm(
                number=number,
                field=fields[one.field],
                initial={
                    "header": one.header,
                    "old": one.text,
                    "new": _guess(fields[one.field], one.text),
                },
            ),
        )
        for number, one in enumerate(said)
    ]


def _guess(field: Field, text: str) -> str:
    """Return what is proposed for a value: one of the words that the field knows, "" for none."""
    return likely(field.name, text, words_for(field))
