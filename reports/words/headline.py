"""
The headline of a portfolio: its state in a few sentences, by rules, for page, document, mail and API.

Nothing is linked here: a part names the place of the page that it leads to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pmo.common.page import formats as write
from reports.domain.key_figures import KeyFigures, KeyMoney
from reports.domain.overspend import Overspend
from reports.words.card_titles import capital, counted, counted_figure, in_words, is_or_are
from reports.words.key_figures import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencePart:
    """A piece of a sentence; `place` is the part of the page that it leads to."""

    text: str
    is_strong: bool = False
    place: str = ""


def tone(figures: KeyFigures) -> str:
    """Return the worst color that a project has; none is "none"."""
    return next((color for color, count in figures.colors.items() if count), "none")


def headline(figures: KeyFigures, voice: Voice) -> str:
    """Say the state of the portfolio in a few sentences, by rules."""
    return "".join(part.text for part in lede(figures, voice))


def lede(figures: KeyFigures, voice: Voice) -> tuple[SentencePart, ...]:
    """Say the state in the order of what a director asks; what is not known is left out."""
    if not figures.projects:
        text = "There is no running project here that you can see."
        return (SentencePart(text=text, is_strong=True),)
    return tuple(_lede(figures, voice))


def _lede(figures: KeyFigures, voice: Voice) -> Iterator[SentencePart]:
    yield SentencePart(text=_state(figures), is_strong=True)
    if figures.before:
        yield SentencePart(text=" " + _moved(figures, voice.since))
    if figures.money and figures.money.variance and figures.money.share is not None:
        yield from _money(figures.money, figures.overspend, voice)
    if figures.disputed:
        text = f" In {counted(figures.disputed, 'project')} the data says worse than the report."
        yield SentencePart(text=text)
    if figures.decisions:
        yield SentencePart(text=" ")
        text = capital(counted(figures.decisions, "decision"))
        yield SentencePart(text=text, place="decisions")
        yield SentencePart(text=f" {is_or_are(figures.decisions)} waiting.")


def _state(figures: KeyFigures) -> str:
    projects, red, amber, none = figures.projects, figures.red, figures.amber, figures.none
    if red:
        return f"{red:,} of {counted_figure(projects, 'project')} {is_or_are(red)} red."
    if none == projects:
        return f"None of {counted_figure(projects, 'project')} has an update."
    if amber:
        return f"No project is red; {amber:,} of {projects:,} {is_or_are(amber)} amber."
    if none:
        return f"No project is red or amber; {none:,} of {projects:,} {is_or_are(none)} without an update."
    return f"All {counted_figure(projects, 'project')} are green." if projects > 1 else "Green."


def _moved(figures: KeyFigures, since: str) -> str:
    moves = (
        (figures.worse, "got worse", "got worse"),
        (figures.better, "got better", "got better"),
        (figures.silenced, "stopped reporting", "stopped reporting"),
        (figures.resumed, "reports again", "report again"),
    )
    parts = [
        f"{in_words(count)} {one if count == 1 else many}" for count, one, many in moves if count
    ]
    if not parts:
        return f"No color changed since {since}."
    first, *rest = parts
    more = "".join(f" and {part}" for part in rest[-1:])
    return capital(f"{', '.join([f'{first} since {since}', *rest[:-1]])}{more}.")


def _money(money: KeyMoney, overspend: Overspend, voice: Voice) -> Iterator[SentencePart]:
    over, year = money.variance > 0, voice.year_of(money.fiscal_year)
    yield SentencePart(text=f" Forecast cost in {year} is " if year else " Forecast cost is ")
    amount = write.money(abs(money.variance), voice.currency)
    yield SentencePart(text=f"{amount} {'over' if over else 'under'} budget", is_strong=True)
    causes = overspend.causes if over else None
    tail = f", most of it from {counted(causes, 'project')}" if causes else ""
    yield SentencePart(text=f" ({write.percent(abs(money.share or Decimal()))}){tail}.")
