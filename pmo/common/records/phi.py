"""
Does this text carry what identifies a patient?

Two answers. What is near certain (identifiers of the HIPAA Safe Harbor list, 45 CFR 164.514(b)(2)(i),
and those of the United Kingdom, with the word that says what they are) is refused. What may be one is
questioned: it is kept when somebody says why it is nobody's; see doubts.py. A project tool is full of
dates, phone numbers and codes that are nobody's health data. The matched text is never returned,
stored or logged. The rates on a corpus of made-up texts stand in docs/operations.md, and a test prints them.
"""

import re
import unicodedata
from typing import NamedTuple

CMS_SAMPLE_MBI = "1EG4TE5MK73"  # printed in CMS's own instructions, nobody's number


class PatientDataFinding(NamedTuple):
    rule: str
    where: int  # characters from the start
    is_sure: bool = True


class _Rule(NamedTuple):
    name: str
    pattern: re.Pattern[str]
    is_sure: bool = True
    has_word: bool = True  # no text without one of `_WORDS` fires it


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_YEAR = r"(?:19\d\d|200\d)"  # of a birth; a later day is more often a building's
_SHORT = r"[04-9]\d"  # 03/14/26 is a date of today's projects
_DAY = (
    rf"(?:\d{{1,2}}[-/. ]\d{{1,2}}[-/. ](?:{_YEAR}|{_SHORT}\b(?!\d))|{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[- ]{_MONTH}[-, ]{{1,2}}{_YEAR}|{_MONTH} \d{{1,2}},? {_YEAR})"
)
_ANY_DAY = _DAY.replace(_YEAR, r"\d{4}").replace(_SHORT, r"\d\d")
_NUMBER = r"(?:\s*(?:numbers?|num|nr|no|id|identifier|#)\b\.?|\s*#)"
_IS = r"(?:\s*(?:\bis\b|of the [a-z]{1,12} is\b|[:=#(-])){0,2}\s*"
_LETTERS = r"[A-Z]{0,3}"
_NOT_DAY = r"(?!20\d\d(?:0\d|1[0-2])[0-3]\d\b)"  # 20261122 is a day
_NAME = r"(?:[A-Z]['’])?[A-Z][a-z]+(?:['’-]?[A-Z][a-z]+)?"
_LAST_FIRST = rf"(?:[A-Z]{{2,}}(?:['’-][A-Z]{{2,}})?|{_NAME}), {_NAME}"
_MRN = r"(?:m\.?r\.?n(?:\b\.?|(?=\d))|mr ?#)"
_DOB = r"(?:d\.?\s?o\.?\s?b(?:\b\.?|(?=\d))|date[ -]of[ -]birth|birth ?da(?:te|y))"
_SHAPE = r"(?:\s*\([dmy/. -]{5,12}\))?"  # how a day is to be written
_CLOSE_DAY = r"(?:(?:19|20)\d{6}|\d{4}(?:19|20)\d\d)\b"  # 19610312
_TITLE = r"\b(?:Mr|Mrs|Ms|Miss)\b\.?"
_TITLED = rf"{_TITLE} (?:O['’])?{_NAME}"
_L = "AC-HJKMNP-RT-Y"
_WHOM = r"(?:\b(?:[Pp]atient|pt|Pt)\b(?:['’]s)?)"
_PHONE = r"(?:(?:\(\d{3}\) ?|\+?\d{2,5}[ -])\d{3,4}[ -]\d{3,6}|\b0\d{4} ?\d{6})\b"
_CARE = (
    r"(?:was (?:admitted|discharged|diagnosed|treated|operated)|(?:'s|’s) (?:biopsy|scan|blood|x-ray|results?"
    r"|discharge|medication|allerg\w*))"
)
_THINGS = (  # what begins with Patient and is no person
    "Access|Care|Experience|Flow|Safety|Portal|Transport|Financial|Services?|Records?|Monitor\\w*|Tower|Call|Lift\\w*"
    "|Education|Administration|Registration|Relations|Advoca\\w*|Room\\w*|Volume|Engagement|Satisfaction|Journey"
    "|Information|Data|Centered|Entertainment|Placement|Throughput|Health|Support|Online|Management"
)
_I = re.IGNORECASE

SSN, NHS, MEDICARE = "a Social Security number", "an NHS number", "a Medicare number"
RECORD, BIRTH, PATIENT = "a medical record number", "a date of birth", "a patient's number"
PERSON, INSURED, PHONE = "a patient by name", "an insurance number", "a patient's phone number"
STAY, AGE = "the number of a stay or a specimen", "a patient by age"

