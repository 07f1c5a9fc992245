"""
Words that may identify a patient are kept when somebody says why they are no patient's.

The reason comes with what is written: the field FIELD of a form, the header HEADER of the API; a job
takes along what its asker said. It holds for that one writing and stands in its events on the trail
(`KEPT`), beside the words. What is near certain is refused whatever is said; see phi.py.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from pmo.common.records import phi

FIELD = "patient_data_reason"
HEADER = "Patient-Data-Reason"
KEPT = "kept_because"
DOUBT = "patient_data_doubt"
SHORTEST, LONGEST = 10, 200
QUESTION = "Why do these words identify no patient?"
HOW = f"Say it in {SHORTEST} to {LONGEST} letters, without repeating them. It is kept in the audit trail."
SAY_MORE = f"Say in {SHORTEST} to {LONGEST} letters why this is no patient's, without repeating it."
IN_A_FILE = (
    "Words of the file may identify a patient. Say in 10 to 200 letters why they are no patient's, or"
    " take them out and upload the file again."
)


@dataclass
class Said:
    """What was said about the words that come next, and what was asked."""

    reason: str = ""
    by_header: bool = False
    is_check: bool = False  # nothing is written yet: doubts are noted
    noted: list[str] = field(default_factory=list)
    is_asked: bool = False  # the form that is drawn has the question already


_said: ContextVar[Said | None] = ContextVar("said", default=None)


def said() -> Said:
    return _said.get() or Said()


@contextmanager
def answered(reason: str, *, by_header: bool = False) -> Iterator[Said]:
    """Let `reason` ("" for none) stand for the doubts of what is written inside."""
    with _hold(Said(" ".join(reason.split()), by_header)) as now:
        yield now


@contextmanager
def checking() -> Iterator[list[str]]:
    """Note what is doubtful inside instead of refusing it; for what only looks at a file."""
    with _hold(Said(is_check=True)) as now:
        yield now.noted


@contextmanager
def _hold(now: Said) -> Iterator[Said]:
    token = _said.set(now)
    try:
        yield now
    finally:
        _said.reset(token)


def settle(finding: phi.PatientDataFinding) -> None:
    """Let a doubtful finding pass when a reason is given; raises ValidationError otherwise."""
    now = said()
    if now.is_check:
        now.noted.append(finding.rule)
        return
    if not now.reason:
        where = f" in the header {HEADER}" if now.by_header else ""
        raise ValidationError(
            f"This may be {finding.rule}. Take it out, or say{where} why it is no patient's and save again.",
            code=DOUBT,
        )
    if not SHORTEST <= len(now.reason) <= LONGEST or phi.findings(now.reason):
        raise ValidationError(SAY_MORE, code=DOUBT)


def settles(finding: phi.PatientDataFinding) -> bool:
    """Say whether a doubtful finding may pass, for who has a refusal of their own."""
    try:
        settle(finding)
    except ValidationError:
        return False
    return True


def because(doubtful: object) -> dict[str, str]:
    """Return the reason for an event that holds none of the words themselves."""
    return {KEPT: said().reason} if doubtful and said().reason else {}


def kept(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what an event adds to what it says: the reason, where its words needed one."""
    reason = said().reason
    if not reason:
        return {}
    texts = (value for value in values.values() if isinstance(value, str))
    return {KEPT: reason} if any(map(phi.findings, texts)) else {}
