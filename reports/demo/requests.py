"""The demo's requests for projects, its capital cycle, and what is due to be replaced."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pmo.accounts.models import User
from portfolio.governance.models import Decision
from portfolio.intake.domain.kinds import TriageOutcome
from portfolio.intake.models import CapitalCycle, ProjectRequest
from portfolio.intake.models.capital import DATES
from portfolio.intake.services import cycles, grounds, items, requests, triage
from portfolio.intake.services.becoming import link_project
from projects.models import Project
from reports.demo.organization import DemoOrganization
from reports.demo.stories import read

FILE = "requests"
VERIFIER = "silva"  # who looks at a ground besides the office's head


class DemoRequests:
    """Writes what the file tells, by the services; days count from this week's Monday."""

    def __init__(
        self,
        made: DemoOrganization,
        decisions: Mapping[str, Decision],
        *,
        monday: date,
        office: User,
    ) -> None:
        self.made, self.monday, self.office = made, monday, office
        self.decisions = decisions
        self.told = read(FILE)

    def write(self) -> None:
        cycle = self._cycle(self.told["cycle"])
        for row in self.told["replacements"]:
            self._replacement(row)
        for told in self.told["requests"]:
            self._request(told, cycle)

    def _day(self, days: int) -> date:
        return self.monday + timedelta(days=days)

    def _past(self, days: int) -> date:
        """Return the day, or today where the demo is loaded earlier in the week."""
        return min(self._day(days), timezone.localdate())

    def _cycle(self, told: dict[str, Any]) -> CapitalCycle:
        days = dict(zip(DATES, map(self._day, told["dates"]), strict=True))
        return cycles.create_cycle(
            by=self.office,
            year=days["letters_on"].year + 1,
            envelope=Decimal(told["envelope"]),
            contingency=Decimal(told["contingency"]),
            note=told["note"],
            **days,
        )

    def _replacement(self, row: list[Any]) -> None:
        name, asset, unit, since, life, condition, support, safety, service, new, *signs = row
        is_outdated, is_failing = signs
        cycles.create_replacement(
            by=self.office,
            name=name,
            asset=asset,
            unit=self.made.units[unit],
            in_use_since=self._day(since),
            life=Decimal(life),
            condition=condition,
            support=support,
            safety=safety,
            service_cost=Decimal(service),
            new_cost=Decimal(new),
            is_outdated=is_outdated,
            is_failing=is_failing,
        )

    def _request(self, told: dict[str, Any], cycle: CapitalCycle) -> None:
        asker = self.made.people[told["by"]]
        if told.get("draft"):
            requests.create_request(by=asker, title=told["title"], problem=told["problem"])
            return
        sponsor = self.made.people[told["sponsor"]] if "sponsor" in told else None
        sent = requests.create_request(
            by=asker,
            submit=True,
            on=self._past(told["submitted"]),
            title=told["title"],
            problem=told["problem"],
            unit=self.made.units[told["unit"]],
            kind=told["kind"],
            if_nothing=told["if_nothing"],
            wanted_by=self._day(told["wanted"]) if "wanted" in told else None,
            is_hard_date=told.get("hard", False),
            size=told["size"],
            sponsor=sponsor,
            sponsor_answer="agreed" if sponsor else "",
            systems=told["systems"],
        )
        for name, nature, quantity, cost, life in told.get("items", ()):
            items.create_item(
                request=sent,
                by=self.office,
                name=name,
                nature=nature,
                quantity=quantity,
                unit_cost=Decimal(cost),
                life=Decimal(life),
            )
        for step in told.get("asked", ()):
            self._question(sent, asker, step)
        if "lane" in told:
            self._triage(sent, told, cycle)
        if "outcome" in told:
            triage.decide_request(
                request=sent,
                version=None,
                by=self.office,
                outcome=TriageOutcome(told["outcome"]),
                reason=told["reason"],
                on=self._past(told["decided"]),
            )
        if "project" in told:
            self._project(sent, told)

    def _question(self, sent: ProjectRequest, asker: User, step: Sequence[Any]) -> None:
        """Ask, and answer where the answer has come. What the office asked for itself, somebody else asks about."""
        asked, question, *answer = step
        triage.decide_request(
            request=sent,
            version=None,
            by=self.made.people[VERIFIER] if asker == self.office else self.office,
            outcome=TriageOutcome.ASK,
            reason=question,
            on=self._past(asked),
        )
        if answer:
            day, said = answer
            requests.answer_request(
                request=sent, version=None, by=asker, answer=said, on=self._past(day)
            )

    def _triage(self, sent: ProjectRequest, told: dict[str, Any], cycle: CapitalCycle) -> None:
        if "ground" in told:
            kind, citation, bites, notice, evidence = told["ground"]
            ground = grounds.give_ground(
                request=sent,
                by=self.office,
                kind=kind,
                citation=citation,
                bites_on=self._day(bites),
                on=self._past(told["submitted"]),
                vendor_notice=notice,
                evidence=evidence,
            )
            grounds.verify_ground(
                ground=ground,
                version=ground.version,
                by=self.made.people[VERIFIER],
                on=self._past(told["decided"]),
            )
        sums = dict(zip(triage.ESTIMATES, map(Decimal, told["estimates"]), strict=True))
        triage.triage_request(
            request=sent,
            version=None,
            by=self.office,
            lane=told["lane"],
            request_class=told["class"],
            profile=told["profile"],
            expected_value=told.get("worth", ""),
            options=told["options"],
            cycle=cycle,
            committee_decision=self.decisions[told["committee"]] if "committee" in told else None,
            **sums,
        )

    def _project(self, sent: ProjectRequest, told: dict[str, Any]) -> None:
        """Link the request to its project, whose own story is told already."""
        code, day = told["project"]
        project = Project.objects.get(code=code)
        link_project(
            request=sent, version=None, by=self.office, project=project, on=self._past(day)
        )
