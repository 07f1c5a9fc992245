"""People, units and roles: written once, taken away at once."""

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.urls import reverse
from knox.models import AuthToken

from pmo.accounts import services
from pmo.accounts.models import Membership, Unit
from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError, RefusalError
from tests.factories import UnitFactory, UserFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


def actions():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_create_user_signs_in_with_any_capitals_and_holds_the_staff_role(administrator):
    user = services.create_user(
        by=administrator, email="Ada@Example.org", name="Ada", password="correct horse 9"
    )

    assert user.email == "ada@example.org"
    assert [held.role for held in user.held] == [Role.STAFF]
    assert authenticate(username="ADA@example.org", password="correct horse 9") == user
    assert actions() == ["person.created", "role.granted"]


def test_create_user_refuses_a_taken_address(administrator):
    UserFactory(email="ada@example.org")

    with pytest.raises(ValidationError) as caught:
        services.create_user(by=administrator, email="Ada@example.org", name="Ada")

    assert list(caught.value.message_dict) == ["email"]
    assert actions() == []


def test_shutting_out_ends_sessions_and_tokens(client, administrator):
    user = person(Role.EXECUTIVE)
    services.create_token(user=user, days=30)
    client.force_login(user)

    services.set_active(user=user, is_active=False, by=administrator)

    assert client.get(reverse("accounts:token_list")).status_code == 302
    assert not AuthToken.objects.exists()
    assert "person.deactivated" in actions()


def test_nobody_shuts_themselves_out(administrator):
    with pytest.raises(RefusalError):
        services.set_active(user=administrator, is_active=False, by=administrator)


def test_the_last_administrator_keeps_the_role(administrator):
    with pytest.raises(RefusalError):
        services.revoke_role(membership=administrator.memberships.get(), by=administrator)

    second = person(Role.ADMINISTRATOR)
    services.revoke_role(membership=second.memberships.get(), by=administrator)

    assert Membership.objects.get().user == administrator


def test_a_revoked_role_is_gone_at_the_next_request(client, administrator):
    user = person(Role.ADMINISTRATOR)
    client.force_login(user)
    assert client.get(reverse("accounts:person_list")).status_code == 200

    services.revoke_role(membership=user.memberships.get(), by=administrator)

    assert client.get(reverse("accounts:person_list")).status_code == 403


def test_units_know_their_path_and_take_their_wards_along(administrator):
    north = services.create_unit(by=administrator, name="North", kind="facility")
    surgery = services.create_unit(by=administrator, name="Surgery", parent=north)
    ward = services.create_unit(by=administrator, name="4 West", parent=surgery)
    south = services.create_unit(by=administrator, name="South", kind="facility")

    services.change_unit(unit=surgery, version=1, by=administrator, parent=south)

    paths = dict(Unit.objects.values_list("name", "path"))
    assert paths["Surgery"] == f"/{south.pk}/{surgery.pk}/"
    assert paths["4 West"] == f"/{south.pk}/{surgery.pk}/{ward.pk}/"


def test_a_unit_does_not_sit_below_itself(administrator):
    north = UnitFactory(name="North")
    ward = UnitFactory(name="Ward", parent=north)

    with pytest.raises(RefusalError):
        services.change_unit(unit=north, version=1, by=administrator, parent=ward)


def test_two_editors_of_a_unit(administrator):
    unit = UnitFactory(name="North")
    services.change_unit(unit=unit, version=1, by=administrator, name="North tower")

    with pytest.raises(EditConflictError):
        services.change_unit(unit=unit, version=1, by=administrator, name="Northern")


def test_the_person_list_shows_roles_and_finds_by_name(signed_in, administrator):
    person(Role.EXECUTIVE, name="Ada Lovelace")
    person(Role.AUDITOR, name="Grace Hopper")

    response = signed_in(administrator).get(reverse("accounts:person_list"), {"q": "ada"})

    assert [user.name for user in response.context["page"]] == ["Ada Lovelace"]
    assert "Executive" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_person_list_costs_the_same_for_any_number(
    signed_in, administrator, django_assert_num_queries, rows
):
    for _ in range(rows):
        person(Role.EXECUTIVE, unit=UnitFactory())
    client = signed_in(administrator)

    with django_assert_num_queries(8):
        client.get(reverse("accounts:person_list"))


def test_a_bad_address_keeps_what_was_typed(signed_in, administrator):
    response = signed_in(administrator).post(
        reverse("accounts:person_new"), {"name": "Ada", "email": "ada@", "title": "Countess"}
    )

    assert response.status_code == 422
    assert 'value="Countess"' in response.content.decode()
    assert response.context["form"].errors.keys() == {"email"}


def test_the_second_editor_of_a_unit_sees_both_versions_and_keeps_theirs(signed_in, administrator):
    unit = UnitFactory(name="North")
    services.change_unit(unit=unit, version=1, by=administrator, name="North tower")
    client = signed_in(administrator)
    typed = {"name": "Northern", "kind": "department", "parent": "", "headcount": "", "version": 1}
    url = reverse("accounts:unit_edit", args=[unit.pk])

    response = client.post(url, typed)

    text = response.content.decode()
    assert response.status_code == 409
    assert "North tower" in text
    assert 'value="Northern"' in text
    assert client.post(url, typed | {"version": 2}).status_code == 302
    assert Unit.objects.get(pk=unit.pk).name == "Northern"


def test_a_token_is_shown_once_and_kept_only_as_a_hash(signed_in, administrator):
    client = signed_in(administrator)

    shown = client.post(reverse("accounts:token_list"), {"days": "30"}).context["secret"]

    token = AuthToken.objects.get()
    assert shown.startswith(token.token_key)
    assert shown not in (token.digest, token.token_key)
    assert token.expiry is not None
    assert shown not in client.get(reverse("accounts:token_list")).content.decode()


@pytest.mark.parametrize(
    ("days", "sentence"), [("", "Fill this in."), ("7000", "Choose one of the list.")]
)
def test_a_token_for_no_known_time_is_refused_at_the_field(signed_in, lead, days, sentence):
    answer = signed_in(lead).post(reverse("accounts:token_list"), {"days": days})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"days": [sentence]}
    assert not AuthToken.objects.exists()


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("nonsense", "No role was added: choose a role and where it applies."),
        ("", "No role was added: choose a role and where it applies."),
        ("staff", "That role was not added: the person has it there already."),
    ],
)
def test_a_role_that_is_not_added_says_why(signed_in, administrator, role, sentence):
    user = person(Role.STAFF)

    page = signed_in(administrator).post(
        reverse("accounts:role_grant", args=[user.pk]),
        {"role": role, "unit": "everywhere"},
        follow=True,
    )

    assert [str(message) for message in page.context["messages"]] == [sentence]
    assert user.memberships.count() == 1


def test_somebody_elses_token_cannot_be_ended(signed_in, administrator):
    other = person(Role.EXECUTIVE)
    services.create_token(user=other, days=30)
    key = AuthToken.objects.get().token_key

    response = signed_in(administrator).post(reverse("accounts:token_revoke", args=[key]))

    assert response.status_code == 404
    assert AuthToken.objects.count() == 1
