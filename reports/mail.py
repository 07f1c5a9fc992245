"""
Write one mail to one reader: HTML, text, and the one-page PDF of each summary in it.

A mail about one summary prints it. One about several documents says each in short and links to it.
"""

import re
from collections.abc import Sequence
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.text import slugify

from pmo.common.page import formats
from reports.domain.periods import FrozenDay
from reports.models import Delivery, Summary, VarianceReport
from reports.pdf import summary_pdf
from reports.words.mails import (
    UNSUBSCRIBE,
    mail_subtitle,
    mail_title,
    report_in_short,
    subject_of,
    summary_in_short,
)
from reports.words.reading import print_data, reading_of
from reports.words.reconciliation import TITLE

JOINER = (
    "\N{WORD JOINER}"  # no width, no break: keeps mail programs from making a link of "evil.com"
)
_LINKABLE = re.compile(r"(?<=\w)\.(?=[A-Za-z])|@|://")
MARKS = {"red": "\N{BLACK DIAMOND}", "amber": "\N{BLACK UP-POINTING TRIANGLE}"}
MARKS |= {"green": "\N{BLACK CIRCLE}", "none": "\N{WHITE CIRCLE}"}

_inliner = css_inline.CSSInliner(
    keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False
)


def unlinked(value: Any) -> Any:
    """Put text on one line and take from it what mail programs turn into links, at every depth."""
    if isinstance(value, str):
        return _LINKABLE.sub(
            lambda found: found[0][0] + JOINER + found[0][1:], " ".join(value.split())
        )
    if isinstance(value, dict):
        return {key: unlinked(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [unlinked(one) for one in value]
    return value


def message_for(
    delivery: Delivery, documents: Sequence[Summary | VarianceReport]
) -> EmailMultiAlternatives:
    """Return the mail, made from what its reader may see at this moment; documents in their order."""
    first = documents[0]
    if len(documents) == 1 and isinstance(first, Summary):
        return _of_one(delivery, first)
    return _of_several(delivery, documents)


def _of_one(delivery: Delivery, summary: Summary) -> EmailMultiAlternatives:
    reading = reading_of(summary, delivery.user)
    data = print_data(reading)
    context = unlinked(data) | {
        "marks": MARKS,
        "words": formats.COLOR_WORDS,
        "fact_rows": [unlinked(data["facts"])[:3], unlinked(data["facts"])[3:]],
        "url": address_of(summary),
        "reconciliation_url": _absolute(summary.get_reconciliation_url()),
        "reconciliation_label": TITLE,
        "unsubscribe": UNSUBSCRIBE,
    }
    subject = subject_of(reading.title, summary)
    message = _written(delivery, "summary", subject=subject, context=context)
    _attach(message, summary, data)
    return message


def _absolute(path: str) -> str:
    return settings.BASE_URL + path if path else ""


def _of_several(
    delivery: Delivery, documents: Sequence[Summary | VarianceReport]
) -> EmailMultiAlternatives:
    parts, printed = [], []
    for document in documents:
        if isinstance(document, Summary):
            data = print_data(reading_of(document, delivery.user))
            printed.append((document, data))
            parts.append(unlinked(summary_in_short(data)))
        else:
            parts.append(unlinked(report_in_short(document, delivery.user)))
        parts[-1]["url"] = address_of(document)
    title = mail_title(documents)
    context = {
        "title": title,
        "subtitle": mail_subtitle(documents),
        "parts": parts,
        "has_pdf": bool(printed),
        "proofs": [f"{data['title']}. {data['seal']}" for _, data in printed],
        "attributions": printed[0][1]["attributions"] if printed else [],
        "unsubscribe": UNSUBSCRIBE,
    }
    subject = subject_of(title, documents[0])
    message = _written(delivery, "week", subject=subject, context=context)
    for summary, data in printed:
        _attach(message, summary, data)
    return message


def _written(
    delivery: Delivery, template: str, *, subject: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"emails/{template}.txt", context),
        to=[delivery.address],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
    )
    html = render_to_string(f"emails/{template}.html", context)
    message.attach_alternative(_inliner.inline(html), "text/html")
    return message


def _attach(message: EmailMultiAlternatives, summary: Summary, data: dict[str, Any]) -> None:
    message.attach(file_name(summary), summary_pdf(data), "application/pdf")


def address_of(document: Summary | VarianceReport) -> str:
    return settings.BASE_URL + str(document.get_absolute_url())


def file_name(summary: Summary) -> str:
    code = slugify(summary.scope.code) or str(summary.scope_key.id)
    return f"summary-{code}-{FrozenDay(summary.date, summary.is_early).key}.pdf"
