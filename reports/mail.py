"""Write the mail of one summary to one reader: HTML, text, and the one-page PDF."""

import re
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import slugify

from pmo.common.page import figures
from reports.domain.periods import FrozenDay
from reports.models import Delivery, Summary
from reports.pdf import summary_pdf
from reports.words.reading import print_data, reading_of
from reports.words.reconciliation import TITLE
from reports.words.rhythm import taken_early

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


def message_for(delivery: Delivery, summary: Summary) -> EmailMultiAlternatives:
    """Return the mail, made from what its reader may see at this moment."""
    reading = reading_of(summary, delivery.user)
    data = print_data(reading)
    context = unlinked(data) | {
        "marks": MARKS,
        "words": figures.COLOR_WORDS,
        "fact_rows": [unlinked(data["facts"])[:3], unlinked(data["facts"])[3:]],
        "url": settings.BASE_URL + reverse("reports:summary_detail", args=[summary.pk]),
        "reconciliation_url": _absolute(summary.get_reconciliation_url()),
        "reconciliation_label": TITLE,
        "unsubscribe": "You get this because the project management office put you on its list."
        " Ask the office to take you off.",
    }
    message = EmailMultiAlternatives(
        subject=subject_of(summary, reading.title),
        body=render_to_string("emails/summary.txt", context),
        to=[delivery.address],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
    )
    html = render_to_string("emails/summary.html", context)
    message.attach_alternative(_inliner.inline(html), "text/html")
    message.attach(file_name(summary), summary_pdf(data), "application/pdf")
    return message


def _absolute(path: str) -> str:
    return settings.BASE_URL + path if path else ""


def subject_of(summary: Summary, title: str) -> str:
    """Name portfolio and day only: a locked phone shows the subject to whoever is near."""
    early = taken_early(is_early=summary.is_early)
    return " ".join(f"{title}, {figures.day(summary.date)}{early}".split())


def file_name(summary: Summary) -> str:
    code = slugify(summary.portfolio.code) or str(summary.portfolio_id)
    return f"summary-{code}-{FrozenDay(summary.date, summary.is_early).key}.pdf"
