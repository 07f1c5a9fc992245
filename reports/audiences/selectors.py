"""What texts are drafted from: an issued summary, without what is confidential today."""

from typing import NamedTuple

from django.db.models import QuerySet

from pmo.accounts.models import User
from projects.models import Project
from reports.audiences.models import AudienceText
from reports.domain.lines import ProjectLine
from reports.domain.summary import SummaryPage, page_for
from reports.models import Summary
from reports.selectors.documents import held_by


class OpenPage(NamedTuple):
    """A summary as anybody may hear it, with the money's sign and the lines that may be named."""

    page: SummaryPage
    currency: str
    lines: tuple[ProjectLine, ...]


def last_issued() -> Summary | None:
    """Return the newest issued summary, the whole organization's before others of its day."""
    issued: Summary | None = Summary.objects.issued().for_list().first()
    return issued


def open_page(summary: Summary) -> OpenPage:
    """Compute a summary's page from the projects that are not confidential."""
    kept = Summary.objects.defer("content").with_scope().get(pk=summary.pk)
    ids = set(Project.objects.filter(is_confidential=False).values_list("pk", flat=True))
    held = held_by(kept, ids)
    page = page_for(held.seen, as_of=kept.date, since=kept.compared_with)
    return OpenPage(page, held.letterhead.money, held.seen.lines)


def texts_for(reader: User) -> QuerySet[AudienceText]:
    """Return the texts that a reader may open, the newest first."""
    rows = AudienceText.objects.visible_to(reader).select_related("summary", "changed_by")
    return rows.order_by("-summary__date", "audience", "pk")
