"""The samples hold whatever the day is, and say something of every field."""

from datetime import date, timedelta

import pytest

from reports.imports.domain import RECORD_KINDS
from reports.imports.domain.samples import (
    LEFT_OUT,
    MEANINGS,
    meaning_of,
    milestone_rows,
    months_later,
    project_rows,
    risk_rows,
    sample_columns,
)


@pytest.mark.parametrize("kind", RECORD_KINDS.values(), ids=lambda kind: kind.name)
def test_every_field_has_a_meaning_and_no_meaning_is_of_no_field(kind):
    assert set(MEANINGS[kind.name]) == {field.name for field in kind.fields}
    assert LEFT_OUT[kind.name] <= set(MEANINGS[kind.name])
    for field in kind.fields:
        assert all(meaning_of(kind, field)), field.name


def test_every_word_of_a_sample_is_one_of_its_field():
    today = date(2026, 11, 29)
    rows = {
        "project": project_rows(today, [], "me@example.org"),
        "milestone": milestone_rows(today, ["EX-01"]),
        "risk": risk_rows(today, ["EX-01"], ""),
    }
    for name, kind in RECORD_KINDS.items():
        known = {field.name: dict(field.choices) for field in sample_columns(kind)}
        for row in rows[name]:
            assert row.keys() <= known.keys()
            assert all(not known[f] or v in known[f] for f, v in row.items())


def test_dates_of_a_sample_hold_on_every_day_of_four_years():
    day = date(2026, 1, 1)
    while day < date(2030, 1, 1):
        for row in project_rows(day, ["Surgery"], ""):
            assert row["start_date"] < day < row["baseline_finish"] <= row["forecast_finish"]
        for row in milestone_rows(day, ["EX-01"]):
            assert row["actual_date"] is None or row["actual_date"] < day
            assert row["actual_date"] or row["forecast_date"] > day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 29), 2, date(2027, 1, 28)),
        (date(2026, 1, 5), -1, date(2025, 12, 5)),
        (date(2026, 12, 5), 12, date(2027, 12, 5)),
    ],
)
def test_months_are_counted_over_the_year(day, months, found):
    assert months_later(day, months) == found
