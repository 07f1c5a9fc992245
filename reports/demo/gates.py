"""The demo's gates: a portfolio with a controlling office, projects with gates and evidence, and their reviews."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pmo.accounts.models import User
from portfolio.governance.models import Committee, Decision, EvidenceItem, ProjectGate
from portfolio.governance.services import gate_work
from portfolio.governance.services.gates import GatePlan, lay_gates
from portfolio.services import switch_kind
from projects.domain.office import OfficeKind
from projects.models import Project
from reports.demo.organization import DemoOrganization
from reports.demo.stories import read

FILE = "gates"
DOCUMENTS = "https://documents.example.org"
COMMITTEE = "CAPITAL"


class DemoGates:
    """Writes what the file tells, by the services; days count from this week's Monday."""

    def __init__(
        self,
        made: DemoOrganization,
        bodies: Mapping[str, Committee],
        *,
        monday: date,
        office: User,
    ) -> None:
        self.made, self.bodies, self.monday, self.office = made, bodies, monday, office
        self.told = read(FILE)
        self.gates: dict[tuple[str, str], ProjectGate] = {}

    def write(self) -> dict[str, Decision]:
        """Lay the gates, show the evidence and ask for the reviews, which are returned by their keys."""
        for code, kind in self.told["kinds"].items():
            portfolio = self.made.portfolios[code]
            switch_kind(portfolio=portfolio, kind=OfficeKind(kind), version=None, by=self.office)
        for code, rows in self.told["gates"].items():
            self._lay(code, rows)
        for code, gate, kind, name in self.told["asked"]:
            gate_work.ask_evidence(
                gate=self.gates[code, gate], by=self.office, kind=kind, name=name
            )
        for code, gate, *row in self.told["given"]:
            self._give(self.gates[code, gate], row)
        return {key: self._review(*row) for key, row in self.told["reviews"].items()}

    def _day(self, days: int) -> date:
        return self.monday + timedelta(days=days)

    def _lay(self, code: str, rows: Sequence[Any]) -> None:
        plans = [
            GatePlan(gate, name, stage, planned_on=self._day(day))
            for gate, stage, day, name in ((*row, "")[:4] for row in rows)
        ]
        project = Project.objects.get(code=code)
        for laid in lay_gates(project=project, gates=plans, by=self.office):
            self.gates[code, laid.code] = laid

    def _give(self, gate: ProjectGate, row: Sequence[Any]) -> None:
        name, day, person, revision, note = row
        item = EvidenceItem.objects.get(gate=gate, name=name)
        document = f"{DOCUMENTS}/{gate.project.code.lower()}/{gate.code.lower()}-{item.position}"
        shown = {"url": document, "revision": revision} if revision else {}
        gate_work.give_evidence(
            item=item,
            version=None,
            by=self.made.people[person],
            on=self._day(day),
            note=note,
            **shown,
        )

    def _review(
        self, code: str, gate: str, asked: int, needed: int, recommendation: str
    ) -> Decision:
        review = gate_work.ask_review(
            gate=self.gates[code, gate],
            by=self.office,
            needed_by=self._day(needed),
            decider_committee=self.bodies[COMMITTEE],
            recommendation=recommendation,
            on=self._day(asked),
        )
        return review.decision
