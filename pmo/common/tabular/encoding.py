"""Which encoding a text file is in: certain signs first, then the most plausible one-byte reading."""

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from pmo.common.tabular.errors import UnknownFileError

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "mac-roman")
# What western business text really contains beyond ASCII.
USUAL = frozenset("‘’“”–—•…·£€§©®™°½¼¾²\xa0\xad†éèêëáàâäãåíìîïóòôöõúùûüçñßøæœÉÈÀÄÖÜÇÑØÅ")
SAMPLE = 400_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding that gave it; `odd` counts bytes that the encoding does not define."""

    text: str
    encoding: str
    odd: int = 0


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Decode, by the named encoding or by the signs in the bytes; raise UnknownFileError."""
    if encoding:
        return _decode_as(data, encoding)
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data, name)
    wide = _wide_encoding(data)
    if wide:
        return _decode_as(data, wide)
    if b"\0" in data:
        raise UnknownFileError("This is not a text file. Upload a CSV or an Excel (.xlsx) file.")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _one_byte(data)


def _decode_as(data: bytes, encoding: str) -> Decoded:
    if encoding.lower().replace("_", "-") in {"cp1252", "windows-1252"}:
        return _windows(data)
    try:
        return Decoded(data.decode(encoding), encoding)
    except LookupError as error:
        raise UnknownFileError(f"There is no encoding named “{encoding}”.") from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnknownFileError(
            f"Line {line} cannot be read as {encoding}. Choose another encoding or save the file as UTF-8."
        ) from error


def _wide_encoding(data: bytes) -> str | None:
    """Recognize UTF-16 without a mark by where its zero bytes stand."""
    head = data[: SAMPLE // 100 * 2]
    if not head or len(data) % 2:
        return None
    low, high = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if high > half * 0.6 and low < half * 0.05:
        return "utf-16-le"
    if low > half * 0.6 and high < half * 0.05:
        return "utf-16-be"
    return None


def _windows(data: bytes) -> Decoded:
    """Decode as browsers do: the five bytes that cp1252 leaves undefined become control characters."""
    pieces: list[str] = []
    start = odd = 0
    while True:
        try:
            pieces.append(data[start:].decode("cp1252"))
        except UnicodeDecodeError as error:
            at = start + error.start
            pieces.append(data[start:at].decode("cp1252") + chr(data[at]))
            start, odd = at + 1, odd + 1
            if odd > len(data) // 100 + 20:
                raise UnknownFileError(
                    "The encoding of this file cannot be told. Save it as UTF-8 and upload it again."
                ) from error
        else:
            return Decoded("".join(pieces), "cp1252", odd)


def _one_byte(data: bytes) -> Decoded:
    candidates: list[tuple[int, Decoded]] = []
    try:
        windows = _windows(data)
        candidates.append((_plausibility(windows.text), windows))
    except UnknownFileError:
        pass
    mac = Decoded(data.decode("mac-roman"), "mac-roman")
    candidates.append((_plausibility(mac.text), mac))
    score, best = max(candidates, key=lambda pair: pair[0])
    if score >= 0:
        return best
    advised = from_bytes(data[:SAMPLE]).best()
    if advised is not None:
        try:
            return Decoded(data.decode(advised.encoding), advised.encoding)
        except UnicodeDecodeError:
            pass
    return best


def _plausibility(text: str) -> int:
    """Score one reading: usual characters count for it, controls and capitals inside words against."""
    score = 0
    sample = text[:SAMPLE]
    letters = [char for char in sample if char.isalpha()]
    if sum(char > "\x7f" for char in letters) * 2 > len(letters):
        return -len(
            letters
        )  # Western words are mostly plain letters; these are another alphabet's.
    for index, char in enumerate(sample):
        if char < "\x80":
            continue
        if _inside_word(sample, index) and char.isupper():
            score -= 3
        elif char in USUAL:
            score += 1
        elif "\x80" <= char < "\xa0":
            score -= 1
        else:
            score -= 2
    return score


def _inside_word(text: str, index: int) -> bool:
    return text[index - 1 : index].islower() and text[index + 1 : index + 2].islower()
