"""What stands under the projects of some rows: locked in the order of their keys, read in few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Model, Sum, prefetch_related_objects

from pmo.common.records import ledger
from portfolio.models import Portfolio, PortfolioProject
from projects.domain.calendar import week_of
from projects.domain.kinds import CostKind
from projects.models import BudgetLine, CostEntry, ForecastEntry, Project, StatusUpdate
from projects.services import status

CENT = Decimal("0.01")


def held_projects(keys: Iterable[int]) -> dict[int, Project]:
    """Lock these projects with their people and baselines; services take them as the saved ones."""
    rows = Project.objects.filter(pk__in=set(keys)).select_related("unit").order_by("pk")
    found = list(rows.select_for_update(of=("self",), no_key=True))
    prefetch_related_objects(found, "members__user", "baselines")
    hold(found)
    return {project.pk: project for project in found}


def hold(records: Iterable[Model]) -> None:
    """Let services take these records as the saved ones, where many are gathered."""
    if ledger.deferring() and (book := ledger.current()):
        book.hold(records)


class Known:
    """
    What the parts of projects are compared with, for rows of one day.

    Of projects that were made in the same go nothing is read: nothing stands under them yet.
    """

    def __init__(
        self,
        projects: Sequence[Project],
        fields: Collection[str],
        *,
        day: date,
        is_dated: bool,
        portfolio: Portfolio | None,
    ) -> None:
        self._projects, self._day, self._is_dated = projects, day, is_dated
        self._lines: dict[int, list[BudgetLine]] = defaultdict(list)
        self._forecasts: dict[tuple[int, int | None], ForecastEntry] = {}
        self._booked: dict[int, Decimal] = {}
        self._entries: dict[int, PortfolioProject] = {}
        self._said: dict[int, StatusUpdate] = {}
        self._words: dict[int, status.Words] = {}
        if projects:
            self._read(fields, portfolio)

    def _read(self, fields: Collection[str], portfolio: Portfolio | None) -> None:
        if {"approved_budget", "year_budget"} & set(fields):
            self._read_lines()
        if {"forecast_cost", "year_forecast"} & set(fields):
            self._read_forecasts()
        if "spent" in fields:
            self._read_costs()
        if {"color", "published_rating", "percent_complete", "summary"} & set(fields):
            self._read_updates()
        if portfolio is not None:
            present = PortfolioProject.objects.filter(portfolio=portfolio, removed_on=None)
            among = present.filter(project__in=self._projects)
            self._entries = {one.project_id: one for one in among}

    def _read_lines(self) -> None:
        rows = BudgetLine.objects.filter(project__in=self._projects).order_by("pk")
        found = list(rows.select_for_update(of=("self",), no_key=True))
        hold(found)
        by_key = {project.pk: project for project in self._projects}
        for line in found:
            line.project = by_key[line.project_id]
            self._lines[line.project_id].append(line)

    def _read_forecasts(self) -> None:
        rows = ForecastEntry.objects.filter(project__in=self._projects, made_on__lte=self._day)
        # the last one of each year stays
        for entry in rows.order_by("made_on", "pk"):
            self._forecasts[entry.project_id, entry.fiscal_year] = entry

    def _read_costs(self) -> None:
        booked = CostEntry.objects.filter(
            project__in=self._projects, kind=CostKind.ACTUAL, entry_date__lte=self._day
        )
        sums = booked.order_by().values_list("project").annotate(total=Sum("amount"))
        # one database adds up in binary fractions
        self._booked = {key: total.quantize(CENT) for key, total in sums if total is not None}

    def _read_updates(self) -> None:
        week = week_of(self._day)
        updates = StatusUpdate.objects.filter(project__in=self._projects)
        if self._is_dated:
            found = updates.published().filter(week=week).order_by("revision", "pk")
        else:
            found = updates.latest_per_project(until=week)
        self._said = {update.project_id: update for update in found}
        self._words = status.last_words(self._projects, self._day)

    def lines(self, project: Project, year: int | None) -> list[BudgetLine]:
        return [line for line in self._lines[project.pk] if line.fiscal_year == year]

    def forecast(self, project: Project, year: int | None) -> ForecastEntry | None:
        """Return the forecast that stands on the rows' day."""
        return self._forecasts.get((project.pk, year))

    def booked(self, project: Project) -> Decimal:
        """Return the actual costs up to the rows' day."""
        return self._booked.get(project.pk) or Decimal()

    def words(self, project: Project) -> status.Words:
        return self._words.get(project.pk) or status.no_words(project)

    def said(self, project: Project) -> StatusUpdate | None:
        """Return the update that the row's would follow: of the day's week for dated rows, else the last."""
        return self._said.get(project.pk)

    def entry(self, project: Project) -> PortfolioProject | None:
        return self._entries.get(project.pk)
