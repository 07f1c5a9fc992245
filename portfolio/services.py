"""Write portfolios, their projects over time, objectives and alignments."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.records import audit
from pmo.common.records.writing import (
    ASK,
    Ask,
    add,
    all_or_nothing,
    change,
    note_change,
    only,
    remove,
    values_of,
)
from portfolio.models import Alignment, Objective, Portfolio, PortfolioProject
from projects.models import Project

PORTFOLIO_FIELDS = frozenset({"code", "name", "description"})
OBJECTIVE_FIELDS = frozenset({"code", "name", "pillar", "description"})
ALIGNMENT_FIELDS = frozenset({"strength", "contribution"})


@all_or_nothing
def create_portfolio(*, by: User | None, **fields: Any) -> Portfolio:
    return add(Portfolio(**only(fields, PORTFOLIO_FIELDS)), by=by, action="portfolio.created")


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
    return add(record, by=by, action="portfolio.project_added", scope=project)


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
