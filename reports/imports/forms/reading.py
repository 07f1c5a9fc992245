"""How the file is read, where finding out went wrong: its sheet, encoding, delimiter and header line."""

from typing import Any

from django import forms

from pmo.common.tabular import SourceTable
from reports.imports.domain import RECORD_KINDS
from reports.imports.words.reading import encoding_choices, sheet_choices

WAYS = (
    ("", "Find out"),
    ("rows", "One record in each row"),
    ("columns", "One record in each column"),
)
DELIMITERS = (("", "Find out"), (",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Bar |"))


class ReadingForm(forms.Form):
    """How the file is read; with its table, what there is to choose from and how each choice looks."""

    record = forms.ChoiceField(
        label="Each row is about",
        choices=[(name, kind.label) for name, kind in RECORD_KINDS.items()],
        required=False,
    )
    sheet = forms.CharField(label="Sheet", required=False, max_length=60)
    records_in = forms.ChoiceField(label="Records", choices=WAYS, required=False)
    header = forms.IntegerField(
        label="Line of the headers", required=False, min_value=1, max_value=10_000
    )
    encoding = forms.ChoiceField(label="Encoding", choices=encoding_choices(), required=False)
    delimiter = forms.ChoiceField(label="Delimiter", choices=DELIMITERS, required=False)

    def __init__(self, *args: Any, table: SourceTable | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if table is None:
            return
        encoding: Any = self.fields["encoding"]
        encoding.choices = encoding_choices(table.encodings)
        if table.sheets:
            self.fields["sheet"].widget = forms.Select(choices=sheet_choices(table.sheets))
        else:
            del self.fields["sheet"]
        if table.sheets and table.encoding:
            self.fields["sheet"].label = "Level"
        elif table.sheets:  # of a workbook
            for name in ("encoding", "delimiter"):
                del self.fields[name]

    def source(self) -> dict[str, Any]:
        """Return the profile's `source` entry."""
        return {name: said for name, said in self.cleaned_data.items() if said and name != "record"}
