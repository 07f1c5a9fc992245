"""
Which encoding a text file is in: certain signs first, then the most plausible one-byte reading.

The encodings of Europe share most of their bytes: where they give other letters that are as usual, the
readings are handed on with words that show the difference, so that a person can say.
"""

import codecs
import re
from dataclasses import dataclass, replace

from charset_normalizer import from_bytes

from pmo.common.tabular.errors import UnknownFileError
from pmo.common.tabular.table import Encoding

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What western business text really contains beyond ASCII.
USUAL = frozenset("‘’“”–—•…·£€§©®™°½¼¾²\xa0\xad†éèêëáàâäãåíìîïóòôöõúùûüçñßøæœÉÈÀÄÖÜÇÑØÅ")
CENTRAL = USUAL | frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚŇŘŠŤÚŮÝŽőűŐŰăâîşţĂÂÎŞŢđĐôľĺŕ")
SAMPLE = 400_000
ADVISED_SAMPLE = 40_000
SHOWN_WORDS = 4
APOSTROPHES = "’‘\xad–—·"
WIDE = ("utf_16", "utf_32")
ALONE = "àóÀÓ"  # words of one letter
MOST_NULS = 20  # one in so many bytes is an accident; more are no text
SIGNS = frozenset("‘’“”–—•…·£€§©®™°½¼¾²\xa0\xad†")
TURKISH = SIGNS | frozenset("ğışİĞŞçÇöÖüÜâîûÂÎÛ")
BALTIC = SIGNS | frozenset("āčēģīķļņōšūžĀČĒĢĪĶĻŅŌŠŪŽąęėįųĄĘĖĮŲõäöüÕÄÖÜ")
USUAL_IN = {"cp1250": CENTRAL, "iso8859-2": CENTRAL, "cp1254": TURKISH, "cp1257": BALTIC}
FOREIGN = ("cp1251", "cp932", "euc_jp", "gb18030", "euc_kr", "big5", "cp1253", "koi8_r")
TRUSTED = (*FOREIGN, "cp949", "euc_jis_2004")  # any other advice is asked about
FEW_LETTERS = 48  # bytes beyond the plain ones, with which an alphabet is a guess
CLEARLY = 0.6  # the share of usual letters that leaves no doubt
ONE_BYTE = ("cp1252", "cp1250", "mac-roman")
RARER = ("cp1254", "cp1257", "iso8859-2")  # never taken without a question
# what UTF-8 becomes when it is read byte by byte: Ã©, â€™, Â£
MOJIBAKE = re.compile(r"[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|\ufffd")
WORD = re.compile(r"[\w'’]*[^\x00-\x7f][\w'’]*")


