"""
Write status updates: drafts change, published ones never do.

Publishing moves what the update says into the project's own records: forecast finish, forecast cost
and milestone dates. A correction is a new draft of the same week and gets the next revision; that of a
past week sets nothing in the records, which have moved on. Draft texts are nobody's record yet: only
opening and discarding a draft leave an event.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background.events import announce
from pmo.common.records import audit
from pmo.common.records.prepared import prepared
from pmo.common.records.writing import (
    RefusalError,
    all_or_nothing,
    clean_fields,
    insert,
    only,
    values_of,
)
from projects.domain.calendar import week_of
from projects.domain.challenge import REASON, TEXTS
from projects.domain.health import Axis
from projects.domain.origins import is_imported
from projects.domain.updates import DRAFTED, MILESTONE_DATES, PUBLISHED_RATING, RECORDED
from projects.models import ForecastEntry, Project, StatusUpdate, UpdateState
from projects.rules import axes_in_use
from projects.selectors.challenges import last_before, texts_of
from projects.services.challenges import (
    challenge,
    faults_of_repeating,
    sound_reasons,
)
from projects.services.milestones import DATES, Move, move_dates, moved_meanwhile
from projects.services.projects import SAID, TOPIC
from projects.validators import publishing_faults

# What the writer saw before touching it: "forecast_finish_date", "forecast_cost", "m<id>_forecast" …
Seen = Mapping[str, Any]


class DraftConflictError(RefusalError):
    """Somebody saved, published or discarded this draft meanwhile; `current` is what stands now."""

    def __init__(self, current: StatusUpdate | None) -> None:
        super().__init__("Another person saved this update while you were writing.")
        self.current = current


class Words(NamedTuple):
    """What a writer stands on: the open draft if any, the locked project, and the last words said."""

    draft: StatusUpdate | None
    project: Project
    week: date | None  # of the newest published update
    revision: int
    forecast_cost: Any
    texts: Mapping[str, str]  # of the last one published for a week before this


@all_or_nothing
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

    Raises DraftConflictError when another draft stands. `at` is the moment of saving, for imports of
    the past; None means now.
    """
    at = at or timezone.now()
    standing = _standing(project, _day(at), expects_draft=version != 0)
    draft = _changed_draft(standing, by=by, version=version, week=week, at=at, fields=fields)
    is_new = draft._state.adding
    draft.save()
    if is_new:
        audit.record(
            action="status.draft_opened",
            target=draft,
            by=by,
            scope=project,
            after={"week": draft.week, "revision": draft.revision},
        )
    return draft


@all_or_nothing
def discard_draft(*, project: Project, by: User) -> None:
    draft = StatusUpdate.objects.drafts().select_for_update().filter(project=project).first()
    if draft:
        audit.record(action="status.draft_discarded", target=draft, by=by, scope=project)
        draft.delete()


@all_or_nothing
def correct_update(*, update: StatusUpdate, by: User) -> StatusUpdate:
    """Open a draft that says the same again; raises RefusalError while another draft is open."""
    at = timezone.now()
    standing = _standing(update.project, _day(at), expects_draft=False)
    if standing.draft:
        raise RefusalError("A draft is open already. Publish or discard it first.")
    if update.revision != _last_revision(standing, update.week):
        raise RefusalError("This update was corrected already. Correct its last revision.")
    is_past = standing.week is not None and standing.week > update.week
    copied = DRAFTED if is_past else DRAFTED - RECORDED
    fields = {name: getattr(update, name) for name in copied - {MILESTONE_DATES}}
    if not is_past and (reasons := _reasons_in(update.milestone_dates)):
        fields[MILESTONE_DATES] = reasons
    if is_imported(update.published_rating):
        del fields[PUBLISHED_RATING]  # what is corrected here is somebody's own word
    return save_draft(project=update.project, by=by, version=0, week=update.week, at=at, **fields)


