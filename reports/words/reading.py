"""One reader's copy of a summary, as page, PDF and mail print it."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

from pmo.accounts.context import attributions
from pmo.accounts.models import User
from pmo.common.page import formats
from pmo.organization.current import organization
from pmo.organization.letterhead import Letterhead
from reports.cached_pages import kept_at, key_of
from reports.domain.key_figures import KeyFigures
from reports.domain.summary import Top, page_for
from reports.models import Freeze, Summary
from reports.selectors.documents import held_by, visible_ids
from reports.selectors.freezing import later_day
from reports.words.freshness import taken_later, voided_since
from reports.words.rhythm import taken_early
from reports.words.seals import short_seal
from reports.words.summary import OfficeWords, SummarySheet, sheet_of, voice_of, weekday

DRAFT = "Draft. Words may still change; numbers do not."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadersCopy:
    summary: Summary
    sheet: SummarySheet
    title: str
    subtitle: str
    office: str  # who says it, as it was called when it was issued
    proof: str  # the whole seal and the end of the audit trail, or that this is a draft
    seal: str  # the same as people compare it
    is_all: bool
    figures: KeyFigures
    kept_as: str  # changes with whatever the sheet says and whoever may see it

    @property
    def has_projects(self) -> bool:
        return self.figures.projects > 0


def reading_of(summary: Summary, reader: User) -> ReadersCopy:
    """Compute the summary from what this reader may see today."""
    seen = visible_ids(reader)
    said = f"copy:{summary.pk}:{summary.version}:{summary.changed_at.isoformat()}"
    if not summary.is_issued:
        said += f":{organization().version}"  # a draft follows the organization's settings
    key = key_of(said, seen=seen)
    computed = kept_at(key, make=lambda: _computed(summary, seen))
    sheet, letterhead, is_all, counted, weekly, taken_on = computed
    return ReadersCopy(
        summary=summary,
        sheet=sheet,
        title=title_of(summary, weekly=weekly),
        subtitle=subtitle_of(summary, weekly=weekly, taken_on=taken_on),
        office=f"{letterhead.name}, project management office",
        proof=proof_of(summary, letterhead),
        seal=seal_of(summary, letterhead),
        is_all=is_all,
        figures=counted,
        kept_as=key,
    )


class Computed(NamedTuple):
    """What a reader's copy comes from, as it is kept."""

    sheet: SummarySheet
    letterhead: Letterhead
    is_all: bool
    figures: KeyFigures
    is_weekly: bool
    taken_on: date | None  # the later day on which its freeze was computed


def _computed(summary: Summary, seen: Collection[int]) -> Computed:
    held = held_by(summary, seen)
    page = page_for(held.seen, as_of=summary.date, since=summary.compared_with)
    words = OfficeWords(
        headline=summary.headline, note=summary.office_note, comments=summary.comments
    )
    voice = voice_of(
        as_of=summary.date,
        since=summary.compared_with,
        currency=held.letterhead.money,
        year_start=organization().fiscal_year_start_month,
    )
    sheet = sheet_of(page, words=words, voice=voice, is_early=summary.is_early)
    freeze = freeze_of_week(summary)
    taken_on = later_day(freeze.date, freeze.taken_on) if freeze else None
    return Computed(sheet, held.letterhead, page.is_all, page.figures, freeze is not None, taken_on)


def title_of(summary: Summary, *, weekly: bool) -> str:
    return f"{'Weekly summary' if weekly else 'Summary'}: {summary.scope}"


def subtitle_of(summary: Summary, *, weekly: bool, taken_on: date | None) -> str:
    week = f"{formats.week(summary.date)}. " if weekly else ""
    early = taken_early(is_early=summary.is_early)
    return f"{week}Data as of {weekday(summary.date)}{early}{taken_later(taken_on)}"


def freeze_of_week(summary: Summary) -> Freeze | None:
    """Return the week's freeze it is made from; early ones and imported days are any day's."""
    if summary.is_early:
        return None
    return Freeze.with_voided.of_week(summary.date).filter(date=summary.date).first()


def proof_of(summary: Summary, letterhead: Letterhead) -> str:
    """Return the small print of the page and the PDF: all that is needed to prove what was issued."""
    voided = voided_sentence(summary)
    if not summary.is_issued:
        return voided or DRAFT
    said = (
        f"Issued {_issued(summary, letterhead)}. Seal {summary.seal}."
        f" Audit trail at event {summary.audit_sequence:,}: {summary.audit_mac}."
    )
    return f"{voided} {said}" if voided else said


def voided_sentence(summary: Summary) -> str:
    """Say that the freeze behind a summary was voided since; "" where it stands."""
    stays = "This summary stays as it was issued." if summary.is_issued else "It cannot be issued."
    at = getattr(summary, "voided_at", None)  # as far as it was asked for
    return voided_since(at, getattr(summary, "void_reason", ""), stays=stays)


def seal_of(summary: Summary, letterhead: Letterhead) -> str:
    """Return what a mail says of the proof; the attached PDF holds the rest."""
    if not summary.is_issued:
        return DRAFT
    return (
        f"Issued {_issued(summary, letterhead)}. Seal {short_seal(summary.seal)}; the PDF holds all of"
        " it."
    )


def _issued(summary: Summary, letterhead: Letterhead) -> str:
    return formats.moment(letterhead.local(summary.issued_at)) if summary.issued_at else ""


def print_data(reading: ReadersCopy) -> dict[str, Any]:
    """Return the reading as plain content for the typesetter."""
    day = reading.summary.date
    return {name: _plain(value) for name, value in _parts(reading.sheet)} | {
        "title": reading.title,
        "subtitle": reading.subtitle,
        "office": reading.office,
        "on": [day.year, day.month, day.day],
        "is_draft": not reading.summary.is_issued,
        "proof": reading.proof,
        "seal": reading.seal,
        "attributions": attributions(),
    }


def _parts(sheet: SummarySheet) -> list[tuple[str, Any]]:
    return [(field.name, getattr(sheet, field.name)) for field in fields(sheet)]


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return value._asdict()
    if isinstance(value, Top):
        return {"rows": _plain(value.rows), "total": value.total, "more": value.more}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
