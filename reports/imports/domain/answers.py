"""What the importer answered: the stage of new projects, names that are new here, a portfolio to make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

ADD, LEAVE = "add", "leave"  # any other answer is the id of the record that is meant
# where the answers for the names of each sort are kept
KEPT_IN = {"person": "people", "unit": "units", "program": "programs"}
WRITE = "write"  # of a warning: its rows all the same; LEAVE leaves them out
SIMILAR = 0.8
MOST_SIMILAR = 3


@dataclass(frozen=True, slots=True)
class Answers:
    """
    What the file does not say.

    `people`, `units` and `programs` go from a name as `normalized` writes it to ADD, LEAVE or an id. `below`
    is the id of the unit that new ones become part of, None for the top. `warnings` goes from a warning's key to
    WRITE or LEAVE. `control` is what the ledger says that all rows of its file add up to. `months_from` is the first
    day of the twelve months of which columns without a year are, None where nobody said.
    """

    stage: str = ""  # of new projects whose row names none
    portfolio: str = ""  # the name of a portfolio to make, empty for none
    people: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    below: int | None = None
    warnings: Mapping[str, str] = field(default_factory=dict)
    control: Decimal | None = None
    programs: Mapping[str, str] = field(default_factory=dict)
    months_from: date | None = None


def answers_from_dict(data: Mapping[str, Any]) -> Answers:
    """Build answers from what `answers_to_dict` returned; raise ValueError for anything else."""
    below, control, first = data.get("below"), data.get("control"), data.get("months_from")
    try:
        return Answers(
            stage=str(data.get("stage") or ""),
            portfolio=str(data.get("portfolio") or ""),
            people=_said(data, "people"),
            units=_said(data, "units"),
            programs=_said(data, "programs"),
            below=None if below is None else int(below),
            warnings=_said(data, "warnings"),
            control=None if control is None else Decimal(str(control)),
            months_from=date.fromisoformat(str(first)) if first else None,
        )
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ValueError(
            "“answers” holds stage, portfolio, people, units, programs, below, warnings, control and"
            " months_from."
        ) from error


def _said(data: Mapping[str, Any], name: str) -> dict[str, str]:
    return {str(key): str(said) for key, said in dict(data.get(name) or {}).items()}


def answers_to_dict(answers: Answers) -> dict[str, Any]:
    """Return the answers as a plain dictionary without what is empty."""
    data = {
        "stage": answers.stage,
        "portfolio": answers.portfolio,
        "people": dict(answers.people),
        "units": dict(answers.units),
        "programs": dict(answers.programs),
        "below": answers.below,
        "warnings": dict(answers.warnings),
        "control": None if answers.control is None else str(answers.control),
        "months_from": answers.months_from.isoformat() if answers.months_from else None,
    }
    return {name: value for name, value in data.items() if value not in (None, "", {})}


def answers_for(answers: Answers, sort: str) -> Mapping[str, str]:
    """Return what was said of the names of a sort."""
    said: Mapping[str, str] = getattr(answers, KEPT_IN[sort])
    return said


def similar_names(name: str, known: Mapping[str, str]) -> list[str]:
    """
    Return the spellings among `known` (normalized -> as written) that somebody may have meant.

    Close in letters, or the same last word after the same first letter: "A. Reid" and "Anna Reid".
    """
    words = name.split()
    close = get_close_matches(name, known, n=MOST_SIMILAR, cutoff=SIMILAR)
    if len(words) > 1:
        close += [
            other
            for other in known
            if other not in close and other[:1] == name[:1] and other.split()[-1] == words[-1]
        ]
    return [known[one] for one in close[:MOST_SIMILAR]]
