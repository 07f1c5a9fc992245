"""The samples hold whatever the day is, and say something of every field."""

from datetime import date, timedelta

import pytest

from reports.imports.domain import RECORD_KINDS
from reports.imports.domain.fields import SampleFor, months_later
from reports.imports.domain.samples import meaning_of, sample_columns


@pytest.mark.parametrize("kind", RECORD_KINDS.values(), ids=lambda kind: kind.name)
def test_every_field_has_a_label_and_a_meaning_in_words(kind):
    for field in kind.fields:
        assert all(meaning_of(field)), field.name
        assert field.meaning.endswith("."), field.name
        assert field.label[1:] == field.label[1:].lower() or "," in field.label, field.label


def test_every_word_of_a_sample_is_one_of_its_field():
    today = date(2026, 11, 29)
    start = SampleFor(today, codes=["EX-01"], person="me@example.org")
    assert all(kind.rows(start) for kind in RECORD_KINDS.values())
    for kind in RECORD_KINDS.values():
        known = {field.name: dict(field.choices) for field in sample_columns(kind)}
        for row in kind.rows(start):
            assert row.keys() <= known.keys()
            assert all(not known[f] or v in known[f] for f, v in row.items())


def test_dates_of_a_sample_hold_on_every_day_of_four_years():
    day = date(2026, 1, 1)
    while day < date(2030, 1, 1):
        for row in RECORD_KINDS["project"].rows(SampleFor(day, units=["Surgery"])):
            assert row["start_date"] < day < row["baseline_finish"] <= row["forecast_finish"]
        for row in RECORD_KINDS["milestone"].rows(SampleFor(day, codes=["EX-01"])):
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
