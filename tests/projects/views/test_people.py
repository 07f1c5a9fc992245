import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from projects.models import Program, Stakeholder
from tests.factories import MemberFactory, ProgramFactory, ProjectFactory, UserFactory, person

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(response.content.decode().split())


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


class TestPeople:
    def test_are_listed_with_what_they_do(self, signed_in, lead, project, manager):
        page = text(signed_in(lead).get(url("project_people", project.pk)))

        assert manager.name in page
        assert "<td>Project manager</td>" in page
        assert url("member_new", project.pk) in page
        assert "No stakeholder is listed" in page

    def test_are_changed_only_by_those_who_govern(self, signed_in, manager, project):
        client = signed_in(manager)
        member = project.members.get()

        assert url("member_new", project.pk) not in text(
            client.get(url("project_people", project.pk))
        )
        assert client.get(url("member_new", project.pk)).status_code == 403
        assert client.get(url("person_choices", project.pk)).status_code == 403
        assert client.post(url("member_remove", project.pk, member.pk)).status_code == 403
        assert project.members.count() == 1

    def test_are_named_by_their_address(self, signed_in, lead, project):
        sponsor = UserFactory(email="ruth@example.org")

        response = signed_in(lead).post(
            url("member_new", project.pk), {"person": "Ruth@Example.org", "role": "sponsor"}
        )

        assert response["Location"] == url("project_people", project.pk)
        assert project.members.get(user=sponsor).role == "sponsor"

    @pytest.mark.parametrize(
        ("typed", "problem"),
        [
            ("nobody@example.org", "Nobody here has that name or address."),
            ("gone@example.org", "Nobody here has that name or address."),
            ("", "Say who: a name or an email address."),
        ],
    )
    def test_that_are_unknown_cannot_be_named(self, signed_in, lead, project, typed, problem):
        UserFactory(email="gone@example.org", is_active=False)

        response = signed_in(lead).post(
            url("member_new", project.pk), {"person": typed, "role": "sponsor"}
        )

        assert response.status_code == 422
        assert problem in text(response)
        assert project.members.count() == 1

    def test_are_named_by_a_name_that_one_person_has(self, signed_in, lead, project):
        sponsor = UserFactory(name="Ruth Feldman")
        asked = {"person": "ruth feldman", "role": "sponsor"}

        signed_in(lead).post(url("member_new", project.pk), asked)
        UserFactory(name="Ruth Feldman")
        again = signed_in(lead).post(url("member_new", project.pk), asked | {"role": "reader"})

        assert [m.user for m in project.members.filter(role="sponsor")] == [sponsor]
        assert again.status_code == 422
        assert "Several people have that name. Type the email address." in text(again)

    def test_are_not_named_twice(self, signed_in, lead, project, manager):
        response = signed_in(lead).post(
            url("member_new", project.pk), {"person": manager.email, "role": "manager"}
        )

        assert response.status_code == 422
        assert "This person already has this role here." in text(response)

    def test_are_suggested_ten_at_a_time(self, signed_in, lead, project):
        for n in range(12):
            UserFactory(name=f"Ruth {n:02}", email=f"r{n}@example.org")
        UserFactory(name="Ruth Gone", is_active=False)
        client = signed_in(lead)

        found = text(client.get(url("person_choices", project.pk), {"person": "ruth"}))

        assert found.count("<option") == 10
        assert '<option value="r0@example.org">Ruth 00</option>' in found
        assert "Gone" not in found
        assert "<option" not in text(client.get(url("person_choices", project.pk)))

    def test_are_taken_off_after_asking(self, signed_in, lead, project):
        member = MemberFactory(project=project, role=Role.SPONSOR)
        client, remove = signed_in(lead), url("member_remove", project.pk, member.pk)

        asked = text(client.get(remove))
        assert f"Remove {member.user} from this project?" in asked
        assert project.members.count() == 2
        response = client.post(remove)

        assert response["Location"] == url("project_people", project.pk)
        assert list(project.members.values_list("role", flat=True)) == ["manager"]

    def test_the_last_manager_stays_and_the_page_says_why(self, signed_in, lead, project):
        response = signed_in(lead).post(url("member_remove", project.pk, project.members.get().pk))

        assert response.status_code == 409
        assert "Name another manager first" in text(response)
        assert project.members.count() == 1

    def test_of_another_project_cannot_be_reached_through_this_one(self, signed_in, lead, project):
        foreign = MemberFactory(role=Role.SPONSOR)

        response = signed_in(lead).post(url("member_remove", project.pk, foreign.pk))

        assert response.status_code == 404
        assert foreign.project.members.exists()


