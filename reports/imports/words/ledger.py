"""A ledger's file in words: what is late, what found no line, and how it agrees with what stands here."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from pmo.common.page import formats
from pmo.organization.current import money
from reports.imports.models import ImportRun

TOLD = {
    "late": (
        "{n} posting is dated in a week already reported. It counts from now on; frozen reports stay as they are.",
        "{n} postings are dated in weeks already reported. They count from now on; frozen reports stay as they are.",
    ),
    "no_line": (
        "{n} row is booked on no budget line: its account or cost center is not that of exactly one line.",
        "{n} rows are booked on no budget line: their account or cost center is not that of exactly one line.",
    ),
    "no_order": (
        "{n} posting names a purchase order that is not in Rounds. It is a cost of its own; no commitment falls.",
        "{n} postings name purchase orders that are not in Rounds. They are costs of their own; no commitment falls.",
    ),
    "alike": (
        "{n} new posting has the project, day and amount of a cost that is here. Check that it is not the same.",
        "{n} new postings have the project, day and amount of costs that are here. Check that they are not the same.",
    ),
    "beside_total": (
        "{n} line is added beside the line “Approved budget” of an imported total. Both count: remove that one if it is the same.",
        "{n} lines are added beside the line “Approved budget” of an imported total. Both count: remove that one if it is the same.",
    ),
}
MOST_NAMED = 3
MOST_SHOWN = 100
TITLE = "Reconciled with what stands"
WOULD, STANDS_NOW = "Would stand", "Stands now"
STANDS, STOOD = "Stands", "Stood before"


class LedgerLine(NamedTuple):
    """One project: what stands, what the file has, what would stand, and the ledger's total with what it differs."""

    code: str
    stands: Decimal
    in_file: Decimal
    would: Decimal
    ledger: Decimal | None
    difference: Decimal | None


class Reconciled(NamedTuple):
    """The table of the projects, its sums, and what is said of the file's total."""

    lines: list[LedgerLine]
    more: int
    total: LedgerLine
    has_ledger: bool
    control: str
    is_even: bool
    stands_label: str
    would_label: str


def told(what: str, number: int) -> str:
    return formats.counted(number, *TOLD[what])


def perhaps_twice(run: ImportRun) -> list[str]:
    """Warn of money that may be here already: under another number, or from no ledger."""
    report = run.report.get("ledger") or {}
    alike = report.get("alike", 0)
    return [*([told("alike", alike)] if alike else []), *_typed_beside(run)]


def _typed_beside(run: ImportRun) -> list[str]:
    report = run.report.get("ledger") or {}
    found = [(one["code"], Decimal(one["typed"])) for one in report.get("rows", [])]
    named = [f"{code} ({formats.money_exact(amount, money())})" for code, amount in found if amount]
    if not named:
        return []
    more = len(named) - MOST_NAMED
    listed = formats.listing([*named[:MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])])
    return [
        f"Costs that came from no ledger stand on {listed}. Check that the file does not bring the same money again."
    ]


def reconciled(run: ImportRun) -> Reconciled | None:
    """Return the table of a ledger's file, None for any other import."""
    report = run.report.get("ledger")
    if not report or not report["rows"]:
        return None
    lines = sorted(map(_line, report["rows"]), key=lambda one: (not one.difference, one.code))
    with_ledger = [one for one in lines if one.ledger is not None]
    ledger = sum((one.ledger or Decimal() for one in with_ledger), Decimal())
    has_all = bool(with_ledger) and len(with_ledger) == len(lines)
    total = LedgerLine(
        "All projects",
        sum((one.stands for one in lines), Decimal()),
        sum((one.in_file for one in lines), Decimal()),
        sum((one.would for one in lines), Decimal()),
        ledger if has_all else None,
        sum((one.difference or Decimal() for one in lines), Decimal()) if has_all else None,
    )
    is_written = report["is_written"]
    return Reconciled(
        lines=lines[:MOST_SHOWN],
        more=max(len(lines) - MOST_SHOWN, 0),
        total=total,
        has_ledger=bool(with_ledger),
        control=_control(report),
        is_even=not report["control"] or Decimal(report["control"]) == Decimal(report["total"]),
        stands_label=STOOD if is_written else STANDS,
        would_label=STANDS_NOW if is_written else WOULD,
    )


def _line(one: Mapping[str, str]) -> LedgerLine:
    would, ledger = Decimal(one["would"]), Decimal(one["ledger"]) if one["ledger"] else None
    difference = None if ledger is None else would - ledger
    return LedgerLine(
        one["code"], Decimal(one["stands"]), Decimal(one["in_file"]), would, ledger, difference
    )


def _control(report: Mapping[str, Any]) -> str:
    """Say whether all rows of the file add up to the total that was given with it."""
    total = Decimal(report["total"])
    said = f"The rows of the file add up to {formats.money_exact(total, money())}"
    if not report["control"]:
        return f"{said}."
    control = Decimal(report["control"])
    if control == total:
        return f"{said}, as its control total says."
    given, apart = formats.money_exact(control, money()), formats.money_exact(abs(total - control), money())  # fmt: skip
    return f"{said}. The control total is {given}: {apart} {'too much' if total > control else 'missing'}."


def lines_said(run: ImportRun) -> list[str]:
    """Return the table as lines of text, for the command line."""
    found = reconciled(run)
    if found is None:
        return []
    said = [found.control]
    for one in [*found.lines, found.total]:
        amounts = [(found.stands_label, one.stands), ("in this file", one.in_file), (found.would_label, one.would)]  # fmt: skip
        if one.ledger is not None:
            amounts += [("ledger", one.ledger), ("difference", one.would - one.ledger)]
        listed = ", ".join(f"{label.lower()} {formats.money_exact(amount, money())}" for label, amount in amounts)  # fmt: skip
        said.append(f"{one.code}: {listed}")
    return said
