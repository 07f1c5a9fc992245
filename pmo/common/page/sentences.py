"""Several lines of text as people type them: a line's end is one character, as the browser counts it."""

from typing import Any

from django import forms


def one_break(text: str) -> str:
    """Return text whose lines end in one character each; browsers send two, old files another one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Sentences(forms.Textarea):
    """A field of several lines; what it hands on counts and compares as what was seen."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return one_break(value) if isinstance(value, str) else value
