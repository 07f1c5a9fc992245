"""The columns of a table that are months: found by their headers, and those left out that are over."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from pmo.common.tabular import SourceTable
from pmo.organization.current import organization
from projects.domain.calendar import month_of
from reports.imports.domain import RECORD_KINDS, Profile
from reports.imports.domain.fields import MONTH, month_field
from reports.imports.domain.periods import month_columns
from reports.imports.words.months import left_out_as_over


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


def left_out(table: SourceTable, profile: Profile) -> list[str]:
    """Say which months of the table are over and have no column for that reason."""
    if not profile.kind.has_months:
        return []
    over = [
        month
        for month in _months(table)
        if month < month_of(timezone.localdate()) and month_field(month).name not in profile.sources
    ]
    return [left_out_as_over(sorted(over))] if over else []


def _months(table: SourceTable) -> dict[date, str]:
    start = organization().fiscal_year_start_month
    return month_columns(table.headers, start_month=start)
