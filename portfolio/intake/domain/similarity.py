"""
How alike two titles are, so that the same thing is not asked for twice.

Trigram similarity as in PostgreSQL's pg_trgm: a text is lower-cased and cut into words of letters and
digits; each word gets two spaces in front and one behind and gives its runs of three characters; the
similarity of two texts is the number of runs that both have, divided by the number that either has.
Computed here and not in the database, so that SQLite and PostgreSQL agree.
Source: PostgreSQL documentation, F.35 pg_trgm (similarity); the limit 0.35 is rule 1e, a setting.
"""

import re
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
RUN = 3


@lru_cache(maxsize=32_768)
def trigrams(text: str) -> frozenset[str]:
    """Return the runs of three characters of a text."""
    words = (f"  {word} " for word in WORD.findall(text.lower()))
    return frozenset(
        word[place : place + RUN] for word in words for place in range(len(word) - RUN + 1)
    )


def similarity(one: str, other: str) -> float:
    """Return a number from 0, nothing in common, to 1, the same words; 0 where a text has no word."""
    first, second = trigrams(one), trigrams(other)
    either = len(first | second)
    return len(first & second) / either if either else 0.0


def parts_of(text: str) -> tuple[str, ...]:
    """Return the systems that a text lists, one a line or parted by commas, as they are written."""
    found = (" ".join(part.split()) for part in re.split(r"[\n,;]", text))
    return tuple(dict.fromkeys(part for part in found if part))
