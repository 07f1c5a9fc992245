"""
How alike two titles are, so that the same thing is not asked for twice.

Trigram similarity as in PostgreSQL's pg_trgm: a text is lower-cased and cut into words of letters and
digits; each word gets two spaces in front and one behind and gives its runs of three characters; the
similarity of two texts is the number of runs that both have, divided by the number that either has.
Computed here and not in the database, so that SQLite and PostgreSQL agree.
Source: PostgreSQL documentation, F.35 pg_trgm (similarity); the limit 0.35 is rule 1e, a setting.
"""

import re
from collections.abc import Callable
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
RUN = 3
ROUNDING = 1e-9
BITS = 512  # of the mark of a text: some ten times as many as a title has runs


@lru_cache(maxsize=2_048)
def trigrams(text: str) -> frozenset[str]:
    """Return the runs of three characters of a text."""
    return _runs(text)


def _runs(text: str) -> frozenset[str]:
    words = (f"  {word} " for word in WORD.findall(text.lower()))
    return frozenset(
        word[place : place + RUN] for word in words for place in range(len(word) - RUN + 1)
    )


def similarity(one: str, other: str) -> float:
    """Return a number from 0, nothing in common, to 1, the same words; 0 where a text has no word."""
    first, second = trigrams(one), trigrams(other)
    either = len(first | second)
    return len(first & second) / either if either else 0.0


@lru_cache(maxsize=65_536)
def _marked(text: str, read: Callable[[str], str]) -> tuple[int, int]:
    """Return a bit for each run of a text as it is read, where runs may share one, and how many there are."""
    mark, runs = 0, _runs(read(text))
    for run in runs:
        mark |= 1 << hash(run) % BITS
    return mark, len(runs)


def likeness_to(title: str, *, least: float, read: Callable[[str], str]) -> Callable[[str], float]:
    """
    Return a function that says how alike a text is to the title; 0 may stand for what is below `least`.

    Both are compared as `read` gives them. Texts have no more runs in common than bits, so most are told apart
    by these, which are kept; the others are counted.
    """
    mark, number = _marked(title, read)
    hidden = number - mark.bit_count()  # runs of the title that share a bit with another one

    def likeness(other: str) -> float:
        its_mark, its_number = _marked(other, read)
        common = (mark & its_mark).bit_count() + hidden
        either = number + its_number - common
        return similarity(read(title), read(other)) if common >= least * either - ROUNDING else 0.0

    return likeness


def parts_of(text: str) -> tuple[str, ...]:
    """Return the systems that a text lists, one a line or parted by commas, as they are written."""
    found = (" ".join(part.split()) for part in re.split(r"[\n,;]", text))
    return tuple(dict.fromkeys(part for part in found if part))
