"""
No page, file or list falls over what one project holds, whatever an earlier release once took.

The edges of every date and number go past the forms and the guards straight into the tables; then
everything that shows them is read.
"""

import inspect
import random
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.api_urls import RESOURCES
from pmo.common.local.days import FiscalYear
from pmo.common.models import Heartbeat
from pmo.common.records.bounds import bounds_of
from pmo.common.records.writing import RefusalError
from portfolio.models import Portfolio
from projects.models import Project, Task
from projects.services.plan import reschedule
from reports.models import Snapshot, scope_of
from reports.services.snapshots import _hold, freeze_week, refresh_all
from reports.services.summaries import compile_summary
from tests.addresses import addresses
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    MonthForecastFactory,
    ProjectFactory,
    UpdateFactory,
    person,
)
from tests.test_api_rules import scene

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EDGES = [
    date(1, 1, 1),
    date(26, 11, 20),
    date(1900, 1, 1),
    date(2026, 2, 28),
    date(2200, 12, 31),
    date(9999, 12, 31),
]
YEARS = [0, 1, 26, 1900, 2027, 2200, 9999, 32767]
SMALLEST, LARGEST = 0, 32767  # of the columns of release 0.1
# what documents and imports keep was read from these
APPS = {
    one.label
    for one in apps.get_app_configs()
    if one.name.partition(".")[0] in {"projects", "risks", "portfolio"}
}
# what addresses of pages are asked with
ASKED = ("as_of", "day", "date", "since", "until", "week", "year", "month", "page", "due", "before")
# four more draws, which the second database is spared
MORE = [pytest.param(draw, marks=pytest.mark.either) for draw in range(2, 6)]
WAYS = ["earliest", "latest", 0, 1, *MORE]


