"""Stakeholders, messages and the register over all projects."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.models import StakeholderGroup
from tests.factories import ProjectFactory, UserFactory, person
from tests.factories.communication import GroupFactory, ItemFactory, StakeholderFactory

pytestmark = pytest.mark.django_db
STAKEHOLDERS = "/communication/stakeholders/"
MESSAGES = "/communication/messages/"
REGISTER = "/communication/register/"
CANARY = "Zebra-canary"


@pytest.fixture
def reader(signed_in):
    return signed_in(person(Role.EXECUTIVE))


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def shown(response):
    return " ".join(response.content.decode().split())


class TestStakeholders:
    def names(self, response):
        return [one.stakeholder.name for one in response.context["page"]]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, ["Board", "Union", "Ward"]),
            ({"sort": "name"}, ["Board", "Union", "Ward"]),
            ({"sort": "-name"}, ["Ward", "Union", "Board"]),
            ({"state": "gap"}, ["Union", "Ward"]),
            ({"state": "against"}, ["Union"]),
            ({"state": "nobody"}, ["Union"]),
            ({"category": "board"}, ["Board"]),
            ({"category": "nursing"}, ["Ward"]),
            ({"power": "1"}, ["Ward"]),
            ({"q": "unio"}, ["Union"]),
            ({"state": "nonsense", "power": "9"}, ["Board", "Union", "Ward"]),
        ],
    )
    def test_filters_and_order(self, reader, query, expected):
        board = GroupFactory(name="The board", category="board", lead=UserFactory())
        StakeholderFactory(
            name="Board", power=3, group=board, category="nursing", engagement="supportive"
        )
        StakeholderFactory(name="Union", power=3, category="unions", engagement="resistant")
        StakeholderFactory(name="Ward", power=1, category="nursing", engagement="neutral")
        StakeholderFactory(name="Gone", project=ProjectFactory(stage="closed"))

        assert self.names(reader.get(STAKEHOLDERS, query)) == expected

    @pytest.mark.parametrize(
        ("rows", "lede", "color"),
        [
            ([], "No stakeholder is listed yet.", "none"),
            ([{"engagement": "supportive"}], "1 stakeholder. Each stands as wanted.", "none"),
            (
                [{"power": 3}],
                (
                    "1 stakeholder. 1 does not stand as wanted. "
                    "1 with high power has no contact yet."
                ),
                "amber",
            ),
            (
                [{"power": 3, "engagement": "resistant"}, {}],
                (
                    "2 stakeholders. 2 do not stand as wanted. 1 with high power is resistant. "
                    "1 with high power has no contact yet."
                ),
                "red",
            ),
        ],
    )
    def test_lede_says_the_finding(self, reader, rows, lede, color):
        for fields in rows:
            StakeholderFactory(**fields)

        response = reader.get(STAKEHOLDERS)

        assert (response.context["lede"], response.context["color"]) == (lede, color)

    def test_swap_answers_the_table_only(self, reader):
        part = reader.get(STAKEHOLDERS, headers={"HX-Request": "true"}).content.decode()

        assert '<div id="stakeholder-table">' in part
        assert "<html" not in part

    @pytest.mark.parametrize("query", [{}, {"q": CANARY}, {"state": "gap"}, {"project": "1"}])
    def test_a_confidential_one_is_nowhere(self, reader, query):
        StakeholderFactory(
            name=f"{CANARY} name",
            approach=CANARY,
            project__is_confidential=True,
            project__name=f"{CANARY} project",
            group=GroupFactory(),
        )
        StakeholderFactory()

        response = reader.get(STAKEHOLDERS, query)

        assert CANARY not in response.content.decode().replace(f'value="{CANARY}"', "")
        assert response.context["counts"].total == (0 if "project" in query else 1)
        assert "Of 2 projects: 1 hidden from you." in shown(response)
        assert [one.projects_seen for one in reader.get(REGISTER).context["page"]] == [0]

    def test_as_many_queries_for_one_row_as_for_three(self, reader):
        def add():
            group = GroupFactory(lead=UserFactory())
            StakeholderFactory(group=group, lead=UserFactory())

        assert_constant(reader, STAKEHOLDERS, add)


class TestMessages:
    def messages(self, response):
        return [item.message for item, _, _ in response.context["page"]]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, ["Late", "Due", "Ahead"]),
            ({"state": "due"}, ["Late", "Due"]),
            ({"state": "late"}, ["Late"]),
            ({"state": "all"}, ["Late", "Due", "Ahead", "Sent"]),
            ({"sort": "-message"}, ["Late", "Due", "Ahead"]),
            ({"category": "nursing"}, ["Late", "Due"]),
            ({"category": "board"}, ["Ahead"]),
            ({"channel": "poster"}, ["Due"]),
            ({"q": "ahea"}, ["Ahead"]),
            ({"mine": "on"}, []),
        ],
    )
    def test_filters_and_order(self, reader, query, expected):
        board = GroupFactory(category="board")
        ItemFactory(message="Ahead", due_on=ago(-30), category="", group=board)
        ItemFactory(message="Due", due_on=ago(0), channel="poster")
        ItemFactory(message="Late", due_on=ago(9), sender=UserFactory())
        ItemFactory(message="Sent", due_on=ago(9), next_due=None, category="payers")

        assert self.messages(reader.get(MESSAGES, query)) == expected

    def test_those_that_one_sends_oneself(self, signed_in):
        me = person(Role.EXECUTIVE)
        ItemFactory(message="Mine", sender=me)
        ItemFactory(message="Hers", sender=UserFactory())

        assert self.messages(signed_in(me).get(MESSAGES, {"mine": "on"})) == ["Mine"]

    def test_lede_says_the_finding(self, reader):
        assert reader.get(MESSAGES).context["lede"] == "No message is planned."
        ItemFactory(due_on=ago(0))
        assert reader.get(MESSAGES).context["lede"] == "1 message is due."
        ItemFactory(due_on=ago(9))

        response = reader.get(MESSAGES)

        assert response.context["lede"] == (
            "2 messages are due, 1 of them overdue."
            " 1 message is overdue by five working days or more."
        )
        assert response.context["color"] == "red"

    def test_swap_answers_the_table_only(self, reader):
        part = reader.get(MESSAGES, headers={"HX-Request": "true"}).content.decode()

        assert '<div id="item-table">' in part
        assert "<html" not in part

    @pytest.mark.parametrize("query", [{}, {"q": CANARY}, {"state": "all"}])
    def test_a_confidential_one_is_nowhere(self, reader, query):
        ItemFactory(
            message=f"{CANARY} message",
            project__is_confidential=True,
            project__name=f"{CANARY} project",
            sender=UserFactory(name=f"{CANARY} sender"),
        )
        ItemFactory()

        response = reader.get(MESSAGES, query)

        assert CANARY not in response.content.decode().replace(f'value="{CANARY}"', "")
        assert response.context["counts"].total == 1

    def test_as_many_queries_for_one_row_as_for_three(self, reader):
        def add():
            group = GroupFactory(lead=UserFactory())
            one = StakeholderFactory(group=group, lead=UserFactory())
            ItemFactory(project=one.project, stakeholder=one, category="", sender=UserFactory())

        assert_constant(reader, MESSAGES, add)


class TestRegister:
    def test_office_adds_changes_and_removes(self, signed_in, lead):
        client = signed_in(lead)
        una = UserFactory(name="Una Lee")
        typed = {"name": "Nurses' union", "category": "unions", "lead": "una lee", "note": ""}

        client.post(f"{REGISTER}new/", typed)
        group = StakeholderGroup.objects.get()
        assert (group.category, group.lead) == ("unions", una)
        client.post(f"{REGISTER}{group.pk}/edit/", {**typed, "lead": "", "version": 1})
        group.refresh_from_db()
        assert group.lead is None
        late = client.post(f"{REGISTER}{group.pk}/edit/", {**typed, "version": 1})
        assert late.status_code == 409
        client.post(f"{REGISTER}{group.pk}/remove/")

        assert not StakeholderGroup.objects.exists()

    def test_one_that_a_project_names_stays(self, signed_in, lead):
        one = StakeholderFactory(group=GroupFactory())

        response = signed_in(lead).post(f"{REGISTER}{one.group.pk}/remove/")

        assert response.status_code == 409
        assert "A project names this group" in response.content.decode()

    def test_the_same_name_twice_and_an_unknown_person_are_refused(self, signed_in, lead):
        GroupFactory(name="Board")
        typed = {"name": "Board", "category": "board", "lead": "Nobody", "note": ""}

        response = signed_in(lead).post(f"{REGISTER}new/", typed)

        page = response.content.decode()
        assert response.status_code == 422
        assert "The register already has this group." in page
        assert "Nobody here has that name or address." in page

    def test_readers_read(self, reader):
        group = GroupFactory()

        assert reader.get(REGISTER).status_code == 200
        assert reader.get(f"{REGISTER}new/").status_code == 403
        assert reader.post(f"{REGISTER}{group.pk}/edit/").status_code == 403

    def test_as_many_queries_for_one_row_as_for_three(self, reader):
        assert_constant(
            reader,
            REGISTER,
            lambda: StakeholderFactory(group=GroupFactory(lead=UserFactory())),
        )


def assert_constant(client, url, add):
    """Ask with one row and with three, and count the same."""

    def ask():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    add()
    ask()
    one = ask()
    add()
    add()
    assert ask() == one
