"""What a row says of a known record and hardly means: quite another name, an amount of another scale."""

from decimal import Decimal
from difflib import SequenceMatcher
from typing import NamedTuple

from reports.imports.domain.cells import clean
from reports.imports.domain.profile import normalized

LEAST_ALIKE = 0.55  # of 1; a question too many costs less than a project that is taken over
TIMES = 10
OTHER_NAME, FAR_VALUE = "other_name", "far_value"  # kinds of warnings, beside those of reading


class Evidence(NamedTuple):
    """What a row would change: its line, the field's label, what stands here and what the file says."""

    line: int
    label: str
    stands: str
    says: str


def is_other_name(before: str, now: str) -> bool:
    """Say whether two names are hardly of one thing; the order of their words does not matter."""
    old, new = normalized(before), normalized(now)
    sorted_old, sorted_new = (" ".join(sorted(name.split())) for name in (old, new))
    pairs = ((old, new), (sorted_old, sorted_new))
    likeness = (SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs)
    return max(likeness) < LEAST_ALIKE


def is_same_text(before: object, now: object) -> bool:
    """
    Say whether two texts differ in white space only, which a cell does not keep.

    Line breaks of a text that stands here are not lost to a file that says the same.
    """
    if not isinstance(before, str) or not isinstance(now, str):
        return before == now
    return before == now or clean(before) == clean(now)


def is_far(before: object, now: object) -> bool:
    """Say whether an amount is ten times the one before it, or a tenth, or more than that."""
    if not isinstance(before, Decimal) or not isinstance(now, Decimal):
        return False
    if before <= 0 or now <= 0:
        return False
    return now >= before * TIMES or now * TIMES <= before
