"""What the tests of imports share: a file as text, mapped by its headers, checked or applied."""

from datetime import date
from typing import Any

from pmo.accounts.models import User
from portfolio.models import Portfolio
from reports.imports.models import ImportRun, RowState, StagedRow
from reports.imports.services import runs, work

FIELDS = {
    "Category": "category",
    "Register": "group",
    "Talks": "lead",
    "Act by": "action_due",
    "Code": "code",
    "Name": "name",
    "Unit": "unit",
    "Program": "program",
    "Lane": "lane",
    "Stage": "stage",
    "Manager": "manager",
    "Start": "start_date",
    "Baseline": "baseline_finish",
    "End": "forecast_finish",
    "Budget": "approved_budget",
    "Year": "year_budget",
    "Year forecast": "year_forecast",
    "Cost": "forecast_cost",
    "Spent": "spent",
    "Done": "percent_complete",
    "RAG": "color",
    "Sentence": "summary",
    "As of": "as_of",
    "Project": "project",
    "Title": "title",
    "L": "likelihood",
    "I": "impact",
    "Owner": "owner",
    "Planned": "baseline_date",
    "Kind": "kind",
    "Ref": "external_id",
    "Status": "state",
    "Severity": "severity",
    "Due": "due",
    "Resolution": "resolution",
    "Strategy": "strategy",
    "Loss": "cost_impact",
    "Type": "type",
    "Power": "power",
    "Now": "engagement",
    "Color": "color",
    "Week": "as_of",
}


def started(
    text: str,
    by: User,
    *,
    record: str = "project",
    portfolio: Portfolio | None = None,
    as_of: date | None = None,
    is_complete: bool = False,
    **entries: Any,
) -> ImportRun:
    run = runs.start_import(file_name="file.csv", content=text.encode(), by=by, record=record)
    headers = text.splitlines()[0].split(",")
    document = {
        "name": "test",
        "record": record,
        "source": {"records_in": "rows", "header": 1, "delimiter": ","},
        "fields": {FIELDS[header]: {"from": [header]} for header in headers},
        **entries,
    }
    return runs.map_columns(
        run=run, by=by, document=document, portfolio=portfolio, as_of=as_of, is_complete=is_complete
    )


def checked(text: str, by: User, **options: Any) -> work.Findings:
    return work.check(started(text, by, **options))


def kept() -> list[StagedRow]:
    """Return the rows of the last import that can be written, in the order of the file."""
    rows = StagedRow.objects.of(ImportRun.objects.latest("pk"))
    return list(rows.exclude(state=RowState.REFUSED))


def shown() -> list[list[tuple[str, str, str]]]:
    """Return label, old and new of each change of those rows."""
    return [[(label, old, new) for _, label, old, new in row.changes] for row in kept()]


def applied(text: str, by: User, **options: Any) -> dict[str, int]:
    run = runs.apply(run=started(text, by, **options), by=by)
    counts: dict[str, int] = run.report["counts"]
    return counts


def faults(text: str, by: User, **options: Any) -> list[tuple[int, str, str]]:
    """Check as the command line does: names that nobody answered for are problems."""
    findings = work.check(started(text, by, **options), tries=False)
    return [(p.line, p.column, p.wrong) for p in findings.problems]
