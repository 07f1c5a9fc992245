"""Try rows: each is written by the services and taken back, all of a record together, and judged by what came of it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from pmo.common.background import events
from pmo.common.records import audit
from pmo.common.tabular import SourceTable
from reports.imports.domain import ImportRow, Problem
from reports.imports.services.brought import BroughtProjects
from reports.imports.services.chunks import day_of, waves, write_rows
from reports.imports.services.pacing import Pace
from reports.imports.services.setting import Setting, Written
from reports.imports.services.staging import Place, place_of_problem
from reports.imports.services.tally import CheckTally, JudgedRow

CHUNK = 100
UNTOUCHED = Written("unchanged", (), 0)  # its date is frozen already
Wrong = dict[Place, list[Problem]]


def wrong_in(table: SourceTable, problems: Sequence[Problem]) -> Wrong:
    """Return what is known to be wrong with rows before any is tried, by their places."""
    found: Wrong = defaultdict(list)
    for problem in problems:
        # what is wrong with the headers is no row's
        if problem.line != table.header_position or problem.column:
            found[place_of_problem(table, problem)].append(problem)
    return dict(found)


@dataclass(frozen=True, slots=True)
class Trial:
    """
    One check: what its rows are tried with.

    Days that are `frozen` are written never again. What is `brought` may be named before it is there. `wrong` loses what it says of rows as these are judged.
    """

    kind: str
    setting: Setting
    frozen: frozenset[date]
    wrong: Wrong
    brought: Sequence[BroughtProjects] = ()
    tally: CheckTally = field(default_factory=CheckTally)
    problems: list[Problem] = field(default_factory=list)  # that only trying tells

    def judge(self, rows: Sequence[ImportRow]) -> list[JudgedRow]:
        """Write all rows about some records, note what came of it, and roll back."""
        judged: list[JudgedRow] = []
        waiting: list[ImportRow] = []
        for row in rows:
            if found := self.wrong.pop(row.place, None):
                judged.append(JudgedRow(row.place, row, None, found))
            elif row.values.get("as_of") in self.frozen:
                judged.append(JudgedRow(row.place, row, UNTOUCHED))
            else:
                waiting.append(row)
        judged += self._tried(waiting)
        for one in judged:
            if one.row and one.written:
                self.tally.add(one.row, one.written)
        return judged

    def _tried(self, rows: Sequence[ImportRow]) -> list[JudgedRow]:
        judged: list[JudgedRow] = []
        refused: set[tuple[str, ...]] = set()
        lookups = self.setting.lookups
        mark = lookups.mark()
        with events.gathered(tells=False), transaction.atomic(), audit.gathered(keeps=False):
            for one in self.brought:
                one.write(rows, lookups)
            for wave in waves(rows, CHUNK):
                kept = [row for row in wave if row.key not in refused]
                judged += [JudgedRow(row.place, row, None) for row in wave if row.key in refused]
                for result in (
                    write_rows(kept, self.kind, self.setting, is_try=True) if kept else []
                ):
                    row = result.row
                    judged.append(JudgedRow(row.place, row, result.written, result.problems))
                    self.problems.extend(result.problems)
                    if not result.written:
                        refused.add(row.key)
            transaction.set_rollback(True)
        lookups.back_to(mark)
        return judged


def by_record(
    rows: Sequence[ImportRow], repeated: Collection[tuple[str, ...]], pace: Pace
) -> Iterator[list[ImportRow]]:
    """
    Yield as many rows at a time as the pace says, all of a record together, oldest first.

    `repeated` are the keys that several rows have.
    """
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    if repeated:
        for at, row in enumerate(rows):
            if row.key in repeated:
                groups[row.key].append(at)
    part: list[ImportRow] = []
    for row in rows:
        if row.key in repeated:
            part += [rows[at] for at in groups.pop(row.key, ())]
        else:
            part.append(row)
        if len(part) >= pace.size:
            yield sorted(part, key=day_of)
            part = []
    if part:
        yield sorted(part, key=day_of)
