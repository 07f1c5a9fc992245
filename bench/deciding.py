"""The requests, committees, gates and messages of the benchmark's database: as many as a large hospital has open."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bench.sizes import (
    COMMITTEES,
    DEPARTMENTS,
    GATES,
    MESSAGES,
    PLANNED,
    REQUESTS,
    REVIEWS,
    SEATS,
    SITES,
    SUBJECTS,
    TODAY,
    VERBS,
)
from bench.values import batched, moment
from pmo.accounts.models import Unit, User
from portfolio.governance.models import (
    Committee,
    CommitteeMember,
    Decision,
    EvidenceItem,
    GateReview,
    ProjectGate,
)
from portfolio.intake.models import ProjectRequest, TimelineStep
from projects.communication.models import CommunicationItem
from projects.models import Project

STAGES = ("planning", "planning", "delivery", "closing", "closed")
SEATED = ("CIO", "CFO", "COO", "CMO", "CNO", "CISO", "Physician", "Nurse", "Supply chain")
OPTIONS = [{"name": "Go on"}, {"name": "Stop here", "is_nothing": True}]
KINDS = ("field", "document", "assessment")
DAYS_OVER = 20  # a review that is needed by then is up to so many days late


class Deciding:
    """Writes what waits for a decision, in bulk; the people and projects are there."""

    def __init__(self, projects: Sequence[Project], people: Sequence[User]) -> None:
        self.projects, self.people = projects, people

    def write(self) -> None:
        units = list(Unit.objects.filter(parent__isnull=False).order_by("pk"))
        batched(self._requests(units), ProjectRequest)
        batched(self._steps(), TimelineStep)
        batched(self._committees(), Committee)
        self.committees = list(Committee.objects.order_by("code"))
        batched(self._seats(), CommitteeMember)
        batched(self._gates(), ProjectGate)
        self.gates = list(ProjectGate.objects.order_by("pk")[:REVIEWS])
        batched(self._evidence(), EvidenceItem)
        batched(self._decisions(), Decision)
        batched(self._reviews(), GateReview)
        batched(self._messages(), CommunicationItem)

    def _requests(self, units: Sequence[Unit]) -> Iterator[ProjectRequest]:
        """Open ones alone: each in triage, of the last eight weeks, a third of them triaged so far."""
        for n in range(REQUESTS):
            sent = TODAY - timedelta(days=n % 56)
            is_triaged = n % 3 == 0
            yield ProjectRequest(
                title=f"{SUBJECTS[n % 12]} {VERBS[n % 7]} for {DEPARTMENTS[n % 9]}, {SITES[n % 8]} {n:03}",
                problem="It takes an hour a day that nobody has, and goes wrong twice a week.",
                unit=units[n % len(units)],
                kind=("new", "replace", "upgrade", "retire")[n % 4],
                if_nothing="It stays as it is.",
                wanted_by=TODAY + timedelta(days=200 + n % 200),
                size=("S", "M", "L", "XL")[n % 4],
                sponsor=self.people[n % len(self.people)],
                sponsor_answer="agreed",
                systems=f"{SUBJECTS[n % 12]}\n{SUBJECTS[(n + 5) % 12]}",
                is_confidential=n % 97 == 96,  # noqa: PLR2004 - about one in a hundred, as projects
                requester=self.people[(n * 7) % len(self.people)],
                state="triage",
                submitted_on=sent,
                clock_since=sent,
                answer_due_on=sent + timedelta(days=14),
                lane="strategic" if is_triaged else "",
                request_class="strategic" if is_triaged else "",
                options="Do minimum, replace or retire." if is_triaged else "",
            )

    def _steps(self) -> Iterator[TimelineStep]:
        for request in ProjectRequest.objects.order_by("pk"):
            assert request.submitted_on  # noqa: S101 - written above
            yield TimelineStep(
                request=request,
                kind="submitted",
                by_id=request.requester_id,
                at=moment(request.submitted_on),
            )

    def _committees(self) -> Iterator[Committee]:
        for n in range(COMMITTEES):
            yield Committee(
                code=f"C{n:02}",
                name=f"{SITES[n % 8]} {DEPARTMENTS[n % 9]} board {n:02}",
                quorum=5,
                quorum_seats=[["CFO"], ["CMO", "CNO"]],
                veto_seats=["CMO", "CNO"],
            )

    def _seats(self) -> Iterator[CommitteeMember]:
        for n, committee in enumerate(self.committees):
            for k in range(SEATS):
                yield CommitteeMember(
                    committee=committee,
                    person=self.people[(n * SEATS + k) % len(self.people)],
                    seat=SEATED[k],
                    position="chair" if k == 0 else "member",
                    is_executive=k < 5,  # noqa: PLR2004 - the chiefs
                    since=TODAY - timedelta(days=300),
                )

    def _gates(self) -> Iterator[ProjectGate]:
        """Lay a ladder on as many projects as it takes; each project of a small database gets several."""
        for n in range(REVIEWS):
            yield ProjectGate(
                project=self.projects[n // GATES % len(self.projects)],
                code=f"G{n:03}",
                name=f"Gate {n % GATES + 1}",
                question="Shall the work go on?",
                position=n % GATES + 1,
                stage=STAGES[n % GATES],
                planned_on=TODAY + timedelta(days=n % 90 - 30),
                committee=self.committees[n % COMMITTEES],
            )

    def _evidence(self) -> Iterator[EvidenceItem]:
        for n, gate in enumerate(self.gates):
            for k, kind in enumerate(KINDS):
                is_given = kind != "field" and (n + k) % 2 == 0
                yield EvidenceItem(
                    project_id=gate.project_id,
                    gate=gate,
                    position=k + 1,
                    kind=kind,
                    name=f"Evidence {k + 1}",
                    field="sponsor" if kind == "field" else "",
                    state="given" if is_given else "open",
                    url="https://documents.example.org/case" if kind == "document" else "",
                    revision="1.0" if is_given else "",
                    given_on=TODAY - timedelta(days=9) if is_given else None,
                )

    def _decisions(self) -> Iterator[Decision]:
        for n, gate in enumerate(self.gates):
            asked = TODAY - timedelta(days=20 + n % 60)
            yield Decision(
                number=f"{TODAY.year}-{n + 1:03}",
                kind="gate",
                question=f"Does {gate} pass?",
                options=OPTIONS,
                recommended=0,
                recommendation="The evidence is there.",
                decider_committee_id=gate.committee_id,
                project_id=gate.project_id,
                amount=1000 * n,
                needed_by=TODAY + timedelta(days=n % 40 - DAYS_OVER),
                delay_cost=500,
                state="asked",
                asked_on=asked,
            )

    def _reviews(self) -> Iterator[GateReview]:
        decisions = Decision.objects.order_by("pk")
        for gate, decision in zip(self.gates, decisions, strict=True):
            yield GateReview(project_id=gate.project_id, gate=gate, decision=decision)

    def _messages(self) -> Iterator[CommunicationItem]:
        """Plan a few messages of each project, and a whole plan for the one that is looked at."""
        for n, project in enumerate(self.projects):
            for k in range(PLANNED if n == 0 else MESSAGES):
                due = TODAY + timedelta(days=(n * 7 + k * 11) % 90 - 20)
                yield CommunicationItem(
                    project=project,
                    category=("nursing", "board", "it", "medical_staff")[k % 4],
                    message=f"What changes, part {k + 1}",
                    channel="huddle",
                    sender=self.people[(n + k) % len(self.people)],
                    due_on=due,
                    next_due=due,
                )
