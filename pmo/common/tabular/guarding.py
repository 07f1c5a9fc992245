"""
Text in CSV that a spreadsheet would not keep: a formula, which it runs, and a code, which it rewrites.

A leading apostrophe keeps it as it is. 007 would become 7, 1.10 would become 1.1, 3-4 and MAR1 a day,
1E5 a number and the sixteenth digit of a long one a zero. Read back, the apostrophe is taken off again.
"""

import re

RUNS = frozenset("=+-@\t\r\n\0＝＋－＠")  # a cell that starts so may be run
REWRITTEN = frozenset("0123456789.")  # a cell that starts so may be taken for a number or a day
KEPT = re.compile(r"0|[1-9][0-9]{0,14}")
NUMBER_OR_DAY = re.compile(r"[0-9.][0-9.,:/% -]*(?:[eE][+-]?[0-9]+)?")
MONTHS = frozenset(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
BY_NAME = re.compile(
    rf"(?:[0-9]{{1,4}}[ ./-]?)?{MONTH}(?:[ ./-]?[0-9]{{1,4}})?(?:[ ,./-]{{1,2}}[0-9]{{2,4}})?",
    re.IGNORECASE,
)
GUARD = "'"


def guarded(text: str) -> str:
    """Return text that every spreadsheet keeps as it is."""
    return f"{GUARD}{text}" if text and (is_at_risk(text) or is_guarded(text)) else text


def is_at_risk(text: str) -> bool:
    """Tell whether a spreadsheet would run or rewrite a cell; it is not empty."""
    first = text[0]
    if first in RUNS:
        return True
    if first in REWRITTEN:
        if NUMBER_OR_DAY.fullmatch(text):
            return KEPT.fullmatch(text) is None
        return BY_NAME.fullmatch(text) is not None
    return text[:3].lower() in MONTHS and text[-1].isdigit() and BY_NAME.fullmatch(text) is not None


def is_guarded(text: str) -> bool:
    """Tell whether an apostrophe of ours stands before what is at risk; other apostrophes are none."""
    bare = text.lstrip(GUARD)
    return text[:1] == GUARD and bool(bare) and is_at_risk(bare)


def unguarded(text: str) -> str:
    """Return what a cell said before it was guarded; other apostrophes stay."""
    return text[1:] if is_guarded(text) else text
