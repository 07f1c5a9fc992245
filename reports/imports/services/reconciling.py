"""What a ledger's file comes to beside what stands here: by project, and against the ledger's own totals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from projects.domain.kinds import CostKind
from projects.models import CostEntry
from reports.imports.domain import ImportRow
from reports.imports.domain.kinds.cost import amount_of
from reports.imports.domain.kinds.money_fields import source_of
from reports.imports.models import ImportRun, RowState, StagedRow
from reports.imports.services.money_rows import known_entries
from reports.imports.services.places import MoneyPlaces
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.setting import Setting, Told
from reports.imports.words import ledger as words

KIND = "cost"
BATCH = 500
COMING = frozenset({RowState.READY, RowState.WRITTEN})
Sums = dict[int, Decimal]


def sentences(found: Mapping[Told, int]) -> list[str]:
    """Return what is right to write and worth a word, each with its number of rows."""
    return [words.told(told.value, number) for told, number in sorted(found.items())]


def told_of(run: ImportRun, rows: Sequence[ImportRow], setting: Setting) -> dict[str, Any]:
    """Return what the report of a ledger's import holds of it; nothing for any other import."""
    if run.document["record"] != KIND:
        return {}
    return {"ledger": reconciled(run, rows, setting)}


def reconciled(run: ImportRun, rows: Sequence[ImportRow], setting: Setting) -> dict[str, Any]:
    """
    Return for each project what stands, what the file has, what would stand, and the ledger's total.

    After the writing what would stand is what stands, and what stood is kept from the check. Amounts are
    texts: the run's report keeps them.
    """
    states = {
        (line, column): state
        for line, column, state in StagedRow.objects.of(run).values_list("line", "column", "state")
    }
    found = _Found()
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        places = MoneyPlaces(some, setting, only_looks=True)
        known = known_entries(some, CostKind.ACTUAL, locks=False)
        others = _of_the_same_days(some, places)
        for row in some:
            amount = amount_of(row.values) or Decimal()
            try:
                project = places.project_of(row)
            except RowRefusedError:
                continue  # handed back, and said so there
            found.codes[project.pk] = project.code
            found.in_file[project.pk] += amount
            if isinstance(total := row.values.get("balance"), Decimal):
                found.balance[project.pk] = total
            if states.get((row.line, row.column)) not in COMING:
                continue
            entry = known.get(source_of(row.key))
            found.change[project.pk] += amount - (entry.amount if entry else Decimal())
            same = (project.pk, row.values["date"], amount)
            if entry is None and others[same]:
                others[same] -= 1
                found.alike += 1
    return _report(run, rows, setting, found)


@dataclass(slots=True)
class _Found:
    """What the rows come to by project, and how many new ones look like costs that are here."""

    codes: dict[int, str] = field(default_factory=dict)
    in_file: Sums = field(default_factory=lambda: defaultdict(Decimal))
    change: Sums = field(default_factory=lambda: defaultdict(Decimal))
    balance: Sums = field(default_factory=dict)
    alike: int = 0


def _of_the_same_days(
    rows: Sequence[ImportRow], places: MoneyPlaces
) -> Counter[tuple[int, object, Decimal]]:
    """Count the actual costs of the rows' projects and days, by project, day and amount."""
    days = {day for row in rows if isinstance(day := row.values.get("date"), date)}
    actual = CostEntry.objects.filter(project__in=places.projects, kind=CostKind.ACTUAL)
    found = actual.filter(entry_date__in=days).order_by()
    return Counter(found.values_list("project", "entry_date", "amount"))


def _report(
    run: ImportRun,
    rows: Sequence[ImportRow],
    setting: Setting,
    found: _Found,
) -> dict[str, Any]:
    stands, typed = _standing(found.codes)
    before = {one["code"]: Decimal(one["stands"]) for one in _before(run)}
    listed = []
    for pk, code in sorted(found.codes.items(), key=lambda one: one[1]):
        now = stands.get(pk, Decimal())
        stood = before.get(code, now)
        would = now + found.change[pk] if not before else now
        listed.append(
            {
                "code": code,
                "stands": str(stood),
                "in_file": str(found.in_file[pk]),
                "would": str(would),
                "ledger": str(found.balance[pk]) if pk in found.balance else "",
                "typed": str(typed.get(pk, Decimal())),
            }
        )
    total = sum((amount_of(row.values) or Decimal() for row in rows), Decimal())
    control = setting.control_total
    return {
        "rows": listed,
        "total": str(total),
        "control": "" if control is None else str(control),
        "is_written": bool(before),
        "alike": found.alike,
    }


def _before(run: ImportRun) -> list[dict[str, str]]:
    """Return what the check found to stand, once rows are written."""
    is_written = StagedRow.objects.of(run).filter(state=RowState.WRITTEN).exists()
    found: list[dict[str, str]] = (run.report.get("ledger") or {}).get("rows", [])
    return found if is_written else []


def _standing(projects: Iterable[int]) -> tuple[Sums, Sums]:
    """Return the actual costs of projects, and what of them came from no ledger."""
    actual = CostEntry.objects.filter(project__in=list(projects), kind=CostKind.ACTUAL).order_by()
    found = actual.values("project").annotate(
        all=Sum("amount"), typed=Sum("amount", filter=Q(source_id=""))
    )
    rows = list(found.values_list("project", "all", "typed"))
    stands = {pk: amount or Decimal() for pk, amount, _ in rows}
    return stands, {pk: amount or Decimal() for pk, _, amount in rows}
