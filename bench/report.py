"""Write what was measured as a page that a person reads."""

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.pages import BY_NAME, DECIDING
from bench.ratios import Ratio

LARGE, TINY = 10_000, 10
MET, MISSED = "met", "**missed**"


@dataclass
class Results:
    noted: dict[int, dict[str, Any]]
    ratios: dict[str, Ratio] = field(default_factory=dict)
    growth: dict[str, float] = field(default_factory=dict)
    crowds: dict[str, dict[str, float]] = field(default_factory=dict)
    jobs: dict[str, float] = field(default_factory=dict)
    sqlite: dict[str, Ratio] = field(default_factory=dict)
    publishing: Ratio | None = None
    memory: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    code: str
    text: str
    value: float
    must: float | None = None
    aim: float | None = None
    unit: str = ""

    @property
    def verdict(self) -> str:
        if self.must is not None and self.value > self.must:
            return MISSED
        if self.must is None and self.aim is not None and self.value > self.aim:
            return "aim missed"
        return "met, aim too" if self.aim is not None and self.value <= self.aim else MET


def goals_of(results: Results) -> list[Goal]:
    ratio = {name: found.middle for name, found in results.ratios.items()}
    return [
        Goal(code="G2", text="project list / bare page", value=ratio["list"], must=2.0, aim=1.4),
        Goal(code="G4", text="dashboard / bare page", value=ratio["dashboard"], must=2.5, aim=1.6),
        *_growth_goals(results),
        *(
            Goal(
                code="G5",
                text=f"{name}, eight clients: p95 / median",
                value=crowd["spread"],
                must=2.0,
                aim=1.5,
            )
            for name, crowd in results.crowds.items()
        ),
        *_publishing_goals(results),
        Goal(
            code="G7", text="CSV of all projects / bare file", value=ratio["csv"], must=2.0, aim=1.4
        ),
        Goal(code="G7", text="XLSX / xlsxwriter alone", value=ratio["xlsx"], must=1.6, aim=1.3),
        Goal(
            code="G8", text="weekly summary / bare page", value=ratio["summary"], must=2.5, aim=1.5
        ),
        Goal(
            code="G8", text="variance report / bare page", value=ratio["report"], must=2.5, aim=1.5
        ),
        Goal(
            code="G8",
            text="variance report as XLSX / xlsxwriter alone",
            value=ratio["report-file"],
            must=2.5,
            aim=1.5,
        ),
        Goal(
            code="–",
            text="slowest page of requests, committees, gates and messages / bare page",
            value=max(ratio[name] for name in DECIDING),
            must=2.5,
        ),
        *_job_goals(results),
    ]


def _growth_goals(results: Results) -> list[Goal]:
    limits = {"list": 0.1, "project": 0.1, "publish": 0.1, "search": 0.1, "form": 0.1}
    limits |= {"dashboard": 0.3, "past": 0.3, "csv": 1.05, "xlsx": 1.05}
    grown = [
        Goal(code="G3", text=f"{name}: growth exponent", value=results.growth[name], must=must)
        for name, must in limits.items()
    ]
    most = max(noted["queries"] for noted in results.noted[LARGE].values() if noted["bytes"])
    return [*grown, Goal(code="G3", text="most queries of a page", value=most, must=15)]


def _publishing_goals(results: Results) -> list[Goal]:
    assert results.publishing  # noqa: S101 - always measured
    return [
        Goal(
            code="G6",
            text="publishing a status update: queries",
            value=results.noted[LARGE]["publish"]["queries"],
            must=20,
            aim=12,
        ),
        Goal(
            code="G6",
            text="publishing a status update / one UPDATE",
            value=results.publishing.middle,
            aim=8.0,
        ),
    ]


def _job_goals(results: Results) -> list[Goal]:
    jobs = results.jobs
    goals = [
        Goal(
            code="–",
            text="freeze 10,000 projects",
            value=jobs["freeze_seconds"],
            must=10,
            unit=" s",
        ),
        Goal(
            code="–",
            text="earned value of 10,000 projects",
            value=jobs["earned_seconds"],
            must=3,
            unit=" s",
        ),
        *_plan_goals(jobs),
        Goal(
            code="–",
            text="two web workers after all this",
            value=results.memory,
            must=280,
            unit=" MiB",
        ),
    ]
    if "summary_seconds" in jobs:
        goals += [
            Goal(
                code="–",
                text="compile the weekly summary",
                value=jobs["summary_seconds"],
                must=60,
                unit=" s",
            ),
            Goal(code="–", text="memory of the jobs", value=jobs["memory"], must=500, unit=" MiB"),
        ]
    return goals


def _plan_goals(jobs: dict[str, float]) -> list[Goal]:
    limits = (
        ("critical path of 10,000 tasks", "critical_path_ms", 60),
        ("page of a plan of 5,000 tasks", "plan_page_ms", 300),
        ("one change in a plan of 5,000 tasks", "plan_change_ms", 1_000),
    )
    return [
        Goal(code="–", text=text, value=jobs[name], must=must, unit=" ms")
        for text, name, must in limits
    ]


