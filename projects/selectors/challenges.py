"""
What an update is held against, in one statement: the measures of one project, its open milestones, and the
sentences of earlier updates.
"""

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from pmo.common.records.prepared import prepared
from projects.domain.challenge import REASON, REMEMBERED, SENTENCES, TEXTS, Dated
from projects.domain.health import Measure
from projects.measures import facts_of_sources, graded, provided
from projects.models import Milestone, Project, StatusUpdate
from projects.selectors.facts import by_source, shaped, together
from projects.selectors.figures import Figures, figure_facts, figures_of

SAID = "said"


class Judged(NamedTuple):
    """
    The figures of a project, what they say of each judgment, and what is still to be done.

    `earlier` are the sentences of the last updates published for weeks before, by judgment's field.
    """

    figures: Figures
    measures: Mapping[str, Measure]
    open: list[Dated]
    earlier: list[dict[str, str]]


def judged_now(project: Project, *, as_of: date, week: date) -> Judged:
    """Measure the project as it stands, what is not committed yet included, for an update of this week."""
    ids = [project.pk]
    facts = by_source(_rows(ids, as_of, week))
    measured = graded(ids, facts)
    measured = {**provided(ids, as_of, known=measured), **measured}
    found = figures_of([project], as_of=as_of, facts=facts, measured=measured)[project.pk]
    measures = {axis.value: one for axis, one in found.measures.items()}
    rows = facts.get("milestone", [])
    points = [
        Dated(pk=row.pk or 0, name=row.text, due=row.third) for row in rows if row.second is None
    ]
    return Judged(
        figures=found,
        measures={"overall": found.overall, **measures},
        open=sorted(points, key=_by_day),
        earlier=[json.loads(row.text) for row in facts.get(SAID, [])],
    )


@prepared
def _rows(ids: Collection[int], as_of: date, week: date) -> "QuerySet[Any, Any]":
    """Return the facts of one project, and what was said of it."""
    facts = [*figure_facts(ids, as_of=as_of), *facts_of_sources(ids)]
    return together([*facts, _said_before(ids, week)])


def _said_before(ids: Collection[int], week: date) -> "QuerySet[Any, Any]":
    """Return the sentences of the last updates of one project published for weeks before this one."""
    said = StatusUpdate.objects.published().filter(project__in=ids, week__lt=week).newest_first()
    rows = StatusUpdate.objects.filter(pk__in=Subquery(said.values("pk")[:REMEMBERED]))
    texts = JSONObject(**{name: F(name) for name in SENTENCES.values()})
    return shaped(rows, SAID, text=Cast(texts, TextField()))


def _by_day(point: Dated) -> tuple[date, int]:
    return point.due or date.max, point.pk


def last_before(project: Project, week: date) -> StatusUpdate | None:
    """Return the last update published for a week before this one."""
    said = StatusUpdate.objects.published().filter(project=project, week__lt=week)
    return said.newest_first().first()


def reasons_of(update: StatusUpdate) -> list[tuple[str, str]]:
    """Return why milestones stayed on a day that had passed: the name of each, and the reason."""
    said = {
        int(pk): dates[REASON] for pk, dates in update.milestone_dates.items() if dates.get(REASON)
    }
    if not said:
        return []
    rows = Milestone.objects.filter(project=update.project_id, pk__in=said).by_date()
    return [(row.name, said[row.pk]) for row in rows]


def texts_of(update: StatusUpdate | None) -> dict[str, str]:
    return {name: getattr(update, name) for name in TEXTS} if update else {}
