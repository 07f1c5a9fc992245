"""Write postings of a ledger and purchase orders, each once: found again by what it is known by there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from pmo.common.records import ledger
from projects.domain.kinds import CostKind
from projects.models import BudgetLine, CostEntry, Project
from projects.services import money
from reports.imports.domain import ImportRow, normalized
from reports.imports.domain.kinds.cost import amount_of
from reports.imports.domain.kinds.money_fields import number_of, source_of
from reports.imports.services.known import hold
from reports.imports.services.places import MoneyPlaces
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.setting import Change, Setting, Told, Written
from reports.imports.services.showing import change_of

LONGEST_NOTE = 200
# the record's own column -> our field
OURS = {
    "entry_date": "date",
    "amount": "amount",
    "line": "category",
    "commitment": "commitment",
    "note": "text",
}
# what somebody may have put right here since: a second import fills it and never moves it
KEPT = frozenset({"line", "commitment"})
SHOWN_OF_NEW = ("entry_date", "amount", "line", "commitment")


@dataclass(slots=True)
class BegunPosting:
    """A row whose project was found, and what it comes to."""

    row: ImportRow
    project: Project
    fields: dict[str, Any]
    told: list[Told] = field(default_factory=list)


class EntryWriter:
    """Writes rows that become entries of costs, each known by its source and name there."""

    kind: ClassVar[str]
    cost_kind: ClassVar[CostKind]
    later = (CostEntry,)

    def start(self, rows: Sequence[ImportRow], setting: Setting) -> None:
        """Read the projects of the rows, and the entries that they are already; these are locked."""
        self._places = MoneyPlaces(rows, setting)
        self._known = known_entries(rows, self.cost_kind)
        hold(self._known.values())
        self._frozen = setting.lookups.reported_until

    def begin(self, row: ImportRow, setting: Setting) -> BegunPosting:
        """Find the row's project and line; raise one of `refusals.ERRORS`."""
        project = self._places.project_of(row)
        amount, day = amount_of(row.values), row.values["date"]
        if amount is None:
            raise RowRefusedError(
                "amount", "This row has no amount.", "The amount that was posted."
            )
        assert isinstance(day, date)  # noqa: S101 - required and read as one
        fields = {"entry_date": day, "amount": amount, "note": note_of(row)}
        begun = BegunPosting(row, project, fields)
        if line := self._places.line_of(row, project, day):
            fields["line"] = line
        elif {"category", "cost_center"} & row.values.keys():
            begun.told.append(Told.NO_LINE)
        return begun

    def settle(self, begun: Sequence[BegunPosting], setting: Setting) -> None:
        """Nothing is written yet on which the entries stand."""

    def finish(self, begun: BegunPosting, setting: Setting) -> Written:
        """Record or change the entry; raise one of `refusals.ERRORS`."""
        source, source_id = source_of(begun.row.key)
        known = self._known.get((source, source_id))
        if known is None:
            return self._record(begun, setting, {"source": source, "source_id": source_id})
        if known.project_id != begun.project.pk:
            raise RowRefusedError(
                "project" if "project" in begun.row.values else "cost_center",
                "This is booked on another project already.",
                "The project that it is booked on; move it there first where it is wrong.",
            )
        known.project = begun.project
        return self._change(known, begun, setting)

    def _record(self, begun: BegunPosting, setting: Setting, named: dict[str, str]) -> Written:
        _before_a_payment(begun.fields)
        money.record_cost(
            project=begun.project, by=setting.by, kind=self.cost_kind, **begun.fields, **named
        )
        shown = [
            change_of(self.kind, OURS[own], None, begun.fields[own])
            for own in SHOWN_OF_NEW
            if own in begun.fields
        ]
        told = (*begun.told, *self._late(begun.fields["entry_date"]))
        return Written("created", tuple(shown), begun.project.pk, told)

    def _change(self, known: CostEntry, begun: BegunPosting, setting: Setting) -> Written:
        new = {own: value for own, value in begun.fields.items() if _differs(known, own, value)}
        if not new:
            return Written("unchanged", (), begun.project.pk)
        changes: list[Change] = [
            change_of(self.kind, OURS[own], getattr(known, own), value)
            for own, value in new.items()
        ]
        days = [known.entry_date, new.get("entry_date", known.entry_date)]
        _before_a_payment(new)
        money.change_cost(entry=known, version=None, by=setting.by, **new)
        moved = {"entry_date", "amount"} & new.keys()
        told = (*begun.told, *(self._late(min(days)) if moved else ()))
        return Written("updated", tuple(changes), begun.project.pk, told)

    def _late(self, day: date) -> tuple[Told, ...]:
        """Say whether a day was reported already: what is booked on it counts from now on."""
        is_late = self.cost_kind is CostKind.ACTUAL and day <= self._frozen
        return (Told.LATE,) if is_late else ()


