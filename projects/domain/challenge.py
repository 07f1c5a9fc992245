"""
Which judgments of a status update are better news than the data, and which still owe a sentence?

A judgment is the overall color or that of one axis, with the sentence beside it. One that is better
than measured stands only on this week's own sentence: an empty one does not count, nor one that one of
the last updates (`REMEMBERED`) of earlier weeks said there in the same words. An update whose texts are all of that last one
is refused when the data moved since. An open milestone whose day has passed needs a new day or a
reason. What is not judged, or not measured, is not challenged.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from projects.domain.colors import Color, is_better
from projects.domain.health import Axis, Measure

# every judgment of an update: the field of its color -> the field of its sentence
SENTENCES = {"overall": "overall_note", **{axis.value: axis.note for axis in Axis}}
# the texts that make an update this week's own
TEXTS = (*SENTENCES.values(), "done", "next_steps", "help_needed")
# so many updates back a sentence is known again: two months of weeks
REMEMBERED = 8
# in what an update says of a milestone: why it stays on a day that has passed
REASON = "reason"
LONGEST_REASON = 280


class Owed(StrEnum):
    """Why a sentence does not count."""

    EMPTY = "empty"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A judgment that is better than the data and has no sentence of its own week."""

    judged: str  # the field of the color
    said: Color
    measure: Measure
    owed: Owed

    @property
    def field(self) -> str:
        """Name the field where the sentence is wanted."""
        return SENTENCES[self.judged]


def better_than_measured(
    said: Mapping[str, str], measures: Mapping[str, Measure]
) -> dict[str, Measure]:
    """Return the judgments that are better news than the data, each with what the data says."""
    return {
        judged: measures[judged]
        for judged in SENTENCES
        if judged in measures and is_better(_color(said.get(judged)), measures[judged].color)
    }


def challenges(
    said: Mapping[str, str],
    earlier: Sequence[Mapping[str, str]],
    measures: Mapping[str, Measure],
) -> list[Challenge]:
    """Return what owes a sentence; `earlier` is what the last updates of earlier weeks said."""
    found = []
    for judged, measure in better_than_measured(said, measures).items():
        sentence = SENTENCES[judged]
        known = {_words(one.get(sentence, "")) for one in earlier}
        if owed := _owed(_words(said.get(sentence, "")), known):
            one = Challenge(judged=judged, said=_color(said[judged]), measure=measure, owed=owed)
            found.append(one)
    return found


def _owed(words: str, known: set[str]) -> Owed | None:
    if not words:
        return Owed.EMPTY
    return Owed.REPEATED if words in known else None


def says_nothing_new(said: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """True when every text is empty or the one of the last update."""
    texts = {name: _words(said.get(name, "")) for name in TEXTS}
    return all(not text or text == _words(before.get(name, "")) for name, text in texts.items())


def _words(text: str) -> str:
    """Return the letters and digits of a text: a period or a space more makes no new sentence."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _color(value: str | None) -> Color:
    return Color(value or Color.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """An open point of the plan and the day it is due, None for no day."""

    pk: int
    name: str
    due: date | None


def unanswered(points: Iterable[Dated], reasons: Mapping[int, str], *, today: date) -> list[Dated]:
    """Return what should be done by now and is not, and has neither a new day nor a reason."""
    return [
        point
        for point in points
        if point.due is not None and point.due < today and not _words(reasons.get(point.pk, ""))
    ]
