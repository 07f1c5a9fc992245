"""What a ledger's file comes to beside what stands here: by project, and against the ledger's own totals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
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
from reports.imports.services.setting import Setting, Written
from reports.imports.words import ledger as words

KIND = "cost"
BATCH = 500
COMING = frozenset({RowState.READY, RowState.WRITTEN})
Sums = dict[int, Decimal]


def sentences(outcomes: Iterable[tuple[ImportRow, Written]]) -> list[str]:
    """Return what is right to write and worth a word, each with its number of rows."""
    found = Counter(told for _, written in outcomes for told in written.told)
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
    in_file: Sums = defaultdict(Decimal)
    change: Sums = defaultdict(Decimal)
    balance: Sums = {}
    codes: dict[int, str] = {}
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        places = MoneyPlaces(some, setting, only_looks=True)
        known = known_entries(some, CostKind.ACTUAL, locks=False)
        for row in some:
            amount = amount_of(row.values) or Decimal()
            try:
                project = places.project_of(row)
            except RowRefusedError:
                continue  # handed back, and said so there
            codes[project.pk] = project.code
            in_file[project.pk] += amount
            if isinstance(total := row.values.get("balance"), Decimal):
                balance[project.pk] = total
            if states.get((row.line, row.column)) in COMING:
                entry = known.get(source_of(row.key))
                change[project.pk] += amount - (entry.amount if entry else Decimal())
    return _report(run, rows, setting, (codes, in_file, change, balance))


def _report(
    run: ImportRun,
    rows: Sequence[ImportRow],
    setting: Setting,
    found: tuple[dict[int, str], Sums, Sums, Sums],
) -> dict[str, Any]:
    codes, in_file, change, balance = found
    stands, typed = _standing(codes)
    before = {one["code"]: Decimal(one["stands"]) for one in _before(run)}
    listed = []
    for pk, code in sorted(codes.items(), key=lambda one: one[1]):
        now = stands.get(pk, Decimal())
        stood = before.get(code, now)
        would = now + change[pk] if not before else now
        listed.append(
            {
                "code": code,
                "stands": str(stood),
                "in_file": str(in_file[pk]),
                "would": str(would),
                "ledger": str(balance[pk]) if pk in balance else "",
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
