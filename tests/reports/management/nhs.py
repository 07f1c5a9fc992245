"""The reference figures of one date, as the database has them."""

from collections import Counter
from decimal import Decimal

from portfolio.models import Portfolio
from reports.models import Snapshot
from tests.reports.test_nhs_example import REFERENCE

EARLY = "Early planning GMPP project"


def figures(day: str, portfolio: Portfolio) -> dict[str, object]:
    rows = Snapshot.objects.filter(date=day, project__portfolio_entries__portfolio=portfolio)
    rows = list(rows.distinct())
    ratings = Counter(row.published_rating for row in rows)
    long = next((name for name in REFERENCE["years"][-1]["ratings"] if name.startswith(EARLY)), "")
    if EARLY in ratings:
        ratings[long] = ratings.pop(EARLY)

    def total(name: str) -> str:
        return str(sum(getattr(row, name) or Decimal() for row in rows))

    return {
        "rows": len(rows),
        "ratings": dict(ratings),
        "whole_life": total("approved_budget"),
        "whole_life_missing": sum(row.approved_budget is None for row in rows),
        "year_budget": total("year_budget"),
        "year_forecast": total("year_forecast"),
        "year_figures": sum(None not in (row.year_budget, row.year_forecast) for row in rows),
    }
