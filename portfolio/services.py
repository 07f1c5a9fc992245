"""Write portfolios, their projects over time, objectives and alignments."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background.events import announce
from pmo.common.records import audit
from pmo.common.records.writing import (
    ASK,
    Ask,
    RefusalError,
    add,
    all_or_nothing,
    change,
    note_change,
    only,
    remove,
    values_of,
)
from portfolio.models import Alignment, ColorValidation, Objective, Portfolio, PortfolioProject
from portfolio.selectors import is_validated
from projects.domain.colors import Color
from projects.domain.office import OfficeKind
from projects.models import Project, StatusUpdate
from projects.selectors.status import revisions_of
from projects.services.projects import TOPIC, locked
from projects.services.status import correct_update, publish_update

PORTFOLIO_FIELDS = frozenset({"code", "name", "description"})
HELP_FIELDS = frozenset({"help_needed", "help_from", "help_due"})
NOT_DIRECTIVE = "The office validates updates only where its kind is directive."
VALIDATED_BEFORE = "The office has validated this update already."
CORRECTED = "This update was corrected already. Validate its last revision."
OBJECTIVE_FIELDS = frozenset({"code", "name", "pillar", "description"})
ALIGNMENT_FIELDS = frozenset({"strength", "contribution"})


@all_or_nothing
def create_portfolio(*, by: User | None, kind: str = "", **fields: Any) -> Portfolio:
    """Add a portfolio; `kind` is that of its office, "" for none. It holds no project yet."""
    record = Portfolio(kind=kind, **only(fields, PORTFOLIO_FIELDS))
    return add(record, by=by, action="portfolio.created")


@all_or_nothing
def change_portfolio(
    *, portfolio: Portfolio, version: int | None, by: User | None, **fields: Any
) -> Portfolio:
    return change(
        portfolio,
        version=version,
        by=by,
        action="portfolio.changed",
        **only(fields, PORTFOLIO_FIELDS),
    )


@all_or_nothing
def switch_kind(
    *, portfolio: Portfolio, kind: OfficeKind | None, version: int | None, by: User | None
) -> Portfolio:
    """Let the portfolio's projects stand under another kind of office from now on; None is no kind."""
    changed = change(
        portfolio,
        version=version,
        by=by,
        action="portfolio.kind_switched",
        kind=kind.value if kind else "",
    )
    entries = portfolio.entries.filter(removed_on=None)
    _tell(entries.values_list("project_id", flat=True))
    return changed


def _tell(projects: Iterable[int]) -> None:
    """Say that what is asked of these projects may be another: what they owe is figured again."""
    for pk in projects:
        announce(TOPIC, pk)


@all_or_nothing
def add_project(
    *,
    portfolio: Portfolio,
    project: Project,
    by: User | None,
    on: date | None = None,
    present: PortfolioProject | Ask | None = ASK,
) -> PortfolioProject:
    """Put the project in; returns the present entry, which may be given, when it is in already."""
    entry = present
    if isinstance(entry, Ask):
        entry = PortfolioProject.objects.filter(
            portfolio=portfolio, project=project, removed_on=None
        ).first()
    if entry:
        return entry
    record = PortfolioProject(
        portfolio=portfolio, project=project, added_on=on or timezone.localdate()
    )
    added = add(record, by=by, action="portfolio.project_added", scope=project)
    if portfolio.kind:
        _tell([project.pk])
    return added


class Added(NamedTuple):
    """What became of the projects that were to be added: the new entries, and those in it already."""

    entries: list[PortfolioProject]
    already: list[Project]


