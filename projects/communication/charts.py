"""Drawings of stakeholders and adoption: plain figures in, figures out; words make them cards."""

from collections.abc import Sequence
from typing import NamedTuple

from pmo.common.page import charts

LEVEL_WORDS = ["Low", "Medium", "High"]
EDGE = 0.5  # half a cell


class GridDot(NamedTuple):
    """One stakeholder of the grid: number, name, place and the color role of how it stands."""

    number: int
    name: str
    across: float
    up: float
    role: str


def grid_figure(dots: Sequence[GridDot]) -> charts.Figure:
    """Draw power against interest, three by three; each dot carries its number in the table."""
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": across,
            "y": up,
            "line": {"color": charts.role("line"), "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        }
        for place in (1.5, 2.5)
        for across, up in (([place, place], [EDGE, 3.5]), ([EDGE, 3.5], [place, place]))
    ]
    marks = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [dot.across for dot in dots],
        "y": [dot.up for dot in dots],
        "text": [str(dot.number) for dot in dots],
        "textposition": "middle center",
        "textfont": {"color": charts.role("text")},
        "customdata": [charts.plain(dot.name) for dot in dots],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {
            "size": 26,
            "color": charts.role("surface"),
            "line": {"width": 3, "color": charts.roles([dot.role for dot in dots])},
        },
    }
    axis = {
        "range": [EDGE, 3.5],
        "tickvals": [1, 2, 3],
        "ticktext": LEVEL_WORDS,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
    return charts.figure(
        [*lines, marks],
        height=380,
        xaxis=axis | {"title": {"text": "Interest"}},
        yaxis=axis | {"title": {"text": "Power"}},
    )


def adoption_figure(
    days: Sequence[str], series: Sequence[tuple[str, str, Sequence[float | None]]]
) -> charts.Figure:
    """Draw shares (0 to 1) by day of reading; a series is its name, its color role and its shares."""
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": list(days),
            "y": list(shares),
            "line": {"color": charts.role(role), "width": 2},
            "marker": {"size": 9, "color": charts.role(role)},
            "hovertemplate": f"{name}, %{{x}}: %{{y:.0%}}<extra></extra>",
        }
        for name, role, shares in series
    ]
    return charts.figure(
        traces,
        showlegend=True,
        yaxis={"range": [0, 1.05], "tickformat": ".0%", "fixedrange": True},
        xaxis={"fixedrange": True, "type": "category"},
    )
