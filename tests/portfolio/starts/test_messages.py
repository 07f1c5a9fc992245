"""Messages of a template become messages of the project, hanging on its milestones."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import RefusalError
from portfolio.starts.models import StartItem
from portfolio.starts.selectors.here import cadence_of
from portfolio.starts.services import confirming
from projects.communication.models import CommunicationItem
from projects.communication.services.items import send_item
from projects.domain.kinds import MilestoneKind
from projects.services.milestones import change_milestone
from projects.services.stakeholders import change_stakeholder
from tests.factories import MemberFactory, person
from tests.portfolio.starts.test_starting import started

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(lead):
    return started("telehealth", lead)


def item_of(project, audience):
    rows = StartItem.objects.filter(project=project, section="communication", name=audience)
    return rows.in_order().first()


def test_every_message_of_the_template_is_planned_for_its_stakeholder(project):
    rows = StartItem.objects.filter(project=project, section="communication")

    planned = CommunicationItem.objects.filter(project=project)
    assert {row.record_pk for row in rows} == set(planned.values_list("pk", flat=True))
    assert {one.stakeholder.name for one in planned} == {row.said["audience"] for row in rows}
    assert len(rows) == 5


def test_a_message_hangs_on_its_milestone_and_moves_with_it(
    project, lead, django_capture_on_commit_callbacks
):
    letter = CommunicationItem.objects.get(
        project=project, stakeholder__name="Patients and families"
    )
    go_live = project.milestones.get(kind=MilestoneKind.GO_LIVE)
    assert (letter.milestone, letter.offset_days, letter.cadence) == (go_live, -30, "once")
    assert letter.next_due == go_live.forecast_date - timedelta(days=30)

    later = go_live.forecast_date + timedelta(days=14)
    with django_capture_on_commit_callbacks(execute=True):
        change_milestone(milestone=go_live, version=None, by=lead, forecast_date=later)

    letter.refresh_from_db()
    assert letter.next_due == later - timedelta(days=30)


def test_what_is_repeated_ends_with_the_plan(project):
    news = CommunicationItem.objects.get(project=project, channel="newsletter")

    assert news.cadence == "fortnightly"
    assert news.last_day == project.forecast_finish_date


def test_a_message_from_a_mere_task_is_due_on_its_day(project):
    calls = CommunicationItem.objects.get(project=project, stakeholder__name="Platform vendor")
    signed = project.tasks.get(external_id="T09")

    assert (calls.milestone, calls.due_on, calls.ends_on) == (
        None,
        signed.finish,
        project.forecast_finish_date,
    )


def test_the_manager_sends_and_without_one_nobody_is_named(lead, project):
    manager = person(Role.STAFF)
    with_one = started("telehealth", lead, manager=manager)

    assert {one.sender for one in with_one.communication_items.all()} == {manager}
    assert {one.sender for one in project.communication_items.all()} == {None}


def test_unions_hear_nothing_before_somebody_is_named_for_them(lead, signed_in):
    project = started("ehr_rollout", lead)
    item = item_of(project, "Unions")
    assert (item.record_kind, item.record_pk) == ("", None)
    with pytest.raises(RefusalError, match="Unions and regulators hear from one named person"):
        confirming.plan_item(item=item, by=lead)
    client = signed_in(lead)
    refused = client.post(reverse("starts:item_plan", args=[item.pk]), follow=True)
    assert "Name who talks to them" in refused.content.decode()

    speaker = person(Role.STAFF)
    union = project.stakeholders.get(name="Unions")
    change_stakeholder(stakeholder=union, version=None, by=lead, lead=speaker)
    before = AuditEvent.objects.filter(action="start_item.planned").count()
    client.post(reverse("starts:item_plan", args=[item.pk]))
    client.post(reverse("starts:item_plan", args=[item.pk]))

    item.refresh_from_db()
    planned = CommunicationItem.objects.get(pk=item.record_pk)
    assert (planned.sender, planned.stakeholder) == (speaker, union)
    assert AuditEvent.objects.filter(action="start_item.planned").count() == before + 1
    assert project.communication_items.filter(stakeholder=union).count() == 1


def test_a_message_is_planned_over_the_api_too(lead, signed_in):
    project = started("ehr_rollout", lead)
    item = item_of(project, "Unions")
    change_stakeholder(
        stakeholder=project.stakeholders.get(name="Unions"), version=None, by=lead, lead=lead
    )

    answer = signed_in(lead).post(f"/api/v1/start-items/{item.pk}/plan/")

    assert (answer.status_code, answer.json()["record_kind"]) == (200, "message")


def test_an_audience_without_a_name_here_is_kept_and_says_so(project, lead):
    item = item_of(project, "Payers")
    confirming.remove_item(item=item, by=lead)
    assert not project.communication_items.filter(pk=item.record_pk).exists()
    StartItem.objects.filter(pk=item.pk).update(
        state="kept", record_kind="", said={**item.said, "audience": "The choir"}
    )

    with pytest.raises(RefusalError, match="called “The choir”"):
        confirming.plan_item(item=item, by=lead)


def test_a_message_that_went_out_is_not_removed(project, lead):
    item = item_of(project, "Payers")
    message = CommunicationItem.objects.get(pk=item.record_pk)
    CommunicationItem.objects.filter(pk=message.pk).update(sender=lead)
    send_item(item=message, sent_on=timezone.localdate(), by=lead)

    with pytest.raises(RefusalError, match="went out already"):
        confirming.remove_item(item=item, by=lead)


def test_the_page_of_the_start_leads_to_the_message(project, signed_in):
    member = MemberFactory(project=project)

    page = signed_in(member.user).get(reverse("starts:project_start", args=[project.pk]))

    message = project.communication_items.get(stakeholder__name="Payers")
    assert f'href="{message.get_absolute_url()}"' in page.content.decode()


@pytest.mark.parametrize(
    ("days", "cadence"),
    [(None, "once"), (1, "daily"), (6, "weekly"), (10, "weekly"), (15, "fortnightly"), (31, "monthly"), (400, "quarterly")],
)  # fmt: skip
def test_days_are_the_nearest_cadence(days, cadence):
    assert cadence_of(days).value == cadence
