"""Why a row cannot be written, said at its place in the file and without repeating its cells."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from pmo.common.records.writing import (
    BrokenRuleError,
    ClashError,
    RefusalError,
    refusal_of,
)
from reports.imports.domain import ImportRow, Problem

# model field -> ours, where they differ
OURS = {
    "baseline_finish_date": "baseline_finish",
    "forecast_finish_date": "forecast_finish",
    "actual_finish_date": "actual_finish",
    "overall_note": "summary",
    "review_date": "due",
    "due_date": "due",
    "proximity_date": "proximity",
    "entry_date": "date",
}
CONTRADICTS = "This row contradicts a record that is there already."
ERRORS = (RefusalError, ValidationError, IntegrityError)


class RowRefusedError(RefusalError):
    """The row cannot be written; `field` is ours, `right` says what would be right."""

    def __init__(self, field: str, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.field = field
        self.right = right


def problems_of(error: Exception, row: ImportRow) -> list[Problem]:
    """Translate what a service raised into problems of this row; a deadlock is none and goes on."""
    if isinstance(error, IntegrityError):
        error = refusal_of(error) or error
    match error:
        case BrokenRuleError():
            return [problem_at(row, OURS.get(error.field, error.field), str(error), "")]
        case ClashError() if error.__cause__ and not isinstance(error.__cause__, IntegrityError):
            raise error
        case ClashError():
            return [problem_at(row, "", CONTRADICTS, "")]
        case RowRefusedError():
            return [problem_at(row, error.field, str(error), error.right)]
        case ValidationError():
            named = hasattr(error, "error_dict")
            return _of_fields(error.message_dict if named else {"__all__": error.messages}, row)
        case RefusalError():
            return [problem_at(row, "", str(error), "")]
    return [problem_at(row, "", CONTRADICTS, "")]


def _of_fields(messages: Mapping[str, list[str]], row: ImportRow) -> list[Problem]:
    return [
        problem_at(row, OURS.get(name, "" if name == "__all__" else name), text, "")
        for name, texts in messages.items()
        for text in texts
    ]


def problem_at(row: ImportRow, field: str, wrong: str, right: str) -> Problem:
    """Place a problem at the row's cell for this field, or at the row when it has none."""
    line, column = row.places.get(field, (row.line, row.column))
    return Problem(line, column, field, wrong, right)
