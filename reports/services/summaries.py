"""
Compile, review and issue the weekly summary; prove later that nothing of it changed.

Compiled from a freeze once. The office edits words, never numbers. Issued, its exact text is sealed
and every writer refuses.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background import jobs
from pmo.common.models import Job
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.fields import no_control_characters, no_patient_data
from pmo.common.records.writing import EditConflictError, RefusalError, all_or_nothing, only
from pmo.organization.current import organization
from pmo.organization.letterhead import for_content
from reports.domain.key_figures import figures_in
from reports.domain.lines import ProjectLine, Seen, to_json
from reports.domain.periods import FrozenDay, freeze_before
from reports.domain.scope import ReportScope
from reports.models import (
    DocumentKind,
    Freeze,
    Summary,
    SummaryReading,
    SummaryState,
    VoidedFreeze,
    columns_of,
)
from reports.selectors.documents import (
    Progress,
    freezes_of,
    lines_of,
    misses_of,
)
from reports.selectors.scopes import weekly_scopes, with_projects
from reports.services.deliveries import prepare_deliveries
from reports.words.headline import headline
from reports.words.summary import voice_of

COMPILE = DocumentKind.SUMMARY.job
COMMENT_LENGTH = 280
KEYS = ("scope_kind", "portfolio", "program", "unit")
WORDS = frozenset({"headline", "office_note"})
VOIDED = "The freeze of this draft was voided. Compile a summary of another frozen day."
ISSUED = "This summary is issued and sealed. Nothing in it can change any more."


@all_or_nothing
def request_summary(
    *, scope: ReportScope, day: date, by: User | None, is_early: bool = False
) -> Job:
    """Queue the compilation of one scope's summary; once per freeze, however often asked."""
    frozen = FrozenDay(day, is_early)
    if frozen not in freezes_of(scope):
        raise RefusalError("Nothing was frozen on that day. Choose one of the frozen days.")
    kind = "Summary" if is_early else "Weekly summary"
    return jobs.enqueue(
        kind=COMPILE,
        key=job_key(scope, frozen),
        params={
            "scope": str(scope.key),
            "day": frozen.key,
            "title": f"{kind}: {scope}, {formats.day(day)}",
        },
        by=by,
    )


def job_key(scope: ReportScope, frozen: FrozenDay) -> str:
    """Name the one job that compiles this summary."""
    return f"{scope.job_key}:{frozen.key}"


def compile_summary(
    *,
    scope: ReportScope,
    day: date,
    by: User | None,
    is_early: bool = False,
    progress: Progress = lambda _d, _t: None,
    at: datetime | None = None,
) -> Summary:
    """
    Write the draft of this freeze; returns the one that is there when somebody was faster.

    `at` is for loading history; None is now.
    """
    same = Summary.objects.of_scope(scope.key).filter(date=day, is_early=is_early)
    if known := same.first():
        return known
    before = freeze_before(freezes_of(scope), day)
    found = lines_of(
        scope,
        frozen=FrozenDay(day, is_early),
        compared_with=before,
        all_milestones=False,
        progress=progress,
    )
    lines = tuple(found)
    compared_with = before.date if before else None
    summary = Summary(
        **columns_of(scope.key),
        date=day,
        is_early=is_early,
        compared_with=compared_with,
        content={"lines": [to_json(line) for line in lines], **misses_of(scope, day=day)},
        compiled_at=at or timezone.now(),
        headline=_first_words(lines, day, compared_with)[:400],
        changed_by=by,
    )
    try:
        with transaction.atomic():
            summary.save(force_insert=True)
            audit.record(
                action="summary.compiled",
                target=summary,
                by=by,
                after={
                    "scope": str(scope.key),
                    "date": day,
                    "is_early": is_early,
                    "projects": len(lines),
                },
            )
    except IntegrityError:
        return same.get()
    return summary


def _first_words(lines: tuple[ProjectLine, ...], day: date, since: date | None) -> str:
    """Say the state of all its projects, which the office may then say in its own words."""
    seen, said_by = Seen(lines=lines, hidden=0, is_all=True), organization()
    voice = voice_of(
        as_of=day,
        since=since,
        currency=said_by.money,
        year_start=said_by.fiscal_year_start_month,
    )
    return headline(figures_in(seen, as_of=day, is_compared=since is not None), voice)


@all_or_nothing
def review_summary(
    *,
    summary: Summary,
    version: int | None,
    by: User | None,
    comments: Mapping[str, str],
    **words: str,
) -> Summary:
    """
    Save the office's `headline`, `office_note` and comments by project id; what is not given stays.

    Raises RefusalError once issued, EditConflictError when overtaken. The audit event carries the
    digest of the words, not the words: they may name projects that its readers may not see.
    """
    current = _open_for_change(summary, version)
    kept = {key: text.strip() for key, text in comments.items() if text.strip()}
    _check_comments(current, kept)
    for name, text in only(words, WORDS).items():
        setattr(current, name, text)
    current.comments, current.reviewed_by = kept, by
    current.full_clean()
    _save(current, by)
    said = json.dumps([current.headline, current.office_note, kept], sort_keys=True)
    audit.record(
        action="summary.reviewed",
        target=current,
        by=by,
        after={
            "comments": len(kept),
            "words_sha256": hashlib.sha256(said.encode()).hexdigest(),
        },
    )
    return current


