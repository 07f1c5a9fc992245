"""
How alike two titles are, so that the same thing is not asked for twice.

Trigram similarity as in PostgreSQL's pg_trgm: a text is lower-cased and cut into words of letters and
digits; each word gets two spaces in front and one behind and gives its runs of three characters; the
similarity of two texts is the number of runs that both have, divided by the number that either has.
Computed here and not in the database, so that SQLite and PostgreSQL agree.
Source: PostgreSQL documentation, F.35 pg_trgm (similarity); the limit 0.35 is rule 1e, a setting.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
RUN = 3
ROUNDING = 1e-9
BITS = 512  # of the mark of a text: some ten times as many as a title has runs
COUNTED = 16  # the lowest bits of a mark hold how many runs there are
COUNT = (1 << COUNTED) - 1


@lru_cache(maxsize=128)
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


@lru_cache(maxsize=4)
def _marks(read: Callable[[str], str]) -> Callable[[str], int]:
    """Return a function that gives a text's mark: how many runs it has as it is read, and a bit for each."""

    @lru_cache(maxsize=65_536)
    def mark(text: str) -> int:
        runs = _runs(read(text))
        found = len(runs)
        for run in runs:
            found |= 1 << COUNTED + hash(run) % BITS
        return found

    return mark


def likest(
    title: str, texts: Iterable[str], *, least: float, read: Callable[[str], str]
) -> Iterator[tuple[int, float]]:
    """
    Yield the place and the similarity of each text that is at least so alike; all are compared as `read` gives them.

    Texts have no more runs in common than bits, of which runs may share one: most are told apart by their marks,
    which are kept, and the others are counted.
    """
    marks, own = _marks(read), read(title)
    mark = marks(title)
    number, bits = mark & COUNT, mark & ~COUNT
    hidden = number - bits.bit_count()  # runs of the title that share a bit with another one
    for place, text in enumerate(texts):
        its = marks(text)
        common = (its & bits).bit_count() + hidden
        # common / (number + its number - common) is at least so much
        if common * (1 + least) >= least * (number + (its & COUNT)) - ROUNDING:
            alike = similarity(own, read(text))
            if alike >= least:
                yield place, alike


def parts_of(text: str) -> tuple[str, ...]:
    """Return the systems that a text lists, one a line or parted by commas, as they are written."""
    found = (" ".join(part.split()) for part in re.split(r"[\n,;]", text))
    return tuple(dict.fromkeys(part for part in found if part))
