"""Portfolios and objectives with the projects behind them, as one reader may see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from pmo.accounts.models import User
from pmo.common.records.prepared import prepared
from pmo.common.records.search import as_read, found
from portfolio.models import Alignment, Objective, Portfolio, PortfolioProject
from projects.domain.calendar import week_of
from projects.domain.office import (
    OfficeKind,
    RuleChange,
    StatusRule,
    differences,
    rules_of,
    strictest,
)
from projects.domain.stages import ACTIVE, REPORTING
from projects.models import Project, ProjectQuerySet, StatusUpdate, StatusUpdateQuerySet
from projects.office import standing_of

# a project that is over serves no objective any more
SERVING = Q(project__stage__in=[stage.value for stage in ACTIVE])


def portfolios_for(user: User, *, on: date) -> QuerySet[Portfolio]:
    """Return all portfolios by name; `visible` and `hidden` count their projects on a day."""
    entries = PortfolioProject.objects.on(on).filter(portfolio=OuterRef("pk"))
    seen = entries.filter(project__in=Project.objects.visible_to(user).values("pk"))
    return Portfolio.objects.annotate(
        visible=_count(seen, "portfolio"), hidden=_count(entries, "portfolio") - F("visible")
    ).order_by(*as_read("name", "pk"))


def objectives_for(user: User) -> QuerySet[Objective]:
    """Return all objectives by pillar and name; `visible` and `hidden` count projects that serve."""
    alignments = Alignment.objects.filter(SERVING, objective=OuterRef("pk"))
    return Objective.objects.annotate(
        visible=_count(alignments.visible_to(user), "objective"),
        hidden=_count(alignments, "objective") - F("visible"),
    ).order_by(*as_read("pillar", "name", "pk"))


def _count(rows: "QuerySet[PortfolioProject] | QuerySet[Alignment]", group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveCounts:
    """How many objectives there are, and how many no active project serves, hidden ones counted."""

    total: int
    unserved: int


def objective_counts() -> ObjectiveCounts:
    served = Alignment.objects.filter(SERVING).values("objective_id")
    return ObjectiveCounts(
        total=Objective.objects.count(),
        unserved=Objective.objects.exclude(pk__in=served).count(),
    )


def entries_for(user: User, portfolio: Portfolio, *, on: date) -> QuerySet[PortfolioProject]:
    """Return the portfolio's projects that the user may see, by name."""
    seen = Project.objects.visible_to(user).values("pk")
    entries = portfolio.entries.on(on).filter(project__in=seen)
    return entries.select_related("project__unit").order_by(*as_read("project__name", "pk"))


def hidden_entries(user: User, portfolio: Portfolio, *, on: date) -> int:
    """Count the portfolio's projects that the user may not see."""
    seen = Project.objects.visible_to(user).values("pk")
    return portfolio.entries.on(on).exclude(project__in=seen).count()


def outside(user: User, portfolio: Portfolio) -> ProjectQuerySet:
    """Return the projects that may be added: visible, and not in the portfolio."""
    present = portfolio.entries.filter(removed_on=None).values("project_id")
    return Project.objects.visible_to(user).exclude(pk__in=present)


def candidates(user: User, portfolio: Portfolio, *, words: str) -> ProjectQuerySet:
    """Return the projects that may be added: visible, not in the portfolio, named like `words`."""
    return outside(user, portfolio).filter(found(Project, words)).order_by(*as_read("name", "pk"))


def alignments_of(user: User, objective: Objective) -> QuerySet[Alignment]:
    """Return how projects serve an objective, the strongest first, for what the user may see."""
    visible = Alignment.objects.visible_to(user).filter(SERVING, objective=objective)
    return visible.select_related("project").order_by(*as_read("-strength", "project__name", "pk"))


def serving(objective: Objective) -> int:
    """Count the active projects that serve an objective, hidden ones too."""
    return Alignment.objects.filter(SERVING, objective=objective).count()


def unaligned(project: Project) -> QuerySet[Objective]:
    """Return the objectives that the project does not claim to serve yet."""
    taken = Alignment.objects.filter(project=project).values("objective_id")
    return Objective.objects.exclude(pk__in=taken).order_by(*as_read("pillar", "name", "pk"))


KindsOf = dict[int, tuple[OfficeKind, tuple[str, ...]]]


