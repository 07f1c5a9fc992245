"""What every chart shares: color roles, an empty template, safe labels and the card around it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

Figure = dict[str, Any]

# The browser replaces these roles with the colors of the chosen theme.
ROLES = {
    "red": "var(--rag-red)",
    "amber": "var(--rag-amber)",
    "green": "var(--rag-green)",
    "none": "var(--rag-none)",
    "over": "var(--chart-over)",
    "under": "var(--chart-under)",
    "flat": "var(--chart-flat)",
    "accent": "var(--accent)",
    "text": "var(--text)",
    "muted": "var(--muted)",
    "line": "var(--line-strong)",
}

# Plotly's default template would add 6.5 kB to every figure; the theme is applied in the browser.
EMPTY_TEMPLATE: dict[str, Any] = {"layout": {}}

ROW_HEIGHT = 30  # pixels for one horizontal bar with its label
FRAME_HEIGHT = 90  # pixels for the axis and the margins


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the table under a chart."""

    label: str
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A finding, the picture that shows it and the same figures as a table.

    `figure` is None when there is nothing to draw; `reason` then says why.
    """

    key: str
    title: str
    sentence: str
    figure: Figure | None
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[str]] = ()
    footnote: str = ""
    reason: str = ""
    size: str = ""
    legend: Sequence[tuple[str, str]] = field(default=())

    @property
    def heading_id(self) -> str:
        """Return the id that names the card."""
        return f"h-{self.key}"

    @property
    def data_id(self) -> str:
        """Return the id of the element that holds the figure."""
        return f"figure-{self.key}"


def plain(text: object) -> str:
    """Make a user's text literal: Plotly reads labels as markup."""
    return escape(str(text), quote=False)


def role(name: str) -> str:
    """Return the color role of a name, "none" when the name is unknown."""
    return ROLES.get(name, ROLES["none"])


def roles(names: Sequence[str]) -> list[str]:
    """Return one color role for each bar or marker."""
    return [role(name) for name in names]


def bars_height(rows: int) -> int:
    """Return the height in pixels of a chart with `rows` horizontal bars."""
    return FRAME_HEIGHT + ROW_HEIGHT * max(rows, 1)


def figure(traces: Sequence[dict[str, Any]], **layout: Any) -> Figure:
    """Assemble a figure with the house margins and no template."""
    bottom = 64 if layout.get("xaxis", {}).get("title") else 36  # two lines of title on a phone
    top = 36 if layout.get("showlegend") else 8
    base: dict[str, Any] = {
        "height": 320,
        "margin": {"l": 8, "r": 16, "t": top, "b": bottom},
        "showlegend": False,
        "template": EMPTY_TEMPLATE,
    }
    return {"data": list(traces), "layout": base | layout}
