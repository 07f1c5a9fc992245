"""What has to be there before the forms of communication write, for the test that sends each twice."""

from datetime import date

from django.utils import timezone

from tests.factories import MilestoneFactory, UserFactory
from tests.factories.communication import GroupFactory, ItemFactory


def for_patients(**fields):
    """A text for patients that is translated, and not checked yet."""
    return ItemFactory(
        category="patients", text="We call you.", translated_into="None needed", **fields
    )


def checked():
    sender = UserFactory()
    return for_patients(sender=sender, plain_by=sender, plain_on=date(2026, 11, 2))


def changed_message():
    item = ItemFactory()
    return [item.pk], {
        "version": item.version,
        "audience": "cnursing",
        "message": "What changes",
        "channel": "huddle",
        "cadence": "once",
        "due_on": timezone.localdate().isoformat(),
    }


def live():
    lived = MilestoneFactory(kind="go_live", actual_date=date(2026, 6, 1))
    return [lived.project_id], {
        "milestone": lived.pk,
        "day": 30,
        "measured_on": "2026-07-01",
        "source": "Sign-ins",
        "licensed": 40,
        "active": 30,
    }


def changed_group():
    group = GroupFactory()
    said = {"name": "Board of trustees", "category": "board"}
    return [group.pk], {"version": group.version} | said


THERE = {
    "communication:adoption_new": lambda _r, _by: live(),
    "communication:group_edit": lambda _r, _by: changed_group(),
    "communication:group_remove": lambda _r, _by: ([GroupFactory().pk], {}),
    "communication:item_approve": lambda _r, _by: ([checked().pk], {}),
    "communication:item_edit": lambda _r, _by: changed_message(),
    "communication:item_plain": lambda _r, by: ([for_patients(sender=by).pk], {}),
    "communication:item_remove": lambda _r, _by: ([ItemFactory().pk], {}),
}
