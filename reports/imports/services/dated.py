"""Rows that speak of a day: what is frozen already, and what cannot be."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date

from django.utils import timezone

from reports.imports.domain import ImportRow, Problem, Profile
from reports.imports.models import ImportRun
from reports.imports.services.chunks import day_of
from reports.imports.services.refusals import problem_at
from reports.models import Freeze

NO_PORTFOLIO = (
    "Rows with a date need a portfolio to be frozen in.",
    "Choose a portfolio, or leave the date out.",
)
AHEAD = ("This date is yet to come.", "A past date.")


def frozen_days(run: ImportRun, profile: Profile) -> frozenset[date]:
    """Return the days of the portfolio that are written never again; a register has none."""
    if run.portfolio is None or profile.kind.is_of_projects:
        return frozenset()
    found = Freeze.objects.filter(portfolio=run.portfolio)
    return frozenset(found.values_list("date", flat=True))


def frozen_notes(rows: Iterable[ImportRow], frozen: Collection[date]) -> list[str]:
    if not frozen:
        return []
    known = Counter(day for row in rows if (day := day_of(row)) in frozen)
    return [
        f"{day.isoformat()} is frozen already; its {count} rows are left as they are."
        for day, count in sorted(known.items())
    ]


def date_problems(run: ImportRun, profile: Profile, rows: Iterable[ImportRow]) -> list[Problem]:
    """Refuse dates that cannot be frozen: without a portfolio, ahead of us, or before a frozen one."""
    if not (profile.as_of or "as_of" in profile.sources or "as_of" in profile.constants):
        return []
    freezes = not profile.kind.is_of_projects
    lacks_portfolio = freezes and run.portfolio is None and not profile.answers.portfolio
    frozen, today = frozen_days(run, profile), timezone.localdate()
    last = max(frozen, default=date.min)
    before = (
        f"This portfolio is frozen as of {last.isoformat()} already.",
        "Dates in order: the past is not added to afterwards.",
    )
    problems = []
    for row in rows:
        if "as_of" not in row.values:
            continue
        day = day_of(row)
        if lacks_portfolio:
            problems.append(problem_at(row, "as_of", *NO_PORTFOLIO))
        elif day > today:
            problems.append(problem_at(row, "as_of", *AHEAD))
        elif day < last and day not in frozen:
            problems.append(problem_at(row, "as_of", *before))
    return problems
