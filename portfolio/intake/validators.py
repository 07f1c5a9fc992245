"""What a request must say, and when."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from portfolio.intake.domain.profile import QUESTIONS

NO_NOTICE = "Name the vendor’s notice: its number or date, and what it says."
NO_GROUND = "Choose what demands the work. The growth of a unit is no ground."
OVER = {
    "wanted_by": "This day has passed. Say by which day to come it is wanted, or leave it empty.",
    "bites_on": "The date of the ground has passed. Give the date that holds.",
}
# without these a request cannot be compared with another; a draft may lack all but the title
ASKED_FOR = {
    "problem": "Say what the problem is.",
    "unit": "Choose the unit it is for.",
    "kind": "Choose what kind of request it is.",
    "if_nothing": "Say what happens if nothing is done.",
    "size": "Choose a size; a guess is enough.",
}


def page_one_complete(values: dict[str, object]) -> None:
    """Refuse to submit a page with gaps; raises ValidationError by field."""
    missing = {name: said for name, said in ASKED_FOR.items() if not values.get(name)}
    if values.get("sponsor") and not values.get("sponsor_answer"):
        missing["sponsor_answer"] = "Say whether the sponsor was asked or has agreed."
    if missing:
        raise ValidationError(
            {name: ValidationError(said, code="required") for name, said in missing.items()}
        )


def day_to_come(name: str, day: date | None, today: date) -> None:
    """Refuse a day that is over where one to come is asked for; raises ValidationError at the field."""
    if day is not None and day < today:
        raise ValidationError({name: ValidationError(OVER[name], code="over")})


def known_questions(codes: Iterable[object]) -> None:
    """Refuse an answer to a question that nobody asks; raises ValidationError."""
    if not isinstance(codes, list) or not all(code in QUESTIONS for code in codes):
        raise ValidationError("Choose questions of the profile.", code="unknown")
