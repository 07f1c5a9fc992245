"""Check an import: every row is written by the services and taken back, and what came of it is kept."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from pmo.common.background import events, garbage
from pmo.common.page import formats
from pmo.common.records import audit, doubts
from pmo.common.records.aside import aside
from pmo.common.records.writing import RefusalError, all_or_nothing
from pmo.common.tabular import Caution, SourceTable, TableError, TableRow, held, table_from
from pmo.organization.current import categories, window
from reports.imports.domain import (
    Answers,
    ImportRow,
    Loss,
    Problem,
    Profile,
    Question,
    Records,
    answers_for,
    losses_of,
    profile_from_dict,
    records,
)
from reports.imports.models import ImportRun, ImportState, RowState, StagedRow
from reports.imports.services import month_columns, reconciling, staging, warned
from reports.imports.services.chunks import day_of, waves, write_rows
from reports.imports.services.lookups import Lookups
from reports.imports.services.newcomers import Unknown, unknown_names
from reports.imports.services.outcomes import Outcomes
from reports.imports.services.pacing import Pace
from reports.imports.services.portfolios import known_portfolio
from reports.imports.services.refusals import problem_at
from reports.imports.services.setting import Setting, Written
from reports.imports.services.telling import sums_of, warnings_of
from reports.imports.words.ledger import perhaps_twice
from reports.models import Freeze

MOST_ROWS = 100_000
CHUNK = 100
SHOWN_PROBLEMS = 500
UNTOUCHED = Written("unchanged", (), 0)  # its date is frozen already
Progress = Callable[[int, int], None]


class ImportRefusedError(RefusalError):
    """No row can be written."""

    def __init__(self, problems: Sequence[Mapping[str, Any]]) -> None:
        said = formats.count(len(problems), "problem")
        super().__init__(f"No row could be written: {said}.")
        self.problems = problems


@dataclass(slots=True)
class Findings:
    """What a check found."""

    outcomes: Outcomes
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # those of reading come first, so many:
    notes_of_reading: int = 0
    doubts: list[str] = field(default_factory=list)  # what words of the file may be, of a patient
    left_out: int = 0
    stated_reasons: int = 0
    total: int = 0
    warnings: list[str] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    sums: list[list[str]] = field(default_factory=list)
    rows: Sequence[ImportRow] = ()
    table: SourceTable | None = None
    cautions: Sequence[Caution] = ()  # of reading
    losses: Sequence[Loss] = ()
    setting: Setting | None = None  # None where no row was tried


def table_of(run: ImportRun) -> SourceTable:
    """Read the run's file; raise RefusalError with the reader's sentence."""
    try:
        hints = profile_from_dict(run.document).hints if run.document else None
        return table_from(bytes(run.content), hints)
    except TableError as error:
        raise RefusalError(str(error)) from error


def records_of(run: ImportRun) -> tuple[Records, Profile, SourceTable]:
    """Read the run's file by its mapping."""
    document = dict(run.document)
    if run.as_of:
        document["as_of"] = run.as_of
    profile = with_categories(profile_from_dict(document))
    table = mended(table_of(run), run.mends)
    within = window()
    # what is answered changes what becomes of the rows, not what they say
    said = {name: one for name, one in document.items() if name != "answers"}
    said_of = json.dumps([said, run.mends], sort_keys=True, default=str)
    key = (run.digest, said_of, within, repr(profile.kind))  # which knows the categories in use
    found = held(key, lambda: records(table, profile, (within.first, within.last)))
    return found, profile, table


def mended(table: SourceTable, mends: Mapping[str, Mapping[str, str]]) -> SourceTable:
    """Put what somebody mended into its cells."""
    if not mends:
        return table
    known = staging.in_file_order(table)
    said: dict[int, TableRow] = {}
    for position, cells in mends.items():
        row = known[int(position) - 1]
        if isinstance(row, TableRow):
            now = [cells.get(str(place), cell) for place, cell in enumerate(row.cells)]
            said[row.position] = replace(row, cells=tuple(now))
    return replace(table, rows=tuple(said.get(row.position, row) for row in table.rows))