@all_or_nothing
def add_projects(
    *, portfolio: Portfolio, projects: Sequence[Project], by: User | None, on: date | None = None
) -> Added:
    """Put many projects in at once, in a fixed number of statements, with one event for each."""
    rows = PortfolioProject.objects.filter(portfolio=portfolio, removed_on=None)
    present = set(rows.filter(project__in=projects).values_list("project_id", flat=True))
    day = on or timezone.localdate()
    wanted = {project.pk: project for project in projects}
    entries = PortfolioProject.objects.bulk_create(
        PortfolioProject(portfolio=portfolio, project=project, added_on=day)
        for pk, project in wanted.items()
        if pk not in present
    )
    if entries:
        audit.record_all(
            [
                audit.Entry("portfolio.project_added", entry, entry.project, after=values_of(entry))
                for entry in entries
            ],
            by=by,
        )
    if portfolio.kind:
        _tell(entry.project_id for entry in entries)
    return Added(entries, [project for pk, project in wanted.items() if pk in present])


@all_or_nothing
def end_membership(*, entry: PortfolioProject, by: User | None, on: date | None = None) -> None:
    """Take the project out from a day on; what was before stays so."""
    entry.removed_on = on or timezone.localdate()
    entry.full_clean()
    entry.save(update_fields=["removed_on"])
    note_change(entry, {"removed_on": None})
    audit.record(
        action="portfolio.project_removed",
        target=entry,
        by=by,
        scope=entry.project,
        after={"removed_on": entry.removed_on},
    )
    if entry.portfolio.kind:
        _tell([entry.project_id])


@all_or_nothing
def create_objective(*, by: User | None, **fields: Any) -> Objective:
    return add(Objective(**only(fields, OBJECTIVE_FIELDS)), by=by, action="objective.created")


@all_or_nothing
def change_objective(
    *, objective: Objective, version: int | None, by: User | None, **fields: Any
) -> Objective:
    return change(
        objective,
        version=version,
        by=by,
        action="objective.changed",
        **only(fields, OBJECTIVE_FIELDS),
    )


@all_or_nothing
def align(*, project: Project, objective: Objective, by: User | None, **fields: Any) -> Alignment:
    record = Alignment(project=project, objective=objective, **only(fields, ALIGNMENT_FIELDS))
    return add(record, by=by, action="alignment.created", scope=project)


@all_or_nothing
def change_alignment(
    *, alignment: Alignment, version: int | None, by: User | None, **fields: Any
) -> Alignment:
    return change(
        alignment,
        version=version,
        by=by,
        action="alignment.changed",
        scope=alignment.project,
        **only(fields, ALIGNMENT_FIELDS),
    )


@all_or_nothing
def remove_alignment(*, alignment: Alignment, by: User | None) -> None:
    remove(alignment, by=by, action="alignment.removed", scope=alignment.project)


@all_or_nothing
def validate_update(
    *, update: StatusUpdate, color: Color, by: User, reason: str = "", **help_fields: Any
) -> ColorValidation:
    """
    Let the color of a published update stand, or set another, which becomes its next revision.

    For the office of a directive portfolio; another color needs a reason, which is read beside it, and
    red the fields that say which help is needed.
    """
    project = locked(update.project)
    newest = revisions_of(update)[0]
    if not update.is_published or not is_validated(update):
        raise RefusalError(NOT_DIRECTIVE)
    if newest.pk != update.pk:
        raise RefusalError(CORRECTED)
    if ColorValidation.objects.filter(update=update).exists():
        raise RefusalError(VALIDATED_BEFORE)
    said, standing = Color(update.overall), update
    if color is not said:
        if not reason.strip():
            raise ValidationError({"reason": "Say why another color stands."})
        draft = correct_update(update=update, by=by)
        standing = publish_update(
            project=project,
            by=by,
            version=draft.version,
            week=update.week,
            overall=color.value,
            overall_note=reason,
            **{name: value for name, value in only(help_fields, HELP_FIELDS).items() if value},
        )
    record = ColorValidation(
        project=project,
        update=standing,
        said=said.value,
        color=color.value,
        reason=reason,
        validated_by=by,
        validated_at=timezone.now(),
    )
    return add(record, by=by, action="status.validated", scope=project)
