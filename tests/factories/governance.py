"""One record of each kind that committees have, and what a new one needs, for the rules of the API."""

from datetime import date, timedelta

from portfolio.governance.models import Committee, Decision, Meeting
from tests.factories import UserFactory


def _asked(project, body):
    """A question before the committee, which may stand on an agenda."""
    return Decision.objects.create(
        number=f"2025-{Decision.objects.count() + 1:03}", question="Build?", project=project,
        decider_committee=body, state="asked", asked_on=date(2026, 1, 5), needed_by=date(2027, 2, 1),
    )  # fmt: skip


def records(project):
    body = Committee.objects.create(code=f"B{Committee.objects.count()}", name="Board")
    meeting = body.meetings.create(day=date(2027, 1, 5))
    return {
        "committees": body,
        "committee-members": body.members.create(person=UserFactory(), since=date(2026, 1, 5)),
        "meetings": meeting,
        "agenda-items": meeting.items.create(decision=_asked(project, body), position=1),
        "decisions": Decision.objects.create(
            number=f"2026-{Decision.objects.count() + 1:03}", question="Buy?", project=project
        ),
    }


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
