"""Which pages are measured, and as whom."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One address; `{project}`, `{summary}` and `{report}` stand for ids."""

    name: str
    label: str
    path: str
    reader: str  # local part of the address that signs in


PAGES = (
    Page(
        name="list",
        label="Project list, filtered and sorted, 25 rows",
        path="/projects/?stage=delivery&sort=unit&page=2",
        reader="executive",
    ),
    Page(name="dashboard", label="Portfolio dashboard", path="/portfolio/", reader="executive"),
    Page(
        name="past",
        label="Portfolio dashboard as of two weeks ago",
        path="/portfolio/?as_of=2026-11-08",
        reader="executive",
    ),
    Page(
        name="forecast",
        label="Where the portfolio will land",
        path="/portfolio/forecast/",
        reader="executive",
    ),
    Page(
        name="accuracy",
        label="How far forecasts were off, counted within the hour",
        path="/portfolio/accuracy/",
        reader="executive",
    ),
    Page(name="project", label="One project", path="/projects/{project}/", reader="executive"),
    Page(name="search", label="Find", path="/find/?q=Telehealth", reader="executive"),
    Page(name="form", label="Status form", path="/projects/{project}/status/", reader="lead"),
    Page(name="budget", label="Budget", path="/budget/", reader="executive"),
    Page(name="risks", label="Risk register", path="/risks/", reader="executive"),
    Page(
        name="summary",
        label="Weekly summary of all projects",
        path="/summaries/{summary}/",
        reader="lead",
    ),
    Page(
        name="report",
        label="Variance report of all projects",
        path="/reports/variance/{report}/",
        reader="executive",
    ),
    Page(
        name="report-file",
        label="Variance report of all projects as XLSX",
        path="/reports/variance/{report}.xlsx",
        reader="executive",
    ),
    Page(name="csv", label="All projects as CSV", path="/portfolio.csv", reader="executive"),
    Page(name="xlsx", label="All projects as XLSX", path="/portfolio.xlsx", reader="executive"),
)
BY_NAME = {page.name: page for page in PAGES}
