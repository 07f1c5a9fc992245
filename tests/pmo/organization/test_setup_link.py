"""The set-up link: one use, one day, only while nobody administers, and its token is nowhere."""

import logging
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.models import Membership, User
from pmo.accounts.roles import Role
from pmo.accounts.services import create_administrator
from pmo.common.models import AuditEvent
from pmo.common.records import audit
from pmo.organization.first_run import link, services
from pmo.organization.first_run.printing import greeting, link_to_print
from pmo.organization.models import Organization, Setup
from tests.factories import person
from tests.projects.test_services_status_races import race

pytestmark = pytest.mark.django_db
BASE = "http://rounds.example:8150"
PASSWORD = "corridor lamp seven"
FILLED = {
    "organization_name": "Lakeside Health",
    "currency": "£",
    "fiscal_year_start_month": "4",
    "time_zone": "America/Chicago",
    "due_weekday": "3",
    "due_time": "16:00",
    "name": "Grace Okonkwo",
    "email": "Grace@Lakeside.example",
    "password": PASSWORD,
}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def new_token():
    return services.make_link(by=None)


def claim(token, **changes):
    return services.set_up(
        token=token,
        organization={"name": "Lakeside Health"},
        administrator={"name": "Grace", "email": "grace@lakeside.example", "password": PASSWORD}
        | changes,
        leads_office=False,
    )


def roles():
    return sorted(Membership.objects.values_list("role", flat=True))


def send(client, token, **changes):
    return client.post(reverse("setup"), FILLED | {"token": token} | changes)


