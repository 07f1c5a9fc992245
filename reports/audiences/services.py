"""Draft a text from an issued summary, and keep what people make of it."""

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records.writing import RefusalError, add, all_or_nothing, change
from projects.models import Project
from reports.audiences import words
from reports.audiences.models import AudienceText, TextAudience, TextVersion
from reports.audiences.selectors import open_page
from reports.models import Summary

NOT_ISSUED = "Only an issued summary is told further: its figures are sealed."


@all_or_nothing
def draft_text(*, summary: Summary, audience: TextAudience, by: User | None) -> AudienceText:
    """Write the draft that the rules make; raises RefusalError for a summary that is not issued."""
    if not summary.is_issued:
        raise RefusalError(NOT_ISSUED)
    found = open_page(summary)
    sentences = words.draft(audience, found)
    text = AudienceText(
        summary=summary,
        audience=audience.value,
        title=words.title_of(audience, found),
        body=words.body_of(sentences),
        drafted=[[one.said, one.reason] for one in sentences],
    )
    add(text, by=by, action="audience_text.drafted")
    named = {one.project for one in sentences if one.project is not None}
    if audience is TextAudience.BOARD:
        named = {line.id for line in found.lines}  # sums of all are for who sees all
    text.projects.set(Project.objects.filter(pk__in=named))
    _keep(text, by)
    return text


@all_or_nothing
def change_text(
    *, text: AudienceText, version: int | None, by: User | None, title: str, body: str
) -> AudienceText:
    """Save what somebody made of it; each version is kept."""
    changed = change(
        text, version=version, by=by, action="audience_text.changed", title=title, body=body
    )
    if not changed.versions.filter(number=changed.version).exists():
        _keep(changed, by)
    return changed


def _keep(text: AudienceText, by: User | None) -> None:
    TextVersion.objects.create(
        text=text,
        number=text.version,
        title=text.title,
        body=text.body,
        saved_at=timezone.now(),
        saved_by=by,
    )