class CostWriter(EntryWriter):
    kind, cost_kind = "cost", CostKind.ACTUAL

    def start(self, rows: Sequence[ImportRow], setting: Setting) -> None:
        super().start(rows, setting)
        self._orders = (
            _orders(self._places.projects)
            if any("commitment" in row.values for row in rows)
            else {}
        )

    def begin(self, row: ImportRow, setting: Setting) -> BegunPosting:
        begun = super().begin(row, setting)
        if "commitment" in row.values:
            order = self._order_of(begun)
            if order is None:
                begun.told.append(Told.NO_ORDER)
            else:
                begun.fields["commitment"] = order
        return begun

    def _order_of(self, begun: BegunPosting) -> CostEntry | None:
        """Return the only commitment that the row means, by its line of the order or by its budget line."""
        number = normalized(str(begun.row.values["commitment"]))
        item = normalized(str(begun.row.values.get("commitment_item", "")))
        found = self._orders.get((begun.project.pk, number), [])
        line: BudgetLine | None = begun.fields.get("line")
        for narrowed in (
            [one for one in found if item and number_of(one.source_id) == (number, item)],
            [one for one in found if line is None or one.line_id == line.pk],
        ):
            if len(narrowed) == 1:
                return narrowed[0]
        return None


class CommitmentWriter(EntryWriter):
    kind, cost_kind = "commitment", CostKind.COMMITMENT


def known_entries(
    rows: Iterable[ImportRow], kind: CostKind, *, locks: bool = True
) -> dict[tuple[str, str], CostEntry]:
    """Return the entries that rows are already, by source and name there."""
    names = {source_of(row.key)[1] for row in rows}
    found = CostEntry.objects.filter(kind=kind, source_id__in=names).order_by("pk")
    entries = found.select_for_update(of=("self",), no_key=True) if locks else found
    return {(one.source, one.source_id): one for one in entries}


def note_of(row: ImportRow) -> str:
    """Return supplier, text and number as one note for people."""
    said = [str(row.values[name]) for name in ("supplier", "text") if name in row.values]
    number = row.values.get("document") or row.values.get("number")
    note = ", ".join(said) + (f" ({number})" if number and said else f"{number or ''}")
    return note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…"


def _differs(known: CostEntry, own: str, value: Any) -> bool:
    if own in KEPT:
        return getattr(known, f"{own}_id") is None
    return bool(getattr(known, own) != value)


def _before_a_payment(fields: dict[str, Any]) -> None:
    """Put down what waits: what is left of a commitment is asked of the database."""
    if "commitment" in fields and (book := ledger.current()):
        book.put_down()


def _orders(projects: Iterable[int]) -> dict[tuple[int, str], list[CostEntry]]:
    orders: dict[tuple[int, str], list[CostEntry]] = defaultdict(list)
    kept = CostEntry.objects.filter(project__in=projects, kind=CostKind.COMMITMENT)
    for order in kept.exclude(source_id="").order_by("pk"):
        orders[order.project_id, number_of(order.source_id)[0]].append(order)
    return orders


WRITERS = {"cost": CostWriter, "commitment": CommitmentWriter}
