"""Made-up figures for the page that shows every part of the interface once, with real words."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator

from pmo.common.page import charts
from pmo.common.page.checklist import Checklist, File, FirstStep, FirstStepLink
from pmo.common.page.forms import ColorRadio, Conflict, DayInput, FieldClash, MoneyInput
from pmo.common.page.inline_charts import StripMark
from pmo.common.page.sentences import Sentences

TODAY = date(2026, 11, 20)

MEANINGS = {
    "green": "On track, no help needed.",
    "amber": "Off track, with a plan to recover.",
    "red": "Off track, needs a decision or help.",
}

LIKELIHOODS = ("Almost certain", "Likely", "Possible", "Unlikely", "Rare")
IMPACTS = ("Minimal", "Minor", "Moderate", "Major", "Severe")
COUNTS = ((0, 0, 1, 1, 1), (0, 1, 2, 3, 2), (0, 3, 4, 2, 1), (1, 2, 2, 1, 0), (0, 1, 1, 0, 0))
LEVELS = {"vh": "Very high", "h": "High", "m": "Medium", "l": "Low"}
THRESHOLDS = ((20, "vh"), (12, "h"), (6, "m"), (0, "l"))

OVERSPEND = (
    ("Emergency department expansion", 2210),
    ("Sterile processing remodel", 670),
    ("Infusion pump interoperability", 260),
    ("Wi-Fi refresh, inpatient towers", 80),
    ("R&D <lab> move", 0),
    ("Telehealth platform", -50),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    color = forms.ChoiceField(
        label="Overall status",
        choices=[("green", "Green"), ("amber", "Amber"), ("red", "Red")],
        widget=ColorRadio(hints=MEANINGS),
    )
    reason = forms.CharField(
        label="Why this status?",
        help_text="One or two plain sentences. Executives read this first.",
        widget=Sentences(attrs={"rows": 3}),
        error_messages={"required": "Say why the project has this status."},
    )
    forecast = forms.DecimalField(
        label="Forecast cost at completion",
        help_text="Approved budget is $18.4M. Last week you said $20,350,000.",
        widget=MoneyInput,
        error_messages={"invalid": "Enter a number, for example 20,600,000."},
    )
    percent = forms.IntegerField(
        label="Percent complete",
        max_value=100,
        error_messages={"max_value": "Percent complete cannot be more than 100."},
    )
    due = forms.DateField(label="Next milestone date", widget=DayInput, required=False)
    site = forms.ChoiceField(label="Site", choices=[("main", "Main campus"), ("north", "North")])
    confidential = forms.BooleanField(
        label="Confidential",
        required=False,
        help_text="Only people named on it and the PMO lead can see it.",
    )


def sample_form() -> SampleForm:
    """Return a form with three mistakes in it."""
    typed = {
        "color": "red",
        "reason": "",
        "forecast": "about twenty",
        "percent": "140",
        "site": "main",
        "due": "2026-12-04",
    }
    form = SampleForm(typed, auto_id="sample_%s")
    form.is_valid()
    return form


def sample_heat() -> list[SimpleNamespace]:
    """Return the rows of a heat map, worst first."""
    rows = []
    for row, (label, counts) in enumerate(zip(LIKELIHOODS, COUNTS, strict=True)):
        cells = []
        for column, count in enumerate(counts):
            score = (5 - row) * (column + 1)
            level = next(code for least, code in THRESHOLDS if score >= least)
            cells.append(
                SimpleNamespace(
                    count=count,
                    level=level,
                    word=LEVELS[level],
                    url="#heat",
                    label=f"risks, {label}, {IMPACTS[column]}",
                ),
            )
        rows.append(SimpleNamespace(label=label, cells=cells))
    return rows


def sample_chart() -> charts.Chart:
    """Return a bar chart whose labels hold characters that Plotly would take for markup."""
    rows = list(reversed(OVERSPEND))
    kinds = ["over" if value > 0 else "under" if value < 0 else "flat" for _, value in rows]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [charts.plain(name) for name, _ in rows],
        "x": [value for _, value in rows],
        "text": [f"{value:+,} k".replace("-", "−") if value else "0" for _, value in rows],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": charts.roles(kinds)},
        "hoverinfo": "skip",
    }
    axis = {"title": {"text": "Forecast minus approved, $ thousand"}, "range": [-420, 2650]}
    return charts.Chart(
        key="overspend",
        title="Three projects cause the overspend",
        sentence="Emergency department expansion is $2.2M over budget, sterile processing $0.7M.",
        figure=charts.figure([bars], height=charts.bars_height(len(rows)), xaxis=axis),
        columns=(
            charts.Column(label="Project"),
            charts.Column(label="Over or under, $ thousand", is_number=True),
        ),
        rows=[(name, f"{value:,}".replace("-", "−")) for name, value in OVERSPEND],
        footnote="Of 45 projects: 3 hidden from you, 2 without data. As of 20 Nov 2026.",
    )


def sample_lines() -> charts.Chart:
    """Return a line chart over time."""
    weeks = [f"2026-{month:02d}-01" for month in range(1, 12)]
    planned = {
        "type": "scatter",
        "mode": "lines",
        "name": "Planned",
        "x": weeks,
        "y": [4, 9, 14, 19, 24, 29, 34, 39, 44, 49, 54],
        "line": {"color": charts.role("flat"), "width": 2, "dash": "dash"},
    }
    spent = {
        "type": "scatter",
        "mode": "lines",
        "name": "Spent",
        "x": weeks,
        "y": [3, 7, 12, 18, 22, 30, 37, 44, 49, 55, 61],
        "line": {"color": charts.role("accent"), "width": 3},
    }
    return charts.Chart(
        key="spend",
        title="Spending runs ahead of plan since June",
        sentence="Spending passed the plan in June and stands at $61M against $54M planned.",
        figure=charts.figure(
            [planned, spent],
            showlegend=True,
            yaxis={"title": {"text": "$ million"}, "rangemode": "tozero"},
        ),
        columns=(charts.Column(label="Month"), charts.Column(label="Spent, $ M", is_number=True)),
        rows=[("October 2026", "55"), ("November 2026", "61")],
    )


def empty_chart() -> charts.Chart:
    """Return the card of a chart that has nothing to draw."""
    return charts.Chart(
        key="nothing",
        title="Cost by unit",
        sentence="",
        figure=None,
        reason="No unit has an approved budget yet. Add one on a project's budget page.",
    )


def sample_marks(amount: int) -> list[StripMark]:
    """Return dated events: done, late, coming, without a date."""
    marks = [
        StripMark(name="Design sign-off", date=date(2026, 3, 3), done=True),
        StripMark(name="Permit, phase 1", date=date(2026, 6, 9), done=True),
        StripMark(name="Slab poured", date=date(2026, 11, 4), done=True),
        StripMark(name="Permit, phase 2", date=date(2026, 12, 4), days_late=24),
        StripMark(name="Opening", date=date(2027, 8, 30), days_late=0),
        StripMark(name="Lessons learned review", date=None),
    ]
    return marks[:amount]


def sample_segments() -> list[SimpleNamespace]:
    """Return the status filter with its four counts, which add up."""
    options = (
        ("", "All", 45, ""),
        ("red", "Red", 5, "rag-red"),
        ("amber", "Amber", 12, "rag-amber"),
        ("none", "No report", 3, "rag-none"),
        ("green", "Green", 25, "rag-green"),
    )
    return [
        SimpleNamespace(value=value, label=label, count=count, icon=icon, checked=value == "red")
        for value, label, count, icon in options
    ]


def sample_checklist() -> Checklist:
    """Return three steps, one in each state, and a table to download."""
    table = File(
        label="Sample: 12 projects", text="Excel. Hold your own table beside it.", url="#steps"
    )
    steps = (
        ("people", "People", "done", "3 people can sign in.", (("Invite more", ""),)),
        (
            *("projects", "Projects", "next", "No project is in Rounds yet."),
            (("Import a spreadsheet", "upload"), ("Add one project", "plus")),
        ),
        ("portfolio", "Portfolio", "todo", "One named “All projects” is enough to begin with.", ()),
    )
    return Checklist(
        steps=[
            FirstStep(
                key=key,
                title=title,
                state=state,
                text=text,
                actions=[
                    FirstStepLink(label=label, url="#steps", icon=icon) for label, icon in actions
                ],
                files=[table] if state == "next" else [],
            )
            for key, title, state, text, actions in steps
        ],
        files=[table],
    )


def sample_page() -> Page[int]:
    """Return the second page of a huge list."""
    return Paginator(range(10_000), 25).page(2)


def context() -> dict[str, Any]:
    """Return everything that the page of components shows."""
    moment = datetime(2026, 11, 20, 16, 2, tzinfo=UTC)
    return {
        "today": TODAY,
        "moment": moment,
        "colors": ("red", "amber", "none", "green"),
        "form": sample_form(),
        "conflict": Conflict(
            by="M. Okafor",
            at=moment,
            differences=[
                FieldClash(label="Forecast cost", yours="$20,600,000", theirs="$20,950,000"),
                FieldClash(label="Sponsor", yours="", theirs="Chief operating officer"),
            ],
        ),
        "heat_rows": sample_heat(),
        "impacts": IMPACTS,
        "charts": (sample_chart(), sample_lines(), empty_chart()),
        "marks": [sample_marks(6), sample_marks(1), sample_marks(0)],
        "segments": sample_segments(),
        "checklist": sample_checklist(),
        "page": sample_page(),
        "downloads": (
            {"label": "34 of 46 projects, as shown", "csv": "#", "xlsx": "#"},
            {"label": "All 46 projects", "csv": "#", "xlsx": "#"},
        ),
        "facts": (("Forecast", "$20.35M"), ("Complete", "58%"), ("Sponsor", "")),
        "crumbs": ({"label": "Projects", "url": "#"}, {"label": "Wing", "url": "#"}),
        "actions": (
            {"label": "Download CSV", "url": "#", "icon": "download"},
            {"label": "New project", "url": "#", "icon": "plus", "primary": True},
        ),
        "tabs": (
            {"label": "Overview", "url": "#", "current": True},
            {"label": "Milestones", "url": "#"},
            {"label": "Budget", "url": "#"},
            {"label": "Risks", "url": "#"},
        ),
        "heads": (
            {"key": "name", "label": "Project", "cls": "c-name", "first": "asc"},
            {"key": "", "label": "Status", "cls": "", "first": ""},
            {"key": "over", "label": "Over or under", "cls": "num", "first": "desc"},
        ),
        "found": (
            {"label": "Sterile processing remodel", "sub": "CAP-020", "color": "red", "url": "#"},
            {"label": "Send a status update", "sub": "FirstStepLink", "icon": "send", "url": "#"},
        ),
    }
