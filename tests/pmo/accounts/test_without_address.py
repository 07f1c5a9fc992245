"""People without an address: named on projects, found, told from namesakes; no page or mail trips over them."""

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse

from pmo.accounts import services
from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.common.models import Job
from pmo.common.records.writing import RefusalError
from projects.forms.records import MemberForm
from projects.services.reminders import remind_managers, run_remind_all
from reports.imports.services.lookups import Lookups
from reports.models import Subscription
from tests.factories import MemberFactory, PortfolioFactory, ProjectFactory, UserFactory, person
from tests.test_api_rules import api

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def nobody():
    return person(Role.STAFF, name="Jo Brandt", email=None)


def test_the_form_takes_several_people_without_an_address(signed_in, administrator):
    client = signed_in(administrator)
    for name in ("Jo Brandt", "Kim Sato"):
        client.post(
            reverse("accounts:person_new"), {"name": name, "email": "", "title": "", "unit": ""}
        )

    assert set(User.objects.filter(email=None).values_list("name", flat=True)) == {
        *("Jo Brandt", "Kim Sato")
    }
    assert Job.objects.count() == 0


def test_an_address_is_added_and_taken_away_again(signed_in, administrator, nobody):
    client, typed = signed_in(administrator), {"name": "Jo Brandt", "title": "", "unit": ""}

    client.post(nobody.get_absolute_url(), typed | {"email": "Jo@example.org"})
    nobody.refresh_from_db()
    assert nobody.email == "jo@example.org"
    client.post(nobody.get_absolute_url(), typed | {"email": ""})
    nobody.refresh_from_db()
    assert nobody.email is None


def test_the_list_and_the_page_say_it(signed_in, administrator, nobody):
    client = signed_in(administrator)
    pages = [
        client.get(reverse("accounts:person_list"), {"q": "brandt"}).content.decode(),
        client.get(nobody.get_absolute_url()).content.decode(),
    ]

    for page in pages:
        assert "Cannot sign in yet: no address" in page
        assert ">None<" not in page


def test_nobody_signs_in_without_an_address(client, nobody):
    assert authenticate(username="", password="") is None
    for wanted in (None, ""):
        with pytest.raises(User.DoesNotExist):
            User.objects.get_by_natural_key(wanted)
    assert client.post(reverse("login"), {"username": "", "password": "x"}).status_code == 200
    assert User.objects.create_user(None, name="Kim").email is None


def test_a_namesake_without_an_address_can_be_named(signed_in, lead, nobody, project):
    UserFactory(name="Jo Brandt", email="jo@example.org")
    choices = reverse("projects:person_choices", args=[project.pk])

    page = signed_in(lead).get(choices, {"person": "brandt"}).content.decode()
    form = MemberForm({"person": "Jo Brandt (no address)", "role": "reader"}, choices_url="")

    assert 'value="Jo Brandt (no address)"' in page
    assert 'value="jo@example.org"' in page
    assert form.is_valid()
    assert form.cleaned_data["person"] == nobody


def test_a_manager_without_an_address_is_not_said_to_be_reminded(lead, nobody):
    project = ProjectFactory()
    MemberFactory(project=project, user=nobody, role=Role.MANAGER)

    with pytest.raises(RefusalError, match="has no address"):
        remind_managers(project=project, by=lead)

    assert Job.objects.count() == 0
    job = Job.objects.create(kind="status.remind_all", key="x", requested_by=lead)
    assert run_remind_all(Run(job)) == {"reminders": 0}


class Run:
    """A job's attempt without a worker."""

    def __init__(self, job):
        self.job, self.params = job, {}

    def progress(self, *_args):
        """Show nothing."""


def test_an_import_finds_people_without_an_address_by_name(lead, nobody):
    assert Lookups(lead).people["jo brandt"] == [nobody]


def test_a_subscriber_who_lost_the_address_is_listed_as_such(signed_in, lead, nobody):
    Subscription.objects.create(portfolio=PortfolioFactory(), user=nobody)

    page = signed_in(lead).get(reverse("reports:subscription_list")).content.decode()

    assert ">no email address: gets no mail<" in page


@pytest.mark.parametrize(("order", "last"), [("email", True), ("-email", True), ("name", False)])
def test_the_api_lists_those_without_an_address_last(administrator, nobody, order, last):
    person(Role.STAFF, name="Zoe", email="zoe@example.org")

    rows = api(administrator).get("/api/v1/people/", {"ordering": order}).data["results"]

    assert (rows[-1]["email"] is None) is last
    assert {row["email"] for row in rows} >= {None, "zoe@example.org"}


def test_two_people_do_not_share_an_address(administrator, nobody):
    person(Role.STAFF, email="jo@example.org")

    with pytest.raises(Exception, match="Somebody already signs in with this address"):
        services.change_user(user=nobody, by=administrator, email="JO@example.org")
