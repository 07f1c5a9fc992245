"""
What must be answered before a check is written: what reading was not sure of, and rows that would
change a known record beyond belief.

Each row keeps its own warnings as [kind, what, label, what stands here, what the file says]; `what` is the
field, or what tells one caution of reading from another. The run's report holds them together.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pmo.common.tabular import Caution, CautionKind, SourceTable
from reports.imports.domain import LEAVE
from reports.imports.domain.likeness import FAR_VALUE, OTHER_NAME, Evidence, is_other_name
from reports.imports.models import ImportRun, RowState, StagedRow
from reports.imports.selectors import answers_of
from reports.imports.services.setting import Written
from reports.imports.words import warnings as words

Mark = list[str]
Ref = tuple[str, str]  # kind and what
CALLED = ("name", "title")  # by which people know a record
MOST_KEPT = 100  # lines and evidence in the report; the rows have the rest
# answered with the columns (cut, or the rest elsewhere), or its rows are handed back in any case
NOT_ASKED = (CautionKind.TOO_LONG, CautionKind.MISALIGNED)


class Marks:
    """Which warnings the rows of one check have."""

    def __init__(self, table: SourceTable, cautions: Iterable[Caution]) -> None:
        self._by_line: dict[int, list[Mark]] = defaultdict(list)
        if table.orientation == "columns":
            return  # a line is a field of all records there
        for caution in cautions:
            for line in dict.fromkeys(caution.lines):
                self._by_line[line].append([*ref_of(caution), caution.column, "", ""])

    def put(self, row: StagedRow, written: Written | None) -> None:
        """Keep its warnings with a row; None for one that is handed back."""
        row.warnings = [*self._by_line.get(row.line, []), *_of_known(written)]
        row.has_warnings = bool(row.warnings)


def ref_of(caution: Caution) -> Ref:
    return caution.kind.value, "|".join((caution.column, *caution.said))


def _of_known(written: Written | None) -> Iterable[Mark]:
    if written is None or written.outcome != "updated":
        return
    for change in written.changes:
        if change.field in CALLED and is_other_name(change.old, change.new):
            yield [OTHER_NAME, *change.shown]
        elif change.is_far:
            yield [FAR_VALUE, *change.shown]


def asked(run: ImportRun, table: SourceTable, cautions: Iterable[Caution]) -> list[dict[str, Any]]:
    """Return the warnings of a staged check as its report keeps them."""
    can_leave = table.orientation != "columns"
    found = [_of_reading(one, can_leave=can_leave) for one in cautions]
    known: dict[Ref, list[Evidence]] = defaultdict(list)
    rows = StagedRow.objects.of(run).filter(has_warnings=True)
    for line, marks in rows.values_list("line", "warnings"):
        for kind, what, *said in marks:
            if kind in {OTHER_NAME, FAR_VALUE}:
                known[kind, what].append(Evidence(line, *said))
    return found + [_of_evidence(ref, evidence) for ref, evidence in known.items()]


def _of_reading(caution: Caution, *, can_leave: bool) -> dict[str, Any]:
    kind, what = ref_of(caution)
    return {
        "key": _key(kind, caution.key),
        "kind": kind,
        "what": what,
        "sentence": words.said(caution).sentence,
        "lines": list(caution.lines[:MOST_KEPT]),
        "evidence": [],
        "can_leave": can_leave and bool(caution.lines),
        "asks": caution.kind not in NOT_ASKED,
    }


def _of_evidence(ref: Ref, evidence: Sequence[Evidence]) -> dict[str, Any]:
    kind, what = ref
    return {
        "key": _key(kind, what, *(str(tuple(one)) for one in evidence)),
        "kind": kind,
        "what": what,
        "sentence": words.of_known(kind, evidence),
        "lines": [one.line for one in evidence[:MOST_KEPT]],
        "evidence": [list(one) for one in evidence[:MOST_KEPT]],
        "can_leave": True,
        "asks": True,
    }


def _key(kind: str, *said: str) -> str:
    """Return what an answer is kept under: it holds while the same rows say the same."""
    digest = hashlib.sha256("\n".join(said).encode()).hexdigest()
    return f"{kind}-{digest[:16]}"


def rows_under(run: ImportRun, refs: Iterable[Ref], state: str) -> list[int]:
    """Return the positions of the rows in this state that have one of these warnings."""
    wanted = set(refs)
    rows = StagedRow.objects.of(run).filter(state=state, has_warnings=True)
    return [
        position
        for position, marks in rows.values_list("position", "warnings")
        if any((mark[0], mark[1]) in wanted for mark in marks)
    ]


def left_refs(run: ImportRun) -> set[Ref]:
    """Return the warnings whose rows are to be left out."""
    answers = answers_of(run)
    return {
        (one["kind"], one["what"])
        for one in run.report.get("asked", [])
        if answers.get(one["key"]) == LEAVE
    }


def leave_out_answered(run: ImportRun) -> None:
    """Leave out the rows of the warnings that were answered so in an earlier check."""
    positions = rows_under(run, left_refs(run), RowState.READY)
    StagedRow.objects.of(run).filter(position__in=positions).update(state=RowState.LEFT_OUT)
