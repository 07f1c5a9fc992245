"""Play the demo's change requests, and write down the causes that its managers found."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F

from projects.models import ChangeRequest, Project, VarianceCause, VarianceMeasure
from projects.services.changes import (
    assess_change,
    decide_change,
    implement_change,
    raise_change,
)
from reports.demo.course import CENT, FRIDAY
from reports.demo.organization import DemoOrganization
from reports.demo.stories import MILLION, day_of, read
from reports.demo.timeline import Timeline

EFFECTS = {"scope": "scope_effect", "benefit": "benefit_effect", "quality": "quality_effect"}
NO_BENEFIT = "None."


class StoryChange(NamedTuple):
    """A change request of `control.yaml`."""

    project: str
    week: int
    title: str
    fields: Mapping[str, Any]
    effects: Mapping[str, Any]
    then: Mapping[str, list[Any]]  # what happened: week, and for a decision by whom and why


def told_changes() -> list[StoryChange]:
    return [_told(row) for row in read("control")["changes"]]


def _told(row: Mapping[str, Any]) -> StoryChange:
    effects: dict[str, Any] = {field: row.get(name, "") for name, field in EFFECTS.items()}
    effects["benefit_effect"] = effects["benefit_effect"] or NO_BENEFIT
    if row["effect"]:
        days, millions, funding = row["effect"]
        cost = (Decimal(str(millions)) * MILLION).quantize(CENT)
        effects |= {"schedule_effect_days": days, "cost_effect": cost, "funding": funding}
    return StoryChange(
        project=row["project"],
        week=row["week"],
        title=row["title"],
        fields={
            "justification": row["reason"],
            "cause": row["cause"],
            "is_emergency": row.get("emergency", False),
        },
        effects=effects,
        then={what: [week, *rest] for week, what, *rest in row["then"]},
    )


class DemoChanges:
    """The change requests of one load, moved week by week."""

    def __init__(self, pairs: list[tuple[Project, Timeline]], made: DemoOrganization) -> None:
        self.pairs = {timeline.story.code: (project, timeline) for project, timeline in pairs}
        self.made = made
        self.told = told_changes()
        self.rows: dict[str, ChangeRequest] = {}

    def implements_in(self, week: int, code: str) -> bool:
        """Say whether a baseline is made of the plan in this week, which must then stand as forecast."""
        return any(
            told.then.get("implemented", [None])[0] == week
            for told in self.told
            if told.project == code
        )

    def move(self, week: int) -> None:
        """Let happen what the week brings, in the order in which it was raised."""
        for told in self.told:
            project, timeline = self.pairs[told.project]
            on = day_of(timeline.monday, week, FRIDAY)
            manager = self.made.people[timeline.story.people[0]]
            if told.week == week:
                self.rows[told.title] = raise_change(
                    project=project, by=manager, on=on, title=told.title, **told.fields
                )
            for what, (when, *by) in told.then.items():
                if when == week:
                    self._act(told, what, by, on)

    def _act(self, told: StoryChange, what: str, by: list[str], on: date) -> None:
        project, timeline = self.pairs[told.project]
        request = self.rows[told.title]
        manager = self.made.people[timeline.story.people[0]]
        if what == "assessed":
            row = assess_change(request=request, version=None, by=manager, on=on, **told.effects)
        elif what == "implemented":
            _give_to_work(project, told.effects["cost_effect"])
            implement_change(request=request, version=None, by=manager, on=on)
            project.refresh_from_db()
            return
        else:
            key, note = by
            row = decide_change(
                request=request,
                version=None,
                by=self.made.people[key],
                is_approved=what == "approved",
                note=note,
                on=on,
            )
        self.rows[told.title] = row


def _give_to_work(project: Project, cost: Decimal) -> None:
    """Add the money of a change to the largest work that is not done, which it pays for."""
    left = project.tasks.filter(actual_finish=None, planned_cost__gt=0)
    task = left.order_by("-planned_cost", "pk").first()
    if task is not None and cost:
        # by the service the plan would be computed as of today, in the middle of its past
        project.tasks.filter(pk=task.pk).update(planned_cost=F("planned_cost") + cost)


def causes(pairs: list[tuple[Project, Timeline]]) -> Iterator[VarianceCause]:
    """Yield what the managers found to be the causes of cost and delay."""
    found = {timeline.story.code: (project, timeline) for project, timeline in pairs}
    for code, cause, millions, days, why, week in read("control")["causes"]:
        project, timeline = found[code]
        is_cost = millions != ""
        yield VarianceCause(
            project=project,
            measure=VarianceMeasure.COST if is_cost else VarianceMeasure.FINISH,
            cause=cause,
            amount=(Decimal(str(millions)) * MILLION).quantize(CENT) if is_cost else None,
            days=None if is_cost else days,
            explanation=why,
            noted_on=day_of(timeline.monday, week, FRIDAY),
        )