@dataclass(frozen=True, slots=True)
class Decoded:
    """
    Text with the encoding that gave it.

    `odd` counts bytes that the encoding does not define, `nuls` holds the lines from which a NUL was
    left out, `others` the encodings that fit too and give other words; `is_doubted` when none is
    clearly better.
    """

    text: str
    encoding: str
    odd: int = 0
    nuls: tuple[int, ...] = ()
    others: tuple[Encoding, ...] = ()
    is_doubted: bool = False


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Decode, by the named encoding or by the signs in the bytes; raise UnknownFileError."""
    return _without_nuls(_decoded(data, encoding))


def _decoded(data: bytes, encoding: str | None) -> Decoded:
    if encoding:
        return _decode_as(data, encoding)
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data, name)
    wide = _wide_encoding(data)
    if wide:
        return _decode_as(data, wide)
    if data.count(0) > max(1, len(data) // MOST_NULS):
        raise UnknownFileError("This is not a text file. Upload a CSV or an Excel (.xlsx) file.")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _one_byte(data)


def _without_nuls(decoded: Decoded) -> Decoded:
    """Leave out NUL characters, which no cell can hold, and say on which lines they stood."""
    if "\0" not in decoded.text:
        return decoded
    lines = (n for n, line in enumerate(decoded.text.split("\n"), start=1) if "\0" in line)
    return replace(decoded, text=decoded.text.replace("\0", ""), nuls=tuple(lines))


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
    """Take the reading whose letters are the most usual ones; of another alphabet, what is advised."""
    readings = [one for name in (*ONE_BYTE, *RARER) if (one := _tried(data, name)) is not None]
    scores = {
        one.encoding: _plausibility(one.text, USUAL_IN.get(one.encoding, USUAL)) for one in readings
    }
    best = max(readings, key=lambda one: scores[one.encoding])
    score = scores[best.encoding]
    letters = sum(byte > 127 for byte in data[:SAMPLE])  # noqa: PLR2004 - bytes beyond ASCII
    if score < 0:
        other = _advised(data) or best
        foreign = [one for name in FOREIGN if (one := _tried(data, name)) is not None]
        is_doubted = letters < FEW_LETTERS or other.encoding not in TRUSTED
        return _with_others(other, [*foreign, *readings], is_doubted=is_doubted)
    rivals = [one for one in readings if scores[one.encoding] == score and _differ(one, best)]
    is_doubted = bool(rivals) or best.encoding in RARER or score < CLEARLY * letters
    if not is_doubted:
        return _with_others(best, readings, is_doubted=False)
    advised = _advised(data)
    # as many usual letters either way: the language decides, where there is enough of it
    if advised and len(_words(best.text)) >= SHOWN_WORDS:
        best = next((one for one in rivals if one.encoding == advised.encoding), best)
    return _with_others(best, [*readings, *filter(None, [advised])], is_doubted=True)


def _with_others(best: Decoded, readings: list[Decoded], *, is_doubted: bool) -> Decoded:
    """Hand on the readings that give other words, the one that is taken first; no doubt without any."""
    others: dict[tuple[str, ...], Decoded] = {}
    for one in readings:  # of two that read the same, one is enough
        if _differ(one, best):
            others.setdefault(tuple(_words(one.text)), one)
    shown = (best, *others.values()) if others else ()
    return replace(best, others=tuple(map(_shown, shown)), is_doubted=is_doubted and bool(others))


def _differ(one: Decoded, other: Decoded) -> bool:
    return _words(one.text) != _words(other.text)


def _tried(data: bytes, name: str) -> Decoded | None:
    try:
        return _windows(data) if name == "cp1252" else Decoded(data.decode(name), name)
    except (UnicodeDecodeError, UnknownFileError):
        return None


def _advised(data: bytes) -> Decoded | None:
    """Decode as a detector advises from the lines that hold more than plain letters."""
    lines = [line for line in data[:SAMPLE].split(b"\n") if not line.isascii()]
    advised = from_bytes(b"\n".join(lines)[:ADVISED_SAMPLE]).best()
    if advised is None or advised.encoding.startswith(WIDE):  # those are known by their own signs
        return None
    return _tried(data, advised.encoding)


def _shown(one: Decoded) -> Encoding:
    """Return an encoding with the first words that show it."""
    return Encoding(one.encoding, tuple(_words(one.text)[:SHOWN_WORDS]))


def _words(text: str) -> list[str]:
    """Return the words with letters beyond the plain ones, in order."""
    found = (
        word
        for word in WORD.findall(text[:SAMPLE])
        if any(c.isalpha() and c > "\x7f" for c in word)
    )
    return list(dict.fromkeys(found))


def _plausibility(text: str, usual: frozenset[str]) -> int:
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
        if char.isupper() and sample[index - 1 : index].islower():
            score -= 3
        elif _inside_word(sample, index) and not char.isalpha():
            score += 1 if char in APOSTROPHES else -3
        elif char.isalpha() and char not in ALONE and _is_alone(sample, index):
            score -= 2
        elif _is_amid_others(sample, index) or _is_beside_digit(sample, index):
            score -= 3
        elif char in usual:
            score += 1
        elif "\x80" <= char < "\xa0":
            score -= 1
        else:
            score -= 2
    return score


def _is_alone(text: str, index: int) -> bool:
    """Say whether a letter is a word of its own, where a dash is meant."""
    return not (text[index - 1 : index].isalnum() or text[index + 1 : index + 2].isalnum())


def _is_amid_others(text: str, index: int) -> bool:
    """Say whether a letter stands between two more that are not plain: rare in Western words."""
    around = text[index - 1 : index] + text[index] + text[index + 1 : index + 2]
    return len(around) == 3 and all(char > "\xbf" and char.isalpha() for char in around)  # noqa: PLR2004 - the pair or the few are counted here


def _is_beside_digit(text: str, index: int) -> bool:
    """Say whether a letter that is not plain stands before a digit, where a currency sign is meant."""
    return text[index].isalpha() and text[index].isupper() and text[index + 1 : index + 2].isdigit()


def _inside_word(text: str, index: int) -> bool:
    return text[index - 1 : index].islower() and text[index + 1 : index + 2].islower()
