"""Many records at once go into SQLite by the statement that Django would make, to the letter."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Lower
from django.db.models.sql.compiler import SQLInsertCompiler
from django.utils import timezone

from pmo.accounts.models import Unit
from pmo.common.models import AuditEvent
from pmo.common.records import inserting as module
from pmo.common.records.inserting import inserting
from projects.models import CostEntry, Project, StatusUpdate
from reports.imports.models import RowState, StagedRow
from reports.imports.services import runs, work
from reports.models import Snapshot
from reports.services import snapshots
from tests.factories import ProjectFactory, UnitFactory
from tests.reports.imports.services.scene import started

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL has Django's own way"
)


@pytest.fixture
def compared(monkeypatch):
    """Each statement is made by Django too, at the same moment; yields the models that were written."""
    now, seen = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), []
    monkeypatch.setattr(timezone, "now", lambda: now)
    ours = module._Compiler.as_sql

    def both(self):
        mine, theirs = ours(self), SQLInsertCompiler.as_sql(self)
        assert mine == theirs
        assert list(map(type, mine[0][1])) == list(map(type, theirs[0][1]))
        seen.append(self.query.model)
        return mine

    monkeypatch.setattr(module._Compiler, "as_sql", both)
    return seen


@on_sqlite
def test_what_an_import_writes_is_written_as_django_would(lead, compared):
    UnitFactory(name="Surgery")
    text = "Code,Name,Unit,Start,End,Budget,Cost,Spent,Done,RAG,Sentence\n"
    text += "A,One,Surgery,2026-01-02,2026-09-01,10,20.5,5,20,Green,As planned.\n"
    text += "B,Two,Surgery,,,,,,,Red,Two\u2028lines\n"
    run = started(text, lead, answers={"stage": "delivery"})
    work.finish_check(run, work.check(run))
    runs.apply(run=run, by=lead)
    snapshots.refresh(Project.objects.values_list("pk", flat=True))

    assert run.rows.filter(state=RowState.WRITTEN).count() == 2
    assert {Project, CostEntry, StatusUpdate, AuditEvent, StagedRow, Snapshot} <= set(compared)


@on_sqlite
def test_values_of_other_types_go_the_fields_own_way(compared):
    project = ProjectFactory()
    spent = [
        CostEntry(project=project, amount=amount, entry_date=day, note=note)
        for amount, day, note in (
            (Decimal("1.5"), date(2026, 1, 2), "one two"),
            (2, "2026-01-03", Value("said")),
            (Decimal("1.50"), datetime(2026, 1, 2, 3, 4, tzinfo=UTC), Lower(Value("LOUD"))),
        )
    ]
    inserting(CostEntry).bulk_create(spent[:1])
    inserting(CostEntry).bulk_create(spent[1:])

    notes = CostEntry.objects.order_by("pk").values_list("note", flat=True)
    assert [one.pk for one in spent] == sorted(one.pk for one in spent)
    assert list(notes) == ["one two", "said", "loud"]
    with pytest.raises(ValueError, match="Failed to insert expression"):
        inserting(Unit).bulk_create([Unit(name=F("path")), Unit(name="b")])


def test_records_know_their_keys_and_whom_they_belong_to():
    fields = {"unit": UnitFactory(), "stage": "delivery"}
    made = [Project(code=f"N-{n}", name=f"New {n}", **fields) for n in range(60)]
    waiting = [CostEntry(project=one, amount=1, entry_date=date(2026, 1, 2)) for one in made]
    inserting(Project).bulk_create(made)
    inserting(CostEntry).bulk_create(waiting)

    assert {one.pk: one.code for one in made} == dict(
        Project.objects.filter(code__startswith="N-").values_list("pk", "code")
    )
    assert not any(one._state.adding for one in made)
    assert {one.project_id for one in CostEntry.objects.all()} == {one.pk for one in made}
    assert inserting(Project).bulk_create([]) == []
