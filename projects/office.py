"""
Which kind of office a project stands under.

Projects know nothing of portfolios: the app that knows which portfolio has which kind answers here, from
its `ready()`. Without one, and for a project of which nothing was chosen, `UNCHOSEN` holds.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from pmo.common.page import formats
from projects.domain.office import UNCHOSEN, OfficeKind, OfficeRules, office_of, rules_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeStanding:
    """The kind that a project follows, and the portfolios that ask for it."""

    kind: OfficeKind | None = None
    asked_by: tuple[str, ...] = ()
    rules: OfficeRules = field(default=UNCHOSEN)

    @property
    def office(self) -> str:
        """Name whose rule it is: "The controlling office of Capital"; "" where no kind was chosen."""
        if self.kind is None:
            return ""
        return office_of(self.kind, formats.listing(self.asked_by))


NO_KIND = OfficeStanding()
Chosen = Mapping[int, tuple[OfficeKind, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class OfficeAnswers:
    """
    What the one who knows answers: the strictest kind by project, with the portfolios' names, in one
    statement; and the ids of the projects whose updates are optional.
    """

    chosen: Callable[[Collection[int]], Chosen]
    optional: Callable[[], "QuerySet[Any, Any]"]


_answers: list[OfficeAnswers] = []


def answer_with(answers: OfficeAnswers) -> None:
    """Say who knows; import it from the app's `ready()`."""
    _answers[:] = [answers]


def standings_of(project_ids: Collection[int]) -> dict[int, OfficeStanding]:
    """Return the standing of each of these projects, in one statement."""
    chosen: Chosen = _answers[0].chosen(project_ids) if _answers and project_ids else {}
    return {
        pk: OfficeStanding(
            kind=chosen[pk][0], asked_by=chosen[pk][1], rules=rules_of(chosen[pk][0])
        )
        if pk in chosen
        else NO_KIND
        for pk in project_ids
    }


def standing_of(project_id: int) -> OfficeStanding:
    return standings_of([project_id])[project_id]


def are_updates_optional() -> "ExpressionWrapper[Any]":
    """Say of each row of a query of projects whether it may leave its update out."""
    return ExpressionWrapper(Q(pk__in=optional_updates()), output_field=BooleanField())


def optional_updates() -> "QuerySet[Any, Any] | list[int]":
    """Return the ids of the projects that may leave an update out."""
    return _answers[0].optional() if _answers else []
