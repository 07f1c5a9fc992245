"""What it means that a message went out: once, again and again, by mistake, and by whom."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.communication.models import CommunicationItem, CommunicationSending
from projects.communication.services import items
from tests.factories import MemberFactory, person

pytestmark = pytest.mark.django_db


def plan(project, by, **fields):
    """Plan a message to the nurses, due in a week."""
    wanted = {
        "category": "nursing",
        "message": "What changes",
        "channel": "huddle",
        "sender": by,
        "due_on": timezone.localdate() + timedelta(days=7),
    }
    return items.create_item(project=project, by=by, **(wanted | fields))


def fresh(item):
    return CommunicationItem.objects.get(pk=item.pk)


def events():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


class TestSending:
    def test_a_repeated_message_is_due_again(self, project, manager):
        today = timezone.localdate()
        item = plan(project, manager, cadence="weekly", due_on=today - timedelta(days=3))

        sending = items.send_item(item=item, sent_on=today, by=manager, reach=40, note="Well heard")

        assert (sending.covers, sending.reach) == (today - timedelta(days=3), 40)
        assert fresh(item).next_due == today + timedelta(days=4)

    def test_what_goes_out_early_answers_the_day_it_was_due(self, project, manager):
        today = timezone.localdate()
        item = plan(project, manager, cadence="weekly", due_on=today + timedelta(days=2))

        items.send_item(item=item, sent_on=today, by=manager)

        assert fresh(item).next_due == today + timedelta(days=9)

    def test_the_last_one_can_be_taken_back(self, project, manager):
        item = plan(project, manager, cadence="weekly", due_on=timezone.localdate())
        first = items.send_item(item=item, sent_on=timezone.localdate(), by=manager)
        last = items.send_item(item=item, sent_on=timezone.localdate(), by=manager)
        with pytest.raises(RefusalError, match="Only the last"):
            items.take_back_sending(sending=first, by=manager)

        items.take_back_sending(sending=last, by=manager)

        assert fresh(item).next_due == timezone.localdate() + timedelta(days=7)

    def test_the_sender_may_say_so_and_a_reader_may_not(self, project, manager):
        sender = person(Role.STAFF)
        MemberFactory(project=project, user=sender, role=Role.TEAM_MEMBER)
        reader = person(Role.EXECUTIVE)
        item = plan(project, manager, sender=sender)

        with pytest.raises(RefusalError, match="Only its sender"):
            items.send_item(item=item, sent_on=timezone.localdate(), by=reader)
        items.send_item(item=item, sent_on=timezone.localdate(), by=sender)

        assert fresh(item).next_due is None

    @pytest.mark.parametrize("without", ["sender", "due"])
    def test_nobody_sends_and_nothing_due_are_refused(self, project, manager, without):
        item = plan(project, manager, **({"sender": None} if without == "sender" else {}))
        if without == "due":
            items.send_item(item=item, sent_on=timezone.localdate(), by=manager)

        with pytest.raises(RefusalError):
            items.send_item(item=item, sent_on=timezone.localdate(), by=manager)

    def test_nothing_was_sent_in_the_future(self, project, manager):
        item = plan(project, manager)

        with pytest.raises(ValidationError, match="future"):
            items.send_item(item=item, sent_on=timezone.localdate() + timedelta(days=1), by=manager)

        assert not CommunicationSending.objects.exists()

    def test_what_went_out_stays_in_the_plan(self, project, manager):
        item = plan(project, manager)
        items.send_item(item=item, sent_on=timezone.localdate(), by=manager)

        with pytest.raises(RefusalError, match="went out already"):
            items.remove_item(item=item, by=manager)

    def test_two_who_edit_at_once_lose_nothing(self, project, manager):
        item = plan(project, manager)
        items.change_item(item=item, version=1, by=manager, message="First")

        for late in (
            lambda: items.change_item(item=item, version=1, by=manager, message="Second"),
            lambda: items.send_item(item=item, version=1, sent_on=timezone.localdate(), by=manager),
        ):
            with pytest.raises(EditConflictError):
                late()
        assert fresh(item).message == "First"

    def test_patient_data_is_refused(self, project, manager):
        with pytest.raises(ValidationError, match="nothing of a patient"):
            plan(project, manager, text="MRN: 12345678 is called first")
