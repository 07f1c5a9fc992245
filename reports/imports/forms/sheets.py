"""Which sheets of a workbook are imported, and what the rows of each are."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms

from reports.imports.domain import RECORD_KINDS
from reports.imports.services.workbooks import SheetLook
from reports.imports.words import sheets as words

KINDS = [(name, kind.label) for name, kind in RECORD_KINDS.items()]


class SheetOffer(NamedTuple):
    """One sheet on the page: the box that takes it, what it looks like, and what its rows are."""

    take: forms.BoundField
    look: str
    record: forms.BoundField


class SheetsForm(forms.Form):
    """A box and a kind for each sheet; the likely one is chosen."""

    def __init__(self, *args: Any, looks: Sequence[SheetLook], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looks = looks
        for place, look in enumerate(looks):
            self.fields[f"take_{place}"] = forms.BooleanField(
                label=look.name, required=False, initial=look.is_likely
            )
            self.fields[f"record_{place}"] = forms.ChoiceField(
                label=f"Each row of “{look.name}” is about",
                choices=KINDS,
                initial=look.record or KINDS[0][0],
            )

    @property
    def sheets(self) -> list[SheetOffer]:
        labels = dict(KINDS)
        return [
            SheetOffer(
                self[f"take_{place}"],
                words.above(one.rows)
                if one.is_above
                else words.look(one.rows, labels.get(one.record, ""), one.product, one.known),
                self[f"record_{place}"],
            )
            for place, one in enumerate(self.looks)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"take_{place}") for place in range(len(self.looks))):
            self.add_error(None, "Choose at least one sheet.")
        return cleaned

    def chosen(self) -> dict[str, str]:
        """Return sheet -> kind of record."""
        return {
            one.name: self.cleaned_data[f"record_{place}"]
            for place, one in enumerate(self.looks)
            if self.cleaned_data[f"take_{place}"]
        }
