"""Updates are asked about the axes in use, under their names; what was said in the past stays."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.organization.axes import DEFAULTS
from pmo.organization.status_services import change_status_rules
from projects.models import StatusUpdate
from projects.selectors.status import lines_of
from projects.services.status import correct_update, publish_update, save_draft
from tests.projects.views.test_status_form import last_week, typed
from tests.test_api_rules import api

pytestmark = pytest.mark.django_db
SAID = {"overall": "green", "overall_note": "On plan."}


@pytest.fixture
def url(project):
    return reverse("projects:status_form", args=[project.pk])


@pytest.fixture
def fewer():
    """Scope and quality are not asked for any more, and resources are called staff."""
    return lambda: change_status_rules(
        by=None,
        version=0,
        axes=[
            one._replace(
                in_use=one.key not in {"scope", "quality"},
                name="Staff" if one.key == "resources" else one.name,
            )
            for one in DEFAULTS
        ],
    )


def test_the_form_asks_for_axes_in_use_by_their_names(signed_in, manager, url, fewer):
    fewer()

    page = signed_in(manager).get(url)

    assert [row.label for row in page.context["axes"]] == ["Schedule", "Cost", "Risk", "Staff"]
    assert not {"scope", "scope_note", "quality", "quality_note"} & set(page.context["form"].fields)


def test_it_publishes_without_the_others(signed_in, manager, project, url, fewer):
    fewer()
    client = signed_in(manager)
    sent = typed(client.get(url), **SAID, resources="amber", scope="red", scope_note="Forged.")

    assert client.post(url, sent).status_code == 302

    update = StatusUpdate.objects.get()
    assert (update.resources, update.scope, update.scope_note) == ("amber", "", "")


def test_a_draft_from_before_loses_what_is_not_asked_any_more(manager, project, fewer):
    save_draft(project=project, by=manager, version=0, scope="red", scope_note="More wards.")
    fewer()

    update = publish_update(project=project, by=manager, version=1, **SAID)

    assert (update.scope, update.scope_note) == ("", "")


def test_a_past_update_and_its_correction_keep_what_was_said(manager, project, fewer):
    update = last_week(project, manager, scope="red", scope_note="More wards.")
    fewer()

    shown = {line.label: line.color.value for line in lines_of(update)}
    assert shown == {
        "Schedule": "red", "Cost": "none", "Scope": "red", "Risk": "none", "Staff": "none",
    }  # fmt: skip
    draft = correct_update(update=update, by=manager)
    corrected = publish_update(project=project, by=manager, version=draft.version)
    assert (corrected.revision, corrected.scope) == (2, "red")


def test_a_conflict_speaks_of_what_the_form_shows(signed_in, manager, project, url, fewer):
    save_draft(project=project, by=manager, version=0, scope="red", done="Slab.")
    fewer()
    client = signed_in(manager)
    sent = typed(client.get(url), **SAID)
    save_draft(project=project, by=manager, version=1, done="Roof.")

    answer = client.post(url, sent)

    assert answer.status_code == 409
    labels = {one.label for one in answer.context["conflict"].differences}
    assert labels == {"Overall status", "Why this status?", "What got done this week?"}


@pytest.mark.parametrize("field", ["scope", "scope_note"])
def test_the_api_refuses_what_is_not_in_use(lead, project, fewer, field):
    fewer()
    value = "red" if field == "scope" else "More wards."
    body = {"project": project.pk, "version": 0, **SAID, field: value}

    answer = api(lead).post("/api/v1/status-updates/publish/", body, format="json")

    assert (answer.status_code, answer.data) == (
        400,
        {field: ["Scope is not in use here. Leave it out."]},
    )
    silent = body | {field: ""}
    assert (
        api(lead).post("/api/v1/status-updates/publish/", silent, format="json").status_code == 201
    )


def test_the_published_page_names_them(signed_in, manager, project, fewer):
    fewer()
    at = timezone.now() - timedelta(days=7)
    update = publish_update(project=project, by=manager, at=at, **SAID, resources="amber")

    page = signed_in(manager).get(update.get_absolute_url())

    assert [line.label for line in page.context["lines"]] == ["Schedule", "Cost", "Risk", "Staff"]
