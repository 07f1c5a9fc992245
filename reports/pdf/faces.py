"""
Know which characters the fonts of documents can print.

Ours lie in `fonts`: the house's own face, then Noto for Latin, Greek, Cyrillic, symbols and emoji. A
hospital lays those of other scripts into `FONT_DIR`. Nothing else is asked: not the fonts of the
system, which differ by machine, nor those inside the typesetter, which print private codes as letters.
"""

import logging
import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from struct import unpack_from
from typing import NamedTuple

import typst
from django.conf import settings

OWN = Path(__file__).parent / "fonts"
# in the order in which a letter is looked for; symbols stand before emoji, which are heavier
FAMILIES = (
    "Rounds Sans",
    "Noto Sans",
    "Noto Sans Symbols",
    "Noto Sans Symbols 2",
    "Noto Sans Math",
    "Noto Emoji",
)
LAST = 0x10FFFF
Letters = frozenset[int]

log = logging.getLogger(__name__)


class Face(NamedTuple):
    """A family of fonts, and what each of its fonts can print."""

    family: str
    letters: Letters


class Faces(NamedTuple):
    """The fonts of a document as the typesetter takes them, and their families in order."""

    fonts: typst.Fonts
    families: tuple[Face, ...]


def faces() -> Faces:
    """Return our fonts and those of `FONT_DIR` as they were when this process first asked."""
    return faces_in(settings.FONT_DIR)


@lru_cache(maxsize=2)
def faces_in(more: str) -> Faces:
    """
    Read our fonts and those of another folder, once a process.

    Those of the other folder are asked in the order of their files, and of a collection as it has them:
    collections for Chinese, Japanese and Korean hold every letter once for each land's way of writing it.
    """
    folders = [str(OWN), *([more] if more else [])]
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
    )
    found: dict[str, Letters] = {}
    for font in sorted(fonts.fonts(), key=lambda font: (str(font.path), font.index)):
        letters = _letters_of(Path(str(font.path)))
        if font.index < len(letters):
            here = letters[font.index]
            found[font.family] = found.get(font.family, here) & here
    others = [name for name in found if name not in FAMILIES]
    return Faces(fonts, tuple(Face(name, found[name]) for name in (*FAMILIES, *others)))


@lru_cache(maxsize=1)  # the faces of a collection come one after the other
def _letters_of(path: Path) -> list[Letters]:
    try:
        return list(letters_in(path.read_bytes()))
    except (OSError, struct.error) as error:
        log.warning("%s is no font that Rounds can read (%s); it is left out.", path, error)
        return []


def letters_in(font: bytes) -> Iterator[Letters]:
    """Yield what each face of a font file can print: its tables `cmap` for Unicode, read in order."""
    starts: tuple[int, ...] = (0,)
    if font[:4] == b"ttcf":
        starts = unpack_from(f">{unpack_from('>I', font, 8)[0]}I", font, 12)
    known: dict[int, Letters] = {}
    for start in starts:
        table = _cmap(font, start)
        if table not in known:
            known[table] = frozenset(_mapped(font, table))
        yield known[table]


def _cmap(font: bytes, start: int) -> int:
    """Return where the table `cmap` of a face begins."""
    for record in range(unpack_from(">H", font, start + 4)[0]):
        tag, _, offset, _ = unpack_from(">4sIII", font, start + 12 + 16 * record)
        if tag == b"cmap":
            return int(offset)
    raise struct.error("it maps no characters")


def _mapped(font: bytes, table: int) -> Iterator[int]:
    places = set()  # several records may mean one list
    for record in range(unpack_from(">H", font, table + 2)[0]):
        platform, encoding, offset = unpack_from(">HHI", font, table + 4 + 8 * record)
        if (platform, encoding) in {(3, 1), (3, 10)} or (platform == 0 and encoding < 5):  # noqa: PLR2004 - codes of the format
            places.add(table + offset)
    for at in sorted(places):
        kind = unpack_from(">H", font, at)[0]
        if kind == 4:  # noqa: PLR2004 - number of the format
            yield from _of_segments(font, at)
        elif kind == 12:  # noqa: PLR2004 - number of the format
            yield from _of_groups(font, at)


def _of_segments(font: bytes, at: int) -> Iterator[int]:
    """Read format 4: the first plane in segments, each with a shift or a list of glyphs."""
    double = unpack_from(">H", font, at + 6)[0]
    many = f">{double // 2}H"
    ends = unpack_from(many, font, at + 14)
    places = [at + 16 + double * step for step in (1, 2, 3)]
    begins, shifts, ranges = (unpack_from(many, font, place) for place in places)
    for number, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        if not ranges[number]:
            yield from (one for one in range(begin, end + 1) if (one + shifts[number]) & 0xFFFF)
            continue
        listed = places[2] + 2 * number + ranges[number]
        for step in range(end + 1 - begin):
            # the last segment of some fonts points beyond the file
            if listed + 2 * step + 2 <= len(font) and unpack_from(">H", font, listed + 2 * step)[0]:
                yield begin + step


def _of_groups(font: bytes, at: int) -> Iterator[int]:
    """Read format 12: all planes in groups of consecutive glyphs."""
    for number in range(unpack_from(">I", font, at + 12)[0]):
        begin, end, glyph = unpack_from(">III", font, at + 16 + 12 * number)
        yield from range(begin if glyph else begin + 1, min(end, LAST) + 1)