RULES = (
    _Rule(
        SSN,
        re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\d-])"),
        has_word=False,
    ),
    _Rule(
        SSN,
        re.compile(
            rf"(?:\bs\.?s\.?n\b\.?|\bsocial security|\bsoc\.? sec\b){_NUMBER}?{_IS}\d{{3}}[-. ]?\d\d[-. ]?\d{{4}}\b",
            _I,
        ),
    ),
    _Rule(NHS, re.compile(rf"\bnhs{_NUMBER}?{_IS}\d{{3}}[- ]?\d{{3}}[- ]?\d{{4}}\b", _I)),
    _Rule(
        NHS,
        re.compile(
            rf"\b(?:chi|h&c|health card)\b{_NUMBER}?{_IS}\d{{3}}[- ]?\d{{3}}[- ]?\d{{4}}\b", _I
        ),
    ),
    _Rule(
        MEDICARE,
        re.compile(rf"\b[1-9][{_L}][{_L}0-9]\d[- ]?[{_L}][{_L}0-9]\d[- ]?[{_L}]{{2}}\d{{2}}\b", _I),
        has_word=False,
    ),
    _Rule(
        RECORD,
        re.compile(
            rf"\b(?:{_MRN}|empi\b|(?:medical|patient) record\b|med\.? rec\b){_NUMBER}?{_IS}{_NOT_DAY}{_LETTERS}\d{{5,10}}\b",
            _I,
        ),
    ),
    _Rule(  # in groups, as numbers of records are printed; so are large numbers in some countries
        RECORD,
        re.compile(
            rf"\b{_MRN}{_NUMBER}?{_IS}(?!(?:19|20)\d\d-)(?=\d(?:[- ]?\d){{4,9}}\b)\d{{2,5}}(?:[- ]\d{{2,5}}){{1,3}}\b",
            _I,
        ),
        is_sure=False,
    ),
    _Rule(
        RECORD,
        re.compile(
            rf"\b(?:chart|hosp(?:ital)?|case ?notes)\b\.?{_NUMBER}{_IS}{_LETTERS}\d{{5,10}}\b", _I
        ),
    ),
    _Rule(
        RECORD,
        re.compile(rf"\b(?:case ?notes|unit no\.?)\s{_IS}{_LETTERS}\d{{6,10}}\b", _I),
        is_sure=False,
    ),
    _Rule(
        PATIENT,
        re.compile(
            rf"\b(?:(?:patient|pt)\b\.?|patient(?=\d))(?:{_NUMBER}{_IS}{_LETTERS}|{_IS}{_NOT_DAY})\d{{5,10}}\b(?! (?:visits|beds|sq|rooms))",
            _I,
        ),
    ),
    _Rule(PATIENT, re.compile(r"\bpatientid\s*[:=]\s*[A-Z]{0,3}\d{4,10}\b", _I)),
    _Rule(
        BIRTH,
        re.compile(rf"\b{_DOB}{_SHAPE}{_IS}(?:{_ANY_DAY}|{_CLOSE_DAY})", _I),
    ),
    _Rule(BIRTH, re.compile(rf"(?:\bborn(?: on)?|\bb\.){_IS}{_DAY}", _I)),
    _Rule(BIRTH, re.compile(rf"\bborn(?: on)?{_IS}{_ANY_DAY}", _I), is_sure=False),
    _Rule(PERSON, re.compile(rf"{_TITLED}\b[^.;\n]{{0,12}}?[ (,-]{_DAY}"), is_sure=False),
    _Rule(
        PERSON,
        re.compile(rf"(?:{_WHOM}:? )?\b(?:{_NAME} {_NAME}|{_LAST_FIRST})[ ,(-]{{1,3}}(?i:{_DAY})"),
        is_sure=False,
        has_word=False,
    ),
    _Rule(PERSON, re.compile(rf"{_TITLED} ?(?:\([^)]{{0,30}}\) )?{_CARE}"), is_sure=False),
    _Rule(
        PERSON,
        re.compile(
            rf"{_WHOM}:? (?:{_TITLED}|(?!(?:{_THINGS})\b){_NAME} (?!(?:{_THINGS})\b){_NAME})"
        ),
        is_sure=False,
    ),
    _Rule(
        AGE,
        re.compile(
            r"\b\d{1,3}[- ]?(?:years?[- ]old|y/?o)\b[ -](?:male|female|man|woman|lady|gentleman|boy|girl|patient|pt)\b"
            r"|\b\d{1,3}[MF] with\b",
            _I,
        ),
        is_sure=False,
    ),
    _Rule(
        PHONE,
        re.compile(
            rf"(?:{_WHOM}|\b[Nn]ext of kin\b|\b(?:son|daughter|wife|husband|mother|father) of\b|{_TITLED})[^;\n]{{0,40}}?{_PHONE}"
        ),
        is_sure=False,
    ),
    _Rule(
        INSURED,
        re.compile(
            rf"\b(?:medicaid|n\.?i\b|nino|national insurance){_NUMBER}?{_IS}(?:[A-Z]{{2}} ?(?:\d\d ?){{2}}\d\d[A-Z ]{{0,2}}|\d{{7,10}}[A-Z]?)\b",
            _I,
        ),
    ),
    _Rule(
        INSURED,
        re.compile(
            rf"\b(?:member|insurance|policy holder|subscriber){_NUMBER}{_IS}[A-Z]{{0,3}}\d{{7,12}}\b",
            _I,
        ),
        is_sure=False,
    ),
    _Rule(
        STAY,
        re.compile(
            rf"\b(?:encounter|visit|admission|episode|accession|specimen|ubrn){_NUMBER}?{_IS}(?:\d{{4}}[- ]?)?[A-Z\d]{{0,3}}\d{{4,10}}(?: \d{{4}}){{0,2}}\b(?!-)",
            _I,
        ),
        is_sure=False,
    ),
    _Rule(
        STAY,
        re.compile(rf"\baccount{_NUMBER}{_IS}\d{{6,10}}\b[^.;\n]{{0,20}}\bpatient\b", _I),
        is_sure=False,
    ),
)
_NHS_SHAPED = re.compile(r"(?<![\d(-])(?<!ID )(?<!ID: )\b\d{3} \d{3} \d{4}\b")


