"""What of a table does not come along: columns that no field takes, with why and how many cells they hold."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pmo.common.tabular import SourceTable
from pmo.common.tabular.table import is_blank
from reports.imports.domain.guessing import guess_fields
from reports.imports.domain.profile import FieldSource, Profile, normalized
from reports.imports.domain.unkept import own_table

AGAIN = re.compile(r" \(\d+\)$")  # how the reader tells apart columns of one name
UNKNOWN = "No field of Rounds was chosen for it."


@dataclass(frozen=True, slots=True)
class Loss:
    """A column that stays behind: its header, how many of its cells hold something, and why."""

    header: str
    cells: int
    why: str


def losses_of(table: SourceTable, profile: Profile) -> list[Loss]:
    """Return the columns with content that neither become a field nor choose the rows, in the file's order."""
    table = own_table(table, profile)
    used = {normalized(one) for source in profile.sources.values() for one in source.headers}
    if profile.keep:
        used.add(normalized(profile.keep.header))
    reasons = {normalized(header): why for header, why in profile.not_taken.items()}
    found = []
    for index, header in enumerate(table.headers):
        if normalized(header) in used:
            continue
        cells = sum(not is_blank(cell) for cell in table.column(index))
        if cells:
            found.append(Loss(header, cells, _why(header, reasons)))
    return found


def _why(header: str, reasons: Mapping[str, str]) -> str:
    name = normalized(header)
    return reasons.get(name) or reasons.get(AGAIN.sub("", name)) or UNKNOWN


def signature_of(headers: Iterable[str]) -> frozenset[str]:
    """Return the names of columns, each once."""
    return frozenset(AGAIN.sub("", normalized(header)) for header in headers)


def fitted(profile: Profile, table: SourceTable) -> dict[str, FieldSource]:
    """
    Return the sources that the table has columns for, with guesses for the fields that a product leaves open.

    A column of which the profile says why it is not taken is never guessed to be one.
    """
    table = own_table(table, profile)
    present = {normalized(header) for header in table.headers}
    sources = {
        name: source
        for name, source in profile.sources.items()
        if present & {normalized(header) for header in source.headers}
    }
    used = {normalized(header) for source in sources.values() for header in source.headers}
    named = {normalized(header) for header in profile.not_taken}
    for name, header in guess_fields(table, profile.kind).items():
        if name in sources or name in profile.constants or name in profile.sources:
            continue
        if normalized(header) not in used and AGAIN.sub("", normalized(header)) not in named:
            sources[name] = FieldSource((header,))
    return sources
