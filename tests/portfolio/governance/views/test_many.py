"""Lists and home pages ask the same of one committee and one review as of twenty and two hundred."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from portfolio.governance.models import (
    AgendaItem,
    Committee,
    CommitteeMember,
    Condition,
    Decision,
    EvidenceItem,
    GateReview,
    Meeting,
    MeetingAction,
    ProjectGate,
)
from tests.factories import MemberFactory, ProjectFactory, person
from tests.portfolio.governance.scene import OPTIONS

pytestmark = pytest.mark.django_db
COMMITTEES = 20
REVIEWS = 200
PAGES = ("committee_list", "decision_list", "review_list", "condition_list")


class Many:
    """Committees that one person chairs, with reviews of the projects that the same person runs."""

    def __init__(self, reader):
        self.reader, self.today = reader, timezone.localdate()
        self.projects = [ProjectFactory(stage="planning") for _ in range(4)]
        for project in self.projects:
            MemberFactory(project=project, user=reader, role=Role.MANAGER)
        self.bodies, self.made = [], 0

    def add_committees(self, number):
        first, day = len(self.bodies), self.today + timedelta(days=7)
        made = Committee.objects.bulk_create(
            Committee(code=f"C{place}", name=f"Committee {place}")
            for place in range(first, first + number)
        )
        self.bodies += made
        CommitteeMember.objects.bulk_create(
            CommitteeMember(committee=one, person=self.reader, position="chair", since=self.today)
            for one in made
        )
        Meeting.objects.bulk_create(
            Meeting(committee=one, day=day + timedelta(days=step), state=state)
            for one in made
            for step, state in enumerate(("open", "planned"))
        )

    def add_reviews(self, number):
        """Half of them wait, a quarter is deferred, a quarter passed with a condition between meetings."""
        places = range(self.made, self.made + number)
        self.made += number
        gates = ProjectGate.objects.bulk_create(
            ProjectGate(project=self.projects[n % 4], code=f"X{n}", name="Own", position=n)
            for n in places
        )
        decisions = Decision.objects.bulk_create(self._decision(n) for n in places)
        pairs = list(zip(gates, decisions, strict=True))
        GateReview.objects.bulk_create(
            GateReview(project=gate.project, gate=gate, decision=one) for gate, one in pairs
        )
        EvidenceItem.objects.bulk_create(
            EvidenceItem(project=gate.project, gate=gate, name="Report") for gate in gates
        )
        Condition.objects.bulk_create(
            Condition(decision=one, position=1, text="Call", owner=self.reader, due=self.today)
            for one in decisions
            if one.state == "decided"
        )
        meetings = list(Meeting.objects.filter(state="open").order_by("pk"))
        AgendaItem.objects.bulk_create(
            AgendaItem(meeting=meetings[n % len(meetings)], decision=one, position=n)
            for n, one in enumerate(decisions)
        )
        MeetingAction.objects.bulk_create(
            MeetingAction(meeting=one, text="Ask", owner=self.reader, due=self.today)
            for one in meetings
        )

    def _decision(self, place):
        state = ("asked", "deferred", "decided", "asked")[place % 4]
        said = {
            "asked": {},
            "deferred": {"outcome": "defer", "missing": "The price"},
            "decided": {"outcome": "approve", "decided_on": self.today, "is_out_of_cycle": True},
        }[state]
        return Decision(
            number=f"1999-{place:03}",
            kind="gate",
            question="Pass?",
            options=OPTIONS,
            state=state,
            project=self.projects[place % 4],
            decider_committee=self.bodies[place % len(self.bodies)],
            asked_on=self.today - timedelta(days=9),
            needed_by=self.today - timedelta(days=1),
            **said,
        )


def queries_of(client):
    addresses = {name: reverse(f"governance:{name}") for name in PAGES}
    addresses |= {name: reverse(name) for name in ("home", "waiting")}
    found = {}
    for name, address in addresses.items():
        client.get(address, follow=True)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, follow=True).status_code == 200
        found[name] = len(queries)
    return found


def test_twenty_committees_and_two_hundred_reviews_take_as_many_queries_as_a_few(signed_in):
    reader = person(Role.PMO_LEAD)
    client, many = signed_in(reader), Many(reader)
    many.add_committees(2)
    many.add_reviews(4)
    few = queries_of(client)

    many.add_committees(COMMITTEES - 2)
    many.add_reviews(REVIEWS - 4)

    assert queries_of(client) == few
    assert client.get(reverse("governance:review_list")).context["counts"].total == REVIEWS
    assert max(few.values()) < 60