# no rule fires without one of these; most texts, names above all, hold none
_WORTH_A_LOOK = re.compile(r"\d|\b(?:Mr|Mrs|Ms|Miss|[Pp]atient|[Pp]t)\b")
# in small letters; each begins with a plain letter, which is what makes looking for all of them cheap
_WORDS = re.compile(
    r"s\.?s\.?n|social sec|soc\.? sec|nhs|c(?<=\bc)hi\b|h&c|health card|m\.?r\.?n|m(?<=\bm)r ?#|empi|med\.? rec|medical rec"
    r"|chart|hosp|case ?notes|unit no|patient|p(?<=\bp)t\b|d\.?\s?o\.?\s?b|date[ -]of[ -]b|birth ?da|born"
    r"|b(?<=\bb)\.|m(?<=\bm)(?:rs?|s|iss)\b|years?[- ]old|y/?o\b|m with|f with|next of kin|son of|daughter of"
    r"|mother of|father of|wife of|husband of|medicaid|n(?<=\bn)\.?i\b|nino|national ins|member|insurance|policy h"
    r"|subscriber|encounter|visit|admission|episode|accession|specimen|ubrn|account"
)
_WORDLESS = tuple(rule for rule in RULES if not rule.has_word)


def _rules_for(text: str) -> tuple[_Rule, ...]:
    """Return the rules that may fire on this text: most texts hold no word of any."""
    # outside of ASCII small and capital letters match in ways of their own
    return RULES if not text.isascii() or _WORDS.search(text.lower()) else _WORDLESS


# one dash, and letters that no accent is taken from
_FOLDED = {ord(one): "-" for one in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043"} | {
    ord(one): plain for one, plain in zip("łŁøØđĐıß", "lLoOdDis", strict=True)
}


def normalized(text: str) -> str:
    """
    Write a text as the rules read it: plain digits, dashes and Latin letters, nothing invisible.

    An underscore stands for a space, as it does between the words of a file's name.
    """
    if text.isascii():  # nothing to fold, nothing invisible
        return text.replace("_", " ")
    folded = unicodedata.normalize("NFKC", text).translate(_FOLDED)
    seen = "".join(c for c in folded if unicodedata.category(c) != "Cf").replace("_", " ")
    return "".join(map(_plain, seen))


def _plain(letter: str) -> str:
    """Take the accents from a Latin letter."""
    first = unicodedata.normalize("NFD", letter)[0]
    return first if first.isascii() else letter


def findings(text: str) -> list[PatientDataFinding]:
    """Return each rule that fires, sure ones first, then by position; empty when the text may be kept."""
    text = normalized(text)
    if not _WORTH_A_LOOK.search(text):
        return []
    found: dict[str, PatientDataFinding] = {}
    for rule in _rules_for(text):
        for match in rule.pattern.finditer(text):
            if re.sub(r"[- ]", "", match.group()).upper() == CMS_SAMPLE_MBI:
                continue
            seen = found.get(rule.name)
            if seen is None or (rule.is_sure, -match.start()) > (seen.is_sure, -seen.where):
                found[rule.name] = PatientDataFinding(rule.name, match.start(), rule.is_sure)
    for match in [] if found else filter(_adds_up, _NHS_SHAPED.finditer(text)):
        found[NHS] = PatientDataFinding(NHS, match.start(), is_sure=False)
    return sorted(found.values(), key=lambda finding: (not finding.is_sure, finding.where))


def sure(text: str) -> list[PatientDataFinding]:
    """Return what is near certain, by position."""
    return [finding for finding in findings(text) if finding.is_sure]


def _adds_up(match: re.Match[str]) -> bool:
    """Check the last digit as the NHS does: a weighted sum that eleven divides."""
    digits = [int(one) for one in match.group() if one.isdigit()]
    total = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False))
    return (11 - total % 11) % 11 == digits[9]