def write(results: Results, page: Path) -> str:
    """Write the page; return the goals as text. What is said there of imports was measured apart, and stays."""
    table = _goal_table(goals_of(results))
    parts = [HEAD.format(**_machine(results)), table, HOW, _page_table(results), _notes(results)]
    before = page.read_text(encoding="utf-8") if page.exists() else ""
    _, heading, imports = before.partition(IMPORTS)
    parts += [heading + imports] if imports else []
    page.write_text("\n".join(part.strip("\n") + "\n" for part in parts), encoding="utf-8")
    return table


def _goal_table(goals: list[Goal]) -> str:
    rows = ["| # | goal | measured | must | aim | |", "|---|---|---|---|---|---|"]
    for goal in goals:
        must, aim = (
            "" if limit is None else f"≤ {limit:g}{goal.unit}" for limit in (goal.must, goal.aim)
        )
        number = f"{goal.value:g}" if float(goal.value).is_integer() else f"{goal.value:.2f}"
        rows.append(
            f"| {goal.code} | {goal.text} | {number}{goal.unit} | {must} | {aim} | {goal.verdict} |"
        )
    return "\n".join(rows)


def _page_table(results: Results) -> str:
    rows = [
        "| page | queries at 10 / 10,000 | KB | ours ms | bare ms | ratio (10–90 %) | SQLite ms (ratio) |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, found in results.ratios.items():
        counts = [results.noted[size][name]["queries"] for size in (TINY, LARGE)]
        lite = results.sqlite.get(name)
        rows.append(
            f"| {BY_NAME[name].label} | {counts[0]} / {counts[1]}"
            f" | {results.noted[LARGE][name]['bytes'] / 1024:,.0f}"
            f" | {found.ours:.1f} | {found.bare:.1f} | {_band(found)}"
            f" | {f'{lite.ours:.1f} ({lite.middle:.2f})' if lite else 'not run'} |"
        )
    return "\n".join(rows)


def _band(ratio: Ratio) -> str:
    return f"{ratio.middle:.2f} ({ratio.low:.2f}–{ratio.high:.2f})"


def _machine(results: Results) -> dict[str, str]:
    return {
        "day": f"{datetime.now(tz=UTC):%Y-%m-%d}",
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "django": version("django"),
        "gunicorn": version("gunicorn"),
        "load": f"{os.getloadavg()[0]:.1f}",
        "minutes": f"{results.seconds / 60:.1f}",
    }


def _notes(results: Results) -> str:
    publishing = results.publishing
    assert publishing  # noqa: S101 - always measured
    crowd = results.crowds["list"]
    jobs = results.jobs
    return NOTES.format(
        publish=f"{publishing.ours:.1f}",
        update=f"{publishing.bare:.1f}",
        band=_band(publishing),
        per_second=f"{crowd['per_second']:.0f}",
        dashboards=f"{results.crowds['dashboard']['per_second']:.0f}",
        refresh=f"{jobs['refresh_seconds']:.1f}",
        memory=f"{jobs['memory']:.0f}",
    )


HEAD = """# Performance

`make bench` measured this on {day}: {cores} cores, {system}, Python {python}, Django {django}, gunicorn
{gunicorn} with two workers of four threads in production mode over loopback, PostgreSQL on the same
machine; 10,000 projects with 60 frozen weeks each, 500 open requests, 20 committees with 200 reviews
of gates, 20,000 messages; signed in, one kept-alive connection. It ran for {minutes} minutes, filling included where the databases were new; the load average at the end was {load}.
Milliseconds do not carry from machine to machine; ratios taken in turn in one run do.
"""
IMPORTS = "## Imports\n"
HOW = """## How it is measured

Each page is measured in turn with a **bare page** in the same server, A B A B, and the median of the
pairwise ratios counts. The bare page passes the same middleware and sign-in, sends the very SQL
statements that the real page sent, prints the largest answer as a plain table with Django's template
engine and answers with as many bytes. It formats nothing, decides nothing and draws nothing, so its time
is the floor and not another product. For the XLSX it is `xlsxwriter` alone, for publishing one `UPDATE`.
A growth exponent of 0 means that ten times the projects cost nothing, 1 that they cost ten times as much.
Earned value is the median of five runs over all projects; the other jobs ran once.
"""
NOTES = """
Publishing a status update takes {publish} ms against {update} ms for one `UPDATE` through Django:
{band}. It checks the rights, locks, writes the update, moves forecasts, appends to the audit chain and
rebuilds the project's live row before it answers. Eight clients at once get {per_second} project lists or
{dashboards} dashboards a second. Rebuilding all 10,000 live rows takes {refresh} s; the jobs' process
needed {memory} MiB at most.

Why some goals are hard: Find looks for letters inside words, which no index of both databases serves; it
stops at the eighth hit, and for a rare word reads the name of every live row. The project list counts all
that its reader may see. Summaries and reports are read line by line: the workers'
memory is that of 10,000 lines, and does not grow with the milestones. Publishing rebuilds the live row before it answers, so that the next page is true. A
made report's page and a summary's page are kept for an hour for readers who may see the same projects;
they are measured kept, and take a few tenths of a second the first time.

Not measured: networks, browsers, several machines, mail, PDF. Ratios move by about a tenth when other
programs share the machine.
"""
