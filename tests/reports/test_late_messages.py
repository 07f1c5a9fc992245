"""Rule 11c of governance: what was due five working days ago and is not sent stands in the week's summary."""

from datetime import timedelta

import pytest

from pmo.accounts.roles import Role
from projects.communication.services.items import send_item
from projects.models import Project
from reports.domain.scope import HOSPITAL
from reports.services.summaries import compile_summary
from reports.words.reading import print_data, reading_of
from tests.factories import ProjectFactory, UserFactory, person
from tests.factories.communication import ItemFactory
from tests.reports.documents import SUNDAY, freeze, row

pytestmark = pytest.mark.django_db
TITLE = "Messages to stakeholders not sent, five working days late or more"


@pytest.fixture
def late():
    """A project with two late messages and one that is not, in a frozen week."""
    project = ProjectFactory(name="Atrium")
    for days in (30, 8, 2):
        day = SUNDAY - timedelta(days=days)
        ItemFactory(project=project, due_on=day, sender=UserFactory())
    freeze(SUNDAY)
    row(project, SUNDAY, "green")
    return project


def said(client, summary):
    return " ".join(client.get(summary.get_absolute_url()).content.decode().split())


def test_they_stand_on_the_page_and_in_the_pdf(late, signed_in, lead):
    summary = compile_summary(scope=HOSPITAL, day=SUNDAY, by=None)

    page = said(signed_in(lead), summary)
    printed = print_data(reading_of(summary, lead))

    assert TITLE in page
    assert "Atrium</a> (2 messages)." in page
    assert printed["unsent"]["rows"][0]["what"] == "2 messages"


def test_what_was_said_stays_when_they_are_sent(late, signed_in, lead):
    summary = compile_summary(scope=HOSPITAL, day=SUNDAY, by=None)

    for item in late.communication_items.all():
        send_item(item=item, sent_on=SUNDAY, by=lead)

    assert "Atrium</a> (2 messages)." in said(signed_in(lead), summary)


def test_without_any_the_page_says_nothing_of_them(signed_in, lead):
    freeze(SUNDAY)
    row(ProjectFactory(), SUNDAY, "green")

    assert TITLE not in said(signed_in(lead), compile_summary(scope=HOSPITAL, day=SUNDAY, by=None))


def test_those_of_a_hidden_project_are_not_told(late, signed_in, project):
    Project.objects.filter(pk=late.pk).update(is_confidential=True)
    row(project, SUNDAY, "red")
    summary = compile_summary(scope=HOSPITAL, day=SUNDAY, by=None)

    page = said(signed_in(person(Role.PMO_ANALYST)), summary)

    assert project.name in page
    assert TITLE not in page