def judge_again(run: ImportRun, positions: Collection[int]) -> None:
    """Check these rows anew, with the others of their records; the caller saves the run's report."""
    found, profile, table = records_of(run)
    known = staging.in_file_order(table)
    places = {staging.place_of(table, known[one - 1]) for one in positions}
    keys = {row.key for row in found.rows if (row.line, row.column) in places}
    rows = [row for row in found.rows if row.key in keys]
    outcomes = Outcomes(profile.kind)
    findings = Findings(outcomes, rows=found.rows, problems=list(found.problems), table=table)
    setting = setting_of(run, profile, tries=True)
    with doubts.checking():
        for some in _by_record(rows, Pace(first=CHUNK)):
            _try(some, profile, setting, _frozen_days(run, profile), findings)
    touched = places | {(row.line, row.column) for row in rows}
    staged = list(
        staging.staged_rows(
            run,
            table,
            findings.outcomes,
            found.rows,
            findings.problems,
            marks=warned.Marks(table, found.cautions),
            only=touched,
        )
    )
    staging.stage_again(run, staged)
    staging.leave_out(run, table, set(positions) - {row.position for row in staged})
    # a mended cell may name somebody who is not here either
    unknown = _unknown(found.rows, profile, setting.lookups)
    before = run.report.get("notes", [])
    others = before[run.report.get("notes_of_reading", len(before)) :]
    run.report = run.report | {
        "asked": warned.asked(run, table, found.cautions),
        "unknown": [asdict(one) for one in unknown],
        "notes": [*found.notes, *others],
        "notes_of_reading": len(found.notes),
    }


def with_categories(profile: Profile) -> Profile:
    """Let the organization's categories be what a cell may say, by code or by name."""
    if profile.kind.name != "project":
        return profile
    known = categories()
    kind = profile.kind.with_choices(
        "category",
        [(one.code, str(one.name)) for one in known],
        unoffered=[one.code for one in known if not one.is_active],
    )
    return replace(profile, kind=kind)


def setting_of(run: ImportRun, profile: Profile, *, tries: bool = False) -> Setting:
    name = profile.answers.portfolio
    portfolio = run.portfolio or (known_portfolio(name) if name else None)
    return Setting(
        by=run.created_by,
        file_name=run.file_name,
        lookups=Lookups(
            run.created_by,
            profile.answers,
            tries=tries,
            found_by=profile.found_by,
            ids=[name for name, source in profile.sources.items() if source.ids],
        ),
        today=timezone.localdate(),
        portfolio=portfolio,
        entering="" if portfolio else name,
        once=frozenset(name for name, source in profile.sources.items() if source.once),
        stage=profile.answers.stage,
        fields=frozenset(profile.sources) | frozenset(profile.constants),
        names_stages="stage" in profile.sources,
        control_total=profile.answers.control,
    )


@garbage.looked_for_seldom()
def check(run: ImportRun, progress: Progress | None = None, *, tries: bool = True) -> Findings:
    """
    Try every row against the database and take it back; raise RefusalError for no table at all.

    Names that Rounds does not know are listed to be answered for; without `tries` they are problems.
    """
    found, profile, table = records_of(run)
    del run.content  # it is read again when somebody asks for it
    findings = _findings_of(found, profile, table)
    findings.losses = losses_of(table, profile)
    findings.problems += _date_problems(run, profile, found.rows)
    if findings.questions or not found.rows or found.total > MOST_ROWS:
        return findings
    setting = setting_of(run, profile, tries=tries)
    lookups = setting.lookups
    if tries:
        findings.unknown = _unknown(found.rows, profile, lookups)
    findings.sums = sums_of(found.rows, profile.kind)
    findings.notes += month_columns.left_out(table, profile)
    frozen = _frozen_days(run, profile)
    done = 0
    with doubts.checking() as doubtful, aside() as apart:
        pace = Pace(is_alone=apart.is_apart)
        for rows in _by_record(found.rows, pace):
            with pace.turn():
                pace.did = len(rows)
                _try(rows, profile, setting, frozen, findings)
            done += len(rows)
            if progress:
                with apart.at_home():
                    progress(done, len(found.rows))
    findings.doubts = sorted(set(doubtful))
    findings.notes += _frozen_notes(found.rows, frozen)
    findings.setting = setting
    if profile.kind.name == "project":
        findings.warnings = warnings_of(findings.outcomes, setting.stage)
    findings.warnings += reconciling.sentences(findings.outcomes.told)
    findings.problems.sort(key=lambda problem: (problem.line, len(problem.column), problem.column))
    return findings


