"""Their words for ours: what a file says in a column that knows its words, and what it means here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django import forms

from pmo.common.tabular import SourceTable
from pmo.common.tabular.table import plain
from reports.imports.domain import CellKind, Field, Profile, normalized, own_table
from reports.imports.domain.likely_words import counted, likely
from reports.imports.services.work import with_categories
from reports.imports.words.reading import said_in

LONGEST_WORD = 40
MOST_WORDS = 12
ASKED_APART = frozenset(("stage", "color"))
CHOOSE = ("", "Choose")


def present_header(table: SourceTable, headers: Iterable[str]) -> str:
    """Return the table's own spelling of the first of these headers that it has; empty for none."""
    known = {normalized(header): header for header in reversed(table.headers)}
    return next((known[h] for h in map(normalized, headers) if h in known), "")


def chosen_header(table: SourceTable, profile: Profile, name: str) -> str:
    """Return the header of a field's column, empty for none."""
    source = profile.sources.get(name)
    return present_header(table, source.headers) if source else ""


def unknown_words(
    table: SourceTable, profile: Profile, name: str, understood: Collection[str]
) -> list[str]:
    """Return the words of the field's column that are none of ours and not translated yet."""
    source = profile.sources.get(name)
    header = chosen_header(table, profile, name)
    if source is None or not header:
        return []
    known = set(understood) | {normalized(word) for word in source.values}
    own = own_table(table, profile)
    cells = (plain(value) for value in own.column(table.headers.index(header)))
    words = dict.fromkeys(cell for cell in cells if cell and normalized(cell) not in known)
    return [word for word in words if len(word) <= LONGEST_WORD][:MOST_WORDS]


def choices_of(profile: Profile) -> dict[str, list[tuple[str, str]]]:
    """Return field -> what its words may mean, for the fields with words that are asked about together."""
    kind = with_categories(profile).kind
    found = {
        field.name: [one for one in field.choices if one[0] not in field.unoffered]
        for field in kind.fields
        if field.kind is CellKind.CHOICE and field.name not in ASKED_APART
    }
    return {name: choices for name, choices in found.items() if choices}


def understood(field: Field, choices: Iterable[tuple[str, str]]) -> set[str]:
    """Return every spelling that is read without a question."""
    spelled = [(code, word) for code, word in [*field.choices, *choices]]
    return {
        normalized(text)
        for code, word in spelled
        for text in (code, word, code.replace("_", " "), code.replace("_", "-"))
    }


def word_field(
    label: str, *, choices: Sequence[tuple[str, str]], rows: int, guess: str
) -> forms.ChoiceField:
    """Return the question what a word means; a guess is proposed, and said to be one."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        initial=guess,
        help_text=said_in(rows, is_guess=bool(guess)),
    )


class ForeignWords:
    """The questions about words of several fields on one form."""

    def __init__(self, form: forms.Form, table: SourceTable, profile: Profile) -> None:
        self._names: dict[str, tuple[str, str]] = {}  # of the question -> field, word
        kind = with_categories(profile).kind
        for name, choices in choices_of(profile).items():
            field = kind.field(name)
            foreign = unknown_words(table, profile, name, understood(field, choices))
            rows = counted(table, chosen_header(table, profile, name)) if foreign else {}
            for word in foreign:
                asked = f"say_{len(self._names)}"
                self._names[asked] = (name, word)
                form.fields[asked] = word_field(
                    f"{field.label}: “{word}”",
                    choices=[CHOOSE, *choices],
                    rows=rows.get(word, 0),
                    guess=likely(name, word, choices),
                )

    @property
    def names(self) -> list[str]:
        return list(self._names)

    def said_of(self, field: str, cleaned: Mapping[str, Any]) -> dict[str, str]:
        """Return their word -> ours, as answered."""
        return {
            word: cleaned[asked]
            for asked, (name, word) in self._names.items()
            if name == field and cleaned.get(asked)
        }
