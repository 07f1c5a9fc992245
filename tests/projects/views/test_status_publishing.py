"""What publishing costs: the whole request, from the session to the refreshed snapshot."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.models import Milestone, StatusUpdate
from projects.services.money import make_forecast
from projects.services.status import save_draft
from reports.models import Snapshot
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    IssueFactory,
    MemberFactory,
    MilestoneFactory,
    ProjectFactory,
    RiskFactory,
    UpdateFactory,
    person,
)
from tests.factories.reports import SnapshotFactory, freeze

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture(params=[date(2026, 11, 20), date(2027, 11, 26)], ids=["on plan", "late"])
def day(request):
    """A day on which the update says what the data say, and one on which it is challenged."""
    noon = datetime.combine(request.param, time(12), tzinfo=timezone.get_current_timezone())
    with time_machine.travel(noon.timestamp(), tick=True):
        yield request.param


@pytest.fixture
def busy_project(transactional_db, day):
    """A project with ten milestones, money, risks and history; its manager."""
    manager = person(Role.STAFF)
    project = ProjectFactory()
    MemberFactory(project=project, user=manager)
    MilestoneFactory.create_batch(10, project=project)
    BudgetLineFactory(project=project)
    CostEntryFactory(project=project)
    RiskFactory(project=project)
    IssueFactory(project=project)
    sunday = day - timedelta(days=day.weekday() + 1)
    UpdateFactory(project=project, week=sunday - timedelta(days=6))
    make_forecast(project=project, amount=Decimal(900000), by=manager)
    freeze(sunday)
    SnapshotFactory(project=project, date=sunday)
    return project, manager


def sent(project, *, moved):
    """What the browser sends: everything as it stands, with `moved` milestones a week later."""
    data = {
        "once": str(uuid4()),
        "version": "1",
        "revision": "1",
        "overall": "amber",
        "overall_note": "Permit late.",
        "schedule": "amber",
        "schedule_note": "The permit office asked once more.",
        "percent_complete": "61",
        "forecast_cost": "950,000" if moved else "900,000",
        "forecast_cost_was": "900000.00",
        "forecast_finish_date": "2027-02-01" if moved else "2027-01-04",
        "forecast_finish_date_was": "2027-01-04",
    }
    for number, one in enumerate(Milestone.objects.filter(project=project).order_by("pk")):
        day = one.forecast_date
        data[f"m{one.pk}_was"] = f"{day}|"
        data[f"m{one.pk}_forecast"] = str(day + timedelta(days=7) if number < moved else day)
        data[f"m{one.pk}_actual"] = ""
        data[f"m{one.pk}_reason"] = "Waits for the permit."
    return data


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_draft", [False, True])
@pytest.mark.parametrize(("moved", "allowed"), [(0, 18), (2, 23), (10, 23)])
def test_publishing_takes_few_statements_whatever_moves(
    client, busy_project, moved, allowed, has_draft
):
    """
    One of them is the row that keeps the form from being sent twice; where a date moved, another asks which
    messages hang on it.

    Where the data says another color, one more asks which kind of office the project has.
    """
    is_other = timezone.localdate() > date(2026, 12, 31)
    _ = connection.features.supports_json_field  # asked once per process, whoever comes first
    project, manager = busy_project
    if has_draft:
        said = {"overall": "green", "overall_note": "On track."}
        save_draft(project=project, by=manager, version=0, **said)
    client.force_login(manager)
    url = reverse("projects:status_form", args=[project.pk])
    data = sent(project, moved=moved) | {"version": str(int(has_draft))}

    with CaptureQueriesContext(connection) as caught:
        response = client.post(url, data)

    update = StatusUpdate.objects.get(overall="amber")
    assert (response.status_code, response["Location"]) == (302, update.get_absolute_url())
    assert Milestone.objects.filter(version=2).count() == moved
    assert Snapshot.objects.live().get(project=project).overall == "amber"
    statements = [q["sql"] for q in caught if not q["sql"].startswith(CONTROL)]
    assert len(statements) == allowed - has_draft + is_other, "\n".join(
        q["sql"][:150] for q in caught
    )
