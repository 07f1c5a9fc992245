"""Stakeholders, messages and adoption for tests."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from projects.communication.models import AdoptionReading, CommunicationItem, CommunicationSending
from projects.models import Stakeholder, StakeholderGroup
from tests.factories import MilestoneFactory, ProjectFactory, person


class GroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StakeholderGroup

    name = factory.Sequence(lambda n: f"Group {n}")
    category = "nursing"


class StakeholderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Stakeholder

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"Stakeholder {n}")


class ItemFactory(factory.django.DjangoModelFactory):
    """A message that is due once, on a day given as `next_due` too."""

    class Meta:
        model = CommunicationItem

    project = factory.SubFactory(ProjectFactory)
    category = "nursing"
    message = factory.Sequence(lambda n: f"Message {n}")
    channel = "huddle"
    due_on = date(2026, 11, 30)
    next_due = factory.SelfAttribute("due_on")


class AdoptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AdoptionReading

    milestone = factory.SubFactory(MilestoneFactory, kind="go_live", actual_date=date(2026, 6, 1))
    project = factory.SelfAttribute("milestone.project")
    day = 7
    measured_on = date(2026, 6, 8)
    source = "Sign-in log"


def communication_of(project):
    """One record of each kind by the name of its resource."""
    item = ItemFactory(project=project, sender=person(None))
    sent = {"item": item, "project": project, "covers": item.due_on, "sent_on": item.due_on}
    return {
        "stakeholder-groups": GroupFactory(),
        "communication-items": item,
        "communication-sendings": CommunicationSending.objects.create(**sent),
        "adoption-readings": AdoptionFactory(milestone__project=project),
    }


def communication_bodies(project, records, unique):
    """What a new record of each kind needs, by the name of its resource."""
    read = records.get("adoption-readings")
    return {
        "stakeholder-groups": {"name": f"Board {unique}", "category": "board"},
        "communication-items": {
            "project": project,
            "category": "nursing",
            "message": f"News {unique}",
            "due_on": f"{timezone.localdate() + timedelta(days=30)}",
        },
        "adoption-readings": {
            "project": project,
            "milestone": read.milestone_id if read else 1,
            "day": 30,
            "measured_on": "2026-07-01",
            "source": "Sign-in log",
        },
    }
