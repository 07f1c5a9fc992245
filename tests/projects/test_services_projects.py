"""Writing projects, people and stakeholders: the effect, one audit event, and no trace of a refusal."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.domain.stages import Stage
from projects.models import Program, Project, ProjectMember, Stakeholder
from projects.services import projects as services
from projects.services import stakeholders
from tests.factories import MemberFactory, ProgramFactory, ProjectFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def events():
    """Return the trail as (action, scope), oldest first."""
    return list(AuditEvent.objects.order_by("sequence").values_list("action", "scope"))


def last_event():
    return json.loads(AuditEvent.objects.latest("sequence").body)


def test_a_created_project_names_its_manager(lead):
    boss = UserFactory()

    project = services.create_project(
        by=lead, manager=boss, code="CAP-1", name="New wing", unit=UnitFactory()
    )

    assert Project.objects.get().name == "New wing"
    assert project.version == 1
    assert project.changed_by == lead
    scope = f"projects.project:{project.pk}"
    assert list(project.members.values_list("user", "role")) == [(boss.pk, Role.MANAGER)]
    assert [action for action, _ in events()] == ["project.created", "project.person_named"]
    assert events()[1][1] == scope


def test_a_faulty_project_leaves_no_trace(lead):
    with pytest.raises(ValidationError) as refusal:
        services.create_project(by=lead, code="CAP-1", name="", unit=UnitFactory())

    assert set(refusal.value.error_dict) == {"name"}
    assert not Project.objects.exists()
    assert events() == []


def test_a_service_refuses_fields_it_does_not_know(lead):
    with pytest.raises(TypeError, match="version"):
        services.create_project(by=lead, version=3, code="CAP-1", name="A", unit=UnitFactory())


def test_a_change_is_kept_with_what_was_before(lead, project):
    before = project.name

    changed = services.change_project(project=project, version=1, by=lead, name="Renamed")

    assert (changed.name, changed.version, changed.changed_by) == ("Renamed", 2, lead)
    event = last_event()
    assert event["action"] == "project.changed"
    assert event["scope"] == f"projects.project:{project.pk}"
    assert (event["before"], event["after"]) == ({"name": before}, {"name": "Renamed"})


def test_a_change_of_nothing_is_no_change(lead, project):
    services.change_project(project=project, version=1, by=lead, name=project.name)

    assert Project.objects.get(pk=project.pk).version == 1
    assert events() == []


def test_the_second_of_two_editors_is_told(lead, project):
    services.change_project(project=project, version=1, by=lead, name="First")

    with pytest.raises(EditConflictError) as conflict:
        services.change_project(project=project, version=1, by=lead, name="Second")

    assert conflict.value.current.name == "First"
    assert Project.objects.get(pk=project.pk).name == "First"
    assert len(events()) == 1


def test_the_stage_is_not_changed_in_passing(lead, project):
    with pytest.raises(TypeError, match="stage"):
        services.change_project(project=project, version=1, by=lead, stage="closed")


def test_patient_data_is_refused_at_its_field(lead, project):
    with pytest.raises(ValidationError) as refusal:
        services.change_project(
            project=project, version=1, by=lead, summary="Moved for MRN 12345678"
        )

    assert set(refusal.value.error_dict) == {"summary"}
    assert "12345678" not in str(refusal.value)
    assert events() == []


class TestStage:
    def test_moves_on_with_its_reason(self, lead, project):
        changed = services.change_stage(
            project=project, target=Stage.CLOSING, reason="All is built.", version=1, by=lead
        )

        assert changed.stage == Stage.CLOSING
        assert [action for action, _ in events()] == ["project.stage_changed"]
        event = last_event()
        assert event["before"] == {"stage": "delivery"}
        assert event["after"] == {"stage": "closing", "reason": "All is built."}

    def test_cannot_leap(self, lead, project):
        with pytest.raises(
            services.StageChangeError, match="A project in Delivery cannot move to Closed"
        ):
            services.change_stage(
                project=project, target=Stage.CLOSED, reason="Done.", version=1, by=lead
            )

        assert Project.objects.get(pk=project.pk).stage == Stage.DELIVERY
        assert events() == []

    def test_asks_for_what_the_next_one_needs(self, lead):
        project = ProjectFactory(stage="planning", start_date=None, baseline_finish_date=None)

        with pytest.raises(services.StageChangeError, match="start date, baseline finish date"):
            services.change_stage(
                project=project, target=Stage.DELIVERY, reason="Go.", version=1, by=lead
            )

        assert events() == []

    def test_judges_the_project_as_it_is_saved_not_as_it_is_held(self, lead):
        project = ProjectFactory(stage="planning", start_date=None)
        project.start_date = date(2026, 1, 1)

        with pytest.raises(services.StageChangeError, match="start date"):
            services.change_stage(
                project=project, target=Stage.DELIVERY, reason="Go.", version=1, by=lead
            )

    def test_of_a_project_that_somebody_changed_is_a_conflict(self, lead, project):
        services.change_project(project=project, version=1, by=lead, name="Other")

        with pytest.raises(EditConflictError):
            services.change_stage(
                project=project, target=Stage.CLOSING, reason="Done.", version=1, by=lead
            )

        assert Project.objects.get(pk=project.pk).stage == Stage.DELIVERY


class TestPeople:
    def test_are_named_in_roles_of_projects_only(self, lead, project):
        with pytest.raises(RefusalError, match="Executive is not a role on a project"):
            services.name_person(project=project, user=UserFactory(), role=Role.EXECUTIVE, by=lead)

        assert events() == []

    def test_are_not_named_twice(self, lead, project, manager):
        with pytest.raises(ValidationError, match="already has this role here"):
            services.name_person(project=project, user=manager, role=Role.MANAGER, by=lead)

        assert project.members.count() == 1

    def test_the_last_manager_of_a_reporting_project_stays(self, lead, project):
        with pytest.raises(RefusalError, match="Name another manager first"):
            services.unname_person(member=project.members.get(), by=lead)

        assert project.members.count() == 1
        assert events() == []

    def test_a_manager_goes_when_there_is_another(self, lead, project, manager):
        MemberFactory(project=project, role=Role.MANAGER)

        services.unname_person(member=project.members.get(user=manager), by=lead)

        assert not project.members.filter(user=manager).exists()
        assert last_event()["action"] == "project.person_removed"
        assert last_event()["before"]["user_id"] == manager.pk

    def test_the_manager_of_a_project_that_does_not_report_may_go(self, lead):
        member = MemberFactory(project=ProjectFactory(stage="on_hold"))

        services.unname_person(member=member, by=lead)

        assert not ProjectMember.objects.exists()


def test_a_stakeholder_is_kept_and_changed(lead, project):
    one = stakeholders.create_stakeholder(project=project, by=lead, name="Ward staff", power=3)
    stakeholders.change_stakeholder(stakeholder=one, version=1, by=lead, engagement="leading")

    saved = Stakeholder.objects.get()
    assert (saved.name, saved.power, saved.engagement) == ("Ward staff", 3, "leading")
    scope = f"projects.project:{project.pk}"
    assert events() == [("stakeholder.created", scope), ("stakeholder.changed", scope)]


def test_a_program_is_kept_and_changed(lead):
    program = services.create_program(by=lead, code="PG-1", name="One record")
    services.change_program(program=program, version=1, by=lead, name="One chart")

    assert Program.objects.get().name == "One chart"
    assert [action for action, _ in events()] == ["program.created", "program.changed"]


def test_a_program_code_is_not_used_twice(lead):
    ProgramFactory(code="PG-1")

    with pytest.raises(ValidationError) as refusal:
        services.create_program(by=lead, code="PG-1", name="Other")

    assert set(refusal.value.error_dict) == {"code"}


def test_a_cancelled_project_keeps_the_day(lead, project):
    changed = services.change_stage(
        project=project, target=Stage.CANCELLED, reason="No funds", version=None, by=lead
    )

    assert changed.cancelled_on == timezone.localdate()
    assert last_event()["after"]["cancelled_on"] == timezone.localdate().isoformat()


def test_any_other_stage_has_no_such_day(lead, project):
    changed = services.change_stage(
        project=project, target=Stage.ON_HOLD, reason="Wait", version=None, by=lead
    )

    assert changed.cancelled_on is None
    with pytest.raises(IntegrityError, match="project_cancelled_when"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(cancelled_on=timezone.localdate())


def test_a_project_has_not_finished_on_a_day_to_come(lead, project):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(ValidationError) as refusal:
        services.change_project(project=project, version=1, by=lead, actual_finish_date=tomorrow)

    assert refusal.value.message_dict == {
        "actual_finish_date": ["A project cannot have finished in the future."]
    }
    project.refresh_from_db()
    assert (project.actual_finish_date, project.version) == (None, 1)
