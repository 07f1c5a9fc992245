"""Write rows of budget lines, found again by project, category, kind and fiscal year."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.domain.kinds import BudgetKind
from projects.models import BudgetLine, FundingSource, Project
from projects.services import money
from reports.imports.domain import ImportRow, normalized
from reports.imports.domain.periods import read_fiscal_year
from reports.imports.services.known import hold
from reports.imports.services.places import MoneyPlaces
from reports.imports.services.projects import BUDGET_LINE as TOTAL_LINE
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.setting import Setting, Told, Written
from reports.imports.services.showing import change_of

KIND = "budget_line"
LONGEST_REASON = 200
COPIED = ("approved_on", "cost_center")
# our field -> the line's own
OURS = {
    "category": "category",
    "amount": "amount",
    "stated_reason": "reason",
    "approved_on": "approved_on",
    "cost_center": "cost_center",
    "funding_source": "funding_source",
}
LineKey = tuple[int, str, str, int | None]


@dataclass(slots=True)
class BegunLine:
    """A row whose project and source were found, and what the line is known by."""

    row: ImportRow
    project: Project
    key: LineKey
    fields: dict[str, Any]


class BudgetLineWriter:
    later = (BudgetLine,)

    def start(self, rows: Sequence[ImportRow], setting: Setting) -> None:
        """Read the projects of the rows, and their lines; these are locked."""
        self._places = MoneyPlaces(rows, setting, by_center=False)
        self._known: dict[LineKey, BudgetLine] = {}
        found = BudgetLine.objects.filter(project__in=self._places.projects).order_by("-pk")
        lines = list(found.select_for_update(of=("self",), no_key=True))
        hold(lines)
        for line in lines:
            line.project = self._places.projects[line.project_id]
            self._known[_key_of(line)] = line
        self._sources: dict[str, list[FundingSource]] = defaultdict(list)
        if any("funding_source" in row.values for row in rows):
            for source in FundingSource.objects.order_by("pk"):
                for name in {normalized(source.code), normalized(source.name)}:
                    self._sources[name].append(source)

    def begin(self, row: ImportRow, setting: Setting) -> BegunLine:
        """Find the row's project, year and source; raise one of `refusals.ERRORS`."""
        project = self._places.project_of(row)
        category = str(row.values["category"])
        kind = str(row.values.get("kind") or BudgetKind.CAPITAL.value)
        key = (project.pk, normalized(category), kind, _year_of(row))
        fields: dict[str, Any] = {"category": category}
        fields |= {name: row.values[name] for name in COPIED if name in row.values}
        if "funding_source" in row.values:
            fields["funding_source"] = self._source_of(row)
        return BegunLine(row, project, key, fields | _amount_of(row))

    def settle(self, begun: Sequence[BegunLine], setting: Setting) -> None:
        """Nothing is written yet on which the lines stand."""

    def finish(self, begun: BegunLine, setting: Setting) -> Written:
        """Create or change the line; raise one of `refusals.ERRORS`."""
        known, project = self._known.get(begun.key), begun.project
        if known is None:
            _, _, kind, year = begun.key
            money.create_budget_line(
                project=project, by=setting.by, kind=kind, fiscal_year=year, **begun.fields
            )
            new = [
                change_of(KIND, OURS[own], None, value)
                for own, value in begun.fields.items()
                if own != "category" and value not in (None, "")
            ]
            return Written("created", tuple(new), project.pk, self._beside(begun))
        changes = [
            change_of(KIND, OURS[own], getattr(known, own), value)
            for own, value in begun.fields.items()
            if getattr(known, own) != value
        ]
        if not changes:
            return Written("unchanged", (), project.pk)
        money.change_budget_line(line=known, version=None, by=setting.by, **begun.fields)
        return Written("updated", tuple(changes), project.pk)

    def _beside(self, begun: BegunLine) -> tuple[Told, ...]:
        """Say whether an imported total stands there already, in a line of its own."""
        project, _, _, year = begun.key
        total = (project, normalized(TOTAL_LINE), BudgetKind.CAPITAL.value, year)
        return (Told.BESIDE_TOTAL,) if total in self._known else ()

    def _source_of(self, row: ImportRow) -> FundingSource:
        found = self._sources[normalized(str(row.values["funding_source"]))]
        if len(found) == 1:
            return found[0]
        wrong = (
            "Several funding sources have this name."
            if found
            else "There is no funding source of this name."
        )
        raise RowRefusedError(
            "funding_source", wrong, "Code or name of a funding source that is in Rounds."
        )


def _key_of(line: BudgetLine) -> LineKey:
    return line.project_id, normalized(line.category), line.kind, line.fiscal_year


def _year_of(row: ImportRow) -> int | None:
    try:
        return read_fiscal_year(str(row.values.get("fiscal_year", "")))
    except ValueError as error:
        raise RowRefusedError(
            "fiscal_year", "This is no fiscal year.", "A year such as FY27 or 2026/27, or nothing."
        ) from error


def _amount_of(row: ImportRow) -> dict[str, Any]:
    """Return amount and reason, one of them empty; nothing where the row speaks of neither."""
    amount = row.values.get("amount")
    if isinstance(amount, Decimal):
        return {"amount": amount, "stated_reason": ""}
    reason = str(row.values.get("reason") or row.reasons.get("amount", ""))
    return {"amount": None, "stated_reason": reason[:LONGEST_REASON]} if reason else {}


WRITERS = {KIND: BudgetLineWriter}
