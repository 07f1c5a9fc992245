"""Rules on what committees and decisions hold as data: quorum, veto seats and options."""

import re
from typing import Any

from django.core.exceptions import ValidationError

from pmo.common.records.fields import no_control_characters, no_patient_data
from portfolio.governance.domain.gates import EVIDENCE_FIELDS, EvidenceKind

SHA256 = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)

LONGEST_SEAT = 40
MOST_SEATS = 40
LONGEST_OPTION = 300
MOST_OPTIONS = 8
# what is said of each option beside its name, and how pages call it
OPTION_TEXTS = {
    "name": "Option",
    "money": "Cost",
    "dates": "Dates",
    "people": "Units and staff",
    "risk": "What may go wrong",
}


def sound_text(value: Any, most: int) -> None:
    """Refuse what is no short text, or what identifies a patient; raises ValidationError."""
    if not isinstance(value, str) or len(value) > most:
        raise ValidationError(f"Keep this under {most} characters.", code="too_long")
    no_control_characters(value)
    no_patient_data(value)


def sound_seats(value: Any) -> None:
    """Refuse what is no list of seats, such as ["CMO", "CNO"]; raises ValidationError."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValidationError("Give a list of seats, such as CMO, CNO.", code="seats")
    if len(value) > MOST_SEATS:
        raise ValidationError(f"Give up to {MOST_SEATS} seats.", code="seats")
    for seat in value:
        sound_text(seat, LONGEST_SEAT)


def sound_quorum_seats(value: Any) -> None:
    """Refuse what is no list of groups of seats, one of each of which has to be there."""
    if not isinstance(value, list) or not all(isinstance(one, list) and one for one in value):
        raise ValidationError("Give groups of seats, such as CFO; CMO or CNO.", code="seats")
    if len(value) > MOST_SEATS:
        raise ValidationError(f"Give up to {MOST_SEATS} groups of seats.", code="seats")
    for group in value:
        sound_seats(group)


def sound_options(value: Any) -> None:
    """
    Refuse what is no list of options; raises ValidationError.

    An option has a name, what it costs, dates, people and risks in words, and says whether it is to do nothing.
    """
    known = set(OPTION_TEXTS) | {"is_nothing"}
    if not isinstance(value, list) or len(value) > MOST_OPTIONS:
        raise ValidationError(f"Give up to {MOST_OPTIONS} options.", code="options")
    for option in value:
        if not isinstance(option, dict) or not set(option) <= known or not option.get("name"):
            raise ValidationError("Each option has a name.", code="options")
        if not isinstance(option.get("is_nothing", False), bool):
            raise ValidationError("Say whether the option is to do nothing.", code="options")
        for name in OPTION_TEXTS:
            sound_text(option.get(name, ""), LONGEST_OPTION)


LONGEST_EVIDENCE = 160
MOST_EVIDENCE = 20


def sound_evidence(value: Any) -> None:
    """
    Refuse what is no list of evidence; raises ValidationError.

    Each has a kind and a name, says whether it is required, and for a field of the project which one.
    """
    known = {"kind", "name", "field", "is_required"}
    if not isinstance(value, list) or len(value) > MOST_EVIDENCE:
        raise ValidationError(f"Give up to {MOST_EVIDENCE} pieces of evidence.", code="evidence")
    for one in value:
        if not isinstance(one, dict) or not set(one) <= known or not one.get("name"):
            raise ValidationError("Each piece of evidence has a name.", code="evidence")
        if not isinstance(one.get("kind"), str) or one["kind"] not in set(EvidenceKind):
            kinds = ", ".join(kind.value for kind in EvidenceKind)
            raise ValidationError(f"Evidence is one of: {kinds}.", code="evidence")
        names = str(one.get("field", "")) in EVIDENCE_FIELDS
        if (one["kind"] == EvidenceKind.FIELD) != names:
            raise ValidationError("Choose a field of the project that is known.", code="evidence")
        if not isinstance(one.get("is_required", True), bool):
            raise ValidationError("Say whether it is required.", code="evidence")
        sound_text(one["name"], LONGEST_EVIDENCE)


def sound_sha256(value: str) -> None:
    """Refuse what is no SHA-256 in hexadecimal digits; raises ValidationError."""
    if value and not SHA256.fullmatch(value):
        raise ValidationError("A SHA-256 has 64 hexadecimal digits.", code="sha256")
