"""
Write the rows of a check in chunks, each a transaction of its own.

What becomes of a row is kept with it in the same transaction, so a worker that is killed goes on at the
first row that waits: nothing is lost and nothing doubled. Between two chunks others write, and somebody
may stop it. A row that would do something else than what was looked at is handed back.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from pmo.accounts.acting import acting
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.common.background import garbage
from pmo.common.background.events import announce, gathered
from pmo.common.models import Attribution, AuditEvent
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.inserting import inserting
from pmo.common.records.writing import add, all_or_nothing
from projects.models import Project
from projects.services.projects import TOPIC
from reports.imports.domain import ImportRow, normalized
from reports.imports.models import ImportRun, ImportState, RowState, StagedRow
from reports.imports.services import effects, reconciling, work
from reports.imports.services.chunks import ChunkResult, waves, write_rows
from reports.imports.services.pacing import Pace
from reports.imports.services.portfolios import portfolio_named
from reports.imports.services.projects import leave
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.setting import Written
from reports.models import Freeze
from reports.services.snapshots import freeze_import

CHECK_AGAIN = "Check the file again."
# of a row that is kept: where it stands, and what is said of it when it was written
PLACE = ("id", "run_id", "check_number", "position", "line")
OUTCOME = ("state", "outcome", "problems", "project", "effects")
Progress = Callable[[int, int], None]


class _Writing:
    """One attempt at writing a run: the file as read, and how far it is."""

    def __init__(self, run: ImportRun, by: User, progress: Progress | None) -> None:
        self.run, self.by, self._progress = run, by, progress
        found, self.profile, _table = work.records_of(run)
        del run.content  # it is read again when somebody asks for it
        self.rows = found.rows
        self.notes: list[str] = []
        self._pace = Pace()
        self._total = StagedRow.objects.of(run).exclude(state=RowState.LEFT_OUT).count()

    def go(self) -> bool:
        """Write what waits; return False when somebody stopped it."""
        self._prepare()
        base = work.setting_of(self.run, self.profile)
        self.setting = replace(base, expects=self._expects)
        days = StagedRow.objects.of(self.run).order_by("as_of").values_list("as_of", flat=True)
        known = set(days.distinct())
        dated = sorted(day for day in known if day is not None)
        for day in [*dated, *([None] if None in known else [])]:
            while self._waits(day):
                if self._is_stopped():
                    return False
                self._chunk(day)
            self._close(day)
        return True

    @all_or_nothing
    def _prepare(self) -> None:
        """Make what all rows stand on: the portfolio of the answers, and the license's sentence."""
        with audit.gathered() as book:
            name = self.profile.answers.portfolio
            if self.run.portfolio is None and name:
                self.run.portfolio = portfolio_named(name=name, by=self.by)
            text = self.profile.attribution
            if text and not Attribution.objects.filter(text=text).exists():
                add(Attribution(text=text), by=self.by, action="attribution.added")
            if book.effects:
                self.run.effects = self.run.effects + effects.kept(book.effects)
            self.run.save(update_fields=["portfolio", "effects"])

    def _waits(self, day: date | None) -> bool:
        return StagedRow.objects.of(self.run).to_write().filter(as_of=day).exists()

    def _is_stopped(self) -> bool:
        return ImportRun.objects.filter(pk=self.run.pk, is_to_stop=True).exists()

    def _chunk(self, day: date | None) -> None:
        with self._pace.turn():
            self._pace.did = self._write(day)
        if self._progress:
            left = StagedRow.objects.of(self.run).to_write().count()
            self._progress(self._total - left, self._total)

    @all_or_nothing
    def _write(self, day: date | None) -> int:
        """Write the next rows of a day and keep what became of them; return how many."""
        rows = StagedRow.objects.of(self.run).to_write().filter(as_of=day)
        with audit.gathered():
            acting(self.by, Permission.IMPORT_RUN)
            # what the cells said is for the page only
            waiting = list(rows.defer("cells").select_for_update(of=("self",))[: self._pace.size])
            self._staged = {(row.line, row.column): row for row in waiting}
            found = [row for one in self._staged if (row := self.rows.find(one))]
            done = next(waves(found, self._pace.size), [])
            for result in write_rows(done, self.profile.kind.name, self.setting) if done else []:
                _keep(self._staged[result.row.line, result.row.column], result)
            changed = [self._staged[row.line, row.column] for row in done]
            for lost in () if done else waiting:
                lost.state, lost.problems = RowState.REFUSED, [[lost.line, "", "", "This row is gone from the file.", CHECK_AGAIN]]  # fmt: skip
            _save(changed or waiting)
        return len(changed or waiting)

    def _expects(self, row: ImportRow, written: Written) -> None:
        """Raise RowRefusedError where the row would do something else than what was looked at."""
        staged = self._staged[row.line, row.column]
        open_fields = self._answered(row)
        planned = {tuple(one) for one in staged.changes if one[0] not in open_fields}
        now = {one.shown for one in written.changes if one.field not in open_fields}
        if written.outcome == "unchanged" or (planned, staged.outcome) == (now, written.outcome):
            return
        if not planned and not now and written.outcome == staged.outcome:
            return
        field = next((one[0] for one in sorted(planned ^ now)), "")
        raise RowRefusedError(field, _changed_since(self.run, written.project_id), CHECK_AGAIN)

    def _answered(self, row: ImportRow) -> set[str]:
        """
        Return the fields whose names somebody answered for after the check.

        So is the portfolio (which has no field) of a file that lists all of it: a project that a day of
        the file does not name leaves by this import itself, and comes back with its next row. And so is
        a portfolio that is only made now: the check could not say who enters it.
        """
        own = {""} if self.run.is_complete or self.profile.answers.portfolio else set()
        unknown = {(one["sort"], one["key"]) for one in self.run.report.get("unknown", [])}
        return own | {
            field.name
            for field in self.profile.kind.fields
            if field.names
            and (field.names.value, normalized(str(row.values.get(field.name, "")))) in unknown
        }

    @all_or_nothing
    def _close(self, day: date | None) -> None:
        """End a day: projects that the file does not name leave, and a past day is frozen."""
        portfolio = self.run.portfolio
        if portfolio is None or (day is None and not self.run.is_complete):
            return
        if self.profile.kind.is_of_projects:
            return  # only a list of projects says who is in a portfolio
        if day and Freeze.objects.filter(date=day, portfolio=portfolio).exists():
            return
        back = self._handed_back(day)
        if back:
            self.notes.append(_not_closed(day, back))
            return
        staying = self._staying(day)
        with audit.gathered() as book:
            if self.run.is_complete:
                leave(self.setting, staying, day or self.setting.today)
            if day:
                freeze_import(portfolio=portfolio, projects=staying, day=day)
            if book.effects:
                self.run.effects = self.run.effects + effects.kept(book.effects)
                self.run.save(update_fields=["effects"])

    def _handed_back(self, day: date | None) -> int:
        """Return how many rows up to this day were handed back: a later day stands on them."""
        refused = StagedRow.objects.of(self.run).filter(state=RowState.REFUSED)
        if day is None:
            return refused.count()
        return refused.filter(as_of__lte=day).count() + refused.filter(as_of=None).count()

    def _staying(self, day: date | None) -> set[int]:
        """Return the projects of a day's rows, of this file and of those of which this is the rest."""
        done = StagedRow.objects.filter(
            state__in=[RowState.WRITTEN, RowState.UNCHANGED], as_of=day, project__isnull=False
        )
        runs = done.filter(run__portfolio=self.run.portfolio) if day else done.filter(run=self.run)
        there = Project.objects.filter(pk__in=runs.values("project"))
        return set(there.values_list("pk", flat=True))


