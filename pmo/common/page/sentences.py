"""Several lines of text as people type them: a line's end is one character, as the browser counts it."""

import re
from typing import Any

from django import forms

NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
HALF = re.compile("[\ud800-\udfff]")


def one_break(text: str) -> str:
    """Return text whose lines end in one character each; browsers send two, old files another one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def printable(text: str) -> str:
    """Leave out what is no character: no file that holds the text could say it again."""
    return NO_CHARACTER.sub("", text)


def has_controls(text: str) -> bool:
    """
    True for characters that are refused; the ends of lines and tabs are none of them.

    So is half a character, as JSON and YAML can say one: no page could be written that holds it.
    """
    if any(char < " " and char not in "\n\r\t" for char in text):
        return True
    return not text.isascii() and HALF.search(text) is not None


def one_line(text: str) -> str:
    """
    Return text as one line, with one blank between words, whatever blanks and line ends were pasted.

    Text that is refused for a control character stays as it is.
    """
    if has_controls(text):
        return text
    return " ".join(printable(text).replace("\x7f", " ").split())


class OneLine(forms.CharField):
    """A field of one line; what it hands on is what is kept."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return one_line(value) if isinstance(value, str) else value


class Sentences(forms.Textarea):
    """A field of several lines; what it hands on counts and compares as what was seen."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return one_break(value) if isinstance(value, str) else value
