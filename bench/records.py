"""The records of the benchmark's database: plain, many, and always the same."""

from collections.abc import Iterator
from datetime import timedelta

from bench.filling import (
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
    batched,
    moment,
    money,
)
from pmo.accounts.models import Membership, Unit, User
from pmo.accounts.roles import Role
from pmo.accounts.services import create_unit
from portfolio.models import Portfolio, PortfolioProject
from projects.domain.calendar import week_of
from projects.domain.kinds import Category, Lane
from projects.models import (
    BudgetLine,
    CostEntry,
    ForecastEntry,
    Milestone,
    Project,
    ProjectMember,
    StatusUpdate,
)
from projects.models.status import UpdateState
from risks.models import Issue, Risk

LEAD, EXECUTIVE, MANAGER = "lead@bench.example", "executive@bench.example", "manager@bench.example"
EVERYTHING = "PF-ALL"  # the portfolio that holds every project
STAGES = (*("delivery",) * 8, "planning", "closed")
COLORS = (*("green",) * 13, *("amber",) * 5, *("red",) * 2)
NAMES = ("Rivera", "Osei", "Lindgren", "Haddad", "Novak", "Tanaka", "Murphy", "Silva", "Khan")


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
        batched(self._risks(), Risk)
        batched(self._issues(), Issue)
        self._portfolios()

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
        categories, lanes = list(Category), list(Lane)
        for n in range(self.size):
            start = TODAY - timedelta(days=30 + (n * 37) % 500)
            planned = start + timedelta(days=540 + (n * 53) % 400)
            stage = STAGES[n % len(STAGES)]
            finish = planned + timedelta(days=(n * 29) % 90 - 20)
            yield Project(
                code=f"P-{n:05}",
                name=f"{SITES[n % 8]} {SUBJECTS[n % 12]} {VERBS[n % 7]} {n:05}",
                summary="Renews what is worn out and trains the people who use it.",
                category=categories[n % len(categories)].value,
                lane=lanes[n % len(lanes)].value,
                stage=stage,
                unit=self.units[n % len(self.units)],
                start_date=start,
                baseline_finish_date=planned,
                forecast_finish_date=finish,
                actual_finish_date=start + timedelta(days=20) if stage == "closed" else None,
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
            amount = 50_000 + (n * 7919) % 4_000_000
            yield BudgetLine(project=project, category="Build", amount=money(amount))
            yield BudgetLine(
                project=project, category="People", kind="operating", amount=money(amount // 2)
            )

    def _costs(self) -> Iterator[CostEntry]:
        for n, project in enumerate(self.projects):
            amount = (50_000 + (n * 7919) % 4_000_000) // (COSTS + 2)
            for k in range(COSTS):
                yield CostEntry(
                    project=project,
                    kind="actual" if k else "commitment",
                    entry_date=TODAY - timedelta(days=30 * k + n % 20),
                    amount=money(amount),
                )

    def _forecasts(self) -> Iterator[ForecastEntry]:
        for n, project in enumerate(self.projects):
            approved = (50_000 + (n * 7919) % 4_000_000) * 3 // 2
            yield ForecastEntry(
                project=project,
                amount=money(approved * (95 + n % 20) // 100),
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
