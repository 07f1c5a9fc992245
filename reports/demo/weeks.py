"""Play the demo's weeks from the oldest to this one, freezing each as it was."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from pmo.accounts.models import User
from pmo.common.records import audit
from projects.models import Milestone, Project
from projects.services.plan import reschedule
from projects.services.status import publish_update, save_draft
from reports.demo.clock import happened
from reports.demo.control import DemoChanges
from reports.demo.course import FRIDAY, SUNDAY
from reports.demo.ledger import FIRST_WEEK, DemoLedger, DemoStanding
from reports.demo.organization import OFFICE, DemoOrganization
from reports.demo.plans import DONE, MOVED, approve, create_calendars, move, place
from reports.demo.records import ledger_of, new_milestones
from reports.demo.stories import ToldRisk, day_of
from reports.demo.timeline import PlannedMilestone, Timeline
from reports.demo.words import Writer
from reports.models import Freeze, FreezeKind, Snapshot
from reports.selectors.building import build_snapshots
from reports.services.milestones import freeze_milestones
from risks.models import Issue, IssueState, Risk, RiskState, Strategy


@dataclass
class Scene:
    """One project with the rows that move from week to week."""

    project: Project
    ledger: DemoLedger
    milestones: list[tuple[PlannedMilestone, Milestone]]

    @property
    def timeline(self) -> Timeline:
        return self.ledger.timeline


class Play:
    def __init__(
        self, pairs: list[tuple[Project, Timeline]], made: DemoOrganization, zone: ZoneInfo
    ) -> None:
        self.made = made
        self.office = made.people[OFFICE]
        self.zone = zone
        self.scenes = [Scene(project, ledger_of(timeline), []) for project, timeline in pairs]
        self._place_milestones()
        create_calendars()
        self.plans = place(
            pairs,
            {scene.project.pk: [row for _, row in scene.milestones] for scene in self.scenes},
        )
        approve(pairs, by=self.office)
        self.changes = DemoChanges(pairs, made)

    def _place_milestones(self) -> None:
        for scene in self.scenes:
            rows = Milestone.objects.bulk_create(new_milestones(scene.project, scene.ledger))
            scene.milestones = list(zip(scene.timeline.milestones, rows, strict=True))

    def run(self, progress: Callable[[int, int, str], None] | None = None) -> None:
        for week in range(FIRST_WEEK, 0):
            self._move(week)
            self._freeze(week)
            if progress:
                progress(week - FIRST_WEEK + 1, -FIRST_WEEK, "weeks")
        self._move(0)
        for plan in self.plans:
            reschedule(project=plan.project, by=self.office, on=plan.work.timeline.today)
        self._publish_this_week()

    def _move(self, week: int) -> None:
        """Bring every record to where it stood at the end of the week."""
        self._move_projects(week)
        self._move_milestones(week)
        self._move_tasks(week)
        self.changes.move(week)
        self._open_and_close(week)

    def _move_projects(self, week: int) -> None:
        changed = []
        for scene in self.scenes:
            project, now = scene.project, scene.ledger.standing(week)
            before = (project.stage, project.forecast_finish_date)
            for name, value in now._asdict().items():
                setattr(project, name, value)
            if before != (project.stage, project.forecast_finish_date):
                changed.append(project)
        Project.objects.bulk_update(changed, DemoStanding._fields)

    def _move_milestones(self, week: int) -> None:
        changed = []
        for scene in self.scenes:
            for planned, row in scene.milestones:
                point = scene.timeline.point(planned, week)
                if (row.forecast_date, row.actual_date) != (point.forecast, point.actual):
                    row.forecast_date, row.actual_date = point.forecast, point.actual
                    changed.append(row)
        Milestone.objects.bulk_update(changed, ["forecast_date", "actual_date"], batch_size=100)

    def _move_tasks(self, week: int) -> None:
        """Say what was begun and done; where the plan is looked at, move all that is to come too."""
        whole = [p for p in self.plans if week == 0 or self.changes.implements_in(week, p.code)]
        move(self.plans, week, DONE)
        move(whole, week, MOVED)

    def _open_and_close(self, week: int) -> None:
        for scene in self.scenes:
            story = scene.timeline.story
            begins = max(story.since, FIRST_WEEK)
            opened = [risk for risk in story.risks if max(risk.opened, begins) == week]
            Risk.objects.bulk_create(
                self._risk(scene, risk, number) for number, risk in enumerate(opened)
            )
            happened = [issue for issue in story.issues if max(issue.opened, begins) == week]
            Issue.objects.bulk_create(
                Issue(
                    project=scene.project,
                    title=issue.title,
                    severity=issue.severity,
                    owner=self.made.people[story.people[0]],
                    due_date=day_of(scene.timeline.monday, 0, FRIDAY)
                    + timedelta(days=issue.due_days),
                )
                for issue in happened
            )
            self._close(scene, week)

    def _close(self, scene: Scene, week: int) -> None:
        story = scene.timeline.story
        for issue in story.issues:
            if issue.resolved == week:
                Issue.objects.filter(project=scene.project, title=issue.title).update(
                    state=IssueState.RESOLVED, resolution=issue.resolution
                )
        over = [risk.title for risk in story.risks if risk.closed == week]
        if scene.timeline.ends_in == week:
            over = [risk.title for risk in story.risks]
        if over:
            Risk.objects.filter(project=scene.project, title__in=over).update(
                state=RiskState.CLOSED
            )

    def _risk(self, scene: Scene, risk: ToldRisk, number: int) -> Risk:
        story = scene.timeline.story
        people = story.people
        return Risk(
            project=scene.project,
            external_id=f"R-{story.risks.index(risk) + 1:02}",
            strategy=Strategy.REDUCE,
            owner=self.made.people[people[-1] if number % 2 else people[0]],
            **scene.ledger.risk(risk)._asdict(),
        )

    def _freeze(self, week: int) -> None:
        shown = [scene for scene in self.scenes if self._is_shown(scene.timeline, week)]
        sunday = day_of(shown[0].timeline.monday, week, SUNDAY)
        at = happened(datetime.combine(sunday + timedelta(days=1), time(0, 5), tzinfo=self.zone))
        rows = build_snapshots(
            [scene.project.pk for scene in shown], as_of=sunday, date_of_row=sunday, built_at=at
        )
        Snapshot.objects.bulk_create(rows)
        freeze_milestones(sunday)
        freeze = Freeze.objects.create(
            date=sunday, kind=FreezeKind.WEEK, frozen_at=at, rows=len(rows)
        )
        audit.record(action="snapshots.frozen", target=freeze, by=None, after={"rows": len(rows)})

    @staticmethod
    def _is_shown(timeline: Timeline, week: int) -> bool:
        """True while the project is active, and in the week in which it ended."""
        return timeline.story.since <= week <= timeline.ends_in

    def _publish_this_week(self) -> None:
        for scene in self._in_order_of_publishing():
            story = scene.timeline.story
            writer = Writer(scene.timeline, self.zone)
            manager = self.made.people[story.people[0]]
            if not writer.owes(0) or story.is_due:
                continue
            common: dict[str, Any] = {
                "project": scene.project,
                "by": manager,
                "at": happened(writer.published_at(0)),
                "week": scene.timeline.monday,
            }
            fields = writer.fields(0)
            if story.has_draft:
                save_draft(**common, **fields)
                continue
            try:
                publish_update(**common, **fields)
            except ValidationError as refusal:  # the data was challenged, and the manager answers
                publish_update(**common, **writer.answered(fields, refusal.error_dict))

    def _in_order_of_publishing(self) -> Iterable[Scene]:
        return sorted(
            self.scenes, key=lambda scene: Writer(scene.timeline, self.zone).published_at(0)
        )


def record_loading(project: Project, *, by: User) -> None:
    """Say in the audit trail which records came with the demo and not from anybody's work."""
    audit.record(
        action="demo.loaded",
        target=project,
        by=by,
        scope=project,
        after={
            "milestones": project.milestones.count(),
            "risks": project.risks.count(),
            "budget_lines": project.budget_lines.count(),
            "tasks": project.tasks.count(),
            "variance_causes": project.variance_causes.count(),
            "cost_entries": project.cost_entries.count(),
            "status_updates": project.status_updates.count(),
        },
    )
