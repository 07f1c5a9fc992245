"""A project under change control, and requests in each state."""

from datetime import date
from decimal import Decimal

from pmo.accounts.roles import Role
from projects.models import ChangeRequest, ReserveMovement
from projects.services.baselines import set_first_baseline
from tests.factories import (
    BudgetLineFactory,
    MemberFactory,
    MilestoneFactory,
    ProjectFactory,
    person,
)

RAISED_ON = date(2026, 11, 2)


def baselined(*, budget=1_000_000, reserves=(), project=None, **fields):
    """A project whose first baseline holds a budget and one milestone on 1 June 2026."""
    project = project or ProjectFactory(**fields)
    BudgetLineFactory(project=project, amount=Decimal(budget))
    MilestoneFactory(project=project)
    for reserve, amount in reserves:
        ReserveMovement.objects.create(
            project=project, reserve=reserve, amount=amount, reason="Set aside", made_on=RAISED_ON
        )
    set_first_baseline(project=project, by=None, name="Approved plan", reason="Board")
    project.refresh_from_db()
    return project


def member(project, role):
    """Somebody who holds one role on the project and none elsewhere."""
    user = person(Role.STAFF)
    MemberFactory(project=project, user=user, role=role)
    return user


def asked(project, **fields):
    """A request as it was raised."""
    number = ChangeRequest.objects.filter(project=project).count() + 1
    given = {"number": number, "title": "Another ward", "justification": "Demand", **fields}
    return ChangeRequest.objects.create(project=project, **{"raised_on": RAISED_ON, **given})


def assessed(project, *, cost=0, days=0, **fields):
    """A request of which everything is said; money is new unless the fields say otherwise."""
    given = {
        "state": "assessed",
        "scope_effect": "One ward more",
        "benefit_effect": "None",
        "cost_effect": Decimal(cost),
        "schedule_effect_days": days,
        "funding": "new" if cost else "none",
        "assessed_on": RAISED_ON,
        **fields,
    }
    return asked(project, **given)


def approved(project, *, level="pmo_lead", **fields):
    given = {"state": "approved", "decided_on": RAISED_ON, "decided_as": level, **fields}
    return assessed(project, **given)
