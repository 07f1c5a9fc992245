"""One scope, one day, one reader: dashboard, summary, mail and API say the same figures in the same words."""

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from pmo.accounts.roles import Role
from projects.models import Project
from reports.demo.loading import load
from reports.mail import message_for
from reports.models import Delivery
from reports.selectors.documents import summaries_for
from reports.words.reading import reading_of
from tests.factories import MemberFactory, person
from tests.reports.agreeing import TODAY, difference, noon, page_figures

pytestmark = pytest.mark.django_db
SAID = ("label", "value", "of", "change", "direction", "color")


@pytest.fixture(scope="module")
def hospital(django_db_setup, django_db_blocker):
    """The demo as loaded on TODAY, for every test of this file that asks for it."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(noon(TODAY).timestamp(), tick=True),
        transaction.atomic(),
    ):
        load(today=TODAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def on_today():
    with time_machine.travel(noon(TODAY).timestamp(), tick=True):
        yield


def documents(reader):
    return list(summaries_for(reader).hospital_first("date"))


def plain(text):
    return " ".join(text.split())


def page_words(client, summary):
    """Return the lede and the key figures of the dashboard, as its template gets them."""
    path = f"/portfolio/?scope={summary.scope_key}&as_of={summary.date}"
    context = client.get(path).context
    facts = [tuple(tile[name] for name in SAID) for tile in context["tiles"]]
    return "".join(part.text for part in context["lede"]), facts


def sheet_words(sheet):
    return sheet.headline, [tuple(getattr(fact, name) for name in SAID) for fact in sheet.facts]


def named_on_five():
    """Return somebody who is no more than named on every ninth project."""
    reader = person(Role.STAFF)
    for project in Project.objects.order_by("pk")[::9]:
        MemberFactory(project=project, user=reader)
    return reader


READERS = {
    "lead": lambda: person(Role.PMO_LEAD),
    "executive": lambda: person(Role.EXECUTIVE),
    "staff": named_on_five,
}


@pytest.mark.usefixtures("hospital", "on_today")
class TestDemo:
    @pytest.mark.parametrize("who", READERS)
    def test_every_summary_counts_what_the_dashboard_counts(self, who):
        reader = READERS[who]()
        found = documents(reader)

        counted = {
            str(one): (reading_of(one, reader).figures, page_figures(reader, one)) for one in found
        }
        apart = {name: difference(*both) for name, both in counted.items()}
        assert {name: fields for name, fields in apart.items() if fields} == {}
        assert len(counted) == (26 if who == "lead" else 25)  # one is a draft
        assert any(ours.hidden for ours, _ in counted.values()) == (who != "lead")

    @pytest.mark.parametrize("who", ["lead", "executive"])
    def test_every_summary_says_what_the_dashboard_says(self, who):
        reader, client = READERS[who](), Client()
        client.force_login(reader)

        said = {
            str(one): (sheet_words(reading_of(one, reader).sheet), page_words(client, one))
            for one in documents(reader)
        }
        assert {name: both for name, both in said.items() if both[0] != both[1]} == {}
        assert len({facts for (_, facts), _ in said.values() for facts in facts}) > 40

    def test_mail_and_api_say_what_the_summary_says(self):
        reader, client = READERS["executive"](), Client()
        client.force_login(reader)
        for summary in documents(reader):
            words, facts = sheet_words(reading_of(summary, reader).sheet)
            delivery = Delivery(user=reader, address="a@b.example", message_id="x")
            mail = plain(message_for(delivery, [summary]).body)
            answer = client.get(f"/api/v1/summaries/{summary.pk}/").json()

            assert plain(words) in mail
            for label, value, of, change, *_ in facts:
                written = f"{label}: {value or '–'}{f' of {of}' if of else ''} ({change})"
                assert plain(written) in mail
            assert answer["sheet"]["headline"] == words
            told = [tuple(fact[name] for name in SAID) for fact in answer["sheet"]["facts"]]
            assert told == facts

    def test_what_is_stored_of_a_new_summary_is_what_the_page_says(self):
        lead = READERS["lead"]()
        client = Client()
        client.force_login(lead)

        stored = {str(one): one.headline for one in documents(lead)}
        assert stored == {str(one): page_words(client, one)[0] for one in documents(lead)}
