"""One record of each kind that committees have, and what a new one needs, for the rules of the API."""

from datetime import date, timedelta

from django.utils import timezone

from portfolio.governance.models import (
    AgendaItem,
    AgendaPaper,
    Committee,
    Decision,
    Meeting,
    Minutes,
)
from portfolio.governance.selectors.minutes import content_of
from tests.factories import UserFactory

DAY = date(2026, 1, 5)


def _asked(project, body):
    """A question before the committee, which may stand on an agenda."""
    return Decision.objects.create(
        number=f"2025-{Decision.objects.count() + 1:03}", question="Build?", project=project,
        decider_committee=body, state="asked", asked_on=date(2026, 1, 5), needed_by=date(2027, 2, 1),
    )  # fmt: skip


def records(project):
    body = Committee.objects.create(code=f"B{Committee.objects.count()}", name="Board")
    meeting = body.meetings.create(day=date(2027, 1, 5))
    made = {
        "committees": body,
        "committee-members": body.members.create(person=UserFactory(), since=date(2026, 1, 5)),
        "meetings": meeting,
        "agenda-items": meeting.items.create(decision=_asked(project, body), position=1),
        "decisions": Decision.objects.create(
            number=f"2026-{Decision.objects.count() + 1:03}", question="Buy?", project=project
        ),
    }
    at_work(project)
    return made


def at_work(project):
    """An open meeting with an item, an interest, a paper, an action and minutes, and a decided condition."""
    body = Committee.objects.create(code=f"W{Committee.objects.count()}", name="Board at work")
    chair, owner = UserFactory(), UserFactory()
    body.members.create(person=chair, since=DAY, position="chair")
    given = {"project": project, "asked_on": DAY, "needed_by": DAY, "delay_cost": 5}
    options = [{"name": "Buy it"}, {"name": "Do nothing", "is_nothing": True}]
    number = Decision.objects.count()
    asked, decided = (
        Decision.objects.create(
            number=f"2024-{number + place:03}",
            question="Buy?",
            options=options,
            decider_committee=body,
            **given | said,
        )
        for place, said in enumerate(
            (
                {"state": "asked"},
                {
                    "state": "decided",
                    "outcome": "approve",
                    "decided_on": DAY,
                    "is_out_of_cycle": True,
                },
            )
        )
    )
    decided.conditions.create(position=1, text="Review", owner=owner, due=DAY)
    meeting = body.meetings.create(day=DAY, place="Room 1", state="open")
    meeting.attendances.create(person=chair, presence="present")
    item = AgendaItem.objects.create(meeting=meeting, decision=asked, position=1, motion="Buy")
    AgendaItem.objects.create(meeting=meeting, decision=decided, position=2, purpose="ratify")
    item.interests.create(person=chair, text="Owns shares", is_recused=False)
    AgendaPaper.objects.create(item=item, title="Case", revision="1")
    meeting.actions.create(item=item, text="Call", owner=owner, due=DAY)
    Minutes.objects.create(
        meeting=meeting, number=1, content=content_of(meeting), made_at=timezone.now()
    )


def bodies(made, unique):
    committee = made["committees"].pk
    day = date(2026, 1, 5) + timedelta(Meeting.objects.count())
    return {
        "committees": {"code": f"B{unique}"[:20], "name": "Board"},
        "committee-members": {
            "committee": committee,
            "person": UserFactory().pk,
            "since": "2026-01-05",
        },
        "meetings": {"committee": committee, "day": f"{day}"},
        "agenda-items": {
            "meeting": made["meetings"].pk,
            "decision": _asked(made["projects"], made["committees"]).pk,
        },
        "decisions": {"project": made["projects"].pk, "question": f"Buy {unique}?"},
    }
