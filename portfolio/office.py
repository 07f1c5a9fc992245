"""Answer which kind of office a project stands under: that of its strictest portfolio."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from portfolio.models import PortfolioProject
from portfolio.selectors import kinds_of
from projects.domain.office import OfficeKind
from projects.office import Chosen, OfficeAnswers, answer_with


def chosen(project_ids: Collection[int]) -> Chosen:
    """Return the strictest kind of each project that has one, with the portfolios that ask for it."""
    return kinds_of(project_ids)


def optional() -> "QuerySet[Any, Any]":
    """Return the projects of supportive portfolios that are in no stricter one."""
    entries = PortfolioProject.objects.filter(removed_on=None)
    stricter = entries.filter(
        portfolio__kind__in=[OfficeKind.CONTROLLING.value, OfficeKind.DIRECTIVE.value]
    )
    supportive = entries.filter(portfolio__kind=OfficeKind.SUPPORTIVE.value)
    return supportive.exclude(project__in=stricter.values("project_id")).values("project_id")


answer_with(OfficeAnswers(chosen, optional))
