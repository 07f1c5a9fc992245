"""The records of the benchmark's database: plain, many, and always the same."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from bench.deciding import Deciding
from bench.sizes import (
    COSTS,
    DEPARTMENTS,
    MANAGED,
    MANAGERS,
    MILESTONES,
    PORTFOLIOS,
    RISKS,
    SITES,
    SUBJECTS,
    TODAY,
    UPDATES,
    VERBS,
)
from bench.values import batched, moment, money
from pmo.accounts.models import Membership, Unit, User
from pmo.accounts.roles import Role
from pmo.accounts.services import create_unit
from pmo.organization.defaults import CATEGORIES
from portfolio.models import Portfolio, PortfolioProject
from projects.domain.calendar import week_of
from projects.domain.kinds import Lane
from projects.models import (
    Baseline,
    BaselineItem,
    BudgetLine,
    CostEntry,
    ForecastEntry,
    Milestone,
    Project,
    ProjectMember,
    StatusUpdate,
    Task,
)
from projects.models.status import UpdateState
from risks.models import Issue, Risk

LEAD, EXECUTIVE, MANAGER = "lead@bench.example", "executive@bench.example", "manager@bench.example"
EVERYTHING = "PF-ALL"  # the portfolio that holds every project
STAGES = (*("delivery",) * 8, "planning", "closed")
COLORS = (*("green",) * 13, *("amber",) * 5, *("red",) * 2)
NAMES = ("Rivera", "Osei", "Lindgren", "Haddad", "Novak", "Tanaka", "Murphy", "Silva", "Khan")


def _building(number: int) -> int:
    """Return what is approved for building in the project of this number."""
    return 50_000 + (number * 7919) % 4_000_000


def _approved(number: int) -> int:
    return _building(number) * 3 // 2


def _spans(project: Project) -> list[tuple[date, date]]:
    """Cut the project's planned time into as many pieces as it has milestones."""
    start, finish = project.start_date, project.baseline_finish_date
    assert start  # noqa: S101 - written by the filling
    assert finish  # noqa: S101 - the same
    days = [start + (finish - start) * k // MILESTONES for k in range(MILESTONES + 1)]
    return list(pairwise(days))


class Filling:
    """Writes the records of `size` projects in bulk."""

    def __init__(self, size: int) -> None:
        self.size = size

    def write(self) -> None:
        self.units = self._units()
        self.managers = self._people()
        batched(self._projects(), Project)
        self.projects = list(Project.objects.order_by("code"))
        batched(self._members(), ProjectMember)
        batched(self._milestones(), Milestone)
        batched(self._budgets(), BudgetLine)
        batched(self._costs(), CostEntry)
        batched(self._forecasts(), ForecastEntry)
        batched(self._updates(), StatusUpdate)
        batched(self._tasks(), Task)
        batched(self._baselines(), Baseline)
        batched(self._items(), BaselineItem)
        batched(self._risks(), Risk)
        batched(self._issues(), Issue)
        self._portfolios()
        Deciding(self.projects, self.managers).write()

    def _units(self) -> list[Unit]:
        found = []
        for site in SITES:
            top = create_unit(by=None, name=f"{site} Hospital", kind="facility")
            found += [create_unit(by=None, name=name, parent=top) for name in DEPARTMENTS]
        return found

    def _people(self) -> list[User]:
        User.objects.bulk_create(
            User(email=f"person{n:03}@bench.example", name=f"{NAMES[n % 9]} {n:03}", password="!")  # noqa: S106 - nobody signs in
            for n in range(MANAGERS)
        )
        managers = list(User.objects.order_by("email"))
        roles = {LEAD: Role.PMO_LEAD, EXECUTIVE: Role.EXECUTIVE, MANAGER: Role.STAFF}
        for email, role in roles.items():
            user = User.objects.create(email=email, name=role.label, password="!")  # noqa: S106 - the session is made for them
            Membership.objects.create(user=user, role=role)
        return managers

    def _projects(self) -> Iterator[Project]:
        categories, lanes = list(CATEGORIES), list(Lane)
        for n in range(self.size):
            start = TODAY - timedelta(days=30 + (n * 37) % 500)
            planned = start + timedelta(days=540 + (n * 53) % 400)
            stage = STAGES[n % len(STAGES)]
            finish = planned + timedelta(days=(n * 29) % 90 - 20)
            yield Project(
                code=f"P-{n:05}",
                name=f"{SITES[n % 8]} {SUBJECTS[n % 12]} {VERBS[n % 7]} {n:05}",
                summary="Renews what is worn out and trains the people who use it.",
                category=categories[n % len(categories)],
                lane=lanes[n % len(lanes)].value,
                stage=stage,
                unit=self.units[n % len(self.units)],
                start_date=start,
                baseline_finish_date=planned,
                forecast_finish_date=finish,
                # those that ended ran six to nine tenths of the time since they began
                actual_finish_date=start + (TODAY - start) * (60 + n % 30) // 100
                if stage == "closed"
                else None,
                is_confidential=n % 97 == 96,  # noqa: PLR2004 - about one in a hundred
            )

    def _members(self) -> Iterator[ProjectMember]:
        ours = User.objects.get(email=MANAGER)
        for n, project in enumerate(self.projects):
            manager = ours if n < MANAGED else self.managers[n % MANAGERS]
            sponsor = self.managers[(n * 7 + 1) % MANAGERS]
            yield ProjectMember(project=project, user=manager, role=Role.MANAGER)
            yield ProjectMember(project=project, user=sponsor, role=Role.SPONSOR)

    def _milestones(self) -> Iterator[Milestone]:
        for project in self.projects:
            start, planned = project.start_date, project.baseline_finish_date
            assert start  # noqa: S101 - written above
            assert planned  # noqa: S101 - the same
            for k in range(1, MILESTONES + 1):
                day = start + (planned - start) * k // MILESTONES
                slipped = day + timedelta(days=(project.pk + k * 5) % 12)
                yield Milestone(
                    project=project,
                    name=f"Step {k} of {MILESTONES} is done",
                    kind="go_live" if k == MILESTONES else "deliverable",
                    baseline_date=day,
                    forecast_date=slipped,
                    actual_date=slipped if slipped < TODAY - timedelta(days=3) else None,
                )

    def _budgets(self) -> Iterator[BudgetLine]:
        for n, project in enumerate(self.projects):
            amount = _building(n)
            yield BudgetLine(project=project, category="Build", amount=money(amount))
            yield BudgetLine(
                project=project, category="People", kind="operating", amount=money(amount // 2)
            )

    def _costs(self) -> Iterator[CostEntry]:
        for n, project in enumerate(self.projects):
            amount = _building(n) // (COSTS + 2)
            for k in range(COSTS):
                yield CostEntry(
                    project=project,
                    kind="actual" if k else "commitment",
                    entry_date=TODAY - timedelta(days=30 * k + n % 20),
                    amount=money(amount),
                )

    def _forecasts(self) -> Iterator[ForecastEntry]:
        for n, project in enumerate(self.projects):
            yield ForecastEntry(
                project=project,
                amount=money(_approved(n) * (95 + n % 20) // 100),
                made_on=TODAY - timedelta(days=20),
            )

    def _updates(self) -> Iterator[StatusUpdate]:
        monday = week_of(TODAY)
        for n, project in enumerate(self.projects):
            for back in range(UPDATES):
                if back == 0 and n % 10 == 0:
                    continue
                week, color = monday - timedelta(weeks=back), COLORS[(n * 3 + back // 2) % 20]
                at = moment(week + timedelta(days=3))
                yield StatusUpdate(
                    project=project,
                    week=week,
                    state=UpdateState.PUBLISHED,
                    author=self.managers[n % MANAGERS],
                    saved_at=at,
                    published_at=at,
                    overall=color,
                    overall_note="Work goes on as planned; the next step is prepared.",
                    schedule=color,
                    cost="green",
                    done="The last step is done.",
                    next_steps="Prepare the next step.",
                    help_needed="Decide on the second shift." if color == "red" else "",
                    help_from="Chief Operating Officer" if color == "red" else "",
                    help_due=TODAY + timedelta(days=10) if color == "red" else None,
                    percent_complete=(n * 13) % 100,
                )

    def _tasks(self) -> Iterator[Task]:
        """Every second project earns by tasks, the others by milestones."""
        for project in self.projects[1::2]:
            for k, (start, finish) in enumerate(_spans(project)):
                passed = TODAY - start
                share = min(max(passed * 90 // (finish - start), 0), 100)
                yield Task(
                    project=project,
                    position=k + 1,
                    name=f"Work {k + 1}",
                    duration=(finish - start).days * 5 // 7,
                    start=start,
                    finish=finish,
                    actual_start=start if passed.days > 0 else None,
                    actual_finish=finish if share == 100 else None,  # noqa: PLR2004 - percent
                    percent_complete=share,
                )

    def _baselines(self) -> Iterator[Baseline]:
        week = {"project": {"weekdays": "1111100", "exceptions": []}}
        for n, project in enumerate(self.projects):
            approved = money(_approved(n))
            assert project.start_date  # noqa: S101 - written above
            yield Baseline(
                project=project,
                number=1,
                name="First",
                approved_on=project.start_date,
                approved_at=moment(project.start_date),
                earns_by="tasks" if n % 2 else "milestones",
                start=project.start_date,
                finish=project.baseline_finish_date,
                distributed=approved,
                budget_at_completion=approved,
                calendars=week,
            )

    def _items(self) -> Iterator[BaselineItem]:
        """Give each piece of work the same part of the budget."""
        tasks = Task.objects.order_by("pk").values_list("project_id", "pk")
        milestones = Milestone.objects.order_by("pk").values_list("project_id", "pk")
        for name, rows in (("task_number", tasks), ("milestone_number", milestones)):
            by_project: dict[int, list[int]] = {}
            for project_id, pk in rows:
                by_project.setdefault(project_id, []).append(pk)
            for n, baseline in enumerate(Baseline.objects.order_by("project__code")):
                if (name == "task_number") != bool(n % 2):
                    continue
                pieces = by_project[baseline.project_id]
                part = (baseline.budget_at_completion or 0) / len(pieces)
                spans = _spans(self.projects[n])
                for pk, (start, finish) in zip(pieces, spans, strict=True):
                    yield BaselineItem(
                        project_id=baseline.project_id,
                        baseline=baseline,
                        **{name: pk},
                        name=f"Work {pk}",
                        kind="work" if n % 2 else "milestone",
                        earning="percent" if n % 2 else "zero_hundred",
                        calendar="project",
                        start=start if n % 2 else finish,
                        finish=finish,
                        amount=money(int(part)),
                    )

    def _risks(self) -> Iterator[Risk]:
        for n, project in enumerate(self.projects):
            for k in range(RISKS):
                yield Risk(
                    project=project,
                    title=f"Risk {k + 1} of project {n:05}",
                    likelihood=1 + (n + k) % 4,
                    impact=1 + (n * 3 + k) % 4,
                    response="Watch it weekly.",
                    owner=self.managers[n % MANAGERS],
                    review_date=TODAY + timedelta(days=(n + k) % 60 - 5),
                )

    def _issues(self) -> Iterator[Issue]:
        for project in self.projects[::2]:
            yield Issue(project=project, title="A delivery is late", due_date=TODAY)

    def _portfolios(self) -> None:
        everything, *parts = Portfolio.objects.bulk_create(
            Portfolio(code=code, name=f"Portfolio {code}")
            for code in (EVERYTHING, *(f"PF-{n}" for n in range(1, PORTFOLIOS + 1)))
        )
        batched(
            (
                PortfolioProject(
                    portfolio=portfolio, project=project, added_on=TODAY - timedelta(days=500)
                )
                for n, project in enumerate(self.projects)
                for portfolio in (everything, parts[n % PORTFOLIOS])
            ),
            PortfolioProject,
        )
