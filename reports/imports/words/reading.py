"""How a file may be read, in words: its sheets and encodings, and what becomes of rows that do not fit."""

from collections.abc import Iterable, Sequence

from pmo.common.page import formats
from pmo.common.tabular import Misaligned, SourceTable
from pmo.common.tabular.table import Encoding, SheetInfo
from reports.imports.domain import LongTexts, Profile
from reports.imports.domain.cautions import long_lines
from reports.imports.domain.columns import columns_of
from reports.imports.domain.plans import is_plan

FIND_OUT = ("", "Find out")
MAPPING = (
    "A mapping that was saved, or guesses from the headers. Exports of Jira, Asana, monday.com, Planner,"
    " Project Online, Smartsheet, OpenProject and Redmine are known by their columns."
)
NO_PROJECT = (
    "Choose the column that holds the project code, or the project that all rows belong to."
)
IS_PLAN = (
    "This looks like the schedule of one project. Its tasks, with levels and progress, are imported on the project’s"
    " page Plan, under Import a schedule."
)
SAVE_AS_WORKBOOK = "Save it as an Excel workbook (.xlsx) for that."
UNIT_SAID = "Proposed: the headers say so."


def total_proposed(line: int) -> str:
    """Say where a control total comes from that nobody typed."""
    return f"Proposed: the total in line {line} of the file. The check says whether its rows come to it."


ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows, Western Europe (1252)",
    "cp1250": "Windows, Central Europe (1250)",
    "mac-roman": "Mac Roman",
    "latin-1": "ISO Latin 1",
    "cp1251": "Windows, Cyrillic (1251)",
    "koi8_r": "Cyrillic (KOI8-R)",
    "cp1253": "Windows, Greek (1253)",
    "iso8859-2": "ISO Latin 2, Central Europe",
    "cp1254": "Windows, Turkish (1254)",
    "cp1257": "Windows, Baltic (1257)",
    "cp932": "Japanese (Shift-JIS)",
    "euc_jp": "Japanese (EUC-JP)",
    "euc_jis_2004": "Japanese (EUC-JIS-2004)",
    "euc_kr": "Korean (EUC-KR)",
    "cp949": "Korean (Windows 949)",
    "gb18030": "Chinese (GB18030)",
    "big5": "Chinese (Big5)",
}
LONG_TEXTS = (
    (LongTexts.REFUSE.value, "Refuse their rows"),
    (LongTexts.CUT.value, "Cut them"),
)


def plan_said(table: SourceTable) -> str:
    """Say where a table belongs that is the plan of one project; "" for any other."""
    if not is_plan(table.headers):
        return ""
    return f"{IS_PLAN} {SAVE_AS_WORKBOOK}" if table.encoding else IS_PLAN


def encoding_name(name: str) -> str:
    """Return what people call an encoding; one without such a name as it is written."""
    return ENCODINGS.get(name.removesuffix("-sig"), name)


def encoding_choices(found: Iterable[Encoding] = ()) -> list[tuple[str, str]]:
    """Return the encodings to choose from, those that fit the file first and with words read by each."""
    shown = [
        (
            one.name,
            f"{ENCODINGS[one.name]}: {', '.join(one.words) or 'no such words'}",
        )
        for one in found
        if one.name in ENCODINGS
    ]
    named = {name for name, _ in shown}
    return [
        FIND_OUT,
        *shown,
        *((name, label) for name, label in ENCODINGS.items() if name not in named),
    ]


def sheet_choices(sheets: Sequence[SheetInfo]) -> list[tuple[str, str]]:
    """Return the sheets to choose from, with their size and how many of their headers are known."""
    return [FIND_OUT, *((one.name, _sheet(one)) for one in sheets)]


def _sheet(one: SheetInfo) -> str:
    known = formats.count(one.fit, "known column")
    hidden = ", hidden" if one.is_hidden else ""
    return f"{one.name}: {formats.count(one.rows, 'row')}, {known}{hidden}"


def realigned(rows: Sequence[Misaligned], *, is_on: bool) -> str:
    """Say which rows can be put right; empty for none."""
    lines = [str(one.lines[0]) for one in rows if one.offer]
    if not lines:
        return "They are put right as proposed." if is_on else ""
    named = formats.count(len(lines), "row")
    return f"{named} can be put right: line {formats.listing(lines[:10])}."


def long_text_choices(table: SourceTable, profile: Profile) -> list[tuple[str, str]]:
    """Return what may become of texts that are longer than their fields; empty where none is."""
    columns = [one for one in columns_of(table, profile).columns if long_lines(table, one)]
    if not columns:
        return []
    longer = sorted({profile.kind.field(one.field.rest).label for one in columns if one.field.rest})
    rest = (
        [(LongTexts.REST.value, f"Put the rest into {formats.listing(longer)}")] if longer else []
    )
    return [*LONG_TEXTS, *rest]


def said_in(rows: int, *, is_guess: bool) -> str:
    """Say how many rows have a word, and whether what is chosen for it is a guess."""
    amount = formats.count(rows, "row")
    return f"{amount}. The choice is a guess: look at it." if is_guess else amount
