"""Rules on what committees and decisions hold as data: quorum, veto seats and options."""

from typing import Any

from django.core.exceptions import ValidationError

from pmo.common.records.fields import no_control_characters, no_patient_data

LONGEST_SEAT = 40
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
    for seat in value:
        sound_text(seat, LONGEST_SEAT)


def sound_quorum_seats(value: Any) -> None:
    """Refuse what is no list of groups of seats, one of each of which has to be there."""
    if not isinstance(value, list) or not all(isinstance(one, list) and one for one in value):
        raise ValidationError("Give groups of seats, such as CFO; CMO or CNO.", code="seats")
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
