import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from projects.models import Project
from projects.services.projects import GOVERNED_FIELDS
from tests.factories import MemberFactory, ProgramFactory, ProjectFactory, UnitFactory, person

pytestmark = pytest.mark.django_db
NEW = "/projects/new/"


def text(response):
    return " ".join(response.content.decode().split())


def filled(**fields):
    return {
        "name": "New wing",
        "code": "CAP-1",
        "category": "facility",
        "lane": "strategic",
        "start_date": "2026-01-05",
    } | fields


def edit(project):
    return reverse("projects:project_edit", args=[project.pk])


class TestNew:
    def test_creates_and_goes_on_to_its_people(self, signed_in, lead):
        program = ProgramFactory()

        response = signed_in(lead).post(
            NEW,
            filled(unit=UnitFactory().pk, program=program.pk, baseline_finish_date="2027-01-05"),
        )

        project = Project.objects.get()
        assert response["Location"] == reverse("projects:project_people", args=[project.pk])
        assert (project.name, project.program, project.stage) == ("New wing", program, "proposal")
        assert project.baseline_finish_date.isoformat() == "2027-01-05"

    def test_keeps_what_was_typed_when_something_is_missing(self, signed_in, lead):
        response = signed_in(lead).post(NEW, filled(code="", summary="Twelve more rooms"))

        assert response.status_code == 422
        assert not Project.objects.exists()
        assert response.context["form"].errors == {
            "code": ["Fill this in."],
            "unit": ["Fill this in."],
        }
        assert 'value="New wing"' in text(response)
        assert "Twelve more rooms" in text(response)

    def test_says_at_the_field_that_a_code_is_taken(self, signed_in, lead):
        ProjectFactory(code="CAP-1")

        response = signed_in(lead).post(NEW, filled(unit=UnitFactory().pk))

        assert response.status_code == 422
        assert response.context["form"].errors == {
            "code": ["Another project already has this code."]
        }

    def test_says_what_is_wrong_with_two_dates(self, signed_in, lead):
        response = signed_in(lead).post(
            NEW, filled(unit=UnitFactory().pk, baseline_finish_date="2025-01-05")
        )

        assert response.status_code == 422
        assert "The baseline finish is before the start." in text(response)

    def test_offers_only_units_where_one_may_create(self, signed_in):
        wing, other = UnitFactory(), UnitFactory()
        ward = UnitFactory(parent=wing)
        client = signed_in(person(Role.PMO_ANALYST, wing))

        offered = client.get(NEW).context["form"].fields["unit"].queryset
        response = client.post(NEW, filled(unit=other.pk))

        assert {*offered} == {wing, ward}
        assert response.status_code == 422
        assert not Project.objects.exists()

    def test_is_not_for_managers(self, signed_in, manager):
        assert signed_in(manager).get(NEW).status_code == 403


