"""Whatever dirt lies on a table: its values come out true, or something is said about their row."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from pmo.common.tabular import Hints, SourceTable, read
from reports.imports.domain import (
    RECORD_KINDS,
    Records,
    guess_fields,
    profile_from_dict,
    records,
    suggested_fields,
)
from tests.reports.imports.domain.made_up_tables import MadeUp, Truth, made_up

PROJECT = RECORD_KINDS["project"]
FIELDS = {
    "code": "code", "name": "name", "unit": "unit", "start": "start_date", "budget": "approved_budget",
    "percent": "percent_complete", "comment": "summary",
}  # fmt: skip
# what the odd cells mean if they mean anything
SPOILED = (date(2026, 12, 27), Decimal("1.5"), Decimal("7.25"), Decimal("12.34"))


def imported(made: MadeUp) -> tuple[SourceTable, Records, dict[str, str]]:
    table = read(made.data, Hints(record="project"))
    fields = guess_fields(table, PROJECT)
    return table, records(table, profile_from_dict({"name": "x", "record": "project", "fields": fields})), fields  # fmt: skip


def faults(made: MadeUp) -> list[str]:
    """Return what came out wrong without a word."""
    table, found, fields = imported(made)
    lines = {one.line for one in found.problems} | {n for one in found.cautions for n in one.lines}
    columns = {one.column for one in found.cautions if not one.lines}
    lines |= {one.line for one in table.flaws if "This row has" in one.message}
    suggested = suggested_fields(table, PROJECT)  # a column that is only suggested is not read
    columns |= set(suggested.values())
    columns |= {one.header for one in found.questions}
    by_code = {str(row.values.get("code")): row for row in found.rows}
    wrong = [
        f"nobody’s record {code} on line {row.line}"
        for code, row in by_code.items()
        if code not in {one.code for one in made.truths} and row.line not in lines
    ]
    for truth in made.truths:
        row = by_code.get(truth.code)
        if row is None:
            wrong += [] if _is_said(table, truth, lines) else [f"{truth.code} is lost"]
        elif row.line not in lines:
            wrong += [
                f"{truth.code}: {ours} is {row.values.get(ours)!r}, not {getattr(truth, theirs)!r}"
                for theirs, ours in FIELDS.items()
                if not _is_true(row, truth, theirs, ours)
                and (fields | suggested).get(ours) not in columns
            ]
    return wrong


def _is_true(row, truth: Truth, theirs: str, ours: str) -> bool:
    if (
        truth.comment
        and row.values.get("summary") == "spoiled"
        and theirs in {"start", "budget", "comment"}
    ):
        # another cell stands there now: it is read as such, or said to be no value
        return (
            theirs == "comment"
            or ours in row.reasons
            or row.values.get(ours) in SPOILED
            or (row.values.get(ours) == getattr(truth, theirs))
        )
    return row.values.get(ours) == getattr(truth, theirs)


def _is_said(table: SourceTable, truth: Truth, lines: set[int]) -> bool:
    """Say whether the row that holds a record has something said about it."""
    rows = [(row.position, row.cells) for row in table.rows]
    rows += [(one.lines[0], one.cells) for one in table.misaligned]
    return any(truth.code in map(str, cells) and line in lines for line, cells in rows)


@pytest.mark.slow
def test_no_value_is_wrong_without_a_word(request):
    count = request.config.getoption("--tables")
    found: Counter[str] = Counter()
    for seed in range(count):
        made = made_up(seed)
        found.update(made.dirt)
        assert faults(made) == [], f"table {seed} with {', '.join(sorted(made.dirt)) or 'nothing'}"

    assert count < 300 or len(found) > 12  # every kind of dirt was there
