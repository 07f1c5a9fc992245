"""Rows of projects that run and of projects that finished, for the pages that look ahead and back."""

from datetime import date, timedelta
from decimal import Decimal

from portfolio.models import PortfolioProject
from tests.factories import PortfolioFactory, ProjectFactory
from tests.factories.reports import SnapshotFactory


def text(response):
    return " ".join(response.content.decode().split())


def earning(name, *, eac=1500, earned=400, spent=600, **fields):
    """A live row of a project that earns; its approved budget and its approved plan are 1,000."""
    values = {
        "budget_at_completion": Decimal(1000),
        "planned_value": Decimal(500),
        "earned_value": Decimal(earned),
        "spent": Decimal(spent),
        "cpi": Decimal(earned) / spent,
        "spi_t": Decimal("0.8"),
        "eac": Decimal(eac),
        "eac_low": Decimal(eac - 100),
        "eac_high": Decimal(eac + 200),
        "eac_method": "cpi",
        "forecast_cost": Decimal(1100),
        "forecast_finish": date(2027, 1, 4),
    }
    values |= {"approved_budget": Decimal(1000)} | fields
    if None not in (values["approved_budget"], values["forecast_cost"]):
        values["cost_variance"] = values["forecast_cost"] - values["approved_budget"]
    confidential = values.pop("is_confidential", False)
    project = ProjectFactory(name=name, is_confidential=confidential)
    return SnapshotFactory(project=project, **values)


def portfolio_of(*projects):
    """Put the projects into a portfolio; return its code."""
    portfolio = PortfolioFactory()
    for project in projects:
        PortfolioProject.objects.create(
            portfolio=portfolio, project=project, added_on=date(2025, 1, 1)
        )
    return portfolio.code


def finished(number, *, cost=120, said=100, days=100, category="facility", manager="Kim"):
    """A project that ran 100 days and was forecast once, on its tenth day."""
    start = date(2025, 1, 6)
    project = ProjectFactory(stage="closed", category=category)
    SnapshotFactory(
        project=project, is_active=False, is_finished=True, start_date=start, category=category,
        manager_name=manager, spent=Decimal(cost), forecast_finish=start + timedelta(days=days),
    )  # fmt: skip
    SnapshotFactory(
        project=project, date=start + timedelta(days=10), forecast_cost=Decimal(said),
        forecast_finish=start + timedelta(days=80),
    )  # fmt: skip
    return project
