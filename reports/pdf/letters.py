"""
Make any text printable: what a document's fonts cannot print is replaced by a sign, and counted.

The typesetter gives up a whole document for one character that no font has. So text is composed, what
nobody sees is taken out, private codes become U+FFFD, and each cluster that no single font can print
as a whole becomes a box. A cluster is a letter with its marks, a flag, or emoji that are joined. Where
an earlier font has a part of a cluster, the typesetter would print that part alone: it is told which
font has the whole.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any

from reports.pdf.faces import Face

BOX = "\N{WHITE SQUARE}"
REPLACED = "\N{REPLACEMENT CHARACTER}"
JOINER = "\N{ZERO WIDTH JOINER}"
# not asked of a font: they choose how their neighbor looks, or join it to the next
SELECTING = frozenset({JOINER, "\N{ZERO WIDTH NON-JOINER}", *map(chr, range(0xFE00, 0xFE10))})
TAGS = range(0xE0020, 0xE0080)  # spell the region of a flag
SKINS = range(0x1F3FB, 0x1F400)  # color the emoji before them
FLAGS = range(0x1F1E6, 0x1F200)  # two of these letters are a flag
BREAKS = ("\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029")
# nothing to see: directions that a text could turn a page with, soft hyphens, marks of byte order
UNSEEN = frozenset(
    map(
        chr,
        [
            *(0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
            *(0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, 0xFFFE, 0xFFFF),
        ],
    )
)


class Printer:
    """
    Replaces what cannot be printed in the texts of one document; `lost` counts it.

    `whole` maps clusters to the family of fonts in which they have to be set.
    """

    def __init__(self, faces: Sequence[Face]) -> None:
        self.faces = faces
        self.lost = 0
        self.whole: dict[str, str] = {}

    def printable(self, value: Any) -> Any:
        """Return content with texts that can be printed, at every depth."""
        if isinstance(value, str):
            return value if value.isascii() and value.isprintable() else self._text(value)
        if isinstance(value, dict):
            return {key: self.printable(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.printable(one) for one in value]
        return value

    def _text(self, text: str) -> str:
        for one in BREAKS:
            text = text.replace(one, "\n")
        seen = "".join(filter(None, map(self._seen, unicodedata.normalize("NFC", text))))
        return "".join(self._cluster(one) for one in clusters(seen))

    def _seen(self, letter: str) -> str:
        """Return a letter that may be printed, "" for what nobody sees."""
        if letter == "\n":
            return letter
        if letter == "\t":
            return " "
        kind = unicodedata.category(letter)
        if kind in {"Cc", "Cs"} or letter in UNSEEN:
            return ""
        if kind == "Co":
            self.lost += 1
            return REPLACED
        return letter

    def _cluster(self, cluster: str) -> str:
        if cluster == "\n":
            return cluster
        asked = {ord(letter) for letter in cluster if letter not in SELECTING}
        has_part = False
        for face in self.faces:
            if asked and asked <= face.letters:
                kept = "".join(
                    one for one in cluster if one not in SELECTING or ord(one) in face.letters
                )
                if has_part:
                    self.whole[kept] = face.family
                return kept
            has_part = has_part or not asked.isdisjoint(face.letters)
        if not asked:
            return ""
        if unicodedata.category(cluster[0]) == "Zs":
            return " "
        self.lost += 1
        return BOX


def clusters(text: str) -> list[str]:
    """Split text into what a reader takes for one sign."""
    found: list[str] = []
    for letter in text:
        if found and _belongs(found[-1], letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _belongs(before: str, letter: str) -> bool:
    """Tell whether a letter is part of the sign before it."""
    if before == "\n":
        return False
    code = ord(letter)
    is_mark = unicodedata.category(letter) in {"Mn", "Me", "Mc"}
    if is_mark or letter in SELECTING or code in SKINS or code in TAGS:
        return True
    if code in FLAGS:
        return len(before) == 1 and ord(before) in FLAGS
    return before[-1] == JOINER and letter != "\n"


def folded(value: Any) -> Any:
    """Return content in plain ASCII at every depth, without accents; what is left is a question mark."""
    if isinstance(value, str):
        plain = "".join(
            one
            for one in unicodedata.normalize("NFKD", value)
            if unicodedata.category(one) not in {"Mn", "Cc", "Cf"} or one == "\n"
        )
        return plain.encode("ascii", "replace").decode()
    if isinstance(value, dict):
        return {key: folded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [folded(one) for one in value]
    return value
