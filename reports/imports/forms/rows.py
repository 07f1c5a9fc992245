"""How the list of an import's rows is narrowed, and the word that undoes an import."""

from collections.abc import Sequence
from typing import Any

from django import forms

UNDO_WORD = "undo"
LONGEST_FIND = 80


class RowsForm(forms.Form):
    """What is looked for among the rows: a kind of problem, and a name, code or row."""

    problem = forms.ChoiceField(label="Problem", required=False)
    find = forms.CharField(
        label="Find",
        required=False,
        max_length=LONGEST_FIND,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, code or row"}),
    )

    def __init__(self, *args: Any, problems: Sequence[tuple[str, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["problem"]
        field.choices = [("", "All"), *problems]
        if not problems:
            del self.fields["problem"]

    def said(self, name: str) -> str:
        """Return what is looked for; "" where nothing fitting was said."""
        return str(self.cleaned_data.get(name, "")) if self.is_bound else ""


class UndoForm(forms.Form):
    """The word that shows that the list above was read."""

    word = forms.CharField(
        label="Type undo to confirm",
        error_messages={"required": "Type the word undo."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_word(self) -> str:
        word = str(self.cleaned_data["word"]).strip()
        if word.casefold() != UNDO_WORD:
            raise forms.ValidationError("Type the word undo.")
        return word
