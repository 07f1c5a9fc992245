"""Which days of a message may be given: what is planned by hand is still to come."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

OVER = {
    "due_on": "This day has passed. Give the next day on which it is due.",
    "ends_on": "This day has passed. Give a day to come, or leave it empty.",
}


def days_to_come(given: Mapping[str, Any], *, before: object, today: date) -> None:
    """
    Refuse a day that is over, unless the message has it already; raises ValidationError by field.

    A template counts back from a go-live, so it may plan a day that has passed: such a message is late.
    """
    faults = {
        name: ValidationError(said, code="over")
        for name, said in OVER.items()
        if (day := given.get(name)) and day < today and day != getattr(before, name, None)
    }
    if faults:
        raise ValidationError(faults)
