"""A form has one effect however often it is sent; one that came back with errors is sent again."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.contrib import messages
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponseRedirect
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.accounts.words import ROLE_NOT_CHOSEN
from pmo.common.background import schedule
from pmo.common.models import AuditEvent, Submission
from pmo.common.page.once import FIELD, SAID_OTHERWISE, TWICE, do_once
from pmo.common.records.once import KEPT, sent
from portfolio.services import add_project
from projects.models import Program
from risks.models import Risk
from tests.factories import PortfolioFactory, ProjectFactory, RiskFactory, person
from tests.projects.test_services_status_races import race

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def words(title="Vendor slips", **more):
    return {
        "title": title,
        "kind": "threat",
        "likelihood": "3",
        "impact": "4",
        "state": "open",
        FIELD: str(uuid4()),
    } | more


@pytest.fixture
def address(project):
    return reverse("risks:risk_new", args=[project.pk])


@pytest.fixture
def office(client, lead):
    client.force_login(lead)
    return client


def said(response):
    return [str(message) for message in response.context["messages"]]


class TestOneForm:
    def test_sent_twice_adds_one_record_and_says_what_the_first_click_did(self, office, address):
        data = words()

        first, second = office.post(address, data), office.post(address, data)

        assert (first.status_code, second.status_code) == (302, 303)
        assert first["Location"] == second["Location"]
        assert Risk.objects.count() == 1
        assert said(office.get(second["Location"])) == ["Risk added."]

    def test_drawn_again_adds_another(self, office, address):
        office.post(address, words())
        office.post(address, words())

        assert Risk.objects.count() == 2

    def test_that_came_back_with_errors_is_mended_and_sent_again(self, office, address):
        data = words(title="")

        assert office.post(address, data).status_code == 422
        assert not Submission.objects.exists()
        assert office.post(address, data | {"title": "Mended"}).status_code == 302

        assert Risk.objects.get().title == "Mended"

    def test_that_led_back_with_an_error_is_mended_and_sent_again(self, office):
        office.force_login(person(Role.ADMINISTRATOR))
        somebody = person(Role.STAFF)
        address = reverse("accounts:role_grant", args=[somebody.pk])
        data = {"role": "", FIELD: str(uuid4())}

        first = office.post(address, data, follow=True)
        assert said(first) == [ROLE_NOT_CHOSEN]
        second = office.post(
            address, data | {"role": Role.EXECUTIVE, "unit": "everywhere"}, follow=True
        )

        assert SAID_OTHERWISE not in second.content.decode()
        assert set(somebody.memberships.values_list("role", flat=True)) == {
            Role.STAFF,
            Role.EXECUTIVE,
        }

    def test_without_a_key_is_taken_as_it_comes(self, office, address):
        data = words() | {FIELD: ""}

        office.post(address, data)
        office.post(address, data)

        assert Risk.objects.count() == 2
        assert not Submission.objects.exists()

    def test_with_a_key_longer_than_any_of_ours_is_taken_as_it_comes(self, office, address):
        assert office.post(address, words() | {FIELD: "x" * 65}).status_code == 302
        assert not Submission.objects.exists()

    def test_that_says_something_else_by_now_comes_back_with_its_words(self, office, address):
        data = words()
        office.post(address, data)

        page = office.post(address, data | {"title": "Strike of the vendor"})

        assert page.status_code == 422
        assert page.context["form"].non_field_errors() == [SAID_OTHERWISE]
        assert page.context["form"]["title"].value() == "Strike of the vendor"
        assert data[FIELD] not in page.content.decode()
        assert Risk.objects.count() == 1
        office.post(address, words("Strike of the vendor"))
        assert Risk.objects.count() == 2

    def test_that_changes_a_record_may_say_something_else(self, office):
        risk = RiskFactory()
        address = reverse("risks:risk_edit", args=[risk.pk])
        data = words("Once", version="1")
        office.post(address, data)

        assert (
            office.post(address, data | {"title": "Back, and on", "version": "2"}).status_code
            == 302
        )

        risk.refresh_from_db()
        assert (risk.title, risk.version) == ("Back, and on", 3)

    def test_of_another_person_is_another_form(self, office, address):
        data = words()
        office.post(address, data)
        other = person(Role.PMO_LEAD)
        office.force_login(other)

        assert office.post(address, data).status_code == 302

        assert Risk.objects.filter(changed_by=other).count() == 1

    def test_at_another_address_is_another_form(self, office, address, project):
        data = words()
        office.post(address, data)
        elsewhere = reverse("risks:issue_new", args=[project.pk])

        answer = office.post(elsewhere, data | {"severity": "2"})

        assert answer["Location"] != reverse("risks:project_panel", args=[project.pk])
        assert project.issues.count() == 1

    def test_of_somebody_signed_out_meanwhile_keeps_its_key(self, office, address, lead):
        data = words()
        office.logout()
        assert office.post(address, data)["Location"].startswith(reverse("login"))
        office.force_login(lead)

        office.post(address, data)

        assert Risk.objects.count() == 1

    def test_that_htmx_sends_twice_leads_on_or_shows_the_page_anew(self, office, address):
        data = words()
        office.post(address, data, headers={"HX-Request": "true"})
        second = office.post(address, data, headers={"HX-Request": "true"})

        assert (second.status_code, second.content) == (200, b"")
        assert second["HX-Redirect"].endswith("/")
        assert Risk.objects.count() == 1

    def test_that_shows_something_once_says_so_the_second_time(self, office):
        address = reverse("accounts:token_list")
        data = {"name": "Script", "days": "30", FIELD: str(uuid4())}

        assert office.post(address, data).status_code == 200
        second = office.post(address, data, follow=True)

        assert second.redirect_chain == [(address, 303)]
        assert said(second) == [TWICE]
        assert len(second.context["tokens"]) == 1

    def test_whose_name_is_taken_by_its_own_first_click_leads_on_all_the_same(self, office):
        address = reverse("projects:program_new")
        data = {"name": "One record", "code": "PG-1", FIELD: str(uuid4())}

        first, second = office.post(address, data), office.post(address, data)

        assert (first.status_code, second.status_code) == (302, 303)
        assert second["Location"] == first["Location"]
        assert Program.objects.count() == 1
        assert len(said(office.get(second["Location"]))) == 1

    def test_whose_name_was_taken_by_another_comes_back_with_its_words(self, office):
        address = reverse("projects:program_new")
        data = {"name": "One record", "code": "PG-1", FIELD: str(uuid4())}
        office.post(address, data)
        other = data | {FIELD: str(uuid4())}

        answers = [office.post(address, other) for _ in range(2)]

        assert [one.status_code for one in answers] == [422, 422]
        assert answers[1].context["form"].errors

    def test_that_says_something_else_says_nothing_of_the_attempt(self, office, address):
        data = words()
        page = office.get(office.post(address, data)["Location"])
        assert said(page) == ["Risk added."]

        again = office.post(address, data | {"title": "Strike of the vendor"})

        assert said(again) == []

    def test_with_a_file_is_read_from_its_start_by_each_attempt(self, office, address):
        read = []

        def view(request):
            read.append(request.FILES["file"].read())
            messages.success(request, f"Read {len(read)}.")
            return HttpResponseRedirect("/")

        for text in (b"one", b"two"):
            request = office.get(address).wsgi_request
            request.FILES.appendlist("file", SimpleUploadedFile("list.csv", text))
            do_once(sent("a key", by=1, to="/", body=text), request, partial(view, request))

        assert read == [b"one", b"two", b"two"]
        assert [str(one) for one in get_messages(request)] == ["Read 3."]

    def test_whose_record_is_gone_by_the_second_click_leads_on_all_the_same(self, office):
        entry = add_project(portfolio=PortfolioFactory(), project=ProjectFactory(), by=None)
        address = reverse("portfolio:portfolio_remove", args=[entry.pk])
        data = {FIELD: str(uuid4())}

        first, second = office.post(address, data), office.post(address, data)

        assert (first.status_code, second.status_code) == (302, 303)
        assert second["Location"] == first["Location"]


@pytest.mark.parametrize(
    ("title", "status", "mine"), [("Vendor slips", 302, "INSERT"), ("", 422, "SELECT")]
)
def test_a_form_takes_one_statement_more(office, address, title, status, mine):
    office.post(address, words(title))
    statements = []

    for data in (words(title) | {FIELD: ""}, words(title)):
        with CaptureQueriesContext(connection) as caught:
            assert office.post(address, data).status_code == status
        statements.append([q["sql"] for q in caught if not q["sql"].startswith(CONTROL)])

    assert len(statements[1]) == len(statements[0]) + 1
    assert [sql.split()[0] for sql in statements[1] if "common_submission" in sql] == [mine]


@pytest.mark.django_db
def test_a_page_that_is_only_read_takes_none(client, lead, project):
    client.force_login(lead)

    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("risks:risk_new", args=[project.pk]))

    assert not [q for q in caught if "common_submission" in q["sql"]]


def test_every_form_gets_a_key_of_its_own(rf):
    two = Template("{% csrf_token %}{% csrf_token %}").render(Context({"request": rf.get("/")}))

    keys = [part.split('"')[0] for part in two.split('name="once" value="')[1:]]
    assert len(set(keys)) == 2
    assert Template("{% csrf_token %}").render(Context()) == ""


@pytest.mark.django_db
def test_keys_are_forgotten_after_two_days():
    now = timezone.now()
    for name, age in (("old", KEPT + timedelta(minutes=1)), ("new", KEPT - timedelta(minutes=1))):
        Submission.objects.create(key=name, body="", answer={}, made_at=now - age)

    schedule.tick()

    assert [one.key for one in Submission.objects.all()] == ["new"]


SENDERS = 16


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", [1, 2])
def test_of_many_clicks_at_once_each_form_has_one_effect(keys, client, lead, project):
    address, forms = reverse("risks:risk_new", args=[project.pk]), [words() for _ in range(keys)]
    clients = []
    for _ in range(SENDERS):
        one = type(client)()
        one.force_login(lead)
        clients.append(one)
    codes = []

    outcomes = race(
        SENDERS,
        lambda number: codes.append(
            clients[number].post(address, forms[number % keys]).status_code
        ),
    )

    assert outcomes == ["won"] * SENDERS
    assert sorted(codes) == [302] * keys + [303] * (SENDERS - keys)
    assert Risk.objects.count() == Submission.objects.count() == keys
    assert AuditEvent.objects.filter(action="risk.created").count() == keys
