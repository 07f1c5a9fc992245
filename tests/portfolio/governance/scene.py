"""The committee of the worked example: nine members, quorum five with the CFO and the CMO or the CNO."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import time_machine
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.governance.domain.kinds import Blocks, Choice, DecisionOutcome, Presence
from portfolio.governance.models import Committee, CommitteeMember, Decision, Meeting
from portfolio.governance.services import committees, decisions, items, meetings
from portfolio.governance.services.deciding import DecisionGiven, Promise
from portfolio.governance.services.items import Ballot
from tests.factories import person

MONDAY = date(2026, 3, 2)
EVENING = date(2026, 3, 16)
SEATS = ("CIO", "CMIO", "CNIO", "CFO", "COO", "CISO", "CMO", "CNO", "Physician")
EXECUTIVES = {"CIO", "CFO", "COO", "CMO", "CNO"}
OPTIONS = [
    {
        "name": "Buy it",
        "money": "$390K",
        "dates": "No change",
        "people": "60 shifts",
        "risk": "Few",
    },
    {"name": "Do nothing", "is_nothing": True},
]
APPROVE = DecisionGiven(outcome=DecisionOutcome.APPROVE, reason="It pays.")


def clock_at(day):
    """Return what lets the clock stand at noon of a day, in the zone of the run."""
    noon = datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())
    return time_machine.travel(noon, tick=False)


@contextmanager
def on_its_day(day):
    """Move the clock to a day that is still to come; a meeting does not open before its own."""
    if day <= timezone.localdate():
        yield
        return
    with clock_at(day):
        yield


class Board:
    """The committee with its people by seat, a secretary and an office that records."""

    def __init__(self, **rules):
        self.office = person(Role.PMO_ANALYST, name="Office")
        given = {
            "code": f"IT{Committee.objects.count()}",
            "name": "IT governance",
            "quorum": 5,
            "quorum_seats": [["CFO"], ["CMO", "CNO"]],
            "veto_seats": ["CMO", "CNO", "Safety officer"],
        }
        self.committee = committees.create_committee(by=self.office, **given | rules)
        self.people = {seat: person(Role.STAFF, name=f"{seat} Person") for seat in SEATS}
        for seat, one in self.people.items():
            CommitteeMember.objects.create(
                committee=self.committee,
                person=one,
                seat=seat,
                position={"CIO": "chair", "COO": "deputy"}.get(seat, "member"),
                is_executive=seat in EXECUTIVES,
                since=date(2026, 1, 1),
            )
        self.secretary = person(Role.STAFF, name="Secretary")
        CommitteeMember.objects.create(
            committee=self.committee,
            person=self.secretary,
            position="secretary",
            votes=False,
            since=date(2026, 1, 1),
        )

    def __getitem__(self, seat):
        return self.people[seat]

    def asked(self, question="Buy the scanner?", **fields):
        """A decision before this committee, asked on 2 February, needed by 2 March."""
        given = {
            "question": question,
            "options": OPTIONS,
            "recommended": 0,
            "needed_by": MONDAY,
            "delay_cost": 4200,
            "decider_committee": self.committee,
        }
        draft = decisions.raise_decision(by=self.office, **given | fields)
        return decisions.ask_decision(
            decision=draft, version=None, by=self.office, on=date(2026, 2, 2)
        )

    def meeting(self, present=SEATS, day=EVENING, *, is_open=True):
        made = meetings.plan_meeting(committee=self.committee, by=self.office, day=day)
        if is_open:
            with on_its_day(day):
                made = meetings.open_meeting(meeting=made, version=None, by=self.secretary)
            made = self.note(made, present)
        return made

    def note(self, meeting, present):
        there = {
            self.people[seat].pk: Presence.PRESENT if seat in present else Presence.ABSENT
            for seat in SEATS
        }
        return meetings.note_attendance(
            meeting=meeting, version=None, by=self.secretary, presences=there
        )

    def item(self, meeting, decision):
        return meetings.put_on_agenda(meeting=meeting, decision=decision, by=self.secretary)

    def vote(self, item, **choices):
        """Record votes by seat, such as CFO="yes"."""
        items.record_votes(
            item=item,
            version=None,
            by=self.secretary,
            ballots={self.people[seat].pk: Ballot(Choice(one)) for seat, one in choices.items()},
        )

    def recuse(self, item, *seats):
        for seat in seats:
            items.declare_interest(
                item=item,
                version=None,
                by=self.secretary,
                person=self.people[seat],
                text="Sits on the vendor's board",
            )

    def decide(self, item, ruling=APPROVE):
        return items.decide_item(item=item, version=None, by=self.secretary, ruling=ruling)


def promise(owner, days=14, **fields):
    given = {
        "text": "Privacy review",
        "due": EVENING + timedelta(days=days),
        "blocks": Blocks.SPEND,
    }
    return Promise(owner=owner, **given | fields)


def with_conditions(*promises):
    return DecisionGiven(outcome=DecisionOutcome.CONDITIONS, reason="It pays.", conditions=promises)


def deferred(until, missing="The vendor's price"):
    return DecisionGiven(
        outcome=DecisionOutcome.DEFER, reason="Not ready.", needed_by=until, missing=missing
    )


REJECT = DecisionGiven(outcome=DecisionOutcome.REJECT, reason="Too dear.")
STOP = DecisionGiven(outcome=DecisionOutcome.STOP, reason="Not safe.")
__all__ = [
    "APPROVE",
    "EVENING",
    "MONDAY",
    "REJECT",
    "STOP",
    "Board",
    "Decision",
    "Meeting",
    "clock_at",
]
