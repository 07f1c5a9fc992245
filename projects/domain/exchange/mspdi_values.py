"""How Microsoft Project writes values in XML (MSPDI): durations, dates, money, codes."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from projects.domain.kinds import Constraint, LinkKind

NAMESPACE = "http://schemas.microsoft.com/project"
MINUTES_PER_DAY = 480
MORNING = time(8)  # where work begins in a file that does not say
MINUTES_OF_24_HOURS = 1440
LAG_PARTS = 10  # lags are kept in tenths of a minute
CENTS = 100  # costs are kept in hundredths
LARGEST_UID = 2_097_151
MOST_MONEY = Decimal(10) ** 12
EARLIEST, LATEST = 1900, 2200
LONGEST_NUMBER = 40
CENT = Decimal("0.01")
PLAIN_DAYS, ELAPSED_DAYS = 7, 8
ELAPSED_FORMATS = frozenset({4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52})
PERCENT_FORMATS = frozenset({19, 20, 51, 52})
LINK_KINDS = {
    0: LinkKind.FINISH_FINISH,
    1: LinkKind.FINISH_START,
    2: LinkKind.START_FINISH,
    3: LinkKind.START_START,
}
AS_LATE_AS_POSSIBLE = 1
CONSTRAINTS = {
    0: Constraint.NONE,
    2: Constraint.MUST_START,
    3: Constraint.MUST_FINISH,
    4: Constraint.START_NOT_BEFORE,
    5: Constraint.START_NOT_AFTER,
    6: Constraint.FINISH_NOT_BEFORE,
    7: Constraint.FINISH_NOT_AFTER,
}
FINISHING = frozenset(
    {Constraint.MUST_FINISH, Constraint.FINISH_NOT_BEFORE, Constraint.FINISH_NOT_AFTER}
)
# One text column of the file carries our own key, so that a row is found again after a round trip.
OUR_FIELD_ID, OUR_FIELD_NAME, OUR_FIELD_ALIAS = "188744016", "Text30", "Rounds"
OUR_VALUE = re.compile(r"rounds:(\d{0,18})(?::(support))?", re.ASCII)
DURATION = re.compile(
    r"P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d{1,9})?S)?)?", re.ASCII
)
MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?.{0,40})?", re.ASCII)


def minutes_of(text: str) -> int | None:
    """Return the whole minutes of a duration like PT40H0M0S; None when it is none."""
    match = DURATION.fullmatch(text.strip())
    if match is None or text.strip() in {"P", "PT"}:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return days * MINUTES_OF_24_HOURS + hours * 60 + minutes + (seconds >= 30)  # noqa: PLR2004 - half a minute


def moment_of(text: str) -> datetime | None:
    """Return a date with its time of day, without a zone; None when it is none."""
    match = MOMENT.match(text.strip())
    if match is None:
        return None
    try:
        moment = datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - six numbers; the file knows no zones
    except ValueError:
        return None
    return moment if EARLIEST <= moment.year <= LATEST else None


def start_of(text: str) -> date | None:
    moment = moment_of(text)
    return moment.date() if moment else None


def finish_of(text: str, start: date | None, morning: time = MORNING) -> date | None:
    """Return the last day worked: an end before work begins belongs to the day before."""
    moment = moment_of(text)
    if moment is None:
        return None
    day = moment.date()
    return day - timedelta(days=1) if is_before_work(text, start, morning) else day


def is_before_work(text: str, start: date | None, morning: time) -> bool:
    """True for an end at or before the hour at which work begins, on a later day than the start."""
    moment = moment_of(text)
    is_later = moment is not None and start is not None and moment.date() > start
    return is_later and moment is not None and moment.time() <= morning


def time_of(text: str) -> time | None:
    """Return a time of day like 08:00:00; None when it is none."""
    try:
        return time.fromisoformat(text.strip()) if len(text) <= LONGEST_NUMBER else None
    except ValueError:
        return None


def number_of(text: str) -> int | None:
    """Return a whole number; None when it is none."""
    stripped = text.strip()
    if len(stripped) > LONGEST_NUMBER or not re.fullmatch(r"-?\d+(?:\.0*)?", stripped, re.ASCII):
        return None
    return int(stripped.partition(".")[0])


def decimal_of(text: str) -> Decimal | None:
    """Return a number of any size that is reasonable; None when it is none."""
    try:
        value = Decimal(text.strip()) if len(text) <= LONGEST_NUMBER else None
    except InvalidOperation:
        return None
    if value is None or not value.is_finite() or abs(value) > MOST_MONEY * CENTS:
        return None
    return value


def money_of(text: str) -> Decimal | None:
    """Return an amount in whole currency with cents; None when it is none."""
    value = decimal_of(text)
    return None if value is None else (value / CENTS).quantize(CENT, rounding=ROUND_HALF_UP)


def is_true(text: str | None) -> bool:
    return (text or "").strip().lower() in {"1", "true"}


def whole(value: Decimal) -> int:
    """Round to the nearest whole number, halves away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
