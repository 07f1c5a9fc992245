"""Which pages are measured, and as whom."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPage:
    """One address; `{project}`, `{gated}`, `{request}` and the like stand for ids."""

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
    MeasuredPage(name="requests", label="500 open requests", path="/requests/all/", reader="lead"),
    MeasuredPage(
        name="request", label="One request in triage", path="/requests/{request}/", reader="lead"
    ),
    MeasuredPage(
        name="decide",
        label="Form that decides on a request",
        path="/requests/{request}/decide/",
        reader="lead",
    ),
    MeasuredPage(
        name="committees", label="20 committees", path="/governance/committees/", reader="lead"
    ),
    MeasuredPage(
        name="committee",
        label="One committee",
        path="/governance/committees/{committee}/",
        reader="lead",
    ),
    MeasuredPage(
        name="decisions",
        label="Register of 200 decisions",
        path="/governance/decisions/",
        reader="lead",
    ),
    MeasuredPage(
        name="reviews", label="200 reviews of gates", path="/governance/reviews/", reader="lead"
    ),
    MeasuredPage(
        name="gates",
        label="Gates of one project",
        path="/governance/projects/{gated}/gates/",
        reader="lead",
    ),
    MeasuredPage(
        name="gate",
        label="One gate with its evidence",
        path="/governance/gates/{gate}/",
        reader="lead",
    ),
    MeasuredPage(
        name="plan",
        label="Communication plan of one project",
        path="/communication/projects/{gated}/",
        reader="lead",
    ),
    MeasuredPage(
        name="messages",
        label="Messages of all projects",
        path="/communication/messages/",
        reader="lead",
    ),
    MeasuredPage(
        name="waiting",
        label="What waits for the head of the office",
        path="/waiting/",
        reader="lead",
    ),
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
# what waits for a decision: as many as are open at one time, beside all projects
DECIDING = (
    *("requests", "request", "decide", "committees", "committee", "decisions"),
    *("reviews", "gates", "gate", "plan", "messages"),
)
