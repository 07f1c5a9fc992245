"""
The colors of the style sheet, for what cannot read one: mails and printed documents.

static/css/colors.css is the one home of colors; here they are read, never named.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).resolve().parents[3] / "static/css/colors.css"
NAMED = re.compile(
    r"--([a-z0-9-]+): (?:light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|(#[0-9a-f]{6}));"
)


class Shade(NamedTuple):
    """One color in both themes, each as #rrggbb."""

    light: str
    dark: str


@cache
def palette() -> dict[str, Shade]:
    """Return the plain colors by name; what is see-through, or another color's name, is not among them."""
    return {
        name: Shade(light or both, dark or both)
        for name, light, dark, both in NAMED.findall(HOME.read_text(encoding="utf-8"))
    }


def shade(name: str, theme: str = "light") -> str:
    """Return one color as #rrggbb; KeyError where the style sheet does not name it."""
    found: str = getattr(palette()[name], theme)
    return found
