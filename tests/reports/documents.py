"""A portfolio with two frozen weeks, for the tests of what is handed out."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from pmo.common.models import Job
from portfolio.models import PortfolioProject
from projects.domain.health import MEASURED, Axis
from reports.models import (
    Delivery,
    Enclosure,
    Freeze,
    FrozenMilestone,
    Snapshot,
    VarianceReport,
    scope_of,
)
from reports.models.snapshots import LIVE
from reports.services.variance import make_variance
from tests.factories import ProjectFactory

OCTOBER = date(2026, 10, 25)
BEFORE, SUNDAY = date(2026, 11, 8), date(2026, 11, 15)
SECRET = "Juniper"
COLORS = (
    *("overall", "overall_said", "overall_before", "measured", "measured_before"),
    *(axis.value for axis in Axis),
    *(axis.measured for axis in MEASURED),
)


def freeze(day, portfolio=None):
    return Freeze.objects.create(date=day, portfolio=portfolio, frozen_at=timezone.now(), rows=0)


def key(record):
    """Return how addresses and forms name the scope of a portfolio, program or unit."""
    return str(scope_of(record).key)


def mailed(summary, user, **fields):
    """Write a mail about one summary by hand."""
    values = {"address": user.email, "message_id": f"<{user.pk}@b>"} | fields
    mail = Delivery.objects.create(
        user=user, date=summary.date, is_early=summary.is_early, **values
    )
    Enclosure.objects.create(delivery=mail, user=user, summary=summary)
    return mail


def row(project, day, color="green", **fields):
    """Write a frozen row by hand, or a live one of today; amounts are whole dollars."""
    values = dict.fromkeys(COLORS, "none") | {
        "project": project,
        "date": day,
        "judged_for": timezone.localdate() if day == LIVE else day,
        "built_at": timezone.now(),
        "code": project.code,
        "name": project.name,
        "category": project.category,
        "lane": project.lane,
        "stage": project.stage,
        "unit": project.unit,
        "unit_name": project.unit.name,
        "overall": color,
        "measured": color,
        "is_stale": False,
    }
    for name in ("approved_budget", "spent", "forecast_cost", "year_budget", "year_forecast"):
        if fields.get(name) is not None:
            fields[name] = Decimal(fields[name])
    return Snapshot.objects.create(**(values | fields))


def earned(*, spent, low, high, **amounts):
    """Return what a row holds of earned value; the approved plan is 100."""
    values = {"budget_at_completion": 100, "spent": spent, "eac_low": low, "eac_high": high}
    return {name: Decimal(value) for name, value in (values | amounts).items()} | {
        "eac_method": "cpi",
        "forecast_finish_ev": date(2027, 2, 1),
    }


def finished(portfolio, *, cost, forecast, frozen_on=SUNDAY, **project):
    """Add a project that finished on the Sunday, with what was forecast of its cost on the way."""
    made = ProjectFactory(stage="closed", **project)
    member(portfolio, made)
    dates = {"start_date": date(2026, 1, 5), "forecast_finish": SUNDAY, "is_active": False}
    if not Freeze.objects.filter(date=OCTOBER).exists():
        freeze(OCTOBER)
    row(made, OCTOBER, forecast_cost=forecast, **(dates | {"is_active": True}))
    for day in (frozen_on, LIVE):
        row(made, day, spent=cost, is_finished=True, **dates)
    return made


def milestone(project, day, name, baseline, due, *, is_done=False, key=1):
    return FrozenMilestone.objects.create(
        project=project,
        date=day,
        milestone=project.pk * 100 + key,
        name=name,
        kind="gate",
        baseline_date=baseline,
        due_date=due,
        is_done=is_done,
    )


def variance_of(scope, day):
    """Make a variance report of a frozen day and return its address."""
    job = Job.objects.create(kind="variance.report", key=f"{scope.key} {day}", state="done")
    make_variance(job=job, scope=scope, day=day, compared_with=None, by=None)
    return VarianceReport.objects.get(job=job).get_absolute_url()


def member(portfolio, project, *, added=date(2026, 1, 1), removed=None):
    return PortfolioProject.objects.create(
        portfolio=portfolio, project=project, added_on=added, removed_on=removed
    )


def two_weeks(portfolio):
    """
    Freeze two weeks of three projects and return them: Wing, Portal and a confidential one.

    Wing turned red and is 20 over 100; Portal is green and on budget; the confidential one is amber,
    5 over 50, and every text of it holds SECRET.
    """
    wing = ProjectFactory(code="FAC-1", name="Wing")
    portal = ProjectFactory(code="IT-1", name="Portal")
    secret = ProjectFactory(code=f"{SECRET}-1", name=f"Project {SECRET}", is_confidential=True)
    for day in (BEFORE, SUNDAY):
        freeze(day)
        for project in (wing, portal, secret):
            if day == BEFORE:
                member(portfolio, project)
    _wing(wing)
    _portal(portal)
    _secret(secret)
    return wing, portal, secret


def _wing(wing):
    row(wing, BEFORE, "amber", forecast_cost=110, forecast_finish=date(2027, 1, 1))
    row(
        wing,
        SUNDAY,
        "red",
        manager_name="M. Okafor",
        note="The permit was returned.",
        approved_budget=100,
        forecast_cost=120,
        baseline_finish=date(2026, 12, 1),
        forecast_finish=date(2027, 1, 11),
        help_needed="Approve the draw",
        help_from="COO",
        help_due=date(2026, 11, 13),
        top_risk="Steel is late",
        top_risk_score=20,
        high_risks=2,
        milestones_late=1,
        **earned(planned_value=50, earned_value=40, spent=40, eac=100, low=100, high=110),
    )
    milestone(wing, BEFORE, "Permit", date(2026, 11, 1), date(2026, 11, 6))
    milestone(wing, SUNDAY, "Permit", date(2026, 11, 1), date(2026, 11, 12))
    milestone(wing, SUNDAY, "Topped out", date(2026, 11, 20), date(2026, 11, 25), key=2)
    milestone(wing, SUNDAY, "Opened", date(2027, 5, 1), date(2027, 6, 1), key=3)


def _portal(portal):
    row(portal, BEFORE, forecast_cost=200)
    row(portal, SUNDAY, approved_budget=200, spent=80, forecast_cost=200)


def _secret(secret):
    texts = dict.fromkeys(
        ("manager_name", "note", "measured_rule", "help_needed", "help_from", "top_risk"), SECRET
    )
    row(secret, BEFORE, "amber", forecast_cost=50)
    row(
        secret,
        SUNDAY,
        "amber",
        approved_budget=50,
        forecast_cost=55,
        top_risk_score=25,
        reasons={"spent": SECRET},
        **earned(planned_value=25, earned_value=20, spent=7, eac=33_333, low=33_333, high=44_444),
        **texts,
    )
    milestone(secret, SUNDAY, f"{SECRET} signed", date(2026, 11, 1), date(2026, 11, 2))
