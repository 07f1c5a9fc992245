"""Keys that are stored, with the words that people read for them."""

from enum import StrEnum
from typing import Self


class Labeled(StrEnum):
    """Write each member as its key and its label; without a label the key is read as words."""

    _value_: str
    label: str

    def __new__(cls, key: str, label: str = "") -> Self:
        made = str.__new__(cls, key)
        made._value_ = key
        made.label = label or key.replace("_", " ").capitalize()
        return made

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return keys with their labels, as columns and forms take them."""
        return [(one.value, one.label) for one in cls]
