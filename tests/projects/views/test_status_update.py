"""The published update as it is read, and how it is corrected."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.models import StatusUpdate
from projects.services.status import publish_update, save_draft
from tests.factories import MemberFactory, UserFactory

SAID = {
    "overall": "red",
    "overall_note": "The permit is late.",
    "help_needed": "Approve overtime",
    "help_from": "The COO",
    "help_due": timezone.localdate() + timedelta(days=7),
    "schedule": "amber",
    "schedule_note": "Two weeks behind.",
    "done": "Poured the slab.",
    "next_steps": "Resubmit the design.",
    "percent_complete": 58,
    "forecast_cost": Decimal("20610000.50"),
}


@pytest.fixture
def update(project, manager):
    return publish_update(project=project, by=manager, **SAID)


def test_update_shows_all_that_was_said(client, project, update):
    client.force_login(MemberFactory(project=project, role=Role.READER).user)

    response = client.get(update.get_absolute_url())

    for words in ("The permit is late.", "Approve overtime", "The COO decides", "Poured the slab."):
        assert words in response.text
    assert response.context["facts"] == [
        ("Complete", "58%"),
        ("Forecast cost", "$20,610,000.50"),
        ("Forecast finish", "4 Jan 2027"),
    ]
    said = [(line.label, line.color, line.note) for line in response.context["lines"]]
    assert said[:2] == [("Schedule", "amber", "Two weeks behind."), ("Cost", "none", "")]
    assert "Correct this update" not in response.text


def test_status_out_of_a_table_says_who_imported_it(client, project, lead):
    update = publish_update(
        project=project, by=lead, overall="red", published_rating="Imported from a.csv"
    )
    client.force_login(lead)

    response = client.get(update.get_absolute_url())

    page = response.content.decode()
    assert f"Imported from a.csv by {lead}. The manager has not published it." in page
    assert "Manager says" not in page
    assert f"by {lead}." in response.context["sub"]
    assert "Published" not in response.context["sub"]


def test_manager_may_correct_the_last_revision_only(signed_in, manager, project, update):
    second = publish_update(project=project, by=manager, **SAID)
    client = signed_in(manager)

    old, new = client.get(update.get_absolute_url()), client.get(second.get_absolute_url())

    assert "This was corrected" in old.text
    assert "Correct this update" not in old.text
    assert "This was corrected" not in new.text
    assert "Correct this update" in new.text
    assert [row.revision for row in new.context["revisions"]] == [2, 1]


def test_correcting_opens_the_form_on_a_draft(signed_in, manager, project, update):
    url = reverse("projects:status_correct", args=[update.pk])

    response = signed_in(manager).post(url)

    assert response["Location"] == reverse("projects:status_form", args=[project.pk])
    draft = StatusUpdate.objects.drafts().get()
    assert (draft.week, draft.revision, draft.done) == (update.week, 2, "Poured the slab.")


def test_correcting_beside_a_draft_leads_to_that_draft(signed_in, manager, project, update):
    save_draft(project=project, by=manager, version=0, overall_note="Other words")

    response = signed_in(manager).post(
        reverse("projects:status_correct", args=[update.pk]), follow=True
    )

    assert "A draft is open already. Publish or discard it first." in response.text
    assert StatusUpdate.objects.drafts().get().overall_note == "Other words"


def test_draft_is_no_page_for_readers_and_the_form_for_writers(client, project, manager):
    draft = save_draft(project=project, by=manager, version=0, overall_note="Half")

    client.force_login(MemberFactory(project=project, role=Role.READER).user)
    read = client.get(draft.get_absolute_url())
    client.force_login(manager)
    written = client.get(draft.get_absolute_url())

    assert read.status_code == 404
    assert written["Location"] == reverse("projects:status_form", args=[project.pk])


def test_weeks_before_and_after_are_linked(signed_in, manager, project, update):
    at = timezone.now() - timedelta(days=14)
    old = publish_update(project=project, by=manager, at=at, **SAID)

    response = signed_in(manager).get(old.get_absolute_url())

    assert (response.context["before"], response.context["after"]) == (None, update)


def test_strangers_and_readers_are_kept_out(client, project, update):
    url = reverse("projects:status_correct", args=[update.pk])

    client.force_login(UserFactory())
    assert client.get(update.get_absolute_url()).status_code == 404
    assert client.post(url).status_code == 404
    client.force_login(MemberFactory(project=project, role=Role.READER).user)
    assert client.post(url).status_code == 403
    assert StatusUpdate.objects.count() == 1
