"""The demo's committees: three with their members, meetings with minutes, and what they decided."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from operator import itemgetter
from typing import Any

from pmo.accounts.models import User
from portfolio.governance.domain.kinds import (
    Blocks,
    Choice,
    DecisionOutcome,
    Presence,
)
from portfolio.governance.domain.voting import seats_read
from portfolio.governance.models import Committee, CommitteeMember, Decision, Meeting
from portfolio.governance.services import (
    committees,
    conditions,
    decisions,
    items,
    meetings,
    minutes,
)
from portfolio.governance.services.deciding import DecisionGiven, Promise
from portfolio.governance.services.items import Ballot
from projects.models import Project
from reports.demo.gates import DemoGates
from reports.demo.organization import DemoOrganization
from reports.demo.stories import read

FILE = "committees"
STARTED = timedelta(days=400)  # before this Monday they began to meet
VETOES = ["CMO", "CNO", "Safety officer"]


class DemoCommittees:
    """Writes what the file tells, by the services; days count from this week's Monday."""

    def __init__(self, made: DemoOrganization, *, monday: date, office: User) -> None:
        self.made, self.monday, self.office = made, monday, office
        self.told = read(FILE)
        self.bodies: dict[str, Committee] = {}
        self.decisions: dict[str, Decision] = {}

    def write(self) -> dict[str, Decision]:
        """Return the decisions by the names that the files give them."""
        for code, row in self.told["committees"].items():
            self._committee(code, row)
        for key, told in self.told["decisions"].items():
            self._decision(key, told)
        self.decisions |= DemoGates(
            self.made, self.bodies, monday=self.monday, office=self.office
        ).write()
        for _, happens in sorted(self._course(), key=itemgetter(0)):
            happens()
        for coming in self.told["coming"]:
            meeting = self._plan(coming)
            for key in coming["items"]:
                self._put(meeting, key)
        return self.decisions

    def _course(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """Yield what happened with its day, which is to be written in the order of the days."""
        for urgent in self.told["urgent"]:
            yield urgent[1], partial(self._urgent, *urgent)
        for meeting in self.told["meetings"]:
            yield meeting["day"], partial(self._meeting, meeting)
        for met in self.told["met"]:
            yield met[-1], partial(self._met, *met)

    def _met(self, key: str, place: int, evidence: str, by: str, day: int) -> None:
        conditions.meet_condition(
            condition=self.decisions[key].conditions.get(position=place),
            version=None,
            by=self.made.people[by],
            evidence=evidence,
            on=self._day(day),
        )

    def _day(self, days: int) -> date:
        return self.monday + timedelta(days=days)

    def _committee(self, code: str, row: list[Any]) -> None:
        name, purpose, quorum, seats, most, above = row
        body = committees.create_committee(
            by=self.office,
            code=code,
            name=name,
            purpose=purpose,
            quorum=quorum,
            quorum_seats=seats_read(seats),
            veto_seats=VETOES,
            delegated_amount=most,
            higher_body=self.bodies[above] if above else None,
        )
        for person, seat, position, is_executive in self.told["members"][code]:
            committees.seat_member(
                committee=body,
                person=self.made.people[person],
                by=self.office,
                seat=seat or "",
                position=position,
                is_executive=is_executive,
                votes=position != "secretary",
                since=self.monday - STARTED,
            )
        self.bodies[code] = body

    def _decision(self, key: str, told: dict[str, Any]) -> None:
        asked, needed = told["days"]
        body = self.bodies.get(told["decider"])
        draft = decisions.raise_decision(
            by=self.office,
            question=told["question"],
            project=Project.objects.filter(code=told.get("project")).first(),
            options=told["options"],
            recommended=told["recommended"],
            recommendation=told["recommendation"],
            decider_committee=body,
            decider_person=None if body else self.made.people[told["decider"]],
            needed_by=self._day(needed),
            delay_cost=told.get("cost"),
        )
        self.decisions[key] = decisions.ask_decision(
            decision=draft, version=None, by=self.office, on=self._day(asked)
        )

    def _urgent(self, key: str, day: int, approvers: list[str], reason: str) -> None:
        self.decisions[key] = decisions.decide_between_meetings(
            decision=self.decisions[key],
            version=None,
            by=self.office,
            choices={self.made.people[one].pk: Choice.YES.value for one in approvers},
            ruling=DecisionGiven(outcome=DecisionOutcome.APPROVE, reason=reason),
            on=self._day(day),
        )

    def _plan(self, told: dict[str, Any]) -> Meeting:
        return meetings.plan_meeting(
            committee=self.bodies[told.get("committee", "ITGOV")],
            by=self.office,
            day=self._day(told["day"]),
            place=told["place"],
        )

    def _put(self, meeting: Meeting, key: str) -> Any:
        return meetings.put_on_agenda(meeting=meeting, decision=self.decisions[key], by=self.office)

    def _meeting(self, told: dict[str, Any]) -> None:
        """Hold one meeting: those who sent no apologies are present and vote."""
        planned = self._plan(told)
        meeting = meetings.open_meeting(
            meeting=planned, version=None, by=self.office, on=planned.day
        )
        away = {self.made.people[one].pk for one in told["apologies"]}
        members = list(CommitteeMember.objects.filter(committee=meeting.committee))
        there = {
            one.person_id: Presence.APOLOGIES if one.person_id in away else Presence.PRESENT
            for one in members
        }
        meetings.note_attendance(meeting=meeting, version=None, by=self.office, presences=there)
        self._approve_minutes(meeting)
        voters = {one.person_id for one in members if one.votes} - away
        for item in told["items"]:
            self._item(meeting, item, voters)
        for text, owner, due in told["actions"]:
            meetings.add_action(
                meeting=meeting,
                by=self.office,
                text=text,
                owner=self.made.people[owner],
                due=self._day(due),
            )
        meetings.close_meeting(
            meeting=Meeting.objects.get(pk=meeting.pk), version=None, by=self.office
        )

    def _approve_minutes(self, meeting: Meeting) -> None:
        before = Meeting.objects.filter(committee=meeting.committee, day__lt=meeting.day)
        for one in before.order_by("day"):
            last = one.minutes.order_by("-number").first()
            if last and last.approved_on is None:
                minutes.approve_minutes(minutes=last, meeting=meeting, by=self.office)

    def _item(self, meeting: Meeting, told: dict[str, Any], voters: set[int]) -> None:
        item = self._put(meeting, told["decision"])
        for person, why in told.get("recused", {}).items():
            items.declare_interest(
                item=item, version=None, by=self.office, person=self.made.people[person], text=why
            )
        recused = {self.made.people[one].pk for one in told.get("recused", {})}
        against = {self.made.people[one].pk for one in told["no"]}
        ballots = {
            pk: Ballot(Choice.NO if pk in against else Choice.YES) for pk in voters - recused
        }
        items.record_votes(item=item, version=None, by=self.office, ballots=ballots)
        self.decisions[told["decision"]] = items.decide_item(
            item=item, version=None, by=self.office, ruling=self._ruling(told)
        )

    def _ruling(self, told: dict[str, Any]) -> DecisionGiven:
        return DecisionGiven(
            outcome=DecisionOutcome(told["outcome"]),
            reason=told["reason"],
            dissent=told.get("dissent", ""),
            missing=told.get("missing", ""),
            needed_by=self._day(told["needed_by"]) if "needed_by" in told else None,
            conditions=[
                Promise(
                    text=text,
                    owner=self.made.people[owner],
                    due=self._day(due),
                    blocks=Blocks(blocks),
                )
                for text, owner, due, blocks in told.get("conditions", [])
            ],
        )
