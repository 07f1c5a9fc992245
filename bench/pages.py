"""Which pages are measured, and as whom."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPage:
    """One address; `{project}`, `{summary}` and `{report}` stand for ids."""

    name: str
    label: str
    path: str
    reader: str  # local part of the address that signs in


PAGES = (
    MeasuredPage(
        name="list",
        label="Project list, filtered and sorted, 25 rows",
        path="/projects/?stage=delivery&sort=unit&page=2",
        reader="executive",
    ),
    MeasuredPage(
        name="dashboard", label="Portfolio dashboard", path="/portfolio/", reader="executive"
    ),
    MeasuredPage(
        name="past",
        label="Portfolio dashboard as of two weeks ago",
        path="/portfolio/?as_of=2026-11-08",
        reader="executive",
    ),
    MeasuredPage(
        name="forecast",
        label="Where the money will land",
        path="/portfolio/forecast/",
        reader="executive",
    ),
    MeasuredPage(
        name="accuracy",
        label="How far forecasts were off, counted within the hour",
        path="/portfolio/accuracy/",
        reader="executive",
    ),
    MeasuredPage(
        name="project", label="One project", path="/projects/{project}/", reader="executive"
    ),
    MeasuredPage(name="search", label="Find", path="/find/?q=Telehealth", reader="executive"),
    MeasuredPage(
        name="form", label="Status form", path="/projects/{project}/status/", reader="lead"
    ),
    MeasuredPage(name="budget", label="Budget", path="/budget/", reader="executive"),
    MeasuredPage(name="risks", label="Risk register", path="/risks/", reader="executive"),
    MeasuredPage(
        name="summary",
        label="Weekly summary of all projects",
        path="/summaries/{summary}/",
        reader="lead",
    ),
    MeasuredPage(
        name="report",
        label="Variance report of all projects",
        path="/reports/variance/{report}/",
        reader="executive",
    ),
    MeasuredPage(
        name="report-file",
        label="Variance report of all projects as XLSX",
        path="/reports/variance/{report}.xlsx",
        reader="executive",
    ),
    MeasuredPage(
        name="csv", label="All projects as CSV", path="/portfolio.csv", reader="executive"
    ),
    MeasuredPage(
        name="xlsx", label="All projects as XLSX", path="/portfolio.xlsx", reader="executive"
    ),
)
BY_NAME = {page.name: page for page in PAGES}
