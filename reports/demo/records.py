"""Create the demo's projects, and write in bulk what the ledgers of their past hold."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.organization.current import organization
from portfolio.models import Alignment
from portfolio.services import add_project
from projects.models import (
    BudgetLine,
    CostEntry,
    ForecastEntry,
    Milestone,
    MonthForecast,
    Project,
    Stakeholder,
    StatusUpdate,
    VarianceCause,
)
from projects.models.status import UpdateState
from projects.services.projects import create_project, name_person
from reports.demo.control import causes
from reports.demo.ledger import FIRST_FORECAST, FIRST_WEEK, DemoCost, DemoLedger
from reports.demo.organization import DemoOrganization
from reports.demo.stories import day_of
from reports.demo.timeline import Month, Timeline

ROLES = (Role.MANAGER, Role.SPONSOR, Role.CLINICAL_LEAD, Role.TEAM_MEMBER, Role.READER)


def create_record(timeline: Timeline, made: DemoOrganization, *, by: User) -> Project:
    """Create one project as it was when the history begins, with the people named on it."""
    story = timeline.story
    first = max(story.since, FIRST_WEEK)
    project = create_project(
        by=by,
        code=story.code,
        name=story.name,
        summary=story.summary,
        category=story.category,
        lane=story.lane,
        stage=story.stage_at(first).value,
        unit=made.units[story.unit],
        program=made.programs.get(story.program),
        start_date=timeline.start,
        baseline_finish_date=timeline.baseline_finish,
        forecast_finish_date=timeline.finish_at(first),
        is_confidential=story.is_confidential,
    )
    for role, key in zip(ROLES, story.people, strict=False):
        name_person(project=project, user=made.people[key], role=role, by=by)
    add_project(
        portfolio=made.portfolios[story.portfolio],
        project=project,
        by=by,
        on=day_of(timeline.monday, max(story.since, FIRST_FORECAST)),
    )
    return project


def ledger_of(timeline: Timeline) -> DemoLedger:
    """Return the books, by the fiscal years of the organization."""
    return DemoLedger(timeline, start_month=organization().fiscal_year_start_month)


class DemoHistory:
    """Everything dated that one load writes in bulk."""

    def __init__(self, made: DemoOrganization, zone: ZoneInfo) -> None:
        self.made = made
        self.zone = zone

    def write(self, pairs: list[tuple[Project, Timeline]]) -> None:
        books = [(project, ledger_of(timeline)) for project, timeline in pairs]
        lines = BudgetLine.objects.bulk_create(
            line for project, ledger in books for line in self._budget(project, ledger)
        )
        whole: dict[int, list[BudgetLine]] = {}
        for line in lines:
            if line.fiscal_year is None:
                whole.setdefault(line.project_id, []).append(line)
        MonthForecast.objects.bulk_create(
            MonthForecast(project=project, **_on_line(row, whole[project.pk]))
            for project, ledger in books
            for row in ledger.months()
        )
        CostEntry.objects.bulk_create(
            CostEntry(project=project, **_on_line(row, whole[project.pk]))
            for project, ledger in books
            for row in ledger.costs()
        )
        ForecastEntry.objects.bulk_create(
            ForecastEntry(project=project, **row._asdict())
            for project, ledger in books
            for row in ledger.forecasts()
        )
        StatusUpdate.objects.bulk_create(
            update for project, ledger in books for update in self._updates(project, ledger)
        )
        Stakeholder.objects.bulk_create(
            holder for project, ledger in books for holder in _stakeholders(project, ledger)
        )
        VarianceCause.objects.bulk_create(causes(pairs))
        Alignment.objects.bulk_create(
            aligned for project, ledger in books for aligned in self._alignments(project, ledger)
        )

    def _budget(self, project: Project, ledger: DemoLedger) -> Iterator[BudgetLine]:
        for row in ledger.budget():
            fields = row._asdict()
            source = self.made.funding.get(fields.pop("source"))
            yield BudgetLine(project=project, funding_source=source, **fields)

    def _updates(self, project: Project, ledger: DemoLedger) -> Iterator[StatusUpdate]:
        author = self.made.people[ledger.timeline.story.people[0]]
        for row in ledger.updates(self.zone):
            yield StatusUpdate(
                project=project,
                week=row.week,
                state=UpdateState.PUBLISHED,
                author=author,
                saved_at=row.published_at,
                published_at=row.published_at,
                **row.fields,
            )

    def _alignments(self, project: Project, ledger: DemoLedger) -> Iterator[Alignment]:
        for code, (strength, how) in ledger.timeline.story.serves.items():
            yield Alignment(
                project=project,
                objective=self.made.objectives[code],
                strength=strength,
                contribution=how,
            )


def _on_line(row: DemoCost | Month, lines: list[BudgetLine]) -> dict[str, Any]:
    """Return the row's fields with the budget line itself in place of its index."""
    return {**row._asdict(), "line": lines[row.line]}


def _stakeholders(project: Project, ledger: DemoLedger) -> Iterator[Stakeholder]:
    for name, position, power, interest, now, wanted, approach in ledger.timeline.plan[
        "stakeholders"
    ]:
        yield Stakeholder(
            project=project,
            name=name,
            position=position,
            power=power,
            interest=interest,
            engagement=now,
            engagement_wanted=wanted,
            approach=approach,
        )


def new_milestones(project: Project, ledger: DemoLedger) -> Iterator[Milestone]:
    """Yield the milestones as known when the history begins."""
    for row in ledger.milestones():
        yield Milestone(
            project=project,
            name=row.name,
            kind=row.kind,
            baseline_date=row.baseline_date,
            forecast_date=row.point.forecast,
            actual_date=row.point.actual,
            weight=row.weight,
        )
