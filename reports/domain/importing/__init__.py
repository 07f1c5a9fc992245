"""What an imported table means: columns to our fields, cells to values, reasons and problems."""

from reports.domain.importing.cells import ImportValue
from reports.domain.importing.fields import RECORD_KINDS, Field, Kind, RecordKind, guess_mapping
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
    "RECORD_KINDS",
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
    "guess_mapping",
    "normalized",
    "profile_from_dict",
    "profile_to_dict",
    "records",
]
