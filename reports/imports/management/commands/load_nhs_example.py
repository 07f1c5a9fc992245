"""Fill an empty database with ten years of a real health portfolio."""

import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pmo.accounts import services as accounts
from pmo.accounts.models import UnitKind, User
from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.organization.services import change_organization
from portfolio import services as portfolios
from portfolio.models import Portfolio
from reports.imports.services.direct import Order, import_now
from reports.models import Freeze, scope_of
from reports.services.summaries import compile_summary, issue_summary, review_summary
from reports.services.variance import request_variance

EXAMPLE = Path(settings.BASE_DIR) / "examples" / "nhs" / "projects.csv"
UNIT = "Department of Health and Social Care"
# for looking around in an example on one's own machine; the start page prints it
PASSWORD = "ten-years-of-health"  # noqa: S105 - printed for everybody who starts the example
SETTINGS = {
    "name": "Health and Social Care",
    "currency": "£",
    "currency_after": False,
    "fiscal_year_start_month": 4,
}
PEOPLE = (
    (Role.PMO_LEAD, "lead@health.example", "Imani Clarke"),
    (Role.PMO_ANALYST, "analyst@health.example", "Tomasz Reed"),
    (Role.EXECUTIVE, "executive@health.example", "Grace Whitfield"),
    (Role.AUDITOR, "auditor@health.example", "Owen Hughes"),
    (Role.UNIT_HEAD, "unit@health.example", "Leila Hassan"),
    (Role.ADMINISTRATOR, "admin@health.example", "Priya Nair"),
)


class Command(BaseCommand):
    # how far it is, for whoever starts Rounds: called with done, total and the word for what is counted
    stealth_options = ("progress",)
    help = "Load ten years of the United Kingdom's major health projects into an empty database."

    def handle(self, *_args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("This database is in use; the example goes into an empty one.")
        with transaction.atomic():
            change_organization(by=None, version=None, **SETTINGS)
            lead = _people()
            portfolio = portfolios.create_portfolio(
                by=lead,
                code="HEALTH",
                name="Major health projects",
                description="Projects of the department in the Government Major Projects Portfolio.",
            )
            order = Order(
                accepts_warnings=True,  # the example is as it was published
                file_name=EXAMPLE.name,
                content=EXAMPLE.read_bytes(),
                profile="nhs_example",
                portfolio=portfolio,
                is_complete=True,
            )
            report = import_now(order, by=lead).report
            if report["problem_count"]:
                raise CommandError(f"The example has problems: {report['problems'][:3]}")
            _issue_summaries(portfolio, lead, options.get("progress"))
        _make_variance_reports(portfolio, lead)
        self._write_sign_ins()
        self.stdout.write(f"Loaded {report['total']} project-years of {UNIT}.")

    def _write_sign_ins(self) -> None:
        rows = [{"role": role.label, "email": email, "password": PASSWORD} for role, email, _ in PEOPLE]  # fmt: skip
        target = Path(settings.DATA_DIR) / "sign-ins.json"
        target.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def _days(portfolio: Portfolio) -> list[date]:
    return list(
        Freeze.objects.filter(portfolio=portfolio).order_by("date").values_list("date", flat=True)
    )


def _issue_summaries(
    portfolio: Portfolio, lead: User, progress: Callable[[int, int, str], None] | None
) -> None:
    """Compile and issue the summary of each year, against the year before."""
    days = _days(portfolio)
    for number, day in enumerate(days, start=1):
        summary = compile_summary(scope=scope_of(portfolio), day=day, by=lead)
        read = review_summary(summary=summary, version=summary.version, by=lead, comments={})
        issue_summary(summary=read, version=read.version, by=lead, is_mailed=False)
        if progress:
            progress(number, len(days), "summaries")


def _make_variance_reports(portfolio: Portfolio, lead: User) -> None:
    for before, day in pairwise(_days(portfolio)):
        job = request_variance(scope=scope_of(portfolio), day=day, compared_with=before, by=lead)
        jobs.run(job.pk)


def _people() -> User:
    """Add one person for each role; return the PMO lead."""
    unit = accounts.create_unit(by=None, name=UNIT, kind=UnitKind.DEPARTMENT)
    people = {}
    for role, email, name in PEOPLE:
        user = accounts.create_user(by=None, email=email, name=name, password=PASSWORD)
        where = unit if role is Role.UNIT_HEAD else None
        accounts.grant_role(user=user, role=role, unit=where, by=None)
        people[role] = user
    return people[Role.PMO_LEAD]
