"""The question that a form asks about words that may identify a patient; see pmo/common/records/doubts.py."""

from html import escape
from typing import Any

from pmo.common.records import doubts


def question(errors: Any) -> str:
    """Ask once a form why doubtful words are no patient's, and keep what was answered."""
    if not errors:
        return ""
    said = doubts.said()
    is_doubt = any(getattr(one, "code", "") == doubts.DOUBT for one in getattr(errors, "data", ()))
    if said.is_asked or not (is_doubt or said.reason):
        return ""
    said.is_asked = True
    return reason_field(said.reason)


def reason_field(reason: str = "") -> str:
    """The field for why doubtful words are no patient's, of any form."""
    name, most = doubts.FIELD, doubts.LONGEST
    return (
        f'\n<div class="field field--asked">\n<label for="id_{name}">{doubts.QUESTION}</label>\n'
        f'<p class="hint" id="id_{name}_helptext">{doubts.HOW}</p>\n'
        f'<input type="text" name="{name}" value="{escape(reason)}" maxlength="{most}" id="id_{name}"'
        f' aria-describedby="id_{name}_helptext">\n</div>'
    )
