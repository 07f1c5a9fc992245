"""One record of each kind that committees have, and what a new one needs, for the rules of the API."""

from datetime import date, timedelta

from portfolio.governance.models import Committee, Decision, Meeting
from tests.factories import UserFactory


def records(project):
    body = Committee.objects.create(code=f"B{Committee.objects.count()}", name="Board")
    return {
        "committees": body,
        "committee-members": body.members.create(person=UserFactory(), since=date(2026, 1, 5)),
        "meetings": body.meetings.create(day=date(2027, 1, 5)),
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
        "decisions": {"project": made["projects"].pk, "question": f"Buy {unique}?"},
    }
