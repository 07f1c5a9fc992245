"""What an imported table means: columns to our fields, cells to values, reasons and problems."""

from reports.domain.importing.answers import (
    ADD,
    LEAVE,
    Answers,
    answers_to_dict,
    similar_names,
)
from reports.domain.importing.cells import ImportValue
from reports.domain.importing.fields import RECORD_KINDS, Field, Kind, RecordKind, guess_mapping
from reports.domain.importing.guessing import guess_fields, mixed_header, stage_words
from reports.domain.importing.profile import (
    Identity,
    Profile,
    ProfileError,
    RowFilter,
    Source,
    normalized,
    profile_from_dict,
    profile_to_dict,
)
from reports.domain.importing.records import (
    ImportRow,
    Problem,
    Question,
    Records,
    records,
)

__all__ = [
    "ADD",
    "LEAVE",
    "RECORD_KINDS",
    "Answers",
    "Field",
    "Identity",
    "ImportRow",
    "ImportValue",
    "Kind",
    "Problem",
    "Profile",
    "ProfileError",
    "Question",
    "RecordKind",
    "Records",
    "RowFilter",
    "Source",
    "answers_to_dict",
    "guess_fields",
    "guess_mapping",
    "mixed_header",
    "normalized",
    "profile_from_dict",
    "profile_to_dict",
    "records",
    "similar_names",
    "stage_words",
]
