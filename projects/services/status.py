"""
Write status updates: drafts change, published ones never do.

Publishing moves what the update says into the project's own records: forecast finish, forecast cost
and milestone dates. A correction is a new draft of the same week and gets the next revision.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common import audit
from pmo.common.events import announce
from pmo.common.writing import RefusalError, change, only
from projects.domain.calendar import week_of
from projects.domain.health import Axis
from projects.models import Milestone, Project, StatusUpdate, UpdateState
from projects.services.milestones import set_dates
from projects.services.money import make_forecast
from projects.services.projects import TOPIC
from projects.validators import publishing_faults

DRAFT_FIELDS = frozenset(
    {
        "overall",
        "overall_note",
        *(axis.value for axis in Axis),
        *(f"{axis.value}_note" for axis in Axis),
        "done",
        "next_steps",
        "help_needed",
        "help_from",
        "help_due",
        "percent_complete",
        "forecast_cost",
        "forecast_finish_date",
        "milestone_dates",
        "published_rating",
    }
)


class DraftConflictError(RefusalError):
    """Somebody else saved or published this draft after this editor opened it."""

    def __init__(self, current: StatusUpdate | None) -> None:
        super().__init__("Somebody saved this update while you were writing.")
        self.current = current


@transaction.atomic
def save_draft(
    *,
    project: Project,
    by: User | None,
    version: int | None = None,
    week: date | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> StatusUpdate:
    """
    Keep what is typed so far; `version` is that of the draft the form was opened with, 0 for none.

    `at` is the moment of saving, for imports of the past; None means now.
    """
    at = at or timezone.now()
    draft = StatusUpdate.objects.drafts().select_for_update().filter(project=project).first()
    if version is not None and version != (draft.version if draft else 0):
        raise DraftConflictError(draft)
    if draft is None:
        draft = StatusUpdate(project=project, version=0)
    for name, value in only(fields, DRAFT_FIELDS).items():
        setattr(draft, name, value)
    draft.week = week or week_of(timezone.localtime(at).date())
    draft.author = by
    draft.saved_at = at
    draft.version += 1
    draft.clean_fields(exclude={"project", "author"})
    draft.save()
    return draft


@transaction.atomic
def discard_draft(*, project: Project, by: User) -> None:
    draft = StatusUpdate.objects.drafts().select_for_update().filter(project=project).first()
    if draft:
        audit.record(action="status.draft_discarded", target=draft, by=by, scope=project)
        draft.delete()


@transaction.atomic
def publish_update(
    *,
    project: Project,
    by: User | None,
    version: int | None = None,
    week: date | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> StatusUpdate:
    """
    Publish the week's update; raises ValidationError naming the fields that are missing.

    Imports of ratings published elsewhere (`published_rating`) come without a sentence or an ask.
    """
    at = at or timezone.now()
    if not fields.get("published_rating") and (faults := publishing_faults(fields)):
        raise ValidationError(faults)
    update = save_draft(project=project, by=by, version=version, week=week, at=at, **fields)
    before = StatusUpdate.objects.published().filter(project=project, week=update.week)
    update.revision = (before.aggregate(last=Max("revision"))["last"] or 0) + 1
    update.state = UpdateState.PUBLISHED
    update.published_at = at
    update.save()
    day = timezone.localtime(at).date()
    _apply_dates(update, by)
    if update.forecast_cost is not None:
        make_forecast(project=project, amount=update.forecast_cost, made_on=day, by=by)
    audit.record(
        action="status.published",
        target=update,
        by=by,
        scope=project,
        after={"week": update.week, "revision": update.revision, "overall": update.overall},
    )
    announce(TOPIC, project.pk)
    return update


def _apply_dates(update: StatusUpdate, by: User | None) -> None:
    finish = update.forecast_finish_date
    if finish and finish != update.project.forecast_finish_date:
        change(
            update.project,
            version=None,
            by=by,
            action="project.changed",
            scope=update.project,
            forecast_finish_date=finish,
        )
    if not update.milestone_dates:
        return
    moved = Milestone.objects.select_related("project").filter(
        project=update.project, pk__in=[int(pk) for pk in update.milestone_dates]
    )
    for milestone in moved.order_by("pk"):
        dates = update.milestone_dates[str(milestone.pk)]
        set_dates(
            milestone,
            forecast=_date(dates.get("forecast")),
            actual=_date(dates.get("actual")),
            by=by,
        )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