def drop_triggers():
    """Let everything into the tables until the end of the test, which takes its statements back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


def edges_of(field):
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        # computed days, too, which no guard looks at
        return [day.replace(day=1) for day in EDGES] if field.name == "month" else EDGES
    if isinstance(field, FiscalYear):
        return YEARS
    bounds = bounds_of(field)
    if bounds is None:
        return []
    if isinstance(field, models.PositiveSmallIntegerField) and not field.choices:
        return sorted({*bounds, LARGEST})
    return list(bounds)


def chosen(edges, way, chance):
    if way == "earliest":
        return edges[0]
    return edges[-1] if way == "latest" else chance.choice(edges)


def disturb(project, way):
    """Write edges into every row of the project, and into what belongs to none; return how many stuck."""
    chance, stuck = random.Random(str(way)), 0  # noqa: S311 - the same values each time
    for model in apps.get_models():
        if model._meta.app_label not in APPS:
            continue
        names = {field.name for field in model._meta.local_concrete_fields}
        if model is Project:
            where = f"id = {project.pk}"
        else:
            where = f"project_id = {project.pk}" if "project" in names else "1 = 1"
        for field in model._meta.local_concrete_fields:
            edges = edges_of(field)
            if not edges or field.generated:
                continue
            value = chosen(edges, way, chance)
            sql = f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s WHERE {where}'  # noqa: S608 - the code's own names
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(sql, [str(value)])
                    stuck += cursor.rowcount > 0
            except IntegrityError:
                continue  # a constraint of release 0.1 keeps it out
    return stuck


@pytest.fixture(autouse=True)
def _ticking():
    """Let the clock have ticked: only what the values do is looked at."""
    Heartbeat.objects.create(pk=1, at=timezone.now())


@pytest.fixture
def disturbed(request):
    records, _quiet = scene(), scene()
    project = records["projects"]
    UpdateFactory(project=project, state="draft", published_at=None, percent_complete=50)
    for month in range(3):
        MonthForecastFactory(project=project, month=date(2027, month + 1, 1))
    drop_triggers()
    assert disturb(project, request.param) > 25
    project.refresh_from_db()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")
    return records | {"projects": project}


def opened(client, name, address, codes):
    """Open a page and read it to its end; return what fell over."""
    try:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
    except Exception as error:
        place = inspect.trace()[-1]
        return f"{name}: {type(error).__name__} {error} ({place.filename}:{place.lineno})"
    codes[name] = answer.status_code
    return None if answer.status_code in {200, 302, 404, 405, 403} else f"{name}: {answer}"


@pytest.mark.parametrize("disturbed", WAYS, indirect=True)
def test_everything_can_be_read(client, disturbed):
    project = disturbed["projects"]
    client.force_login(person(Role.PMO_LEAD))
    refresh_all()
    portfolio = Portfolio.objects.get(entries__project=project)
    today = timezone.localdate()
    freeze_week(today)
    compile_summary(scope=scope_of(portfolio), day=today, by=None)
    codes = {}

    fell = [opened(client, name, address, codes) for name, address in addresses(disturbed)]
    for name in RESOURCES:
        fell.append(opened(client, f"api {name}", f"/api/v1/{name}/?page_size=200", codes))
        if name in disturbed:
            one = f"/api/v1/{name}/{disturbed[name].pk}/"
            fell.append(opened(client, f"api {name} one", one, codes))
    for query in ("?order=late", "?year=32767", "?year=9999", "?year=1"):
        months = reverse("projects:project_months", args=[project.pk])
        fell.append(opened(client, f"months {query}", months + query, codes))

    assert [one for one in fell if one] == []
    assert sum(code == 200 for code in codes.values()) > 90


@pytest.mark.parametrize("disturbed", WAYS, indirect=True)
def test_a_plan_is_computed_or_refused_in_a_sentence(disturbed):
    project = disturbed["projects"]
    before = Task.objects.filter(project=project).count()

    said = ""
    try:
        reschedule(project=project, by=None)
    except RefusalError as refusal:
        said = str(refusal)

    assert said[-1:] in {"", "."}

    assert Task.objects.filter(project=project).count() == before


@pytest.mark.parametrize("disturbed", ["earliest", "latest"], indirect=True)
def test_no_page_grows_with_a_year(client, disturbed):
    client.force_login(person(Role.PMO_LEAD))
    project = disturbed["projects"]
    refresh_all()
    names = (
        "projects:project_plan",
        "projects:project_months",
        "projects:budget_line_new",
        "projects:project_money",
        "reports:project_forecast",
    )

    sizes = {name: len(client.get(reverse(name, args=[project.pk])).content) for name in names}

    assert {name: size for name, size in sizes.items() if size > 400_000} == {}


@pytest.mark.either
@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31", "10000-01-01", "32767", "0", "x"])
def test_no_address_falls_over_what_it_is_asked_for(client, lead, value):
    records = scene()
    refresh_all()
    client.force_login(lead)
    asked = "&".join(f"{name}={value}" for name in ASKED)
    codes = {}

    fell = [
        opened(client, name, f"{address}?{asked}", codes) for name, address in addresses(records)
    ]

    assert [one for one in fell if one] == []
    assert len(codes) > 90


def test_one_project_of_sums_beyond_its_columns_stops_no_other(lead):
    """Each amount keeps to its bounds; what they come to does not."""
    odd, other = ProjectFactory(), ProjectFactory()
    most = Decimal("9999999999999.99")
    for number in range(12):
        BudgetLineFactory(project=odd, category=f"Line {number}", amount=most)
    CostEntryFactory(project=odd, amount=Decimal("0.01"))
    CostEntryFactory(project=other, amount=Decimal(5))

    assert refresh_all() == 2

    rows = {row.project_id: row for row in Snapshot.objects.all()}
    assert rows[odd.pk].approved_budget == Decimal("9999999999999.99")
    assert rows[other.pk].spent == 5


def test_a_sum_or_ratio_is_cut_to_what_its_column_holds():
    row = Snapshot(spent=-(10**15), cpi=Decimal(10) ** 11, spi=Decimal("0.9"))

    _hold(row)

    assert row.spent == Decimal("-9999999999999.99")
    assert row.cpi == Decimal("999999999.999999")
    assert (row.spi, row.committed) == (Decimal("0.9"), None)
