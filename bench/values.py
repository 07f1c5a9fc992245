"""What the filling writes with: rows in lots, amounts to the cent, moments at noon."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, models
from django.utils import timezone

from bench.sizes import BATCH


def batched(rows: Iterator[models.Model], model: type[models.Model]) -> None:
    model._default_manager.bulk_create(rows, batch_size=BATCH)


def money(number: int) -> Decimal:
    return Decimal(number).quantize(Decimal("0.01"))


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone())


def judge_for_today() -> None:
    """Let the live rows be of today, as the turn of the day leaves them, whenever they were filled in."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        # only those of another day: rows written again for nothing are read by every page measured
        cursor.execute(
            "UPDATE reports_snapshot SET judged_for = %s"
            " WHERE date = %s AND (judged_for IS NULL OR judged_for <> %s)",
            [today, date(9999, 12, 31), today],
        )
