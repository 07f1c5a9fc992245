"""
What a file that somebody uploads is called here: any name, and never one that names a patient.

A name is data too, and shown in lists, jobs and mails. Everything that keeps a file asks for its name
here, so that a name which may not stay is refused in one sentence, whichever page, address or command
the file came by.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError

from pmo.common.records import phi
from pmo.common.records.writing import RefusalError

LONGEST = 200
UNNAMED = "unnamed"
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
NAMES_A_PATIENT = (
    "The file's name looks like {rule}. Rounds keeps nothing of a patient: give the file another"
    " name and upload it again."
)


def kept_name(said: str | None) -> str:
    """Return the name without what cannot be printed; raises RefusalError where it names a patient."""
    name = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} else letter
        for letter in said or ""
    )
    if found := phi.findings(_in_words(name)):
        raise RefusalError(NAMES_A_PATIENT.format(rule=found[0].rule))
    return " ".join(name.split())[:LONGEST] or UNNAMED


def _in_words(name: str) -> str:
    """Put spaces where the names of files have none: signs instead, or words that begin with a capital."""
    return _JOINED.sub(" ", re.sub("%20|[+~]", " ", name))


def name_that_stays(file: object) -> None:
    """Refuse an uploaded file by its name; for serializers, which say it at the field."""
    try:
        kept_name(getattr(file, "name", ""))
    except RefusalError as refusal:
        raise ValidationError(str(refusal), code="patient_data") from refusal