class TestPage:
    def test_makes_the_organization_and_its_first_administrator(self, client):
        response = send(client, new_token())

        user, now = User.objects.get(), Organization.objects.get()
        assert response["Location"] == f"{reverse('office')}#main"
        assert client.get(reverse("office")).context["user"] == user
        assert (now.name, now.currency, now.fiscal_year_start_month) == ("Lakeside Health", "£", 4)
        assert (now.time_zone, now.due_weekday, f"{now.due_time:%H:%M}") == (
            "America/Chicago",
            3,
            "16:00",
        )
        assert (user.name, user.email) == ("Grace Okonkwo", "grace@lakeside.example")
        assert authenticate(username=user.email, password=PASSWORD) == user
        assert roles() == ["administrator", "staff"]
        assert list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True)) == [
            "setup.link_made",
            "setup.link_used",
            "person.created",
            "role.granted",
            "role.granted",
            "organization.created",
        ]
        assert audit.faults() == []

    def test_makes_a_pmo_lead_too_when_asked(self, client):
        send(client, new_token(), leads_office="on")

        assert roles() == ["administrator", "pmo_lead", "staff"]

    def test_takes_the_whole_address_that_somebody_pasted(self, client):
        send(client, f"  {BASE}/setup/#{new_token()} ")

        assert User.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "field", "said"),
        [
            ({"name": ""}, "name", "Fill this in."),
            ({"email": "grace"}, "email", "Enter an address, for example"),
            ({"password": "corridor"}, "password", "This password is too short."),
            ({"password": "grace@lakeside"}, "password", "too similar to the email"),
            ({"organization_name": "MRN 00482913"}, "organization_name", "This looks like"),
            ({"time_zone": "Europe/Atlantis"}, "time_zone", "Choose one of the list."),
            ({"due_time": "noon"}, "due_time", "Enter a time, for example 16:00."),
        ],
    )
    def test_keeps_what_was_typed_and_the_link_when_something_is_wrong(
        self, client, changes, field, said
    ):
        token = new_token()

        response = send(client, token, **changes)

        page = response.content.decode()
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {field}
        assert said in response.context["form"].errors[field][0]
        assert "Lakeside" in page or field == "organization_name"
        assert (PASSWORD in page, token in page) == (False, False)
        assert (User.objects.count(), Organization.objects.count()) == (0, 0)
        assert send(client, token).status_code == 302

    def test_says_at_the_address_that_somebody_has_it_already(self, client):
        person(Role.EXECUTIVE, email="grace@lakeside.example")
        token = new_token()

        response = send(client, token)

        assert response.context["form"].errors == {
            "email": ["Somebody already signs in with this address."]
        }
        assert send(client, token, email="g@lakeside.example").status_code == 302

    def test_refuses_a_wrong_token_and_keeps_what_was_typed(self, client):
        new_token()

        response = send(client, "a-wrong-one")

        assert response.status_code == 422
        assert response.context["form"].errors == {"token": [services.DEAD]}
        assert "manage.py rounds setup-link" in response.content.decode()
        assert "Lakeside Health" in response.content.decode()
        assert User.objects.count() == 0

    @pytest.mark.parametrize("state", ["none", "used", "expired"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_says_how_to_come_by_a_link_where_none_is_open(self, client, state, method):
        token = new_token()
        now = timezone.now()
        if state == "none":
            Setup.objects.all().delete()
        elif state == "used":
            Setup.objects.update(used_at=now)
        else:
            Setup.objects.update(expires_at=now - timedelta(seconds=1))

        response = getattr(client, method)(reverse("setup"), FILLED | {"token": token})

        page = response.content.decode()
        assert response.status_code == 410
        assert services.DEAD in page
        assert "manage.py rounds setup-link" in page
        assert User.objects.count() == 0

    @pytest.mark.parametrize("method", ["get", "head", "post"])
    def test_is_not_there_once_somebody_administers(self, client, method):
        token = new_token()
        create_administrator(by=None, name="Ann", email="ann@example.org", password=PASSWORD)

        response = getattr(client, method)(reverse("setup"), FILLED | {"token": token})

        assert response.status_code == 404
        assert User.objects.count() == 1

    def test_is_not_there_the_second_time(self, client):
        token = new_token()
        send(client, token)

        assert send(client, token, email="other@lakeside.example").status_code == 404
        assert User.objects.count() == 1

    def test_loads_its_own_script_under_the_policy(self, client):
        new_token()

        response = client.get(reverse("setup"))

        assert "unsafe" not in response["Content-Security-Policy"]
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cache-Control"] == "no-store"
        assert "js/setup.js" in response.content.decode()

    def test_does_not_suggest_a_name_that_nobody_gave(self, client, settings):
        new_token()
        settings.ORGANIZATION_NAME = settings.UNNAMED

        page = client.get(reverse("setup"))

        assert page.context["form"]["organization_name"].value() == ""


class TestToken:
    def test_is_kept_as_a_hash_alone(self):
        token = new_token()

        kept = Setup.objects.get()
        assert kept.token_hash == link.hash_of(token)
        assert token not in str(list(AuditEvent.objects.values_list("body", flat=True)))
        assert len(token) == 43  # 32 bytes in letters that an address can hold

    def test_stands_in_no_response_and_no_line_of_the_log(self, client, caplog):
        caplog.set_level(logging.DEBUG)
        token = new_token()

        responses = [
            client.get(reverse("setup")),
            send(client, token, name=""),
            send(client, token),
            send(client, token),
        ]

        assert [r.status_code for r in responses] == [200, 422, 302, 404]
        said = caplog.text + "".join(f"{r.headers}{r.content.decode()}" for r in responses)
        assert token not in said

    def test_lies_in_a_file_of_its_owner_until_it_is_used(self):
        found = link_to_print(BASE)

        path = link.file_of()
        assert path.read_text() == f"{found.address}\n"
        assert path.stat().st_mode & 0o777 == 0o600
        assert found.address.startswith(f"{BASE}/setup/#")

    @pytest.mark.django_db(transaction=True)
    def test_leaves_no_file_once_it_is_used(self):
        token = link.token_in(link_to_print(BASE).address)

        claim(token)

        assert not link.file_of().exists()


class TestLink:
    def test_is_used_once(self):
        token = new_token()
        claim(token)
        Membership.objects.filter(role=Role.ADMINISTRATOR).delete()

        with pytest.raises(services.DeadLinkError):
            claim(token, email="other@lakeside.example")

    def test_ends_after_a_day(self):
        token = new_token()
        Setup.objects.update(expires_at=timezone.now())

        with pytest.raises(services.DeadLinkError):
            claim(token)

    def test_lasts_a_day(self):
        before = timezone.now()
        new_token()

        assert before < Setup.objects.get().expires_at - timedelta(hours=24) < timezone.now()

    def test_ends_with_the_next_one(self):
        first, second = new_token(), new_token()

        with pytest.raises(services.DeadLinkError):
            claim(first)
        claim(second)

    def test_is_closed_by_whoever_becomes_administrator_another_way(self):
        token = new_token()
        user = create_administrator(by=None, name="Ann", email="ann@example.org", password=PASSWORD)
        User.objects.filter(pk=user.pk).update(is_active=False)

        with pytest.raises(services.DeadLinkError):
            claim(token)

    def test_stays_open_when_the_person_is_refused(self):
        token = new_token()
        with pytest.raises(ValidationError):
            claim(token, password="short")

        claim(token)

    @pytest.mark.django_db(transaction=True)
    def test_of_sixteen_who_use_it_at_once_one_becomes_administrator(self):
        token = new_token()

        outcomes = race(16, lambda number: claim(token, email=f"person{number}@lakeside.example"))

        assert sorted(outcomes) == ["DeadLinkError"] * 15 + ["won"]
        assert (User.objects.count(), roles()) == (1, ["administrator", "staff"])
        assert audit.faults() == []


class TestPrinting:
    def test_prints_the_same_link_while_it_is_open(self):
        first = link_to_print(BASE)

        assert link_to_print(BASE) == first
        assert AuditEvent.objects.count() == 1

    def test_prints_a_new_one_when_the_file_is_gone_or_foreign(self):
        first = link_to_print(BASE).address
        link.keep(f"{BASE}/setup/#of-another-database")
        second = link_to_print(BASE).address
        link.forget_file()

        assert len({first, second, link_to_print(BASE).address}) == 3

    def test_prints_a_new_one_after_the_old_one_expired(self):
        first = link_to_print(BASE).address
        Setup.objects.update(expires_at=timezone.now())

        assert link_to_print(BASE).address != first

    def test_says_it_all_the_same_where_no_file_can_be_written(self, settings, tmp_path, caplog):
        settings.DATA_DIR = tmp_path / "nowhere"

        found = link_to_print(BASE)

        assert link.token_in(found.address) not in caplog.text
        assert "could not be kept" in caplog.text
        assert Setup.objects.get().token_hash == link.hash_of(link.token_in(found.address))

    def test_a_start_greets_with_it_until_somebody_administers(self):
        lines = greeting(BASE)
        create_administrator(by=None, name="Ann", email="ann@example.org", password=PASSWORD)

        assert lines[1].startswith("Set up Rounds here. The link works once, until ")
        assert lines[2].startswith(f"  {BASE}/setup/#")
        assert greeting(BASE) == []


class TestSignIn:
    def test_says_what_to_do_where_nobody_can_sign_in(self, client):
        page = client.get(reverse("login")).content.decode()

        assert "Rounds is not set up yet" in page
        assert "manage.py rounds setup-link" in page
        assert 'name="password"' not in page

    def test_is_a_form_as_soon_as_somebody_can(self, client):
        person(Role.EXECUTIVE)

        page = client.get(reverse("login")).content.decode()

        assert 'name="password"' in page
        assert "setup-link" not in page

    @pytest.mark.parametrize(
        ("base_url", "ending"),
        [
            ("http://127.0.0.1:8000", "setup-link"),
            ("http://127.0.0.1:8150", "setup-link --port 8150"),
            ("https://rounds.example", "setup-link"),
        ],
    )
    def test_names_the_command_for_this_installation(self, settings, base_url, ending):
        settings.BASE_URL, settings.EXAMPLE = base_url, "none"

        (_, bare), (_, contained) = link.commands()

        assert bare == f"EXAMPLE=none .venv/bin/python manage.py rounds {ending}"
        assert contained == "docker compose exec web python manage.py rounds setup-link"