def _open_for_change(summary: Summary, version: int | None) -> Summary:
    current = Summary.objects.select_for_update().get(pk=summary.pk)
    if current.is_issued:
        raise RefusalError(ISSUED)
    if VoidedFreeze.objects.filter(date=current.date, is_early=current.is_early).exists():
        raise RefusalError(VOIDED)
    if version is not None and current.version != version:
        raise EditConflictError(current)
    return current


def _save(current: Summary, by: User | None) -> None:
    current.version += 1
    current.changed_at, current.changed_by = timezone.now(), by
    current.save(force_update=True)


def _check_comments(summary: Summary, comments: Mapping[str, str]) -> None:
    known = {str(line["id"]) for line in summary.content["lines"]}
    errors: dict[str, Any] = {}
    for key, text in comments.items():
        try:
            if key not in known:
                raise ValidationError("This project is not part of the summary.")  # noqa: TRY301 - one place collects them
            if len(text) > COMMENT_LENGTH:
                raise ValidationError(f"Keep this under {COMMENT_LENGTH} characters.")  # noqa: TRY301 - as above
            no_patient_data(text)
            no_control_characters(text)
        except ValidationError as error:
            errors[f"comment_{key}"] = error
    if errors:
        raise ValidationError(errors)


@all_or_nothing
def issue_summary(
    *,
    summary: Summary,
    version: int | None,
    by: User,
    at: datetime | None = None,
    is_mailed: bool = True,
) -> Summary:
    """
    Seal the summary and queue the mails; raises RefusalError before review or after issue.

    `at` and `is_mailed=False` are for loading history: nobody wants mail about last spring.
    """
    current = _open_for_change(summary, version)
    if current.reviewed_by_id is None:
        raise RefusalError("Nobody has reviewed the words yet. Review them first, then issue.")
    head = audit.held_head()
    current.content = current.content | for_content()
    current.state = SummaryState.ISSUED
    current.issued_by, current.issued_at = by, at or timezone.now()
    current.audit_sequence = head.sequence
    current.audit_mac = head.mac
    current.sealed_text = canonical_text(current)
    current.seal = hashlib.sha256(current.sealed_text.encode()).hexdigest()
    _save(current, by)
    if is_mailed:
        prepare_deliveries(summary=current)
    audit.record(
        action="summary.issued",
        target=current,
        by=by,
        before={"state": SummaryState.DRAFT},
        after={"state": current.state, "seal": current.seal},
    )
    return current


def canonical_text(summary: Summary) -> str:
    """Return the text that is sealed: everything that was issued, written the same every time."""
    # said only where it is so, so that older seals hold
    early = {"is_early": True} if summary.is_early else {}
    scope = {"scope": str(summary.scope_key)} if summary.portfolio_id is None else {}
    return json.dumps(
        early
        | scope
        | {
            "portfolio": summary.portfolio_id,
            "date": summary.date.isoformat(),
            "compared_with": summary.compared_with.isoformat() if summary.compared_with else None,
            "content": summary.content,
            "headline": summary.headline,
            "office_note": summary.office_note,
            "comments": summary.comments,
            "reviewed_by": summary.reviewed_by_id,
            "issued_by": summary.issued_by_id,
            "issued_at": audit.plain(summary.issued_at),
            "audit_head": [summary.audit_sequence, summary.audit_mac],
        },
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
    )


def is_intact(summary: Summary) -> bool:
    """True when the sealed text matches its seal and the record still says what was sealed."""
    digest = hashlib.sha256(summary.sealed_text.encode()).hexdigest()
    return digest == summary.seal and summary.sealed_text == canonical_text(summary)


@all_or_nothing
def note_reading(*, summary: Summary, by: User) -> None:
    """Remember who opened an issued summary, the first time only; no audit event: it is no change."""
    if summary.is_issued:
        SummaryReading.objects.get_or_create(
            summary=summary, user=by, defaults={"first_at": timezone.now()}
        )


def request_due_summaries(*, day: date) -> list[Job]:
    """Queue the summary of every scope due that has none of this freeze and was not tried yet."""
    if not Freeze.objects.regular().filter(date=day, portfolio=None).exists():
        return []
    made = {one.scope_key for one in Summary.objects.filter(date=day, is_early=False).only(*KEYS)}
    scopes = [one for one in weekly_scopes(day, DocumentKind.SUMMARY) if one.key not in made]
    keys = {job_key(scope, FrozenDay(day)): scope for scope in scopes}
    tried = set(Job.objects.filter(kind=COMPILE, key__in=keys).values_list("key", flat=True))
    untried = [scope for key, scope in keys.items() if key not in tried]
    return [request_summary(scope=one, day=day, by=None) for one in with_projects(untried, day)]
