"""The database itself refuses to rewrite what was published, frozen, issued or recorded."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from pmo.common.records import append_only, audit
from projects.models import BaselineItem, BaselinePeriod, ForecastEntry
from reports.imports.models import Spared
from reports.models import Freeze, Snapshot
from reports.services.snapshots import freeze_week, refresh
from tests.factories import ProjectFactory, UpdateFactory
from tests.factories.changes import baselined

pytestmark = pytest.mark.django_db


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


@pytest.fixture
def past(lead, project):
    """One row of each kind that must stay."""
    UpdateFactory(project=project)
    refresh([project.pk])
    freeze_week(date(2026, 11, 15))
    ForecastEntry.objects.create(project=project, amount=1, made_on=date(2026, 11, 1))
    return project


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE common_auditevent SET action = 'x'",
        "UPDATE projects_statusupdate SET overall = 'red'",
        "UPDATE projects_forecastentry SET amount = 2",
        "UPDATE reports_snapshot SET overall = 'red' WHERE date < '9999-12-31'",
        "UPDATE reports_freeze SET rows = 0",
    ],
)
def test_the_past_refuses_to_change(past, sql):
    with pytest.raises(DatabaseError, match="never changed or removed"):
        run(sql)


def test_a_draft_and_a_live_row_do_change(past):
    UpdateFactory(project=ProjectFactory(), state="draft", published_at=None)

    assert run("UPDATE projects_statusupdate SET overall = 'red' WHERE state = 'draft'") == 1
    assert run("UPDATE reports_snapshot SET overall = 'red' WHERE date = '9999-12-31'") == 1


@pytest.mark.parametrize("table", ["common_auditevent", "reports_freeze", "projects_forecastentry"])
def test_the_past_refuses_to_go(past, settings, table):
    settings.FENCE_DELETES = True
    append_only.put_up()

    with pytest.raises(DatabaseError, match="never changed or removed"):
        run(f"DELETE FROM {table}")  # noqa: S608


def test_a_forecast_goes_only_while_an_undo_names_it(past, settings):
    settings.FENCE_DELETES = True
    append_only.put_up()
    entry = ForecastEntry.objects.get()
    named = Spared.objects.create(of_table="projects_forecastentry", row=entry.pk)

    with pytest.raises(DatabaseError, match="never changed or removed"):
        run("UPDATE projects_forecastentry SET amount = 2")
    assert run("DELETE FROM projects_forecastentry") == 1

    named.delete()
    ForecastEntry.objects.create(project=past, amount=1, made_on=date(2026, 11, 1))
    with pytest.raises(DatabaseError, match="never changed or removed"):
        run("DELETE FROM projects_forecastentry")


def test_replacing_a_row_is_refused_too(past, settings):
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's")
    settings.FENCE_DELETES = True
    append_only.put_up()
    columns = "id, date, portfolio_id, kind, frozen_at, rows"

    with pytest.raises(DatabaseError, match="never changed or removed"):
        run(f"REPLACE INTO reports_freeze ({columns}) SELECT {columns} FROM reports_freeze")  # noqa: S608


@pytest.mark.parametrize(
    "part",
    [
        lambda b: BaselineItem(baseline=b, project=b.project, name="Smuggled", kind="task"),
        lambda b: BaselinePeriod(
            baseline=b, project=b.project, month=date(2026, 1, 1), kind="capital", amount=1
        ),
    ],
    ids=["item", "month"],
)
def test_nothing_joins_a_baseline_after_it_is_made(part):
    made = baselined().baselines.get()
    before = (made.items.count(), made.periods.count())

    with pytest.raises(DatabaseError, match="never added afterwards"), transaction.atomic():
        part(made).save()
    with pytest.raises(DatabaseError, match="never changed or removed"):
        run("UPDATE projects_baseline SET is_complete = %s", False)

    assert (made.items.count(), made.periods.count()) == before
    assert before[0] > 0


def test_every_fence_stands_on_its_table():
    tables = set(connection.introspection.table_names())

    assert set(append_only._fences) <= tables
    assert {m._meta.db_table for m in (Snapshot, Freeze, ForecastEntry)} <= set(append_only._fences)


def test_appending_goes_on(past, lead):
    audit.record(action="thing.changed", target="things.thing:1", by=lead)

    assert audit.faults() == []