class TestStakeholders:
    def typed(self, **fields):
        return {
            "name": "Ward staff",
            "power": 3,
            "interest": 2,
            "engagement": "resistant",
            "engagement_wanted": "supportive",
        } | fields

    def test_are_added_and_shown(self, signed_in, manager, project):
        client = signed_in(manager)

        response = client.post(url("stakeholder_new", project.pk), self.typed())
        page = text(client.get(response["Location"]))

        assert "1 stakeholder is not engaged as wanted" in page
        assert "<td>Resistant</td>" in page

    def test_are_listed_once(self, signed_in, manager, project):
        project.stakeholders.create(name="Ward staff")

        response = signed_in(manager).post(url("stakeholder_new", project.pk), self.typed())

        assert response.status_code == 422
        assert "This stakeholder is already listed." in text(response)
        assert 'value="Ward staff"' in text(response)

    def test_are_changed_once(self, signed_in, manager, project):
        one = project.stakeholders.create(name="Ward staff")
        client = signed_in(manager)

        client.post(url("stakeholder_edit", one.pk), self.typed(power=1, version=1))
        late = client.post(url("stakeholder_edit", one.pk), self.typed(power=2, version=1))

        assert late.status_code == 409
        assert Stakeholder.objects.get().power == 1

    def test_of_projects_one_does_not_see_do_not_exist(self, signed_in, manager):
        foreign = ProjectFactory().stakeholders.create(name="Ward staff")

        assert signed_in(manager).get(url("stakeholder_edit", foreign.pk)).status_code == 404

    def test_are_not_changed_by_readers(self, signed_in, project):
        one = project.stakeholders.create(name="Ward staff")

        assert (
            signed_in(person(Role.EXECUTIVE)).get(url("stakeholder_edit", one.pk)).status_code
            == 403
        )


class TestPrograms:
    def test_count_what_the_reader_sees_and_what_is_hidden(self, signed_in):
        program = ProgramFactory(name="One record")
        ProjectFactory(program=program)
        ProjectFactory(program=program, is_confidential=True)
        ProgramFactory(name="Empty")

        response = signed_in(person(Role.EXECUTIVE)).get(url("program_list"))

        assert [(p.name, p.visible, p.hidden) for p in response.context["page"]] == [
            ("Empty", 0, 0),
            ("One record", 1, 1),
        ]
        assert "1 hidden from you" in text(response)
        assert response.context["actions"] == []

    def test_ask_as_often_for_three_as_for_one(
        self, signed_in, lead, django_assert_num_queries, django_assert_max_num_queries
    ):
        client = signed_in(lead)
        ProjectFactory(program=ProgramFactory())
        client.get(url("program_list"))  # the attributions of the footer are kept for a minute
        with django_assert_max_num_queries(8) as first:
            client.get(url("program_list"))
        for _ in range(2):
            ProjectFactory(program=ProgramFactory())
        with django_assert_num_queries(len(first)):
            client.get(url("program_list"))

    def test_are_made_and_changed_by_the_office(self, signed_in, lead):
        client = signed_in(lead)
        client.post(url("program_new"), {"name": "One record", "code": "PG-1"})
        program = Program.objects.get()

        client.post(url("program_edit", program.pk), {"name": "X", "code": "PG-1", "version": 1})
        late = client.post(
            url("program_edit", program.pk), {"name": "Y", "code": "PG-1", "version": 1}
        )

        assert late.status_code == 409
        assert Program.objects.get().name == "X"

    def test_need_a_code(self, signed_in, lead):
        response = signed_in(lead).post(url("program_new"), {"name": "One record"})

        assert response.status_code == 422
        assert 'value="One record"' in text(response)

    def test_are_not_changed_by_managers(self, signed_in, manager):
        assert signed_in(manager).get(url("program_edit", ProgramFactory().pk)).status_code == 403

    def test_that_are_gone_are_not_found(self, signed_in, lead):
        assert signed_in(lead).get(url("program_edit", 999)).status_code == 404
