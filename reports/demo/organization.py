"""Create the demo hospital's units, people, programs, portfolios and objectives, by the services."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password

from pmo.accounts.models import Unit, User
from pmo.accounts.roles import Role
from pmo.accounts.services import create_unit, create_user, grant_role
from portfolio.models import Objective, Portfolio
from portfolio.services import create_objective, create_portfolio
from projects.models import FundingSource, Program
from projects.services.funding import create_source
from projects.services.projects import create_program
from reports.demo.stories import MILLION, day_of, read

PASSWORD = "rounds-demo"  # noqa: S105 - printed at every start, for a database of invented data
DOMAIN = "stbrigid.example"
SUNDAY = 6
OFFICE = "okonkwo"  # who loads the demo


@dataclass(kw_only=True)
class DemoOrganization:
    """What the projects refer to, by the names used in the data files."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    portfolios: dict[str, Portfolio] = field(default_factory=dict)
    objectives: dict[str, Objective] = field(default_factory=dict)
    funding: dict[str, FundingSource] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A sign-in that the demo prints."""

    role: str
    email: str


def create_organization(*, monday: date) -> DemoOrganization:
    """Create everything that the projects refer to; `monday` is this week's."""
    told = read("organization")
    made = DemoOrganization()
    _units(told["units"], None, made)
    _people(told, made)
    for code, (name, purpose) in told["programs"].items():
        made.programs[code] = create_program(by=None, code=code, name=name, purpose=purpose)
    for code, (name, description) in told["portfolios"].items():
        made.portfolios[code] = create_portfolio(
            by=None, code=code, name=name, description=description
        )
    for code, (name, pillar, description) in told["objectives"].items():
        made.objectives[code] = create_objective(
            by=None, code=code, name=name, pillar=pillar, description=description
        )
    _funding(monday, made)
    return made


def accounts() -> list[Account]:
    """Return one account per role, in the order in which they are printed."""
    return [
        Account(role=label, email=address_of(read("organization")["people"][key][0]))
        for label, key in read("organization")["sign_ins"]
    ]


def address_of(name: str) -> str:
    """Return first.last@ without titles or apostrophes."""
    plain = name.split(",", maxsplit=1)[0].replace("’", "").lower()
    return f"{plain.replace(' ', '.')}@{DOMAIN}"


def _units(rows: list[Any], parent: Unit | None, made: DemoOrganization) -> None:
    for name, kind, headcount, *inside in rows:
        unit = create_unit(by=None, name=name, kind=kind, headcount=headcount, parent=parent)
        made.units[name] = unit
        _units(inside[0] if inside else [], unit, made)


def _people(told: dict[str, Any], made: DemoOrganization) -> None:
    for key, (name, title, role, *unit) in told["people"].items():
        user = create_user(by=None, email=address_of(name), name=name, title=title)
        if role != Role.STAFF:
            grant_role(
                user=user, role=Role(role), unit=made.units[unit[0]] if unit else None, by=None
            )
        made.people[key] = user
    # one hash for all: hashing eleven times would be a third of the loading time
    User.objects.filter(email__in=[account.email for account in accounts()]).update(
        password=make_password(PASSWORD)
    )


def _funding(monday: date, made: DemoOrganization) -> None:
    for code, (name, kind, bound_to, millions, since, until) in read("control")["funding"].items():
        made.funding[code] = create_source(
            by=None,
            code=code,
            name=name,
            kind=kind,
            restriction=bound_to,
            amount=Decimal(str(millions)) * MILLION if millions else None,
            available_from=day_of(monday, since) if since else None,
            expires_on=day_of(monday, until, SUNDAY) if until else None,
        )
