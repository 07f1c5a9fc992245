"""Doors and jobs."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import Job, JobState
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_every_page_carries_the_policy_and_is_kept_out_of_caches(client):
    response = client.get(reverse("login"))

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_an_expired_session_sends_the_whole_window_to_sign_in(client):
    response = client.get(reverse("accounts:person_list"), headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response["HX-Redirect"] == reverse("login")


def test_a_job_is_shown_to_who_asked_and_to_the_office(client):
    asker, other, analyst = (person(r) for r in (Role.EXECUTIVE, Role.EXECUTIVE, Role.PMO_ANALYST))
    job = Job.objects.create(
        kind="count", key="1", requested_by=asker, state=JobState.RUNNING, done=3, total=8
    )
    codes = {}
    for user in (asker, other, analyst):
        client.force_login(user)
        codes[user] = client.get(reverse("job", args=[job.pk])).status_code

    assert codes == {asker: 200, other: 404, analyst: 200}


def test_the_progress_part_is_all_that_htmx_gets(client):
    asker = person(Role.EXECUTIVE)
    job = Job.objects.create(
        kind="count", key="1", requested_by=asker, state=JobState.RUNNING, done=3, total=8
    )
    client.force_login(asker)

    part = client.get(
        reverse("job", args=[job.pk]), headers={"HX-Request": "true"}
    ).content.decode()

    assert "<html" not in part
    assert 'value="3" max="8"' in part
    assert 'hx-trigger="every 2s"' in part


def test_a_failed_job_shows_its_sentence_and_can_be_tried_again(client):
    asker = person(Role.EXECUTIVE)
    job = Job.objects.create(
        kind="count",
        key="1",
        requested_by=asker,
        state=JobState.FAILED,
        error="No week is frozen yet.",
    )
    client.force_login(asker)

    page = client.get(reverse("job", args=[job.pk])).content.decode()
    client.post(reverse("job_retry", args=[job.pk]))

    job.refresh_from_db()
    assert "No week is frozen yet." in page
    assert (job.state, job.error) == ("queued", "")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_job_list_costs_the_same_for_any_number(client, django_assert_num_queries, rows):
    for number in range(rows):
        Job.objects.create(kind="count", key=str(number), requested_by=person(Role.EXECUTIVE))
    client.force_login(person(Role.PMO_LEAD))

    with django_assert_num_queries(9):
        client.get(reverse("jobs"))


def test_the_parts_page_is_for_the_office(client):
    client.force_login(person(Role.PMO_ANALYST))

    assert client.get(reverse("components")).status_code == 200
