"""Fill an empty database with so many projects and 60 frozen weeks; the same rows at every run."""

import re
import sys
import time
from datetime import date, timedelta

import django
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.sizes import COLOR, COMPARED, DICE, RANK, SAID, TODAY, WEEKS
from bench.values import judge_for_today


def fill(size: int, *, weeks: int = WEEKS) -> None:
    """Write everything; takes about a minute for 10,000 projects and 60 weeks."""
    from bench.records import Filling  # noqa: PLC0415 - the models need a configured Django
    from reports.services.snapshots import refresh_all  # noqa: PLC0415 - the same

    began = time.monotonic()
    Filling(size).write()
    _say(began, "records")
    refresh_all(today=TODAY)
    _say(began, "live rows")
    _freeze_weeks(weeks)
    _documents()
    _compare_with_last_week()
    judge_for_today()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _say(began, f"{weeks} frozen weeks")


def _freeze_weeks(weeks: int) -> None:
    """Copy the live rows to each past Sunday, with other colors, oldest first."""
    from reports.models import Freeze, Snapshot  # noqa: PLC0415 - needs a configured Django

    columns = [str(f.column) for f in Snapshot._meta.concrete_fields if f.name != "id"]
    sunday = TODAY - timedelta(days=TODAY.weekday() + 1)
    for week in range(weeks - 1, -1, -1):
        day = sunday - timedelta(weeks=week)
        _copy_week(columns, day, week)
        _copy_milestones(day, week)
    Freeze.objects.bulk_create(
        Freeze(
            date=sunday - timedelta(weeks=week),
            frozen_at=timezone.now(),
            rows=Snapshot.objects.live().count(),
        )
        for week in range(weeks - 1, -1, -1)
    )


def _compare_with_last_week() -> None:
    """Tell the live rows, made before anything was frozen, the color of the last Sunday."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reports_snapshot SET overall_before = ("  # noqa: S608 - our own words
            f"SELECT {COLOR.format(n=DICE.format(week=0)).replace('project_id', 'p.id')}"
            " FROM projects_project p WHERE p.id = reports_snapshot.project_id)"
            " WHERE date = '9999-12-31'"
        )


def _documents() -> None:
    """Make the newest summary and variance report of the portfolio that holds every project."""
    from bench.records import EVERYTHING  # noqa: PLC0415 - needs a configured Django
    from pmo.common.models import Job  # noqa: PLC0415 - the same
    from portfolio.models import Portfolio  # noqa: PLC0415 - the same
    from reports.models import Freeze, scope_of  # noqa: PLC0415 - the same
    from reports.services.summaries import compile_summary  # noqa: PLC0415 - the same
    from reports.services.variance import make_variance  # noqa: PLC0415 - the same

    last, before = Freeze.objects.order_by("-date").values_list("date", flat=True)[:2]
    everything = Portfolio.objects.get(code=EVERYTHING)
    compile_summary(scope=scope_of(everything), day=last, by=None)
    make_variance(
        job=Job.objects.create(kind="variance.report", key="bench", state="done"),
        scope=scope_of(everything),
        day=last,
        compared_with=before,
        by=None,
    )


def _copy_week(columns: list[str], day: date, week: int) -> None:
    from reports.models.snapshots import LIVE  # noqa: PLC0415 - needs a configured Django

    now, before = DICE.format(week=week), DICE.format(week=week + 1)
    ran = f"is_finished AND forecast_finish > '{day.isoformat()}'"
    too_early = _earlier("forecast_finish", f"((project_id * 7 + {week}) % 60 - 10)")
    changed = {
        "date": "%s",
        "is_finished": f"is_finished AND NOT ({ran})",
        "forecast_cost": SAID.format(ran=ran, week=week),
        "forecast_finish": f"CASE WHEN {ran} THEN {too_early} ELSE forecast_finish END",
        "overall": COLOR.format(n=now),
        "overall_said": COLOR.format(n=now),
        "overall_before": COLOR.format(n=before),
        "rank": RANK.format(n=now),
    }
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    chosen = ", ".join(changed.get(column, quote(column)) for column in columns)
    escaped = re.sub(r"% (?=\d)", "%% ", chosen)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO reports_snapshot ({names}) SELECT {escaped}"  # noqa: S608 - our own column names
            " FROM reports_snapshot WHERE date = %s ORDER BY project_id",
            [day, LIVE],
        )


def _copy_milestones(day: date, week: int) -> None:
    """
    Freeze milestones with dates up to 18 days too early or 6 too late.

    Those that were done then are in the last two weeks alone: what reads older ones asks for the others.
    """
    done = "m.actual_date IS NOT NULL AND m.actual_date <= s.date"
    said = _earlier("m.forecast_date", f"((m.id * 7 + {week}) %% 25 - 6)")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_frozenmilestone (project_id, date, milestone, name, kind,"  # noqa: S608 - our own words
            " baseline_date, due_date, is_done, is_early)"
            " SELECT m.project_id, s.date, m.id, m.name, m.kind, m.baseline_date,"
            f" CASE WHEN {done} THEN m.actual_date ELSE {said} END, ({done}), FALSE"
            " FROM projects_milestone m JOIN reports_snapshot s ON s.project_id = m.project_id"
            f" WHERE s.date = %s AND (%s OR NOT ({done}))",
            [day, week < COMPARED],
        )


def _earlier(column: str, days: str) -> str:
    """Return the SQL of so many days before a date."""
    if connection.vendor == "sqlite":
        return f"date({column}, (-({days})) || ' days')"
    return f"({column} - CAST({days} AS integer))"


def _say(began: float, what: str) -> None:
    print(f"  {time.monotonic() - began:5.1f} s  {what}", flush=True)


def main(size: int) -> None:
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    fill(size)


if __name__ == "__main__":
    main(int(sys.argv[1]))
