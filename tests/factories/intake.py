"""Boring requests for tests; write through services where the test is about writing."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.intake.domain.kinds import RequestState
from portfolio.intake.models import CapitalCycle, ProjectRequest, ReplacementItem
from portfolio.intake.services.requests import create_request
from portfolio.intake.services.triage import triage_request
from tests.factories import UnitFactory, person

PAGE = {
    "problem": "Nurses walk to the store for each dose.",
    "kind": "new",
    "if_nothing": "They go on walking.",
    "size": "M",
}
ESTIMATES = {
    "capital_estimate": Decimal(200_000),
    "operating_estimate": Decimal(20_000),
    **{f"running_{year}": Decimal(10_000) for year in range(1, 6)},
}
READY = {
    "lane": "strategic",
    "request_class": "routine",
    **ESTIMATES,
    "expected_value": "Two hours a shift.",
    "options": "Do minimum: carts. Replace: cabinets. Retire: no.",
}


class RequestFactory(factory.django.DjangoModelFactory):
    """A request in triage since today, due in two weeks."""

    class Meta:
        model = ProjectRequest

    title = factory.Sequence(lambda n: f"Request {n}")
    problem = PAGE["problem"]
    kind = "new"
    if_nothing = PAGE["if_nothing"]
    size = "M"
    unit = factory.SubFactory(UnitFactory)
    requester = factory.LazyFunction(lambda: person(Role.STAFF))
    state = RequestState.TRIAGE.value
    submitted_on = factory.LazyFunction(timezone.localdate)
    clock_since = factory.LazyAttribute(
        lambda one: timezone.localdate() if one.state == RequestState.TRIAGE else None
    )
    answer_due_on = factory.LazyAttribute(
        lambda one: one.clock_since + timedelta(days=14) if one.clock_since else None
    )


class CycleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CapitalCycle

    # within the thirty years to come that people may give
    year = factory.Sequence(lambda n: 2027 + n % 25)
    call_on = date(2026, 9, 8)
    lists_due_on = date(2026, 10, 30)
    cases_due_on = date(2026, 12, 18)
    committees_on = date(2027, 1, 20)
    board_on = date(2027, 3, 15)
    letters_on = date(2027, 4, 30)
    envelope = Decimal(20_000_000)
    contingency = Decimal(2_000_000)


class ReplacementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReplacementItem

    name = factory.Sequence(lambda n: f"Scanner {n}")
    unit = factory.SubFactory(UnitFactory)
    in_use_since = date(2020, 1, 1)
    life = Decimal(8)
    condition = 3
    safety = 3
    service_cost = Decimal(10_000)
    new_cost = Decimal(100_000)


def submitted(by=None, **fields):
    """A request that somebody submitted today, through the services."""
    asker = by or person(Role.STAFF)
    unit = fields.pop("unit", None) or UnitFactory()
    return create_request(
        by=asker, submit=True, **({"title": "Barcode scanners", "unit": unit} | PAGE | fields)
    )


def triaged(request, by, **fields):
    return triage_request(request=request, version=None, by=by, **(READY | fields))
