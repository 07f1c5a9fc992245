"""
Keep what is typed into a form until it is saved, so that no ended session takes it away.

These are nobody's records: only their writer reads them, they leave no event on the trail, and they end
with the save, by hand, after a month, or with the writer's access. What may identify a patient is not
kept, as everywhere: the words that the form keeps are those that the record could keep.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from pmo.accounts import words
from pmo.accounts.models import UnsentWords, User
from pmo.common.page.sentences import one_break
from pmo.common.records import doubts, phi
from pmo.common.records.writing import RefusalError, all_or_nothing

LONGEST_ADDRESS = 300
LARGEST = 200_000  # characters of one form
MOST_FORMS = 200  # of one person; the oldest make room
NAME = re.compile(r"[A-Za-z][\w.-]{0,99}")
# what a form carries besides what is typed; a version stays: it tells whether somebody saved meanwhile
NOT_TYPED = frozenset(
    {"csrfmiddlewaretoken", "unsent_note", "unsent_form", "once", "token", "next"}
)

Typed = Mapping[str, Sequence[str]]


class KeptWords(NamedTuple):
    """When words were kept, and by field why some were not."""

    at: datetime
    refused: dict[str, str]


@all_or_nothing
def keep_words(*, by: User, address: str, form: str, typed: Typed) -> KeptWords:
    """
    Keep the values of a form in place of what was kept of it before.

    A field whose new words are refused keeps its words of before. Raises RefusalError for a form that
    is too large to be kept.
    """
    if len(address) > LONGEST_ADDRESS or len(form) > LONGEST_ADDRESS:
        raise RefusalError(words.TOO_MUCH_TO_KEEP)
    rows = UnsentWords.objects.select_for_update().filter(person=by, address=address, form=form)
    row = rows.first()
    kept, refused = _screened(typed, row.typed if row else {})
    if len(json.dumps(kept)) > LARGEST:
        raise RefusalError(words.TOO_MUCH_TO_KEEP)
    at = timezone.now()
    if row:
        rows.update(typed=kept, at=at)
    else:
        _make_room(by)
        UnsentWords.objects.create(person=by, address=address, form=form, typed=kept, at=at)
    return KeptWords(at, refused)


def _screened(
    typed: Typed, before: Mapping[str, list[str]]
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return what may be kept, and why the rest may not."""
    kept, refused = {}, {}
    for name, texts in typed.items():
        if name in NOT_TYPED or "password" in name or not NAME.fullmatch(name):
            continue
        if reason := next(filter(None, map(_refused, texts)), ""):
            refused[name] = reason
            if name in before:
                kept[name] = before[name]
        else:
            kept[name] = [one_break(text) for text in texts]
    return kept, refused


def _refused(text: str) -> str:
    """Say why a text is not kept; "" when it may be."""
    if any(letter < " " and letter not in "\n\r\t" for letter in text):
        return words.NOT_KEPT_CONTROL
    found = phi.findings(text)
    if not found or (not found[0].is_sure and doubts.settles(found[0])):
        return ""
    return words.not_kept(found[0].rule, is_sure=found[0].is_sure)


def _make_room(person: User) -> None:
    newest = UnsentWords.objects.filter(person=person).order_by("-at", "-pk")
    if too_old := list(newest.values_list("pk", flat=True)[MOST_FORMS - 1 :]):
        UnsentWords.objects.filter(pk__in=too_old).delete()


@all_or_nothing
def end_words(*, by: User, address: str, form: str) -> None:
    """Let go of what was kept of a form: it was saved, or its writer threw it away."""
    UnsentWords.objects.filter(person=by, address=address, form=form).delete()


@all_or_nothing
def forget_words(*, before: datetime) -> int:
    """Delete what nobody came back for since then; return how many forms."""
    return UnsentWords.objects.filter(at__lt=before).delete()[0]