def _keep(staged: StagedRow, result: ChunkResult) -> None:
    if result.written is None:
        staged.state = RowState.REFUSED
        staged.problems = [
            [one.line, one.column, one.field, one.wrong, one.right] for one in result.problems
        ]
        return
    staged.state, staged.outcome = RowState.WRITTEN, result.written.outcome
    staged.project = result.written.project_id
    staged.effects = effects.kept(result.effects)


def _save(rows: Sequence[StagedRow]) -> None:
    """Save what became of rows that are there: none of the rest is sent once more."""
    inserting(StagedRow).bulk_create(
        [StagedRow(**{name: getattr(row, name) for name in (*PLACE, *OUTCOME)}) for row in rows],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=OUTCOME,
    )


def _changed_since(run: ImportRun, project: int) -> str:
    """Say who changed what the row is about since the check."""
    events = AuditEvent.objects.filter(scope=f"projects.project:{project}")
    if run.checked_at:
        events = events.filter(at__gte=run.checked_at)
    last = events.select_related("by").order_by("-sequence").first()
    who = f" by {last.by}" if last and last.by_id and last.by_id != run.created_by_id else ""
    return f"This was changed{who} since the check."


def _not_closed(day: date | None, back: int) -> str:
    rows = formats.count(back, "row")
    if day is None:
        return f"No project left the portfolio: {rows} were handed back and may name them."
    return f"{formats.day(day)} is not frozen: {rows} up to this day were handed back."


