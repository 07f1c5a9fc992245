"""Ten years of a real portfolio in the database, against the reference figures."""

import io
import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.common.models import Attribution, AuditEvent
from pmo.common.records import audit
from portfolio.models import Portfolio, PortfolioProject
from projects.models import Project, StatusUpdate
from reports.imports.services.direct import Order, import_now
from reports.models import Freeze, Snapshot, Summary, VarianceReport
from reports.models.snapshots import LIVE
from reports.services.summaries import is_intact
from tests.factories import person
from tests.reports.management.nhs import figures
from tests.reports.test_nhs_example import REFERENCE, ROOT, expected

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
EXAMPLE = ROOT / "examples/nhs/projects.csv"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The example, loaded once for all tests of this file and taken back at its end."""
    folder = tmp_path_factory.mktemp("nhs")
    there = override_settings(DATA_DIR=folder)
    with django_db_blocker.unblock(), there, transaction.atomic():
        call_command("load_nhs_example", stdout=io.StringIO())
        yield folder
        transaction.set_rollback(True)


def test_example_in_the_database_matches_the_reference(loaded):
    portfolio = Portfolio.objects.get()

    for year in REFERENCE["years"]:
        assert figures(year["as_of"], portfolio) == expected(year), year["release"]
    assert Project.objects.count() == 66
    assert [(str(f.date), f.rows) for f in Freeze.objects.order_by("date")] == [
        (year["as_of"], year["rows"]) for year in REFERENCE["years"]
    ]
    assert StatusUpdate.objects.count() == REFERENCE["project_years"]


def test_stated_reasons_stand_where_values_are_missing(loaded):
    flu = Snapshot.objects.get(code="NHS-034", date=date(2014, 9, 30))

    said = "Data exempt under Section 43 (2) of the Freedom of Information Act (2000)"
    assert (flu.approved_budget, flu.year_budget, flu.year_forecast) == (None, None, None)
    assert {flu.reasons[name] for name in ("approved_budget", "year_budget", "year_forecast")} == {said}  # fmt: skip
    care = Snapshot.objects.get(code="NHS-037", date=date(2014, 9, 30))
    assert (care.forecast_finish, care.reasons["forecast_finish"]) == (None, "No end date")
    papworth = Snapshot.objects.get(code="NHS-001", date=date(2013, 9, 30))
    assert (papworth.overall, papworth.published_rating, papworth.reasons["overall"]) == ("none", "No DCA", "No DCA")  # fmt: skip


def test_published_and_folded_ratings_stand_side_by_side(loaded):
    liverpool = Snapshot.objects.get(code="NHS-005", date=date(2014, 9, 30))
    midland = Snapshot.objects.get(code="NHS-006", date=date(2014, 9, 30))
    science = Snapshot.objects.get(code="NHS-003", date=date(2013, 9, 30))

    assert (liverpool.overall, liverpool.overall_before, liverpool.published_rating) == ("green", "none", "Green")  # fmt: skip
    assert (midland.overall, midland.published_rating) == ("green", "Amber/Green")
    assert (science.overall, science.published_rating) == ("red", "Amber/Red")


def test_portfolio_holds_at_each_date_what_was_published_then(loaded):
    portfolio = Portfolio.objects.get()

    for year in REFERENCE["years"]:
        entries = PortfolioProject.objects.filter(portfolio=portfolio)
        assert entries.on(date.fromisoformat(year["as_of"])).count() == year["rows"]


def test_each_year_has_its_summary_and_report_against_the_year_before(loaded):
    days = [date.fromisoformat(year["as_of"]) for year in REFERENCE["years"]]

    issued = Summary.objects.order_by("date").values_list("date", "compared_with", "state")
    assert list(issued) == [(day, before, "issued") for before, day in pairwise([None, *days])]
    reports = VarianceReport.objects.order_by("date")
    assert [(r.date, r.compared_with) for r in reports] == [
        (day, before) for before, day in pairwise(days)
    ]
    second = Summary.objects.get(date=days[1])
    assert len(second.content["lines"]) >= REFERENCE["years"][1]["rows"]
    assert is_intact(second)


def test_third_import_changes_nothing(loaded):
    lead = User.objects.get(email="lead@health.example")
    order = Order(
        file_name="projects.csv",
        content=EXAMPLE.read_bytes(),
        profile="nhs_example",
        portfolio=Portfolio.objects.get(),
        is_complete=True,
    )
    before = {
        model: list(model.objects.order_by("pk").values())
        for model in (Project, StatusUpdate, PortfolioProject, Snapshot, Freeze)
    }
    events = AuditEvent.objects.exclude(action__startswith="import.").count()

    for _ in range(2):
        counts = import_now(order, by=lead).report["counts"]
        assert counts == {"created": 0, "updated": 0, "unchanged": 175}

    for model, values in before.items():
        assert list(model.objects.order_by("pk").values()) == values, model
    assert AuditEvent.objects.exclude(action__startswith="import.").count() == events


def test_attribution_sign_ins_and_trail(loaded):
    assert [a.text for a in Attribution.objects.all()] == [
        "Contains public sector information licensed under the Open Government Licence v3.0."
    ]
    rows = json.loads(Path(loaded / "sign-ins.json").read_text(encoding="utf-8"))
    assert [row["role"] for row in rows] == [
        "PMO lead",
        "PMO analyst",
        "Executive",
        "Auditor",
        "Unit head",
        "Administrator",
    ]
    for row in rows:
        assert authenticate(username=row["email"], password=row["password"]) is not None
    assert audit.faults() == []
    assert Snapshot.objects.filter(date=LIVE).count() == 0, "no commit happened in this test"


def test_database_in_use_is_left_alone():
    person(Role.STAFF)

    with pytest.raises(CommandError, match="This database is in use"):
        call_command("load_nhs_example")