def _unknown(rows: Sequence[ImportRow], profile: Profile, lookups: Lookups) -> list[Unknown]:
    return unknown_names(rows, profile.kind, lookups.named, lookups.settles)


def _findings_of(found: Records, profile: Profile, table: SourceTable) -> Findings:
    """Start the findings with what the file alone says."""
    problems = list(found.problems)
    if found.total > MOST_ROWS:
        wrong = f"The file has {found.total:,} rows to write."
        right = f"At most {MOST_ROWS:,}: split the file or filter its rows."
        problems.insert(0, Problem(table.header_position, "", "", wrong, right))
    return Findings(
        Outcomes(profile.kind),
        problems=problems,
        questions=list(found.questions),
        notes=[*found.notes, *(f"Line {flaw.line}: {flaw.message}" for flaw in table.flaws[:20])],
        notes_of_reading=len(found.notes),
        left_out=found.left_out,
        stated_reasons=sum(len(row.reasons) for row in found.rows),
        total=found.total,
        rows=found.rows,
        table=table,
        cautions=found.cautions,
    )


def _try(
    rows: Sequence[ImportRow],
    profile: Profile,
    setting: Setting,
    frozen: set[date],
    findings: Findings,
) -> None:
    """Write all rows about some records, note what came of it, and roll back."""
    kind, place = profile.kind.name, setting.lookups.mark()
    waiting = [row for row in rows if row.values.get("as_of") not in frozen]
    for row in rows:
        if row.values.get("as_of") in frozen:
            findings.outcomes.add(row, UNTOUCHED)
    refused: set[tuple[str, ...]] = set()
    with events.gathered(tells=False), transaction.atomic(), audit.gathered(keeps=False):
        for wave in waves(waiting, CHUNK):
            kept = [row for row in wave if row.key not in refused]
            for result in write_rows(kept, kind, setting, is_try=True) if kept else []:
                if result.written:
                    findings.outcomes.add(result.row, result.written)
                else:
                    findings.problems += result.problems
                    refused.add(result.row.key)
        transaction.set_rollback(True)
    setting.lookups.back_to(place)


def _by_record(rows: Sequence[ImportRow], pace: Pace) -> Iterator[list[ImportRow]]:
    """Yield as many rows at a time as the pace says, all of a record together, oldest first."""
    times = Counter(row.key for row in rows)
    groups: dict[tuple[str, ...], list[ImportRow]] = {
        key: [] for key, number in times.items() if number > 1
    }
    del times  # most records of a long file have one row
    for row in rows:
        if row.key in groups:
            groups[row.key].append(row)
    part: list[ImportRow] = []
    for row in rows:
        part += groups.get(row.key, [row])
        if row.key in groups:
            groups[row.key] = []
        if len(part) >= pace.size:
            yield sorted(part, key=day_of)
            part = []
    if part:
        yield sorted(part, key=day_of)


def _frozen_days(run: ImportRun, profile: Profile) -> set[date]:
    """Return the days of the portfolio that are written never again; a register has none."""
    if run.portfolio is None or profile.kind.is_of_projects:
        return set()
    return set(Freeze.objects.filter(portfolio=run.portfolio).values_list("date", flat=True))


def _frozen_notes(rows: Iterable[ImportRow], frozen: set[date]) -> list[str]:
    known = Counter(day for row in rows if (day := day_of(row)) in frozen)
    return [
        f"{day.isoformat()} is frozen already; its {count} rows are left as they are."
        for day, count in sorted(known.items())
    ]


def _date_problems(run: ImportRun, profile: Profile, rows: Sequence[ImportRow]) -> list[Problem]:
    """Refuse dates that cannot be frozen: without a portfolio, ahead of us, or before a frozen one."""
    dated = [row for row in rows if "as_of" in row.values]
    if not dated:
        return []
    first = min(dated, key=day_of)
    freezes = not profile.kind.is_of_projects
    if freezes and run.portfolio is None and not profile.answers.portfolio:
        return [
            problem_at(
                first,
                "as_of",
                "Rows with a date need a portfolio to be frozen in.",
                "Choose a portfolio, or leave the date out.",
            )
        ]
    frozen = _frozen_days(run, profile)
    last = max(frozen, default=date.min)
    today = timezone.localdate()
    problems = []
    for row in dated:
        if day_of(row) > today:
            problems.append(problem_at(row, "as_of", "This date is yet to come.", "A past date."))
        elif day_of(row) < last and day_of(row) not in frozen:
            problems.append(
                problem_at(
                    row,
                    "as_of",
                    f"This portfolio is frozen as of {last.isoformat()} already.",
                    "Dates in order: the past is not added to afterwards.",
                )
            )
    return problems


