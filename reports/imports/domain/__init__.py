"""What an imported table means: columns to our fields, cells to values, reasons and problems."""

from reports.imports.domain.answers import (
    ADD,
    KEPT_IN,
    LEAVE,
    WRITE,
    Answers,
    answers_for,
    answers_to_dict,
    similar_names,
)
from reports.imports.domain.cells import ImportValue
from reports.imports.domain.columns import Question
from reports.imports.domain.fields import CellKind, Field, RecordKind
from reports.imports.domain.guessing import (
    guess_fields,
    mixed_header,
    stage_words,
    suggested_fields,
    unit_said,
)
from reports.imports.domain.kinds import RECORD_KINDS
from reports.imports.domain.losses import Loss, fitted, losses_of, signature_of
from reports.imports.domain.matching import guess_mapping
from reports.imports.domain.profile import (
    FieldSource,
    FoundBy,
    Identity,
    LongTexts,
    Profile,
    ProfileError,
    RowFilter,
    normalized,
    profile_from_dict,
    profile_to_dict,
)
from reports.imports.domain.records import Records, records
from reports.imports.domain.rows import ImportRow, Problem
from reports.imports.domain.unkept import own_table

__all__ = [
    "ADD",
    "KEPT_IN",
    "LEAVE",
    "RECORD_KINDS",
    "WRITE",
    "Answers",
    "CellKind",
    "Field",
    "FieldSource",
    "FoundBy",
    "Identity",
    "ImportRow",
    "ImportValue",
    "LongTexts",
    "Loss",
    "Problem",
    "Profile",
    "ProfileError",
    "Question",
    "RecordKind",
    "Records",
    "RowFilter",
    "answers_for",
    "answers_to_dict",
    "fitted",
    "guess_fields",
    "guess_mapping",
    "losses_of",
    "mixed_header",
    "normalized",
    "own_table",
    "profile_from_dict",
    "profile_to_dict",
    "records",
    "signature_of",
    "similar_names",
    "stage_words",
    "suggested_fields",
    "unit_said",
]
