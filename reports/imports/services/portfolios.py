"""The portfolio that an import makes for its projects."""

import re

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.search import same
from pmo.common.records.writing import RefusalError, all_or_nothing
from portfolio import services
from portfolio.models import Portfolio

LONGEST_CODE = 20


def known_portfolio(name: str) -> Portfolio | None:
    """Return the portfolio of this name that is there, in any writing."""
    return Portfolio.objects.filter(same(name, "name")).order_by("pk").first()


@all_or_nothing
def portfolio_named(*, name: str, by: User) -> Portfolio:
    """Return the portfolio of this name, made now when there is none; raise RefusalError."""
    if known := known_portfolio(name):
        return known
    if not can(by, Permission.PORTFOLIO_CHANGE).allowed:
        raise RefusalError("You may not add a portfolio. Choose one that is there.")
    return services.create_portfolio(by=by, code=_free_code(name), name=name)


def _free_code(name: str) -> str:
    """Return a short code out of the name's words that no portfolio has."""
    words = re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-") or "PORTFOLIO"
    code, number = words[:LONGEST_CODE].strip("-"), 1
    while Portfolio.objects.filter(code__iexact=code).exists():
        number += 1
        end = f"-{number}"
        code = words[: LONGEST_CODE - len(end)].strip("-") + end
    return code
