"""How does a sheet count days: up to the end, through it, or working days through it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from projects.domain.exchange.durations import SaidDuration
from projects.domain.exchange.planfile import LONGEST_DURATION, ReadingLedger

WEEKDAYS = 5
CENT = Decimal("0.01")
ASSUMED = "Days of work assumed"


@dataclass(frozen=True, slots=True)
class Counting:
    """Whether the last day is worked, and every day of the week."""

    is_end_worked: bool
    is_every_day: bool


UP_TO_THE_END, EVERY_DAY = Counting(False, True), Counting(True, True)
WORKING_DAYS = Counting(True, False)
WAYS = (UP_TO_THE_END, EVERY_DAY, WORKING_DAYS)


class Span(NamedTuple):
    """One row's own: when it begins and ends, and how long it says that it takes."""

    begin: datetime | None
    close: datetime | None
    said: SaidDuration | None


def counting_of(spans: Sequence[Span], ledger: ReadingLedger) -> Counting:
    """Find the way of counting under which most durations agree with their dates, or assume one."""
    said = [span for span in spans if span.said is None or not _is_silent(span.said)]
    is_in_words = any(span.said and span.said.is_in_words for span in said)
    ways = WAYS[::-1] if is_in_words else WAYS  # of equals the first; "5 days" are days of work
    agreeing = {way: sum(_agrees(span, way) for span in said) for way in ways}
    best = max(ways, key=lambda way: agreeing[way])
    if agreeing[best]:
        return best
    if any(span.said for span in said) and not is_in_words:
        return _assumed(
            EVERY_DAY, "No duration agrees with its dates: every day counts", said, ledger
        )
    if any(day and day.weekday() >= WEEKDAYS for span in said for day in span[:2]):
        return _assumed(
            EVERY_DAY, "Work begins or ends on weekends: every day counts", said, ledger
        )
    why = "No duration says how days are counted: Monday to Friday"
    return _assumed(WORKING_DAYS, why, said, ledger)


def _is_silent(said: SaidDuration) -> bool:
    """True for what takes no day in any way of counting, or counts around the clock by itself."""
    return said.is_elapsed or said.days == 0


def _assumed(way: Counting, why: str, spans: Sequence[Span], ledger: ReadingLedger) -> Counting:
    count = sum(span.begin is not None and span.close is not None for span in spans)
    ledger.changed(ASSUMED, f"{why}, from the first through the last.", count=count)
    return way


def _agrees(span: Span, way: Counting) -> bool:
    if span.begin is None or span.close is None or span.said is None:
        return False
    if way.is_every_day:
        apart = Decimal((span.close - span.begin) / timedelta(days=1)).quantize(CENT)
        return apart + way.is_end_worked == span.said.days.quantize(CENT)
    return worked(span.begin.date(), span.close.date()) == span.said.days.quantize(CENT)


def worked(first: date, last: date) -> int:
    """Count Monday to Friday from the first to the last day."""
    days = (last - first).days + 1
    if not 0 < days <= LONGEST_DURATION * 2:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * WEEKDAYS + sum((first.weekday() + day) % 7 < WEEKDAYS for day in range(rest))
