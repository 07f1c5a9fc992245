"""Fiscal years and months as people write them: FY26/27, Jan 2027, 2027-01, FY27 P03."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from projects.domain.calendar import fiscal_months

CENTURY = 2000
EARLIEST, LATEST = 1900, 2200
FEWEST = 3  # columns of months without a year
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# a budget that is of no single year
WHOLE_LIFE = frozenset(
    ("whole life", "whole life of the project", "life", "total", "total project", "project", "all years",
     "multi year", "all")
)  # fmt: skip
# words beside the name of a month that say no more than that it is forecast
BESIDE = re.compile(r"\b(?:forecast|fcst|f'?cast|expected|projected|outlook|plan(?:ned)?)\b")
NAME = (
    "(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
YEAR = r"(?P<year>(?:19|20|21)\d\d)"
SHORT = r"'?(?P<short>\d\d)"
NUMBER = r"(?P<month>0?[1-9]|1[0-2])"
PERIOD = r"(?:p|per|period|m|month) ?(?P<period>0?[1-9]|1[0-2])"
FISCAL = r"(?P<fiscal>(?:fy ?)?'?\d[\d/-]*)"


def _patterns(*texts: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, texts))


_ONE_YEAR = _patterns(f"(?:fy ?)?{YEAR}", f"fy ?{SHORT}")
_TWO_YEARS = _patterns(r"(?:fy ?)?(?P<first>(?:\d\d)?\d\d)[/-](?P<last>(?:\d\d)?\d\d)")
_NAMED = _patterns(f"{NAME}[ .,'-]*{YEAR}", f"{NAME}[ .,'-]*{SHORT}", f"{YEAR}[ .-]*{NAME}")
_NUMBERED = _patterns(f"{YEAR}[-/. ]?{NUMBER}", f"{NUMBER}[-/. ]{YEAR}")
_ISO = _patterns(f"{YEAR}-(?P<month>\\d\\d)-(?P<day>\\d\\d)(?: 00:00:00)?")
_DAY = _patterns(rf"(?P<a>\d\d?)[/.-](?P<b>\d\d?)[/.-]{YEAR}")
_BARE = _patterns(NAME, PERIOD)
_FISCAL = _patterns(f"{FISCAL}[ /,.-]*{PERIOD}", f"{PERIOD}[ /,.-]*{FISCAL}")


def _parts(patterns: Iterable[re.Pattern[str]], said: str) -> dict[str, str] | None:
    """Return what the first pattern that fits finds in the whole text."""
    for pattern in patterns:
        if found := pattern.fullmatch(said):
            return found.groupdict()
    return None


def read_fiscal_year(text: str) -> int | None:
    """
    Return the calendar year in which the fiscal year ends, None for the whole life of a project.

    Raises ValueError for anything else.
    """
    said = _plain(text)
    if not said or said.replace("-", " ") in WHOLE_LIFE:
        return None
    if found := _parts(_ONE_YEAR, said):
        return _year(found)
    if found := _parts(_TWO_YEARS, said):
        first, last = int(found["first"]) % 100, int(found["last"]) % 100
        if last == (first + 1) % 100:
            return CENTURY + last
    raise ValueError(f"“{text}” is no fiscal year.")


def read_month(text: str, *, start_month: int | None) -> date | None:
    """
    Return the first day of the month that a text names, None when it names none for certain.

    Without the month in which fiscal years start their periods are not read.
    """
    said = " ".join(BESIDE.sub(" ", _plain(text).replace(" / ", " ")).split())
    for read in (_by_name, _by_number, _by_day):
        found = read(said)
        if found is not None:
            return found
    return None if start_month is None else _by_period(said, start_month)


def month_columns(headers: Iterable[str], *, start_month: int) -> dict[date, str]:
    """Return the headers that name a month, each month once, in the order of the table."""
    found: dict[date, str] = {}
    for header in headers:
        month = read_month(header, start_month=start_month)
        if month is not None:
            found.setdefault(month, header)
    return found


def bare_months(headers: Iterable[str], *, start_month: int) -> dict[str, int]:
    """
    Return the headers that name a month (1 to 12) and no year; none where fewer than three do.

    One column called May is more likely a word. Periods are counted from the month in which fiscal years
    start.
    """
    found: dict[int, str] = {}
    for header in headers:
        said = _parts(_BARE, " ".join(BESIDE.sub(" ", _plain(header)).replace(".", "").split()))
        if not said:
            continue
        name, period = said.get("name"), said.get("period")
        number = MONTHS.index(name[:3]) if name else start_month + int(period or 1) - 2
        found.setdefault(number % 12 + 1, header)
    return {header: number for number, header in found.items()} if len(found) >= FEWEST else {}


def months_from(first: date, bare: Mapping[str, int]) -> dict[date, str]:
    """Return the headers by the first of their months that is not before `first`, a month's first day."""
    return {
        date(first.year + (number < first.month), number, 1): header
        for header, number in bare.items()
    }


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("\u2019", "'").replace("\u2013", "-").split())


def _year(found: Mapping[str, str]) -> int:
    return int(found["year"]) if "year" in found else CENTURY + int(found["short"])


def _by_name(said: str) -> date | None:
    found = _parts(_NAMED, said)
    return date(_year(found), MONTHS.index(found["name"][:3]) + 1, 1) if found else None


def _by_number(said: str) -> date | None:
    found = _parts(_NUMBERED, said)
    return date(_year(found), int(found["month"]), 1) if found else None


def _by_day(said: str) -> date | None:
    """Read a whole date that is the first or the last day of its month, however it is written."""
    if found := _parts(_ISO, said):
        pairs = [(int(found["day"]), int(found["month"]))]
    elif found := _parts(_DAY, said):
        pairs = [(int(found[one]), int(found[two])) for one, two in ("ab", "ba")]
    else:
        return None
    year = _year(found)
    months = {month for day, month in pairs if _is_an_end(year, month, day)}
    return date(year, months.pop(), 1) if len(months) == 1 else None


def _is_an_end(year: int, month: int, day: int) -> bool:
    try:
        found = date(year, month, day)
    except ValueError:
        return False
    return day == 1 or (found + timedelta(days=1)).day == 1


def _by_period(said: str, start_month: int) -> date | None:
    found = _parts(_FISCAL, said)
    if not found:
        return None
    try:
        year = read_fiscal_year(found["fiscal"].strip(" /-"))
    except ValueError:
        return None
    if year is None or not EARLIEST <= year <= LATEST:
        return None
    return fiscal_months(year, start_month=start_month)[int(found["period"]) - 1]
