"""
Does this text carry what identifies a patient?

Only the near-certain patterns of the HIPAA Safe Harbor list (45 CFR 164.514(b)(2)(i)) are refused: a
project tool is full of dates, phone numbers and codes that are nobody's health data. The matched
text is never returned, stored or logged.
"""

import re
import unicodedata
from typing import NamedTuple

CMS_SAMPLE_MBI = "1EG4TE5MK73"  # printed in CMS's own instructions, nobody's number


class PatientDataFinding(NamedTuple):
    rule: str
    where: int  # characters from the start


_SSN = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\d-])")
_SSN_BARE = re.compile(r"\b(?:ssn|social security)\D{0,20}\d{9}\b", re.IGNORECASE)
_L = "AC-HJKMNP-RT-Y"
_MBI = re.compile(
    rf"\b[1-9][{_L}][{_L}0-9]\d-?[{_L}][{_L}0-9]\d-?[{_L}]{{2}}\d{{2}}\b", re.IGNORECASE
)
_MRN = re.compile(
    r"\b(?:mrn|medical record|chart)\s*(?:no\.?|number|#|:)?\s*:?\s*[A-Z]{0,3}\d{5,10}\b",
    re.IGNORECASE,
)
_DOB = re.compile(
    r"\b(?:dob|date of birth|born(?: on)?)\s*:?\s*\d{1,4}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}",
    re.IGNORECASE,
)
RULES = (
    ("a Social Security number", _SSN),
    ("a Social Security number", _SSN_BARE),
    ("a Medicare number", _MBI),
    ("a medical record number", _MRN),
    ("a date of birth", _DOB),
)


def normalized(text: str) -> str:
    """Fold full-width digits and drop invisible characters that would hide a number."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) != "Cf")


def findings(text: str) -> list[PatientDataFinding]:
    """Return each rule that fires, by position; empty when the text may be kept."""
    text = normalized(text)
    found: list[PatientDataFinding] = []
    for rule, pattern in RULES:
        found += [
            PatientDataFinding(rule, match.start())
            for match in pattern.finditer(text)
            if match.group().replace("-", "").upper() != CMS_SAMPLE_MBI
        ]
    return sorted(found, key=lambda finding: finding.where)
