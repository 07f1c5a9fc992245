"""Portfolios and objectives with the projects behind them, as one reader may see them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from pmo.accounts.models import User
from pmo.common.records.search import as_read, found
from portfolio.models import Alignment, Objective, Portfolio, PortfolioProject
from projects.domain.stages import ACTIVE
from projects.models import Project, ProjectQuerySet

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