def _reasons_in(dates: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Keep why milestones stay late: the dates have moved into the records."""
    return {pk: {REASON: said[REASON]} for pk, said in dates.items() if said.get(REASON)}


@all_or_nothing
def publish_update(
    *,
    project: Project,
    by: User | None,
    version: int | None = None,
    week: date | None = None,
    at: datetime | None = None,
    seen: Seen | None = None,
    revision: int | None = None,
    standing: Words | None = None,
    **fields: Any,
) -> StatusUpdate:
    """
    Publish the week's update; raises ValidationError naming the fields that are missing.

    `seen` holds what the writer saw in the records he changes: one that somebody moved meanwhile is
    refused. What is better news than the data, and words that the data overtook, are challenged, but not
    in a correction of a week after which another was published. An axis that went out of use since the
    draft was written is left out, but not of a correction. `revision` is the one the writer meant to
    publish, None for whichever comes next. Imports of ratings published elsewhere (`published_rating`)
    come without a sentence or an ask. `standing` is what `last_words` returned in this transaction.
    """
    at = at or timezone.now()
    standing = standing or _standing(project, _day(at), expects_draft=version != 0)
    update = _changed_draft(standing, by=by, version=version, week=week, at=at, fields=fields)
    _leave_out_unused_axes(update)
    if revision not in (None, update.revision):
        raise DraftConflictError(_newest(project))
    said = {name: getattr(update, name) for name in DRAFTED}
    if not update.published_rating and (faults := publishing_faults(said)):
        raise ValidationError(faults)
    update.state, update.published_at = UpdateState.PUBLISHED, at
    is_past = standing.week is not None and standing.week > update.week
    is_challenged = not (is_past or update.published_rating)
    before = _said_before(standing, update.week, _day(at)) if is_challenged else {}
    faults = {}
    if is_challenged:
        faults = faults_of_repeating(update, standing.project, before, today=_day(at))
        _fill_in(update, standing)
    clean_fields(update, exclude={"project", "author"})
    if update._state.adding:
        insert(update)
    else:
        update.save()
    entries = [] if is_past else _move_records(update, standing, seen or {}, by)
    if is_challenged:
        challenge(update, standing.project, today=_day(at), faults=faults, writer=by)
    published = audit.Entry(
        "status.published",
        update,
        project,
        after={"week": update.week, "revision": update.revision, "overall": update.overall},
    )
    audit.record_all([*entries, published], by=by)
    announce(TOPIC if entries else SAID, project.pk)
    return update


def _leave_out_unused_axes(update: StatusUpdate) -> None:
    """Say nothing on axes that nobody is asked about; a correction keeps what its week said."""
    if update.revision > 1:
        return
    for axis in set(Axis) - set(axes_in_use()):
        setattr(update, axis.value, "")
        setattr(update, axis.note, "")


def _said_before(standing: Words, week: date, day: date) -> Mapping[str, str]:
    """Return the texts of the last update of an earlier week."""
    if week == week_of(day):
        return standing.texts
    return texts_of(last_before(standing.project, week))


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _standing(project: Project, day: date, *, expects_draft: bool) -> Words:
    """
    Lock the draft with its project, or the project alone, and read what stands.

    One who opened the form without a draft does not look for one first.
    """
    if expects_draft and (draft := next(iter(_locked_drafts(project.pk, day, week_of(day))), None)):
        return _standing_of(draft, draft, draft.project)
    # the lock first, on its own: what is read beside a lock that waited may be from before the wait
    Project.objects.select_for_update(no_key=True).only("pk").get(pk=project.pk)
    [locked] = _spoken_of(project.pk, day, week_of(day))
    key = locked.open_draft
    draft = StatusUpdate.objects.drafts().filter(pk=key).first() if key else None
    return _standing_of(locked, draft, locked)


@prepared
def _spoken_of(project: int, day: date, week: date) -> "QuerySet[Any, Any]":
    """Return the project with the last words said, and which draft is open."""
    drafts = StatusUpdate.objects.drafts().filter(project=OuterRef("pk"))
    rows = Project.objects.annotate(
        **_last_words(OuterRef("pk"), day, week), open_draft=Subquery(drafts.values("pk")[:1])
    )
    return rows.filter(pk=project)


def last_words(projects: Sequence[Project], day: date) -> dict[int, Words]:
    """Return by project what a writer stands on, in two statements; the caller holds the projects."""
    drafts = StatusUpdate.objects.drafts().filter(project__in=projects)
    open_drafts = {draft.project_id: draft for draft in drafts}
    by_key = {project.pk: project for project in projects}
    words = _last_words(OuterRef("pk"), day, week_of(day))
    rows: Any = Project.objects.filter(pk__in=by_key).annotate(**words)
    return {
        row.pk: _standing_of(row, open_drafts.get(row.pk), by_key[row.pk])
        for row in rows.only("pk")
    }


def no_words(project: Project) -> Words:
    """Return what a writer stands on in a project of which nothing was said yet."""
    return Words(None, project, None, 0, None, {})


@prepared
def _locked_drafts(project: int, day: date, week: date) -> "QuerySet[Any, Any]":
    """Hold the open draft, if any, and its project; with the last words said."""
    return (
        StatusUpdate.objects.drafts()
        .filter(project=project)
        .select_related("project")
        .select_for_update(of=("self", "project"), no_key=True)
        .annotate(**_last_words(OuterRef("project"), day, week))
    )


def _standing_of(row: Any, draft: StatusUpdate | None, project: Project) -> Words:
    return Words(
        draft, project, row.said_week, row.said_revision or 0, row.said_cost, row.said_texts or {}
    )


def _last_words(project: OuterRef, day: date, week: date) -> dict[str, Subquery]:
    said = StatusUpdate.objects.published().filter(project=project).newest_first()
    costs = ForecastEntry.objects.filter(project=project, fiscal_year=None, made_on__lte=day)
    return {
        "said_week": Subquery(said.values("week")[:1]),
        "said_revision": Subquery(said.values("revision")[:1]),
        "said_texts": Subquery(
            said.filter(week__lt=week).values(texts=JSONObject(**{name: name for name in TEXTS}))[
                :1
            ]
        ),
        "said_cost": Subquery(costs.order_by("-made_on", "-pk").values("amount")[:1]),
    }


def _newest(project: Project) -> StatusUpdate | None:
    return StatusUpdate.objects.published().filter(project=project).newest_first().first()


def _last_revision(standing: Words, week: date) -> int:
    """Return the last published revision of `week`; 0 when nothing was published for it."""
    if standing.week is None or standing.week < week:
        return 0
    if standing.week == week:
        return standing.revision
    older = StatusUpdate.objects.published().filter(project=standing.project, week=week)
    return older.aggregate(last=Max("revision"))["last"] or 0


def _changed_draft(
    standing: Words,
    *,
    by: User | None,
    version: int | None,
    week: date | None,
    at: datetime,
    fields: Mapping[str, Any],
) -> StatusUpdate:
    """Return the draft with `fields` in it, unsaved; raises DraftConflictError."""
    draft = standing.draft
    if version is not None and version != (draft.version if draft else 0):
        raise DraftConflictError(draft or _newest(standing.project))
    if draft is None:
        draft = StatusUpdate(project=standing.project, version=0)
    for name, value in only(fields, DRAFTED).items():
        setattr(draft, name, value)
    # a correction stays in its week; a draft nobody published in its own week becomes this week's
    if week or draft.revision == 1:
        draft.week = week or week_of(_day(at))
        draft.revision = _last_revision(standing, draft.week) + 1
    draft.author = by
    draft.saved_at = at
    draft.version += 1
    clean_fields(draft, exclude={"project", "author"})
    sound_reasons(draft)
    return draft


def _fill_in(update: StatusUpdate, standing: Words) -> None:
    """Write down what stands where the writer changed nothing, so that the update says all of it."""
    if update.forecast_finish_date is None:
        update.forecast_finish_date = standing.project.forecast_finish_date
    if update.forecast_cost is None:
        update.forecast_cost = standing.forecast_cost


def _move_records(
    update: StatusUpdate, standing: Words, seen: Seen, by: User | None
) -> list[audit.Entry]:
    """Bring dates and forecast to what the update says; return the events, in order."""
    assert update.published_at is not None  # noqa: S101 - set by the caller
    day, project = _day(update.published_at), standing.project
    finish, cost = update.forecast_finish_date, update.forecast_cost
    faults: dict[str, Any] = {}
    now = project.forecast_finish_date
    if "forecast_finish_date" in seen and now not in (seen["forecast_finish_date"], finish):
        faults["forecast_finish_date"] = moved_meanwhile(now)
    now_cost = standing.forecast_cost
    if "forecast_cost" in seen and now_cost not in (seen["forecast_cost"], cost):
        faults["forecast_cost"] = ValidationError(
            "The forecast was changed in the meantime. Check it and publish again.",
            code="moved",
            params={"now": now_cost},
        )
    try:
        entries = move_dates(project=project, moves=_moves(update, seen), by=by, today=day)
    except ValidationError as error:
        faults |= error.error_dict
    if faults:
        raise ValidationError(faults)
    entries += _move_finish(project, finish, by)
    if cost is not None and cost != now_cost:
        made = ForecastEntry.objects.create(project=project, amount=cost, made_on=day)
        entries.append(audit.Entry("forecast.made", made, project, after=values_of(made)))
    return entries


def _move_finish(project: Project, finish: date | None, by: User | None) -> list[audit.Entry]:
    before = project.forecast_finish_date
    if finish is None or finish == before:
        return []
    project.forecast_finish_date = finish
    project.changed_at, project.changed_by = timezone.now(), by
    project.version += 1
    project.save(update_fields=["forecast_finish_date", "changed_at", "changed_by", "version"])
    name = "forecast_finish_date"
    return [audit.Entry("project.changed", project, project, {name: before}, {name: finish})]


def _moves(update: StatusUpdate, seen: Seen) -> dict[int, Move]:
    return {
        int(pk): Move(
            set={name: _date(dates[name]) for name in DATES if name in dates},
            seen={name: seen[f"m{pk}_{name}"] for name in DATES if f"m{pk}_{name}" in seen},
        )
        for pk, dates in update.milestone_dates.items()
        if set(DATES) & set(dates)
    }


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