def kinds_of(project_ids: Collection[int]) -> KindsOf:
    """Return the strictest kind of each project that has one, with the portfolios that ask for it."""
    found: dict[int, list[tuple[OfficeKind, str]]] = {}
    for pk, kind, name in _asked(list(project_ids)):
        found.setdefault(pk, []).append((OfficeKind(kind), name))
    kinds: KindsOf = {}
    for pk, asked in found.items():
        most = strictest(kind for kind, _ in asked)
        if most:
            kinds[pk] = most, tuple(name for kind, name in asked if kind is most)
    return kinds


@prepared
def _asked(project_ids: list[int]) -> "QuerySet[PortfolioProject, tuple[int, str, str]]":
    rows = PortfolioProject.objects.filter(project__in=project_ids, removed_on=None)
    rows = rows.exclude(portfolio__kind="").order_by(*as_read("portfolio__name", "pk"))
    return rows.values_list("project_id", "portfolio__kind", "portfolio__name")


class Switched(NamedTuple):
    """What another kind of a portfolio would change for one project of it."""

    project: Project
    before: OfficeKind | None
    after: OfficeKind | None
    changes: Sequence[RuleChange]
    stricter: tuple[str, ...]  # the other portfolios whose kind the project goes on to follow


class SwitchCounts(NamedTuple):
    """How many projects would follow another kind, and how many stay as they are; hidden ones too."""

    changed: int
    kept: int


def switch_counts(portfolio: Portfolio, kind: OfficeKind | None) -> SwitchCounts:
    ids = list(portfolio.entries.filter(removed_on=None).values_list("project_id", flat=True))
    before, after = _kinds(portfolio, ids, kind)
    changed = sum(before[pk] is not after[pk] for pk in ids)
    return SwitchCounts(changed=changed, kept=len(ids) - changed)


def switched(
    portfolio: Portfolio, projects: Sequence[Project], kind: OfficeKind | None
) -> list[Switched]:
    """Say for each of these projects of the portfolio what would change."""
    ids = [project.pk for project in projects]
    before, after = _kinds(portfolio, ids, kind)
    elsewhere = _elsewhere(portfolio, ids)
    return [
        Switched(
            project=project,
            before=before[project.pk],
            after=after[project.pk],
            changes=differences(rules_of(before[project.pk]), rules_of(after[project.pk])),
            stricter=tuple(
                name
                for other, name in elsewhere.get(project.pk, ())
                if other is after[project.pk] is not kind
            ),
        )
        for project in projects
    ]


def _kinds(
    portfolio: Portfolio, ids: Collection[int], kind: OfficeKind | None
) -> tuple[Mapping[int, OfficeKind | None], Mapping[int, OfficeKind | None]]:
    elsewhere = _elsewhere(portfolio, ids)
    now = OfficeKind(portfolio.kind) if portfolio.kind else None
    others = {pk: [other for other, _ in elsewhere.get(pk, ())] for pk in ids}
    return (
        {pk: strictest([now, *others[pk]]) for pk in ids},
        {pk: strictest([kind, *others[pk]]) for pk in ids},
    )


def _elsewhere(
    portfolio: Portfolio, ids: Collection[int]
) -> dict[int, list[tuple[OfficeKind, str]]]:
    rows = PortfolioProject.objects.filter(project__in=ids, removed_on=None)
    rows = rows.exclude(portfolio=portfolio).exclude(portfolio__kind="")
    found: dict[int, list[tuple[OfficeKind, str]]] = {}
    for pk, other, name in rows.values_list("project_id", "portfolio__kind", "portfolio__name"):
        found.setdefault(pk, []).append((OfficeKind(other), name))
    return found


VALIDATED_WITHIN = timedelta(weeks=2)


def to_validate(user: User, *, today: date) -> StatusUpdateQuerySet:
    """Return the newest update of each directive project that the office has not validated yet."""
    entries = PortfolioProject.objects.filter(
        removed_on=None, portfolio__kind=OfficeKind.DIRECTIVE.value
    )
    projects = Project.objects.visible_to(user).filter(
        pk__in=entries.values("project_id"), stage__in=[stage.value for stage in REPORTING]
    )
    since = week_of(today - VALIDATED_WITHIN)
    rows = StatusUpdate.objects.published().latest_per_project(until=week_of(today))
    rows = rows.filter(project__in=projects.values("pk"), week__gte=since, validation=None)
    return rows.select_related("project", "author").order_by("published_at", "pk")


def is_validated(update: StatusUpdate) -> bool:
    """True where the kind of office asks for the validation of this update's color."""
    return standing_of(update.project_id).rules.status is StatusRule.VALIDATED
