"""The demo as loaded on some day at some hour, with the clock set to it, and what must hold there."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import Max, Sum
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.models import AuditEvent
from pmo.common.records import audit
from projects.domain.calendar import fiscal_year
from projects.models import (
    CostEntry,
    ForecastEntry,
    FundingSource,
    Milestone,
    MonthForecast,
    Project,
    StatusUpdate,
    Task,
)
from projects.selectors.funding import sources_of
from projects.selectors.rollup import rollup_of
from reports.demo.ledger import FIRST_WEEK
from reports.demo.organization import OFFICE, address_of
from reports.demo.stories import read, stories
from reports.models import Delivery, Freeze, Snapshot, Summary, SummaryReading
from reports.services.summaries import is_intact

NOON = time(12)
SAME = 50  # of what the months say of a year: a fiftieth
PAGES = ("dashboard", "portfolio_forecast", "budget", "fiscal_years", "forecast_accuracy")
DATES = (
    (CostEntry, "entry_date"),
    (ForecastEntry, "made_on"),
    (MonthForecast, "made_on"),
    (Milestone, "actual_date"),
    (Project, "actual_finish_date"),
    (Project, "cancelled_on"),
    (Task, "actual_start"),
    (Task, "actual_finish"),
)
MOMENTS = (
    (AuditEvent, "at"),
    (StatusUpdate, "published_at"),
    (Freeze, "frozen_at"),
    (Summary, "issued_at"),
    (Delivery, "sent_at"),
    (SummaryReading, "first_at"),
)


@contextmanager
def loaded_on(day: date, at: time = NOON, *, ahead: timedelta = timedelta()):
    """Load the demo as of a day, at an hour of it or so long `ahead` of it, and forget it afterwards."""
    moment = datetime.combine(day, at, tzinfo=ZoneInfo(settings.TIME_ZONE)) - ahead
    with time_machine.travel(moment.timestamp(), tick=True), transaction.atomic():
        call_command("load_demo", **({"today": day} if ahead else {}), verbosity=0)
        yield
        transaction.set_rollback(True)


def check(client, today: date) -> None:
    """Fail where the demo of `today`, which must be loaded, does not hold together."""
    over = timezone.make_aware(datetime.combine(today, time.max))
    last = timezone.now() if timezone.localdate() == today else over
    monday = today - timedelta(days=today.weekday())
    sundays = [monday + timedelta(weeks=week, days=6) for week in range(FIRST_WEEK, 0)]
    codes = {*(story.code for story in stories()), read("begun")["code"]}

    assert list(Freeze.objects.order_by("date").values_list("date", flat=True)) == sundays
    assert set(Snapshot.objects.live().values_list("code", flat=True)) == codes
    assert Summary.objects.filter(state="issued").count() == 25
    assert all(is_intact(summary) for summary in Summary.objects.filter(state="issued"))
    assert audit.faults() == []
    assert [what for what in DATES if newest(*what) > today] == []
    assert [what for what in MOMENTS if newest(*what) > last] == []
    check_money(today)
    check_pages(client)


def newest(model, field):
    return model.objects.aggregate(newest=Max(field))["newest"]


def check_money(today: date) -> None:
    """Fail where years and months differ, or the grants that lapse are not those of the stories."""
    this = fiscal_year(today, start_month=settings.FISCAL_YEAR_START_MONTH)
    active = Project.objects.active()
    years = rollup_of(active, "kind", as_of=today).years
    by_month = next(one.whole.forecast.value for one in years if one.year == this)
    rows = Snapshot.objects.live().filter(project__in=active)
    by_year = rows.aggregate(sum=Sum("year_forecast"))["sum"]
    sources = sources_of(FundingSource.objects.order_by("code"), Project.objects.all(), as_of=today)

    assert abs(by_year - by_month) < by_month / SAME
    assert [one.source.code for one in sources if one.left.value] == ["CYBER-ST", "HRSA-TEL", "VAX"]
    assert not any(one.over_allotted for one in sources)


def check_pages(client) -> None:
    """Fail where a page that the whole portfolio comes together on cannot be read."""
    client.force_login(
        User.objects.get(email=address_of(read("organization")["people"][OFFICE][0]))
    )
    paths = ["/", *(reverse(f"reports:{name}") for name in PAGES)]
    summary = Summary.objects.latest("pk")
    paths.append(reverse("reports:summary_detail", args=[summary.pk]))

    assert {path: client.get(path, follow=True).status_code for path in paths} == dict.fromkeys(
        paths, 200
    )
