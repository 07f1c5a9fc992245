"""
One reading of a text for searching and for ordering: without regard to case, accents and width,
typographic signs, invisible characters, digits of other scripts and how many blanks stand between words.

`fold` is the only home of that reading. SQLite calls it itself; PostgreSQL has a function that says the
same in SQL (`rounds_folded`, made by a migration from `sql` below), and a test sends every letter
through both. What is asked through them stands in `pmo/common/records/search.py`. Plain Python,
because formulas put their lines in the same order.
"""

import re
import unicodedata
from collections.abc import Mapping

# what stays on a letter when it is taken apart, in the scripts that can be read without it: accents, the
# vowel marks of Hebrew and Arabic, the stroke that lengthens an Arabic word; and what nobody sees
_MARKS = (
    "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
)
_ALONE = {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "ς": "σ"}
_TYPED = (
    dict.fromkeys("\u2018\u2019\u201b\u02b9\u02bb\u02bc\u2032", "'")
    | dict.fromkeys("\u201c\u201d\u201e", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212", "-")
    | dict.fromkeys("\u2028\u2029", " ")
)
# of the scripts that have digits of their own
_ZEROS = "\u0660\u06f0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0e50\u0ed0\u0f20\u1040\u17e0\u1810"
_DIGITS = {chr(ord(zero) + value): str(value) for zero in _ZEROS for value in range(10)}
_PAIRS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_SINGLE = _ALONE | _TYPED
_LETTERS = str.maketrans(_SINGLE | _DIGITS | _PAIRS)
_STRIPPED = re.compile(f"[{_MARKS}]")
_BLANKS = re.compile(" {2,}")
TWO_BLANKS = "  "


def fold(text: str) -> str:
    """Return the text as it is searched for and ordered by: `ÉCLAIRAGE` and `eclairage` are one."""
    if text.isascii():
        read = text.lower()
    else:
        bare = _STRIPPED.sub("", unicodedata.normalize("NFKD", text))
        read = _STRIPPED.sub("", bare.lower()).translate(_LETTERS)
    return _BLANKS.sub(" ", read) if TWO_BLANKS in read else read


def by_name(name: str, number: int = 0) -> tuple[str, int]:
    """Return the place of a name in a list; two of one name stand by their number."""
    return fold(name), number


def sql(lowers_with: str) -> str:
    """Write `fold` as PostgreSQL's function; `lowers_with` is the collation that knows all letters."""
    bare = f"regexp_replace(normalize(said, NFKD), '[{_MARKS}]', '', 'g')"
    bare = f"regexp_replace(lower({bare} {lowers_with}), '[{_MARKS}]', '', 'g')"
    far = _translated(bare, _SINGLE)
    for letter, pair in _PAIRS.items():
        far = f"replace({far}, '{letter}', '{pair}')"
    # few texts hold such digits, and there are many of them to look through
    digits = "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in _ZEROS)
    far = f"CASE WHEN said ~ '[{digits}]' THEN {_translated(far, _DIGITS)} ELSE {far} END"
    near = 'lower(said COLLATE "C")'
    near = f"CASE WHEN strpos(said, '{TWO_BLANKS}') = 0 THEN {near} ELSE {_collapsed(near)} END"
    return f"""
        CREATE OR REPLACE FUNCTION rounds_folded(said text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fold$
        SELECT CASE WHEN octet_length(said) = char_length(said) THEN {near}
        ELSE {_collapsed(far)} COLLATE "C" END $fold$
    """


def _translated(text: str, letters: Mapping[str, str]) -> str:
    here, there = ("".join(some).replace("'", "''") for some in (letters, letters.values()))
    return f"translate({text}, '{here}', '{there}')"


def _collapsed(text: str) -> str:
    """Write what leaves one of several blanks, faster than a pattern does; no text holds the two signs."""
    begin, end = "chr(1)", "chr(2)"
    text = f"replace({text}, ' ', {begin} || {end})"
    return f"replace(replace({text}, {end} || {begin}, ''), {begin} || {end}, ' ')"
