"""
Calendars in Microsoft Project's XML: weeks, holidays and worked weekends as whole days.

A calendar may be based on another. Of two exceptions for one day that of the nearest calendar counts, so
a base's holiday loses the days that the derived calendar works.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from projects.domain.exchange.guarded_xml import Element, local
from projects.domain.exchange.mspdi_values import is_true, number_of, start_of
from projects.domain.exchange.planfile import (
    LONGEST_CALENDAR,
    MONDAY_TO_FRIDAY,
    CalendarRow,
    ExceptionRow,
    ReadingLedger,
    clean,
)

DAILY, YEARLY, YEARLY_BY_POSITION = 1, 2, 3
SUNDAY_ITEM, LAST_POSITION = 3, 4
DAYS_A_WEEK = 7
MOST_EXCEPTIONS = 2_000


@dataclass(slots=True)
class RawException:
    """Exception days as the file has them."""

    name: str = ""
    values: dict[str, str] = field(default_factory=dict)

    def number(self, name: str, default: int = 0) -> int:
        found = number_of(self.values.get(name, ""))
        return default if found is None else found


@dataclass(slots=True)
class RawCalendar:
    """A calendar as the file has it; a day that it does not name comes from its base calendar."""

    uid: int
    name: str = ""
    is_base: bool = True
    base: int | None = None
    days: dict[int, bool] = field(default_factory=dict)  # Monday is 0
    minutes: set[int] = field(default_factory=set)  # how long the worked days are
    exceptions: list[RawException] = field(default_factory=list)
    work_weeks: int = 0


def raw_calendar(element: Element) -> RawCalendar:
    """Take what is needed from a Calendar element."""
    calendar = RawCalendar(uid=-1)
    for child in element:
        text = child.text or ""
        match local(child.tag):
            case "UID":
                calendar.uid = _or(number_of(text), -1)
            case "Name":
                calendar.name = clean(text, LONGEST_CALENDAR)
            case "IsBaseCalendar":
                calendar.is_base = is_true(text)
            case "BaseCalendarUID":
                calendar.base = number_of(text)
            case "WeekDays":
                for day in child:
                    _week_day(day, calendar)
            case "Exceptions":
                calendar.exceptions += [_exception(exception) for exception in child]
            case "WorkWeeks":
                calendar.work_weeks = sum(1 for _ in child)
    return calendar


def _or(number: int | None, default: int) -> int:
    return default if number is None else number


def _week_day(element: Element, calendar: RawCalendar) -> None:
    exception = _exception(element)
    kind = exception.number("DayType", -1)
    works = is_true(exception.values.get("DayWorking"))
    if kind == 0:
        calendar.exceptions.append(exception)
    elif 1 <= kind <= DAYS_A_WEEK:
        # Sunday is 1 in the file
        calendar.days[(kind - 2) % DAYS_A_WEEK] = works
        if works:
            calendar.minutes.add(_worked_minutes(element))


def _exception(element: Element) -> RawException:
    found = RawException()
    for child in element:
        name = local(child.tag)
        if name == "TimePeriod":
            found.values |= {local(part.tag): part.text or "" for part in child}
        elif name == "Name":
            found.name = clean(child.text or "", LONGEST_CALENDAR)
        else:
            found.values[name] = child.text or ""
    return found


def _worked_minutes(element: Element) -> int:
    total = 0
    for times in element:
        if local(times.tag) != "WorkingTimes":
            continue
        for span in times:
            ends = {local(part.tag): part.text or "" for part in span}
            begin, end = _minute(ends.get("FromTime", "")), _minute(ends.get("ToTime", ""))
            total += (end - begin) % (24 * 60) or (24 * 60 if ends else 0)
    return total


def _minute(text: str) -> int:
    hour, _, rest = text.strip().partition(":")
    minute = rest.partition(":")[0]
    return _or(number_of(hour), 0) * 60 + _or(number_of(minute), 0)


def calendar_row(
    calendar: RawCalendar, known: dict[int, RawCalendar], ledger: ReadingLedger
) -> CalendarRow:
    """Turn a calendar, with what it takes from its base, into whole days."""
    chain = _chain(calendar, known)
    weekdays = _week(chain)
    rows: list[ExceptionRow] = []
    nearer: Sequence[ExceptionRow] = ()
    for link in chain:
        own: dict[tuple[date, date], ExceptionRow] = {}
        for row in _exception_rows(link, ledger):
            own.pop((row.first, row.last), None)  # of two that overlap the later one counts
            own[row.first, row.last] = row
        rows += [part for row in own.values() for part in _left_of(row, nearer)]
        nearer = tuple(rows)
    if len({minutes for link in chain for minutes in link.minutes if minutes}) > 1:
        ledger.changed(
            "Days of different length",
            f"A day of “{calendar.name}” is worked or not; how many hours is not kept.",
        )
    for link in chain:
        ledger.lost(
            "Alternative work weeks",
            f"Weeks that differ for a while from “{link.name}” are not read; enter their days as exceptions.",
            count=link.work_weeks,
        )
    return CalendarRow(
        key=str(calendar.uid),
        name=calendar.name or f"Calendar {calendar.uid}",
        weekdays=weekdays,
        exceptions=tuple(sorted(rows, key=lambda row: row.first)),
    )


def _chain(calendar: RawCalendar, known: dict[int, RawCalendar]) -> list[RawCalendar]:
    """Return the calendar and those it is based on; a circle ends where it closes."""
    chain = [calendar]
    while not chain[-1].is_base and chain[-1].base in known:
        base = known[chain[-1].base]
        if base in chain:
            break
        chain.append(base)
    return chain


def _left_of(row: ExceptionRow, nearer: Sequence[ExceptionRow]) -> Iterator[ExceptionRow]:
    """Yield what of these days no nearer calendar speaks of."""
    first = row.first
    for span in sorted((one.first, one.last) for one in nearer if _overlap(one, row)):
        if first < span[0]:
            yield replace(row, first=first, last=span[0] - timedelta(days=1))
        first = max(first, span[1] + timedelta(days=1))
    if first <= row.last:
        yield replace(row, first=first)


def _overlap(one: ExceptionRow, other: ExceptionRow) -> bool:
    return one.first <= other.last and other.first <= one.last


def _week(chain: list[RawCalendar]) -> str:
    week = ""
    for day in range(DAYS_A_WEEK):
        said = next((link.days[day] for link in chain if day in link.days), None)
        week += MONDAY_TO_FRIDAY[day] if said is None else str(int(said))
    return week if "1" in week else MONDAY_TO_FRIDAY


def _exception_rows(calendar: RawCalendar, ledger: ReadingLedger) -> Iterator[ExceptionRow]:
    for exception in calendar.exceptions[:MOST_EXCEPTIONS]:
        first = start_of(exception.values.get("FromDate", ""))
        last = start_of(exception.values.get("ToDate", "")) or first
        if first is None or last is None or last < first:
            ledger.lost("Exception days", f"“{calendar.name}” names days without dates.")
            continue
        works = is_true(exception.values.get("DayWorking"))
        spans = _spans(exception, first, last)
        if spans is None:
            ledger.lost(
                "Recurring exception days",
                f"“{calendar.name}” repeats days in a way that is not read; enter them as single days.",
            )
            continue
        for begin, end in spans:
            yield ExceptionRow(first=begin, last=end, is_working=works, name=exception.name)


def _spans(exception: RawException, first: date, last: date) -> Iterable[tuple[date, date]] | None:
    """Return the days that an exception covers; None when its pattern is not read."""
    kind = exception.number("Type", DAILY)
    if kind == DAILY and exception.number("Period", 1) <= 1:
        return [(first, last)]
    if kind not in {YEARLY, YEARLY_BY_POSITION}:
        return [(first, last)] if first == last else None
    days = [_yearly_day(exception, kind, year) for year in range(first.year, last.year + 1)]
    return [(day, day) for day in days if day is not None and first <= day <= last]


def _yearly_day(exception: RawException, kind: int, year: int) -> date | None:
    month = exception.number("Month") + 1
    try:
        if kind == YEARLY:
            return date(year, month, exception.number("MonthDay", 1))
        return _by_position(
            year, month, exception.number("MonthItem"), exception.number("MonthPosition")
        )
    except ValueError:
        return None


def _by_position(year: int, month: int, item: int, position: int) -> date | None:
    """Return the nth weekday of a month; None for items that are no weekday."""
    if not SUNDAY_ITEM <= item < SUNDAY_ITEM + DAYS_A_WEEK:
        return None
    weekday = (item - SUNDAY_ITEM - 1) % DAYS_A_WEEK
    begin = date(year, month, 1)
    day = begin + timedelta(days=(weekday - begin.weekday()) % DAYS_A_WEEK)
    day += timedelta(weeks=min(max(position, 0), LAST_POSITION))
    return day if day.month == month else day - timedelta(weeks=1)
