"""The first people from the shell: `rounds setup-link`, `rounds create-admin`, Django's own."""

import io
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from pmo.accounts.models import Membership, User
from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from tests.factories import UserFactory, person

pytestmark = pytest.mark.django_db
PASSWORD = "corridor lamp seven"
GRACE = {"email": "Grace@Example.org", "name": "Grace Okonkwo"}
WHO = ("--email", "Grace@Example.org", "--name", "Grace Okonkwo")


class Terminal(io.StringIO):
    """Somebody sits before it."""

    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.BASE_URL = "http://testserver"


@pytest.fixture
def typed(monkeypatch):
    """Return a function that says what somebody types at the questions, in order."""

    def answer(*passwords, lines=()):
        secret, plain = iter(passwords), iter(lines)
        monkeypatch.setattr("sys.stdin", Terminal())
        monkeypatch.setattr("getpass.getpass", lambda *_args, **_named: next(secret))
        monkeypatch.setattr("builtins.input", lambda *_args: next(plain))

    return answer


def rounds(*words):
    said = io.StringIO()
    call_command("rounds", *words, stdout=said)
    return said.getvalue()


def roles_of(email):
    held = Membership.objects.filter(user__email=email)
    return sorted(held.values_list("role", flat=True))


class TestSetupLink:
    def test_is_printed_again_and_again(self):
        first, second = rounds("setup-link"), rounds("setup-link", "--if-needed")

        assert first == second
        assert "  http://testserver/setup/#" in first

    def test_is_replaced_when_asked(self):
        assert rounds("setup-link") != rounds("setup-link", "--new")

    def test_names_the_port_that_is_given(self):
        assert "  http://127.0.0.1:8150/setup/#" in rounds("setup-link", "--port", "8150")

    def test_is_refused_once_somebody_administers(self):
        person(Role.ADMINISTRATOR)

        with pytest.raises(CommandError, match="Rounds has an administrator already"):
            rounds("setup-link")
        assert rounds("setup-link", "--if-needed") == ""

    @pytest.mark.parametrize("state", [{"is_active": False}, {"email": None}])
    def test_is_needed_where_the_administrator_cannot_sign_in(self, state):
        person(Role.ADMINISTRATOR, **state)

        assert "/setup/#" in rounds("setup-link")


class TestCreateAdmin:
    def test_asks_for_the_password(self, typed):
        typed(PASSWORD, PASSWORD)

        said = rounds("create-admin", *WHO)

        assert said == "Grace Okonkwo administers Rounds, and signs in as grace@example.org.\n"
        assert authenticate(username="grace@example.org", password=PASSWORD).name == GRACE["name"]
        assert roles_of("grace@example.org") == ["administrator", "staff"]
        assert list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True)) == [
            "person.created",
            "role.granted",
            "role.granted",
        ]

    def test_takes_it_from_the_settings(self, settings):
        settings.ROUNDS_ADMIN_PASSWORD = PASSWORD

        rounds("create-admin", *WHO, "--lead")

        assert authenticate(username="grace@example.org", password=PASSWORD)
        assert roles_of("grace@example.org") == ["administrator", "pmo_lead", "staff"]

    def test_prints_a_link_to_choose_one_where_nobody_can_type(self, client, monkeypatch):
        monkeypatch.setattr("sys.stdin", io.StringIO())

        said = rounds("create-admin", *WHO)

        address = urlsplit(re.search(r"  (http\S+)", said)[1])
        form = client.get(address.path, follow=True)
        chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
        client.post(form.redirect_chain[-1][0], chosen)
        assert "for 3 days" in said
        assert authenticate(username="grace@example.org", password=PASSWORD)

    def test_prints_the_link_when_asked_or_nothing_was_typed(self, typed):
        typed("")

        assert "/password/reset/" in rounds("create-admin", *WHO)
        assert "/password/reset/" in rounds(
            "create-admin", "--email=a@example.org", "--name=Ann", "--link"
        )

    def test_adds_nobody_when_two_passwords_differ(self, typed):
        typed(PASSWORD, "another")

        with pytest.raises(CommandError, match="The two passwords differ"):
            rounds("create-admin", *WHO)
        assert User.objects.count() == 0

    @pytest.mark.parametrize(
        ("email", "password", "said"),
        [
            ("grace", PASSWORD, "Enter a valid email address"),
            ("", PASSWORD, "An administrator needs an address to sign in with"),
            ("grace@example.org", "short", "This password is too short"),
            ("TAKEN@example.org", PASSWORD, "Somebody already signs in with this address"),
        ],
    )
    def test_refuses_with_a_sentence(self, settings, email, password, said):
        UserFactory(email="taken@example.org")
        settings.ROUNDS_ADMIN_PASSWORD = password

        with pytest.raises(CommandError, match=said):
            rounds("create-admin", "--email", email, "--name", "Grace")
        assert User.objects.count() == 1


class TestDjangosOwn:
    def test_createsuperuser_makes_an_administrator(self, monkeypatch):
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

        call_command("createsuperuser", interactive=False, stdout=io.StringIO(), **GRACE)

        assert authenticate(username="grace@example.org", password=PASSWORD)
        assert roles_of("grace@example.org") == ["administrator", "staff"]
        assert AuditEvent.objects.filter(action="role.granted").count() == 2

    def test_createsuperuser_asks(self, typed):
        typed(PASSWORD, PASSWORD, lines=["grace@example.org", "Grace Okonkwo"])

        call_command("createsuperuser", stdin=Terminal(), stdout=io.StringIO())

        assert roles_of("grace@example.org") == ["administrator", "staff"]

    def test_createsuperuser_refuses_with_a_sentence(self, monkeypatch):
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "short")

        with pytest.raises(CommandError, match="This password is too short"):
            call_command("createsuperuser", interactive=False, **GRACE)
        assert User.objects.count() == 0

    def test_changepassword_changes_it(self, typed):
        UserFactory(email="grace@example.org")
        typed(PASSWORD, PASSWORD)

        call_command("changepassword", "grace@example.org", stdout=io.StringIO())

        assert authenticate(username="grace@example.org", password=PASSWORD)


def test_whoever_comes_from_the_shell_lands_on_the_steps(client, settings):
    settings.ROUNDS_ADMIN_PASSWORD = PASSWORD
    rounds("create-admin", *WHO)

    response = client.post(
        reverse("login"), {"username": "grace@example.org", "password": PASSWORD}, follow=True
    )

    assert [url for url, _ in response.redirect_chain] == [reverse("home"), reverse("office")]