class TestEdit:
    def typed(self, client, project, **fields):
        """Return what a browser sends back when only `fields` were changed."""
        form = client.get(edit(project)).context["form"]
        values = {name: form[name].value() for name in form.fields}
        return {k: v for k, v in (values | fields).items() if v not in (None, False)}

    def test_saves_and_returns_to_the_project(self, signed_in, lead, project):
        client = signed_in(lead)

        response = client.post(edit(project), self.typed(client, project, name="Renamed"))

        assert response["Location"] == reverse("projects:project_detail", args=[project.pk])
        saved = Project.objects.get(pk=project.pk)
        assert (saved.name, saved.version, saved.code) == ("Renamed", 2, project.code)
        assert AuditEvent.objects.get().action == "project.changed"

    def test_of_a_manager_has_no_governed_field(self, signed_in, manager, project):
        client, other = signed_in(manager), UnitFactory()

        form = client.get(edit(project)).context["form"]
        typed = self.typed(client, project, name="Renamed")
        client.post(
            edit(project),
            typed
            | {
                "code": "HACKED",
                "unit": other.pk,
                "is_confidential": "on",
                "baseline_finish_date": "2030-01-01",
                "program": ProgramFactory().pk,
            },
        )

        assert not GOVERNED_FIELDS & set(form.fields)
        saved = Project.objects.get(pk=project.pk)
        assert saved.name == "Renamed"
        for name in GOVERNED_FIELDS:
            assert getattr(saved, name) == getattr(project, name)

    def test_shows_both_versions_to_the_second_saver_and_lets_the_next_save_through(
        self, signed_in, lead, project
    ):
        client = signed_in(lead)
        typed = self.typed(client, project, name="Mine")
        client.post(edit(project), typed | {"name": "Theirs"})

        response = client.post(edit(project), typed)

        assert response.status_code == 409
        assert Project.objects.get(pk=project.pk).name == "Theirs"
        [difference] = response.context["conflict"].differences
        assert (difference.label, difference.yours, difference.theirs) == ("Name", "Mine", "Theirs")
        assert 'value="Mine"' in text(response)
        assert 'name="version" value="2"' in text(response)
        client.post(edit(project), typed | {"version": 2})
        assert Project.objects.get(pk=project.pk).name == "Mine"

    def test_refuses_patient_data_at_its_field(self, signed_in, lead, project):
        client = signed_in(lead)

        response = client.post(
            edit(project), self.typed(client, project, summary="For MRN 12345678")
        )

        assert response.status_code == 422
        assert "looks like a medical record number" in text(response)

    @pytest.mark.parametrize(
        ("role", "status"), [(Role.EXECUTIVE, 403), (Role.ADMINISTRATOR, 404), (Role.STAFF, 404)]
    )
    def test_is_kept_from(self, signed_in, project, role, status):
        assert signed_in(person(role)).get(edit(project)).status_code == status

    def test_is_kept_from_readers_of_the_project(self, signed_in, project):
        reader = MemberFactory(project=project, role=Role.READER).user

        assert signed_in(reader).get(edit(project)).status_code == 403


class TestStage:
    def url(self, project):
        return reverse("projects:project_stage", args=[project.pk])

    def test_offers_only_what_may_follow(self, signed_in, lead, project):
        form = signed_in(lead).get(self.url(project)).context["form"]

        assert [value for value, _ in form.fields["stage"].choices] == [
            "planning",
            "closing",
            "on_hold",
            "cancelled",
        ]

    def test_moves_on_with_a_reason(self, signed_in, lead, project):
        response = signed_in(lead).post(
            self.url(project), {"stage": "closing", "reason": "All is built.", "version": 1}
        )

        assert response["Location"] == project.get_absolute_url()
        assert Project.objects.get(pk=project.pk).stage == "closing"

    def test_asks_for_the_reason(self, signed_in, lead, project):
        response = signed_in(lead).post(self.url(project), {"stage": "closing", "version": 1})

        assert response.status_code == 422
        assert response.context["form"].errors == {"reason": ["Say why the project moves on."]}
        assert Project.objects.get(pk=project.pk).stage == "delivery"

    def test_says_what_the_next_stage_needs(self, signed_in, lead):
        project = ProjectFactory(stage="planning", start_date=None)

        response = signed_in(lead).post(
            self.url(project), {"stage": "delivery", "reason": "Go.", "version": 1}
        )

        assert response.status_code == 422
        assert "Before Delivery, fill in: start date." in text(response)

    def test_of_a_project_changed_meanwhile_is_a_conflict(self, signed_in, lead, project):
        response = signed_in(lead).post(
            self.url(project), {"stage": "closing", "reason": "All is built.", "version": 0}
        )

        assert response.status_code == 409
        assert "All is built." in text(response)
        assert Project.objects.get(pk=project.pk).stage == "delivery"

    def test_of_a_closed_project_is_final(self, signed_in, lead):
        response = signed_in(lead).get(self.url(ProjectFactory(stage="closed")))

        assert "This project is closed" in text(response)

    def test_is_not_for_the_manager(self, signed_in, manager, project):
        assert signed_in(manager).get(self.url(project)).status_code == 403
