"""
Texts for an audience, drafted by rules from a summary; every sentence says what it rests on.

Patients hear of no money, no trouble and no plan that is not theirs; the town hall of no money; the board
of all. What is confidential is in none: the page given here holds none of it.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from pmo.common.page.formats import count, counted, day, listing
from pmo.organization.current import organization
from projects.domain.kinds import MilestoneKind
from projects.domain.stages import Stage
from reports.audiences.models import TextAudience
from reports.audiences.selectors import OpenPage
from reports.domain.summary import DueMark
from reports.words.headline import headline
from reports.words.landing import landing_lines
from reports.words.summary import voice_of

TEXTS = "Texts for audiences"
DRAFT = "Draft a text"
DRAFTED = "Text drafted. Read it, change it, then use it."
EDIT = "Edit text"
SAVE = "Save text"
SAVED = "Text saved; the version before is kept."
NO_SUMMARY = "Texts are drafted from the last issued summary. None is issued yet."
PATIENTS_NOTE = (
    "Before patients read it: plain language, translated, approved. Plan it as a message."
)
MOST = 5  # milestones named in one text


class DraftedSentence(NamedTuple):
    """A sentence, why it stands there, and the project it names (None names none)."""

    said: str
    reason: str
    project: int | None = None


def title_of(audience: TextAudience, open_: OpenPage) -> str:
    name, on = organization().name, day(open_.page.as_of)
    return {
        TextAudience.NEWSLETTER: f"What our projects did, {on}",
        TextAudience.TOWN_HALL: f"Where our projects stand, {on}",
        TextAudience.PATIENTS: f"What changes at {name}",
        TextAudience.BOARD: f"Report on projects to the board, {on}",
    }[audience]


def draft(audience: TextAudience, open_: OpenPage) -> list[DraftedSentence]:
    """Return the sentences of a text, in their order."""
    made = {
        TextAudience.NEWSLETTER: _newsletter,
        TextAudience.TOWN_HALL: _town_hall,
        TextAudience.PATIENTS: _patients,
        TextAudience.BOARD: _board,
    }[audience]
    return list(made(open_))


def _newsletter(open_: OpenPage) -> Iterator[DraftedSentence]:
    yield _running(open_)
    yield from _begun_and_ended(open_)
    yield from _coming(open_)


def _town_hall(open_: OpenPage) -> Iterator[DraftedSentence]:
    yield _running(open_)
    figures = open_.page.figures
    reason = "Counted from the colors of the summary."
    if figures.green:
        words = counted(figures.green, "1 is on track.", "{n} are on track.")
        yield DraftedSentence(words, reason)
    if figures.red:
        words = counted(figures.red, "1 needs help.", "{n} need help.")
        yield DraftedSentence(words, reason)
    yield from _begun_and_ended(open_)
    yield from _coming(open_)


def _patients(open_: OpenPage) -> Iterator[DraftedSentence]:
    live = [due for due in open_.page.soon.rows if due.mark.kind == MilestoneKind.GO_LIVE]
    for due in live[:MOST]:
        yield DraftedSentence(
            f"On {day(due.mark.due_date)} we start with something new: {due.line.name}.",
            "A go-live of the summary that is due in the next 30 days.",
            due.line.id,
        )
    if live:
        yield DraftedSentence(
            "If something is not clear to you, ask us. We have time for you.",
            "Every text for patients says whom to ask.",
        )
    else:
        yield DraftedSentence(
            "In the next 30 days nothing changes for you.",
            "The summary has no go-live that is due in the next 30 days.",
        )


def _board(open_: OpenPage) -> Iterator[DraftedSentence]:
    page, said_by = open_.page, organization()
    voice = voice_of(
        as_of=page.as_of,
        since=page.since,
        currency=open_.currency,
        year_start=said_by.fiscal_year_start_month,
    )
    yield DraftedSentence(
        headline(page.figures, voice),
        "The summary's headline, counted without confidential projects.",
    )
    for label, words in landing_lines(page.landing, open_.currency):
        yield DraftedSentence(f"{label}: {words}", "The summary's forecast of cost and finish.")
    if page.decisions:
        names = listing(one.line.name for one in page.decisions.rows[:MOST])
        asked = count(page.decisions.total, "decision")
        yield DraftedSentence(
            f"We ask for {asked}: {names}.", "Projects of the summary that ask for a decision."
        )
    for line in page.risks.rows[:MOST]:
        yield DraftedSentence(
            f"{line.name}: {line.top_risk}.", "One of the highest risks of the summary.", line.id
        )
    yield from _coming(open_)


def _running(open_: OpenPage) -> DraftedSentence:
    number = open_.page.figures.projects
    return DraftedSentence(
        f"We are working on {count(number, 'project')}.",
        "Running projects of the summary, without confidential ones.",
    )


def _begun_and_ended(open_: OpenPage) -> Iterator[DraftedSentence]:
    for line in open_.page.new.rows[:MOST]:
        yield DraftedSentence(f"{line.name} has begun.", "New since the summary before.", line.id)
    for line in open_.page.ended.rows[:MOST]:
        if line.stage == Stage.CLOSED:
            yield DraftedSentence(
                f"{line.name} is finished.", "Closed since the summary before.", line.id
            )


def _coming(open_: OpenPage) -> Iterator[DraftedSentence]:
    for due in open_.page.soon.rows[:MOST]:
        reason = "A milestone of the summary that is due in the next 30 days."
        yield DraftedSentence(_milestone(due), reason, due.line.id)


def _milestone(due: DueMark) -> str:
    return f"{due.line.name}: {due.mark.name} is planned for {day(due.mark.due_date)}."


def body_of(sentences: list[DraftedSentence]) -> str:
    """Return the draft as a text, a sentence a line, and a paragraph of what has the same reason."""
    paragraphs = groupby(sentences, key=attrgetter("reason"))
    return "\n\n".join("\n".join(one.said for one in found) for _, found in paragraphs)


def file_of(title: str, body: str) -> str:
    """Return a text as a file holds it."""
    return f"{title}\n\n{body}\n"


def lede(number: int) -> str:
    if not number:
        return "No text is drafted yet."
    return counted(number, "1 text is kept.", "{n} texts are kept.")
