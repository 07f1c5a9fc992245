"""One reader's copy of a summary, as page, PDF and mail print it."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings
from django.utils import timezone

from pmo.accounts.context import attributions
from pmo.accounts.models import User
from pmo.common import figures
from reports.domain.summary import page_for
from reports.kept import kept
from reports.models import Freeze, Summary
from reports.rhythm_words import taken_early
from reports.selectors.documents import seen_of, visible_ids
from reports.sheet import Sheet, Words, sheet_of, weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    summary: Summary
    sheet: Sheet
    title: str
    subtitle: str
    proof: str  # the seal and the end of the audit trail, or that this is a draft
    is_all: bool
    has_projects: bool


def reading_of(summary: Summary, reader: User) -> Reading:
    """Compute the summary from what this reader may see today."""
    seen = visible_ids(reader)
    said = f"reading:{summary.pk}:{summary.version}:{summary.changed_at.isoformat()}"
    sheet, is_all, projects, weekly = kept(said, seen=seen, make=lambda: _computed(summary, seen))
    return Reading(
        summary=summary,
        sheet=sheet,
        title=title_of(summary, weekly=weekly),
        subtitle=subtitle_of(summary, weekly=weekly),
        proof=proof_of(summary),
        is_all=is_all,
        has_projects=projects > 0,
    )


def _computed(summary: Summary, seen: Collection[int]) -> tuple[Sheet, bool, int, bool]:
    """Return the sheet, whether it holds every project, how many, and whether it is a week's."""
    page = page_for(seen_of(summary, seen), as_of=summary.date, since=summary.compared_with)
    words = Words(headline=summary.headline, note=summary.office_note, comments=summary.comments)
    sheet = sheet_of(page, words=words, currency=settings.CURRENCY, is_early=summary.is_early)
    return sheet, page.is_all, page.projects, is_weekly(summary)


def title_of(summary: Summary, *, weekly: bool) -> str:
    return f"{'Weekly summary' if weekly else 'Summary'}: {summary.portfolio}"


def subtitle_of(summary: Summary, *, weekly: bool) -> str:
    week = f"{figures.week(summary.date)}. " if weekly else ""
    early = taken_early(is_early=summary.is_early)
    return f"{week}Data as of {weekday(summary.date)}{early}"


def is_weekly(summary: Summary) -> bool:
    """True when it is made from a week's freeze; early ones and imported days are any day's."""
    return (
        not summary.is_early
        and Freeze.objects.of_week(summary.date).filter(date=summary.date).exists()
    )


def proof_of(summary: Summary) -> str:
    if not summary.is_issued:
        return "Draft. Words may still change; numbers do not."
    issued = figures.moment(timezone.localtime(summary.issued_at)) if summary.issued_at else ""
    return (
        f"Issued {issued}. Seal {summary.seal}."
        f" Audit trail at event {summary.audit_sequence:,}: {summary.audit_mac}."
    )


def print_data(reading: Reading) -> dict[str, Any]:
    """Return the reading as plain content for the typesetter."""
    day = reading.summary.date
    return {name: _plain(value) for name, value in _parts(reading.sheet)} | {
        "title": reading.title,
        "subtitle": reading.subtitle,
        "office": f"{settings.ORGANIZATION_NAME}, project management office",
        "on": [day.year, day.month, day.day],
        "is_draft": not reading.summary.is_issued,
        "proof": reading.proof,
        "attributions": attributions(),
    }


def _parts(sheet: Sheet) -> list[tuple[str, Any]]:
    return [(field.name, getattr(sheet, field.name)) for field in fields(sheet)]


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return value._asdict()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
