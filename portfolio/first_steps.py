"""The step of the list to the first summary that portfolios know of."""

from django.urls import reverse

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page import formats
from pmo.common.page.checklist import FirstStepLink, State, step
from portfolio.models import Portfolio, PortfolioProject
from portfolio.words import first_steps as words


@step("portfolio", order=50, title="Portfolio")
def portfolio_step(user: User) -> State:
    """Done when a portfolio holds a project."""
    may = can(user, Permission.PORTFOLIO_CHANGE).allowed
    names = list(Portfolio.objects.order_by("pk").values_list("name", "pk"))
    if names and PortfolioProject.objects.filter(removed_on=None).exists():
        text = f"{formats.count(len(names), 'portfolio')}."
        opened = (
            [FirstStepLink(label="Open", url=reverse("portfolio:portfolio_list"))] if may else []
        )
        return State(done=True, text=text, actions=opened)
    if names:
        name, pk = names[0]
        text = words.portfolio_empty(name)
        url, label, icon = (
            reverse("portfolio:portfolio_detail", args=[pk]),
            words.ADD_PROJECTS,
            "plus",
        )
    else:
        text = words.NO_PORTFOLIO
        url, label, icon = reverse("portfolio:portfolio_new"), words.ADD_PORTFOLIO, "layers"
    if not may:
        return State(done=False, text=f"{text} {words.BY_OFFICE}")
    return State(done=False, text=text, actions=[FirstStepLink(label=label, url=url, icon=icon)])
