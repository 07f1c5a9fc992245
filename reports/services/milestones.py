"""Keep milestones as they stood at a freeze, so that a report of the past shows the past."""

from datetime import date

from django.db import connection

from projects.models import Milestone
from reports.models import FrozenMilestone, Snapshot


def freeze_milestones(day: date, *, is_early: bool = False) -> int:
    """
    Copy the milestones of every project that this freeze of `day` has a row of; return how many were new.

    Call it after the rows are written, in their transaction. What is there already stays as it is.
    """
    quote = connection.ops.quote_name
    frozen, milestones, snapshots = (
        quote(model._meta.db_table) for model in (FrozenMilestone, Milestone, Snapshot)
    )
    done = "m.actual_date IS NOT NULL AND m.actual_date <= s.date"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {frozen} (project_id, date, is_early, milestone, name, kind, baseline_date,"  # noqa: S608 - own table names
            " due_date, is_done)"
            " SELECT m.project_id, s.date, s.is_early, m.id, m.name, m.kind, m.baseline_date,"
            f" CASE WHEN {done} THEN m.actual_date"
            " ELSE COALESCE(m.forecast_date, m.baseline_date) END,"
            f" ({done})"
            f" FROM {milestones} m JOIN {snapshots} s ON s.project_id = m.project_id"
            " WHERE s.date = %s AND s.is_early = %s ON CONFLICT DO NOTHING",
            [day, is_early],
        )
        return int(cursor.rowcount)
