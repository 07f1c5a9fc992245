"""
One reading of a text for searching and for ordering: without regard to case, accents and width.

`fold` is the only home of that reading. SQLite calls it itself; PostgreSQL has a function that says the
same in SQL (`rounds_folded`, made by a migration from `sql` below), and a test sends every letter
through both. What is asked through them stands in `pmo/common/records/search.py`. Plain Python,
because formulas put their lines in the same order.
"""

import re
import unicodedata

# what stays on a letter when it is taken apart, in the scripts that can be read without it
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_ALONE = {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "ς": "σ"}
_PAIRS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_LETTERS = str.maketrans(_ALONE | _PAIRS)
_STRIPPED = re.compile(f"[{_MARKS}]")


def fold(text: str) -> str:
    """Return the text as it is searched for and ordered by: `ÉCLAIRAGE` and `eclairage` are one."""
    if text.isascii():
        return text.lower()
    bare = _STRIPPED.sub("", unicodedata.normalize("NFKD", text))
    return _STRIPPED.sub("", bare.lower()).translate(_LETTERS)


def by_name(name: str, number: int = 0) -> tuple[str, int]:
    """Return the place of a name in a list; two of one name stand by their number."""
    return fold(name), number


def sql(lowers_with: str) -> str:
    """Write `fold` as PostgreSQL's function; `lowers_with` is the collation that knows all letters."""
    bare = f"regexp_replace(normalize(said, NFKD), '[{_MARKS}]', '', 'g')"
    bare = f"regexp_replace(lower({bare} {lowers_with}), '[{_MARKS}]', '', 'g')"
    far = f"translate({bare}, '{''.join(_ALONE)}', '{''.join(_ALONE.values())}')"
    for letter, pair in _PAIRS.items():
        far = f"replace({far}, '{letter}', '{pair}')"
    return f"""
        CREATE OR REPLACE FUNCTION rounds_folded(said text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fold$
        SELECT CASE WHEN octet_length(said) = char_length(said) THEN lower(said COLLATE "C")
        ELSE {far} COLLATE "C" END $fold$
    """
