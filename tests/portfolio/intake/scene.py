"""One record of every kind of intake, and what a new one needs, for the rules of the API."""

from decimal import Decimal

from pmo.accounts.roles import Role
from portfolio.intake.models import CapitalCycle, ProjectRequest
from portfolio.intake.services.cycles import draw_contingency
from portfolio.intake.services.items import create_item
from portfolio.intake.services.requests import create_request
from tests.factories import person
from tests.factories.intake import CycleFactory, ReplacementFactory, RequestFactory, submitted


def intake_scene(project):
    """A request in the project's unit with an item, a cycle with a draw, something in use, and later ones."""
    later_requests(project)
    request = submitted(unit=project.unit, title=f"Wish {project.pk}")
    cycle = CycleFactory()
    office = person(Role.PMO_ANALYST)
    item = create_item(request=request, by=office, name="Cart", unit_cost=Decimal(900))
    return {
        "requests": create_request(by=person(Role.PMO_LEAD), title="A draft"),
        "request-versions": request.versions.get(),
        "request-steps": request.steps.get(),
        "request-items": item,
        "capital-cycles": cycle,
        "contingency-draws": draw_contingency(
            cycle=cycle, by=None, amount=Decimal(5), reason="Pump"
        ),
        "replacement-items": ReplacementFactory(unit=project.unit),
    }


def later_requests(project):
    """One that was asked something, and one that goes on as a project."""
    for state in ("asked", "case"):
        RequestFactory(unit=project.unit, state=state, clock_since=None, answer_due_on=None)


def intake_bodies(records, unique):
    taken = set(CapitalCycle.objects.values_list("year", flat=True))
    days = ("call_on", "lists_due_on", "cases_due_on", "committees_on", "board_on", "letters_on")
    return {
        "requests": {"title": f"T {unique}"},
        "request-items": {
            "request": records["request-items"].request_id,
            "name": f"I {unique}",
            "unit_cost": "10.00",
        },
        "capital-cycles": {
            **dict.fromkeys(days, "2027-03-01"),
            "year": next(year for year in range(2027, 2050) if year not in taken),
            "envelope": "90.00",
            "contingency": "9.00",
        },
        "contingency-draws": {
            "cycle": records["contingency-draws"].cycle_id,
            "amount": "7.00",
            "reason": "Board",
        },
        "replacement-items": {
            "name": f"A {unique}",
            "unit": records["units"].pk,
            "in_use_since": "2020-01-01",
            "life": "8.0",
            "condition": 3,
            "safety": 3,
            "service_cost": "1.00",
            "new_cost": "9.00",
        },
    }


def asker():
    """The requester of the last draft, who alone changes it."""
    return ProjectRequest.objects.filter(state="draft").latest("pk").requester
