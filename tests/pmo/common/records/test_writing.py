"""Records are checked, counted up and recorded; nobody overwrites anybody silently."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from pmo.common.models import AuditEvent
from pmo.common.records import audit
from pmo.common.records.writing import EditConflictError, add, change, only, remove
from projects.models import Milestone, Project
from projects.services.projects import change_project
from tests.factories import MilestoneFactory, ProjectFactory, UnitFactory


@pytest.mark.django_db
def test_change_saves_counts_up_and_records_only_what_changed(lead, project):
    changed = change(
        project, version=1, by=lead, action="project.changed", name="New name", summary=""
    )

    event = AuditEvent.objects.get()
    body = json.loads(event.body)
    assert (changed.name, changed.version, changed.changed_by) == ("New name", 2, lead)
    assert (body["before"], body["after"]) == ({"name": project.name}, {"name": "New name"})
    assert event.scope == f"projects.project:{project.pk}"


@pytest.mark.django_db
def test_a_change_that_changes_nothing_leaves_no_trace(lead, project):
    same = change(project, version=1, by=lead, action="project.changed", name=project.name)

    assert same.version == 1
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_the_second_saver_is_told_and_the_first_is_kept(lead, project):
    change(project, version=1, by=lead, action="project.changed", name="First")

    with pytest.raises(EditConflictError) as caught, transaction.atomic():
        change(project, version=1, by=lead, action="project.changed", name="Second")

    assert caught.value.current.name == "First"
    assert Project.objects.get(pk=project.pk).name == "First"
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_a_refused_value_leaves_no_trace(lead, project):
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        change(project, version=1, by=lead, action="project.changed", name="Chart no. 1234567")

    assert list(caught.value.message_dict) == ["name"]
    assert "1234567" not in str(caught.value)
    assert Project.objects.get(pk=project.pk).version == 1
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_remove_keeps_what_the_record_said(lead):
    milestone = MilestoneFactory(name="Permit")

    remove(milestone, by=lead, action="milestone.removed", scope=milestone.project)

    assert json.loads(AuditEvent.objects.get().body)["before"]["name"] == "Permit"
    assert not Milestone.objects.exists()


@pytest.mark.django_db
def test_add_refuses_a_second_record_of_the_same_key(lead, project):
    twin = Project(code=project.code, name="Twin", unit=project.unit)

    with pytest.raises(ValidationError) as caught, transaction.atomic():
        add(twin, by=lead, action="project.created")

    assert caught.value.message_dict == {"code": ["Another project already has this code."]}


def test_a_service_does_not_write_a_field_it_does_not_name():
    with pytest.raises(TypeError, match="is_confidential"):
        only({"name": "x", "is_confidential": True}, frozenset({"name"}))


@pytest.mark.django_db(transaction=True)
def test_of_many_savers_at_once_one_wins_and_the_chain_stays_whole():
    project = ProjectFactory()
    savers = 12

    def save(number):
        try:
            change_project(project=project, version=1, by=None, name=f"Name {number}")
        except EditConflictError:
            return "conflict"
        else:
            return "saved"
        finally:
            connection.close()

    with ThreadPoolExecutor(savers) as pool:
        outcomes = sorted(pool.map(save, range(savers)))

    assert outcomes == ["conflict"] * (savers - 1) + ["saved"]
    assert Project.objects.get(pk=project.pk).version == 2
    assert audit.faults() == []


@pytest.mark.django_db(transaction=True)
def test_many_writers_append_without_fork_or_gap():
    writers, each = 8, 10

    def write(_number):
        for _ in range(each):
            audit.record(action="thing.changed", target="things.thing:1", by=None)
        connection.close()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))

    assert AuditEvent.objects.count() == writers * each
    assert audit.faults() == []


@pytest.mark.django_db
def test_many_at_once_are_looked_at_once_for_each_value_of_a_field(lead, monkeypatch):
    looked_at = []
    monkeypatch.setattr(
        "pmo.common.records.phi.findings", lambda text: looked_at.append(text) or []
    )
    unit = UnitFactory()

    with transaction.atomic(), audit.gathered(later=[Project]):
        for number in range(3):
            add(
                Project(code=f"M-{number}", name="Ward", summary="Ward", unit=unit),
                by=lead,
                action="project.created",
            )

    assert looked_at.count("Ward") == 2  # as a name and as a summary
    assert Project.objects.filter(name="Ward").count() == 3


@pytest.mark.django_db
def test_a_value_that_was_refused_once_is_refused_each_time_and_a_sound_one_only_where_it_was(lead):
    unit, refused = UnitFactory(), []
    values = [("A", "Ward"), ("Chart no. 1234567", "B"), ("Chart no. 1234567", "B"), ("A", "Ward")]

    with transaction.atomic(), audit.gathered(later=[Project]):
        for number, (name, code) in enumerate([*values, ("Ward", "A" * 30)]):
            try:
                add(
                    Project(code=f"{code}-{number}", name=name, unit=unit),
                    by=lead,
                    action="project.created",
                )
            except ValidationError as error:
                refused.append((number, *error.message_dict))

    assert refused == [(1, "name"), (2, "name"), (4, "code")]


@pytest.mark.django_db
def test_a_value_that_cleaning_changes_is_cleaned_each_time(lead):
    unit, made = UnitFactory(), []

    with transaction.atomic(), audit.gathered(later=[Project]):
        for number in range(2):
            project = Project(code=f"D-{number}", name="Ward", start_date="2026-01-05", unit=unit)
            made.append(add(project, by=lead, action="project.created").start_date)

    assert made == [date(2026, 1, 5)] * 2
