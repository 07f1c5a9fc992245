"""What is counted over all rows of a check; the rows themselves are kept as they are judged."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from reports.imports.domain import ImportRow, Problem
from reports.imports.services.setting import Told, Written


class JudgedRow(NamedTuple):
    """What was found about a row; None for nothing that could be read, or that could be written."""

    place: tuple[int, str]
    row: ImportRow | None
    written: Written | None
    problems: Sequence[Problem] = ()


class CheckTally:
    """
    What the rows come to together.

    `arriving` counts new projects by what their row says of the stage, "" for nothing; `red` counts rows that
    make a project red.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.told: Counter[Told] = Counter()
        self.arriving: Counter[str] = Counter()
        self.red = 0

    def add(self, row: ImportRow, written: Written) -> None:
        """Count what a row comes to."""
        self.counts[written.outcome] += 1
        self.told.update(written.told)
        is_new = written.outcome == "created"
        if is_new:
            self.arriving[str(row.values.get("stage") or "")] += 1
        if row.values.get("color") == "red":
            self.red += is_new or any(change.field == "color" for change in written.changes)
