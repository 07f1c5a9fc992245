"""What an update is held against: the measures of one project and its open milestones, in one statement."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from projects.domain.challenge import REASON, REMEMBERED, SENTENCES, TEXTS, Dated
from projects.domain.health import Measure
from projects.measures import facts_of_sources, graded, provided
from projects.models import Milestone, Project, StatusUpdate
from projects.selectors.facts import read
from projects.selectors.figures import Figures, figure_facts, figures_of


class Judged(NamedTuple):
    """The figures of a project, what they say of each judgment, and what is still to be done."""

    figures: Figures
    measures: Mapping[str, Measure]
    open: list[Dated]


def judged_now(project: Project, *, as_of: date) -> Judged:
    """Measure the project as it stands, what is not committed yet included."""
    ids = [project.pk]
    facts = read([*figure_facts(ids, as_of=as_of), *facts_of_sources(ids)])
    measured = graded(ids, facts)
    measured = {**provided(ids, as_of, known=measured), **measured}
    found = figures_of([project], as_of=as_of, facts=facts, measured=measured)[project.pk]
    measures = {axis.value: one for axis, one in found.measures.items()}
    rows = facts.get("milestone", [])
    points = [
        Dated(pk=row.pk or 0, name=row.text, due=row.third) for row in rows if row.second is None
    ]
    return Judged(found, {"overall": found.overall, **measures}, sorted(points, key=_by_day))


def _by_day(point: Dated) -> tuple[date, int]:
    return point.due or date.max, point.pk


def last_before(project: Project, week: date) -> StatusUpdate | None:
    """Return the last update published for a week before this one."""
    said = StatusUpdate.objects.published().filter(project=project, week__lt=week)
    return said.newest_first().first()


def sentences_before(project: Project, week: date) -> list[dict[str, str]]:
    """Return the sentences of the last updates published for weeks before this one, newest first."""
    said = StatusUpdate.objects.published().filter(project=project, week__lt=week)
    return list(said.newest_first().values(*SENTENCES.values())[:REMEMBERED])


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
