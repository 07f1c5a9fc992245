"""Earned value in the snapshots: as worked out, with reasons, and never rewritten by a later baseline."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.domain.earning.figure import Figure, known
from projects.models import ForecastEntry
from reports.models import Snapshot
from reports.selectors.building import build_snapshots, storable
from reports.services import snapshots
from tests.factories import CostEntryFactory, ProjectFactory
from tests.factories.earning import FINISH, START, BaselineFactory, ItemFactory, earning_project

pytestmark = pytest.mark.django_db
HALF = START + timedelta(days=177)  # 128 of 255 working days
SUNDAY = date(2026, 6, 28)


def test_row_has_the_figures_of_the_baseline_in_force():
    project = earning_project(percent=40)
    ForecastEntry.objects.create(project=project, amount=Decimal(1300), made_on=START)

    [row] = build_snapshots([project.pk], as_of=HALF)

    assert (row.baseline_number, row.eac_method) == (1, "cpi")
    assert (row.budget_at_completion, row.planned_value) == (Decimal(1000), Decimal("501.96"))
    assert (row.earned_value, row.spent) == (Decimal(400), Decimal(600))
    assert (row.cpi, row.spi) == (Decimal("0.666667"), Decimal("0.796876"))
    assert (row.spi_t, row.forecast_finish_ev) == (Decimal("0.796875"), date(2027, 3, 26))
    # 600 + 600; 1000 ÷ (2/3); 600 + 600 ÷ (2/3 × 0.7969)
    assert (row.eac_low, row.eac, row.eac_high) == (
        Decimal("1200.00"),
        Decimal("1500.00"),
        Decimal("1729.41"),
    )
    assert row.earned_reasons == {}


def test_row_without_a_baseline_says_so_once():
    project = ProjectFactory()

    [row] = build_snapshots([project.pk], as_of=HALF)

    assert (row.baseline_number, row.cpi, row.eac, row.eac_method) == (None, None, None, "")
    assert row.earned_reasons == {"budget_at_completion": "No approved baseline to earn against."}


def test_each_reason_is_kept_once_at_the_first_figure_that_lacks():
    project = earning_project(percent=0, spent="")

    [row] = build_snapshots([project.pk], as_of=HALF)

    assert (row.earned_value, row.eac, row.eac_method) == (Decimal(0), Decimal(1000), "budget")
    assert row.earned_reasons == {
        "cpi": "No cost recorded.",
        "spi_t": "Nothing is earned yet.",
    }


def test_figure_that_no_column_holds_is_not_known():
    assert storable(known(Decimal("1234567890.1234565")), Decimal("0.000001")).value == Decimal(
        "1234567890.123457"
    )
    assert storable(known(Decimal(10) ** 10), Decimal("0.000001")) == Figure(
        None, "Too large to mean anything."
    )


def test_later_baseline_rewrites_nothing_that_was_frozen():
    project = earning_project(percent=40)
    snapshots.refresh([project.pk], today=SUNDAY)
    snapshots.freeze_week(SUNDAY)
    before = Snapshot.objects.at(SUNDAY).values().get(project=project)

    second = BaselineFactory(
        project=project,
        number=2,
        approved_on=SUNDAY - timedelta(days=10),
        budget_at_completion=Decimal(5000),
        finish=FINISH + timedelta(days=200),
    )
    ItemFactory(baseline=second, task_number=project.tasks.get().pk, amount=Decimal(5000))
    CostEntryFactory(project=project, amount=Decimal(900), entry_date=START)
    snapshots.refresh([project.pk], today=SUNDAY)
    snapshots.freeze_week(SUNDAY)

    assert Snapshot.objects.at(SUNDAY).values().get(project=project) == before
    assert before["planned_value"] == Decimal("490.20")
    live = Snapshot.objects.live().get(project=project)
    assert (live.baseline_number, live.earned_value) == (2, Decimal(2000))