def report_of(findings: Findings) -> dict[str, Any]:
    """Return the findings as the run keeps and the page shows them."""
    counts = findings.outcomes.counts
    return {
        "total": findings.total,
        "left_out": findings.left_out,
        "stated_reasons": findings.stated_reasons,
        "counts": {name: counts[name] for name in ("created", "updated", "unchanged")},
        "problem_count": len(findings.problems),
        "problems": [asdict(problem) for problem in findings.problems[:SHOWN_PROBLEMS]],
        "questions": [asdict(question) for question in findings.questions],
        "notes": findings.notes,
        "notes_of_reading": findings.notes_of_reading,
        "doubts": findings.doubts,
        "warnings": findings.warnings,
        "unknown": [asdict(unknown) for unknown in findings.unknown],
        "sums": findings.sums,
        "not_taken": [asdict(loss) for loss in findings.losses],
    }


def unanswered(run: ImportRun, answers: Answers) -> int:
    """Return how many names of the check's report nobody has answered for."""
    unknown = run.report.get("unknown", [])
    return sum(not answers_for(answers, one["sort"]).get(one["key"]) for one in unknown)


@garbage.looked_for_seldom()
def finish_check(run: ImportRun, findings: Findings) -> ImportRun:
    """Keep the rows and the report of a check, and say whether something can be written."""
    table = findings.table
    if table is not None:
        own = [one for one in findings.problems if one.line != table.header_position or one.column]
        rows = findings.rows
        marks = warned.Marks(table, findings.cautions)
        staging.stage(
            run, staging.staged_rows(run, table, findings.outcomes, rows, own, marks=marks)
        )
    checked = _say_checked(run, findings)
    if checked is None:  # stopped, discarded or asked for anew while its rows were kept
        return run
    # apart from what holds the run: a long file is gone through once more
    if findings.setting and (told := reconciling.told_of(run, findings.rows, findings.setting)):
        checked.report |= told
        checked.report["warnings"] += perhaps_twice(checked)
        checked.save(update_fields=["report"])
    return checked


@all_or_nothing
def _say_checked(run: ImportRun, findings: Findings) -> ImportRun | None:
    """Put down what was found; None where the import is not the one that was checked any more."""
    now = ImportRun.objects.select_for_update(of=("self",)).only("state", "checks").get(pk=run.pk)
    if (now.state, now.checks) != (run.state, run.checks):
        return None
    run.report = report_of(findings)
    if findings.table:
        run.report |= {"asked": warned.asked(run, findings.table, findings.cautions)}
        warned.leave_out_answered(run)
    states = Counter(StagedRow.objects.of(run).order_by().values_list("state", flat=True))
    run.report |= {
        "handed_back": states[RowState.REFUSED],
        "set_aside": states[RowState.LEFT_OUT],
    }
    run.headers = list(findings.table.headers) if findings.table else []
    can_write = bool(states[RowState.READY] or states[RowState.UNCHANGED])
    run.state = ImportState.READY if can_write and not findings.questions else ImportState.FAULTY
    run.checked_at = timezone.now()
    run.save(update_fields=["report", "state", "headers", "checked_at"])
    audit.record(
        action="import.checked",
        target=run,
        by=run.created_by,
        after={"problems": len(findings.problems), "rows": findings.total},
    )
    return run


def reconcile_again(run: ImportRun) -> dict[str, Any]:
    """Return anew how a ledger's file agrees with what stands; nothing for any other import."""
    if run.document["record"] != reconciling.KIND:
        return {}
    found, profile, _table = records_of(run)
    return reconciling.told_of(run, found.rows, setting_of(run, profile))


def problems_kept(run: ImportRun) -> dict[str, Any]:
    """Return the problems of the rows as the report has them, the first of many."""
    refused = StagedRow.objects.of(run).filter(state=RowState.REFUSED)
    found = [Problem(*one) for kept in refused.values_list("problems", flat=True) for one in kept]
    return {
        "problem_count": len(found),
        "problems": [asdict(problem) for problem in found[:SHOWN_PROBLEMS]],
    }
