"""The sentences that challenge an update which is better news than the data."""

from pmo.common.page import formats
from projects.domain.challenge import Challenge, Dated, Owed
from projects.domain.health import Measure
from projects.domain.office import ColorRule
from projects.office import OfficeStanding
from projects.rules import axis_names
from projects.selectors.status import MovedSince
from projects.words.status import moved_words

EARLIER = "That was said in an earlier week and does not count for this week."
MOST_MOVES = 3


def sentence_wanted(one: Challenge) -> str:
    """Say which sentence is missing, and what it stands against."""
    names = {axis.value: name for axis, name in axis_names().items()}
    what = names.get(one.judged, "Overall")
    lead = f"{what}: you say {one.said.value}, the data says {one.measure.color.value}."
    rule = f"{one.measure.rule.rstrip('.')}."
    repeated = f" {EARLIER}" if one.owed is Owed.REPEATED else ""
    return f"{lead} {rule} Say in a sentence of this week why you see it better.{repeated}"


def left_to_office(judged: str, measure: Measure, standing: OfficeStanding) -> str:
    """Say that the office sets this color, and what the project manager may choose."""
    names = {axis.value: name for axis, name in axis_names().items()}
    data = f"{names.get(judged, 'Overall')}: the data says {measure.color.value}."
    if standing.rules.color is ColorRule.DOWNGRADE:
        rest = "lets only the office set a better color. Choose that one or a worse one."
    else:
        rest = "sets every color other than the data's. Choose the data's color."
    return f"{data} {standing.office} {rest} Say in the sentence what the office should know."


def nothing_new(moved: list[MovedSince]) -> str:
    """Say what moved while the words stayed."""
    shown = " ".join(moved_words(one) for one in moved[:MOST_MOVES])
    more = len(moved) - MOST_MOVES
    rest = f" And {more} more." if more > 0 else ""
    return f"The words are those of last time, and since then: {shown}{rest} Say what it means."


def answer_wanted(point: Dated) -> str:
    """Say what an open milestone past its day needs."""
    assert point.due is not None  # noqa: S101 - one without a day is not past it
    return (
        f"{point.name} was due {formats.day(point.due)} and is not done."
        " Give a new date, the day it was done, or the reason why it stays."
    )
