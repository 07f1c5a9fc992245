"""
The columns of a table that are months: found by their headers, and those left out that are over.

Months without a year are asked about: which twelve months they are is an answer of the import's own.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from pmo.common.tabular import SourceTable
from pmo.organization.current import organization
from projects.domain.calendar import month_of
from reports.imports.domain import RECORD_KINDS, Profile
from reports.imports.domain.fields import MONTH, month_field
from reports.imports.domain.periods import bare_months, month_columns, months_from
from reports.imports.words.months import left_out_as_over, left_out_without_year


def with_months(document: Mapping[str, Any], table: SourceTable) -> dict[str, Any]:
    """Return the mapping with the table's own months, where records of its kind have such columns."""
    fields = dict(document.get("fields") or {})
    if not RECORD_KINDS[document["record"]].has_months:
        return dict(document)
    others = {name: source for name, source in fields.items() if not MONTH.fullmatch(name)}
    taken = set(map(str, others.values()))
    months = {
        month_field(month).name: header
        for month, header in _months(table).items()
        if month >= month_of(timezone.localdate()) and header not in taken
    }
    return {**document, "fields": others | months}


def with_months_from(
    document: Mapping[str, Any], table: SourceTable, first: date | None
) -> dict[str, Any]:
    """Let the columns of months without a year be those from this month on; None leaves them out."""
    bare, fields = without_year(table), dict(document.get("fields") or {})
    for name, source in list(fields.items()):
        if MONTH.fullmatch(name) and set(_headers(source)) & bare.keys():
            del fields[name]
    taken = {header for source in fields.values() for header in _headers(source)}
    for month, header in (months_from(first, bare) if first else {}).items():
        if month >= month_of(timezone.localdate()) and header not in taken:
            fields.setdefault(month_field(month).name, {"from": [header]})
    answers = dict(document.get("answers") or {})
    answers["months_from"] = first.isoformat() if first else None
    return {**document, "fields": fields, "answers": answers}


def without_year(table: SourceTable) -> dict[str, int]:
    """Return the headers that name a month and no year, with its number."""
    return bare_months(table.headers, start_month=organization().fiscal_year_start_month)


def left_out(table: SourceTable, profile: Profile) -> list[str]:
    """Say which months of the table have no column, for they are over or nobody said of which year."""
    if not profile.kind.has_months:
        return []
    first, bare = profile.answers.months_from, without_year(table)
    known = _months(table) | (months_from(first, bare) if first else {})
    over = [
        month
        for month in known
        if month < month_of(timezone.localdate()) and month_field(month).name not in profile.sources
    ]
    taken = {header for source in profile.sources.values() for header in source.headers}
    open_ones = [header for header in bare if header not in taken] if not first else []
    said = [left_out_as_over(sorted(over))] if over else []
    return said + ([left_out_without_year(open_ones)] if open_ones else [])


def _headers(source: Any) -> Sequence[str]:
    """Return the headers of a field, however a mapping writes them."""
    said = source.get("from") if isinstance(source, Mapping) else source
    return [said] if isinstance(said, str) else list(said or ())


def _months(table: SourceTable) -> dict[date, str]:
    start = organization().fiscal_year_start_month
    return month_columns(table.headers, start_month=start)