@garbage.looked_for_seldom()
def write_all(run: ImportRun, by: User, progress: Progress | None = None) -> ImportRun:
    """Write the rows that wait, from wherever an earlier attempt was; the run then says how it ended."""
    with gathered(tells=False):
        writing = _Writing(run, by, progress)
        is_done = writing.go()
    reconciled = reconciling.told_of(run, writing.rows, writing.setting)
    done = _finish(writing, reconciled, is_done=is_done)
    rows = StagedRow.objects.of(done).filter(state=RowState.WRITTEN)
    tell(rows.order_by().values_list("project", flat=True).distinct())
    return done


def tell(projects: Iterable[int | None]) -> None:
    """Announce projects that changed, some at a time: what listens writes too, and others write beside it."""
    rest, pace = (
        iter(sorted({key for key in projects if key is not None})),
        Pace(first=20, least=15),
    )
    while some := list(islice(rest, pace.size)):
        with pace.turn(), transaction.atomic():
            for key in some:
                announce(TOPIC, key)


@all_or_nothing
def _finish(writing: _Writing, reconciled: dict[str, Any], *, is_done: bool) -> ImportRun:
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=writing.run.pk)
    counts, aside = counted(run)
    added = writing.setting.lookups.newcomers.names
    before = run.report.get("added") or {}
    run.report = run.report | {
        "counts": counts,
        **aside,
        "notes": [*run.report.get("notes", []), *writing.notes],
        "added": {sort: [*before.get(sort, []), *names] for sort, names in added.items()},
        **work.problems_kept(run),
        **reconciled,
    }
    run.state = ImportState.APPLIED if is_done else ImportState.STOPPED
    run.applied_at, run.is_to_stop = timezone.now(), False
    if is_done:
        run.content = b""
    run.save(update_fields=["state", "applied_at", "report", "content", "is_to_stop"])
    audit.record(
        action="import.applied",
        target=run,
        by=writing.by,
        after={"digest": run.digest, **counts, **aside},
    )
    return run


def counted(run: ImportRun) -> tuple[dict[str, int], dict[str, int]]:
    """Count the rows of a run by what they come to, and those that are not written."""
    found: Counter[str] = Counter()
    kinds = StagedRow.objects.of(run).order_by().values_list("state", "outcome")
    for state, outcome, amount in kinds.annotate(amount=Count("pk")):
        found[state if state in {RowState.REFUSED, RowState.LEFT_OUT} else outcome] += amount
    counts = {name: found[name] for name in ("created", "updated", "unchanged")}
    return counts, {
        "handed_back": found[RowState.REFUSED],
        "set_aside": found[RowState.LEFT_OUT],
    }
