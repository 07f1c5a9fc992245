"""What every chart shares: color roles, an empty template, safe labels and the card around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import plotly.graph_objects as go

Figure = dict[str, Any]

# The browser replaces these roles with the colors of the chosen theme, which static/css/colors.css names.
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
    "surface": "var(--surface)",
    "clear": "var(--clear)",
}

# What the vendored browser bundle can draw, and what checks each of them when it is built.
TRACES = {"bar": go.Bar, "scatter": go.Scatter}

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
    is_numbered: bool = (
        False  # numbers of rows stand in the picture: the table is open, and printed
    )

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
    """
    Build a figure with the house margins; Plotly refuses a name or a value that it does not know.

    Each trace names its type. Traces and layout are built apart and no `go.Figure` around them: that
    would put Plotly's default template into every figure, 6.5 kB, and the browser applies the theme.
    """
    bottom = 64 if layout.get("xaxis", {}).get("title") else 36  # two lines of title on a phone
    top = 36 if layout.get("showlegend") else 8
    base: dict[str, Any] = {
        "height": 320,
        "margin": {"l": 8, "r": 16, "t": top, "b": bottom},
        "showlegend": False,
    }
    return {
        "data": [_checked(trace) for trace in traces],
        "layout": go.Layout(base | layout).to_plotly_json(),
    }


def _checked(trace: Mapping[str, Any]) -> dict[str, Any]:
    properties = {name: value for name, value in trace.items() if name != "type"}
    drawn: dict[str, Any] = TRACES[trace["type"]](properties).to_plotly_json()
    return drawn
