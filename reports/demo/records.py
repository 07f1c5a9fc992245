"""Create the demo's projects, and in bulk the dated records that make their past."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import zip_longest
from zoneinfo import ZoneInfo

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.organization.current import organization
from portfolio.models import Alignment
from portfolio.services import add_project
from projects.domain.calendar import fiscal_year
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
from reports.demo.organization import Organization
from reports.demo.stories import day_of, read
from reports.demo.timeline import CENT, FRIDAY, Timeline, smooth
from reports.demo.words import Writer

FIRST_WEEK = -30
BY_KIND = {"capital": "CAP", "operating": "OPS"}  # where a line's money comes from, if nowhere else
YEAR_PLAN = "Plan for the year"
ROLES = (Role.MANAGER, Role.SPONSOR, Role.CLINICAL_LEAD, Role.TEAM_MEMBER, Role.READER)


def create_record(timeline: Timeline, made: Organization, *, by: User) -> Project:
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
        on=day_of(timeline.monday, max(story.since, FIRST_WEEK - 10)),
    )
    return project


class History:
    """Everything dated that one load writes in bulk."""

    def __init__(self, made: Organization, zone: ZoneInfo) -> None:
        self.made = made
        self.zone = zone

    def write(self, pairs: list[tuple[Project, Timeline]]) -> None:
        lines = BudgetLine.objects.bulk_create(
            line for project, timeline in pairs for line in self._budget(project, timeline)
        )
        whole: dict[int, list[BudgetLine]] = {}
        for line in lines:
            if line.fiscal_year is None:
                whole.setdefault(line.project_id, []).append(line)
        MonthForecast.objects.bulk_create(
            month
            for project, timeline in pairs
            for month in self._months(timeline, whole[project.pk])
        )
        CostEntry.objects.bulk_create(
            entry
            for project, timeline in pairs
            for entry in self._costs(project, timeline, whole[project.pk])
        )
        ForecastEntry.objects.bulk_create(
            entry for project, timeline in pairs for entry in self._forecasts(project, timeline)
        )
        StatusUpdate.objects.bulk_create(
            update for project, timeline in pairs for update in self._updates(project, timeline)
        )
        Stakeholder.objects.bulk_create(
            holder
            for project, timeline in pairs
            for holder in self._stakeholders(project, timeline)
        )
        VarianceCause.objects.bulk_create(causes(pairs))
        Alignment.objects.bulk_create(
            aligned
            for project, timeline in pairs
            for aligned in self._alignments(project, timeline)
        )

    def _budget(self, project: Project, timeline: Timeline) -> Iterator[BudgetLine]:
        approved_on = timeline.start - timedelta(days=14)
        funded = read("control")["funded"].get(timeline.story.code, [])
        lines = zip_longest(timeline.budget_lines(), funded)
        for (category, kind, amount), code in lines:
            yield BudgetLine(
                funding_source=self.made.funding[code or BY_KIND[kind]],
                project=project,
                category=category,
                kind=kind,
                amount=amount,
                approved_on=approved_on,
            )
        for year, share in self._years(timeline).items():
            for kind, part in timeline.kind_shares().items():
                yield BudgetLine(
                    project=project,
                    category=YEAR_PLAN,
                    kind=kind,
                    fiscal_year=year,
                    amount=(timeline.story.budget * share * part).quantize(CENT),
                    approved_on=approved_on,
                )

    def _years(self, timeline: Timeline) -> dict[int, Decimal]:
        return timeline.year_shares(start_month=organization().fiscal_year_start_month)

    def _costs(
        self, project: Project, timeline: Timeline, lines: list[BudgetLine]
    ) -> Iterator[CostEntry]:
        for cost in timeline.spending():
            yield CostEntry(
                project=project,
                line=lines[cost.category],
                kind="actual",
                entry_date=cost.day,
                amount=cost.amount,
                note=f"{lines[cost.category].category}, {cost.day:%B}",
            )
        for day, amount in timeline.commitments():
            yield CostEntry(
                project=project,
                line=lines[0],
                kind="commitment",
                entry_date=day,
                amount=amount,
                note="Orders placed" if amount > 0 else "Orders invoiced or released",
            )

    def _months(self, timeline: Timeline, lines: list[BudgetLine]) -> Iterator[MonthForecast]:
        shares = [Decimal(str(row[2])) for row in timeline.plan["money"]]
        for month in timeline.months():
            for line, share in zip(lines, shares, strict=True):
                yield MonthForecast(
                    project=line.project,
                    line=line,
                    month=month.first,
                    amount=(month.amount * share).quantize(CENT),
                    made_on=month.made_on,
                )

    def _forecasts(self, project: Project, timeline: Timeline) -> Iterator[ForecastEntry]:
        """Past forecasts; this week's comes with the status update, unless finance makes it."""
        story = timeline.story
        start_month = organization().fiscal_year_start_month
        years = self._years(timeline)
        last, last_of_year = Decimal(), (0, Decimal())
        for week in range(max(story.since, -40), min(timeline.ends_in, 0) + 1):
            made_on = min(day_of(timeline.monday, week, FRIDAY), timeline.today)
            year = fiscal_year(made_on, start_month=start_month)
            amount = story.cost_at(week)
            if amount != last and (week < 0 or story.is_glib):
                yield ForecastEntry(project=project, amount=amount, made_on=made_on)
            of_year = timeline.year_cost(year, week, start_month=start_month)
            if year in years and (year, of_year) != last_of_year:
                yield ForecastEntry(
                    project=project, fiscal_year=year, amount=of_year, made_on=made_on
                )
            last, last_of_year = amount, (year, of_year)

    def _updates(self, project: Project, timeline: Timeline) -> Iterator[StatusUpdate]:
        writer = Writer(timeline, self.zone)
        author = self.made.people[timeline.story.people[0]]
        for week in range(FIRST_WEEK, 0):
            if not writer.owes(week) or writer.forgets(week):
                continue
            at = writer.published_at(week)
            yield StatusUpdate(
                project=project,
                week=day_of(timeline.monday, week),
                state=UpdateState.PUBLISHED,
                author=author,
                saved_at=at,
                published_at=at,
                **writer.fields(week),
            )

    def _stakeholders(self, project: Project, timeline: Timeline) -> Iterator[Stakeholder]:
        for name, position, power, interest, now, wanted, approach in timeline.plan["stakeholders"]:
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

    def _alignments(self, project: Project, timeline: Timeline) -> Iterator[Alignment]:
        for code, (strength, how) in timeline.story.serves.items():
            yield Alignment(
                project=project,
                objective=self.made.objectives[code],
                strength=strength,
                contribution=how,
            )


def new_milestones(project: Project, timeline: Timeline) -> Iterator[Milestone]:
    """Yield the milestones as known when the history begins."""
    before = 0.0
    for planned in timeline.milestones:
        point = timeline.point(planned, max(timeline.story.since, FIRST_WEEK))
        # a milestone weighs as much as is spent on the way to it
        weight = max(round(100 * (smooth(planned.share) - smooth(before))), 1)
        before = planned.share
        yield Milestone(
            project=project,
            name=planned.name,
            kind=planned.kind,
            baseline_date=planned.baseline,
            forecast_date=point.forecast,
            actual_date=point.actual,
            weight=weight,
        )
