"""One step for several people: roles added or removed, invitations sent; each is answered by itself."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.accounts import services
from pmo.accounts.models import Membership, User
from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent, Job
from pmo.common.records import audit
from tests.factories import UnitFactory, UserFactory, person
from tests.test_api_rules import api

pytestmark = pytest.mark.django_db
URL = "/people/at-once/"


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


def sent(people, action="add", role="executive", unit="everywhere"):
    return {
        "people": [one.pk for one in people],
        "action": action,
        "role": role,
        "unit": unit,
    }


def holders(role):
    return set(Membership.objects.filter(role=role).values_list("user", flat=True))


def events(action):
    return AuditEvent.objects.filter(action=action).count()


def test_a_role_is_added_to_each_and_said(signed_in, administrator):
    has, new, gone = person(Role.EXECUTIVE), UserFactory(), UserFactory(is_active=False)

    page = signed_in(administrator).post(URL, sent([has, new, gone]))

    where = "Executive in the whole organization"
    assert {one.person: one.sentence for one in page.context["outcomes"]} == {
        has: f"{where}: held already.",
        new: f"{where}: added.",
        gone: f"{where}: not added, the person is deactivated.",
    }
    assert page.context["title"] == "Done for 1 of 3 people"
    assert holders("executive") == {has.pk, new.pk}
    assert events("role.granted") == 1


def test_a_second_click_does_nothing_twice(signed_in, administrator):
    people = [UserFactory(), UserFactory()]
    client = signed_in(administrator)

    for _ in range(2):
        client.post(URL, sent(people))

    assert Membership.objects.filter(role="executive").count() == 2
    assert events("role.granted") == 2


def test_a_role_is_removed_only_where_it_was_chosen(signed_in, administrator):
    unit = UnitFactory()
    there, everywhere = person(Role.UNIT_HEAD, unit=unit), person(Role.UNIT_HEAD)

    signed_in(administrator).post(
        URL, sent([there, everywhere], action="remove", role="unit_head", unit=str(unit.pk))
    )

    assert holders("unit_head") == {everywhere.pk}
    assert AuditEvent.objects.get(action="role.revoked").scope == f"accounts.user:{there.pk}"


def test_somebody_keeps_running_rounds(administrator):
    second, away = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR, is_active=False)

    outcomes = services.change_roles(
        people=[administrator, second, away],
        role=Role.ADMINISTRATOR,
        unit=None,
        adds=False,
        by=administrator,
    )

    assert {one.person: one.is_done for one in outcomes} == {
        administrator: False,
        second: True,
        away: True,
    }
    assert holders("administrator") == {administrator.pk}


def test_the_last_administrator_keeps_the_role_whoever_asks(administrator):
    other = person(Role.ADMINISTRATOR)
    services.set_active(user=other, is_active=False, by=administrator)

    services.change_roles(
        people=[administrator], role=Role.ADMINISTRATOR, unit=None, adds=False, by=administrator
    )

    assert administrator.pk in holders("administrator")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"people": []}, "people"), ({"role": ""}, "role"), ({"unit": ""}, "unit")],
)
def test_what_is_missing_is_said_and_the_selection_kept(signed_in, administrator, change, field):
    people = [UserFactory(), UserFactory()]

    page = signed_in(administrator).post(URL, sent(people) | change)

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    assert page.context["ticked"] == [str(pk) for pk in (sent(people) | change)["people"]]
    assert holders("executive") == set()


def test_nothing_is_chosen_beforehand(signed_in, administrator):
    page = signed_in(administrator).get(reverse("accounts:person_list")).content.decode()

    assert re.findall(r'<option value="([^"]*)" selected', page) == ["", ""]
    assert re.findall(r"<input[^>]* checked", page) == []


def test_an_auditor_sees_the_list_and_changes_nothing(signed_in):
    client = signed_in(person(Role.AUDITOR))

    assert "Add role" not in client.get(reverse("accounts:person_list")).content.decode()
    assert client.post(URL, sent([UserFactory()])).status_code == 403


def test_it_costs_the_same_for_any_number(administrator):
    services.grant_role(user=UserFactory(), role=Role.STAFF, unit=None, by=None)  # the first event
    costs = []
    for number in (2, 20):
        people = [UserFactory() for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            services.change_roles(
                people=people, role=Role.AUDITOR, unit=None, adds=True, by=administrator
            )
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert audit.faults() == []


def test_invitations_go_to_those_whom_they_help(signed_in, administrator, settings):
    settings.EMAIL_URL = "smtp://mail.example.org"
    new, nameless = UserFactory(), UserFactory(email=None)

    page = signed_in(administrator).post(
        URL, {"people": [new.pk, nameless.pk], "action": "invite", "role": "", "unit": ""}
    )

    assert {one.person: one.is_done for one in page.context["outcomes"]} == {
        new: True,
        nameless: False,
    }
    assert Job.objects.get().params["user"] == new.pk
    assert User.objects.get(pk=new.pk).invited_by == administrator
    assert events("person.invited") == 1


def test_without_mail_there_is_no_such_button_and_a_sentence(signed_in, administrator):
    client, new = signed_in(administrator), UserFactory()

    page = client.get(reverse("accounts:person_list")).content.decode()
    answer = client.post(URL, {"people": [new.pk], "action": "invite"})

    assert "Send invitations" not in page
    assert answer.status_code == 422
    assert "This installation sends no email" in answer.content.decode()


def test_the_api_does_the_same(administrator):
    people = [UserFactory(), UserFactory()]
    client = api(administrator)
    body = {"users": [one.pk for one in people], "role": "auditor", "unit": None}

    added = client.post("/api/v1/memberships/bulk/", body | {"adds": True}, format="json")
    removed = client.post(
        "/api/v1/memberships/bulk/", body | {"adds": False, "users": [people[0].pk]}, format="json"
    )

    assert [one["is_done"] for one in added.data] == [True, True]
    assert [one["is_done"] for one in removed.data] == [True]
    assert holders("auditor") == {people[1].pk}


def test_the_api_adds_and_ends_one_role(administrator):
    user, client = UserFactory(), api(administrator)

    made = client.post("/api/v1/memberships/", {"user": user.pk, "role": "auditor"}, format="json")
    again = client.post("/api/v1/memberships/", {"user": user.pk, "role": "auditor"}, format="json")
    gone = client.delete(f"/api/v1/memberships/{made.data['id']}/")
    last = client.delete(f"/api/v1/memberships/{administrator.memberships.get().pk}/")

    assert [answer.status_code for answer in (made, again, gone, last)] == [201, 400, 204, 409]
    assert holders("auditor") == set()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("memberships/bulk/", {"users": [1], "role": "auditor", "adds": True}),
        ("memberships/", {"user": 1, "role": "auditor"}),
        ("people/bulk/", {"rows": [{"name": "Ada"}]}),
        ("people/invite/", {"users": [1]}),
        ("units/bulk/", {"rows": [{"name": "North"}]}),
    ],
)
def test_the_api_refuses_who_may_not(path, body):
    answer = api(person(Role.PMO_LEAD)).post(f"/api/v1/{path}", body, format="json")

    assert answer.status_code == 403
    assert AuditEvent.objects.count() == 0


def test_the_api_takes_lists_and_answers_row_by_row(administrator):
    client = api(administrator)
    units = [{"name": "Surgery", "parent": "North"}, {"name": "North"}, {"name": "", "kind": "x"}]
    rows = [
        {"name": "Ada", "email": "ada@example.org", "unit": "Surgery", "role": "Auditor"},
        {"name": "Li", "email": "li@"},
    ]

    refused = client.post("/api/v1/units/bulk/", {"rows": units}, format="json")
    made = client.post("/api/v1/units/bulk/", {"rows": units[:2]}, format="json")
    tried = client.post("/api/v1/people/bulk/", {"rows": rows, "is_dry_run": True}, format="json")
    none = User.objects.filter(name="Ada").count()
    done = client.post("/api/v1/people/bulk/", {"rows": rows}, format="json")

    assert refused.status_code == 400
    assert [one["effect"] for one in made.data] == ["new", "new"]
    assert [one["effect"] for one in tried.data] == ["new", "refused"]
    assert none == 0
    assert done.data[0]["id"] == User.objects.get(name="Ada").pk
    assert done.data[1] == {
        "row": 2,
        "id": None,
        "effect": "refused",
        "changes": [],
        "reason": "li@ is no email address.",
    }


def test_the_api_invites(administrator, settings):
    settings.EMAIL_URL = "smtp://mail.example.org"
    user = UserFactory()

    answer = api(administrator).post("/api/v1/people/invite/", {"users": [user.pk]}, format="json")

    assert answer.data == [
        {"user": user.pk, "is_done": True, "sentence": "The invitation is on its way."}
    ]
