"""Check an import: every row is tried and kept with what came of it, and the run says what was found."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils import timezone

from pmo.common.background import garbage
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
from reports.imports.selectors import projects_beside
from reports.imports.services import month_columns, reconciling, staging, warned
from reports.imports.services.brought import COMING, BroughtProjects, absent_from, standing_of
from reports.imports.services.dated import date_problems, frozen_days, frozen_notes
from reports.imports.services.lookups import Lookups
from reports.imports.services.newcomers import Unknown, unknown_names
from reports.imports.services.pacing import Pace
from reports.imports.services.portfolios import known_portfolio
from reports.imports.services.setting import Setting
from reports.imports.services.tally import CheckTally, JudgedRow
from reports.imports.services.telling import sums_of, warnings_of
from reports.imports.services.trying import CHUNK, Trial, by_record, wrong_in
from reports.imports.words.ledger import perhaps_twice

MOST_ROWS = 100_000
SHOWN_PROBLEMS = 500
Progress = Callable[[int, int], None]


class ImportRefusedError(RefusalError):
    """No row can be written."""

    def __init__(self, problems: Sequence[Mapping[str, Any]]) -> None:
        said = formats.count(len(problems), "problem")
        super().__init__(f"No row could be written: {said}.")
        self.problems = problems


@dataclass(slots=True)
class Findings:
    """What a check found beside the rows, which are kept as they are judged."""

    tally: CheckTally = field(default_factory=CheckTally)
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
            said[row.position] = TableRow(row.position, now)
    return replace(table, rows=tuple(said.get(row.position, row) for row in table.rows))


def judge_again(run: ImportRun, positions: Collection[int]) -> None:
    """Check these rows anew, with the others of their records; the caller saves the run's report."""
    found, profile, table = records_of(run)
    known = staging.in_file_order(table)
    places = {staging.place_of(table, known[one - 1]) for one in positions}
    keys = {row.key for row in found.rows if row.place in places}
    rows = tuple(row for row in found.rows if row.key in keys)
    setting = setting_of(run, profile, tries=True)
    wrong = wrong_in(table, found.problems)
    days = frozen_days(run, profile)
    trial = Trial(profile.kind.name, setting, days, wrong, brought_to(run))
    judged: list[JudgedRow] = []
    with doubts.checking():
        for some in by_record(rows, found.repeated, Pace(first=CHUNK)):
            judged += trial.judge(some)
    judged += [JudgedRow(at, None, None, said) for at, said in wrong.items() if at in places]
    stager = staging.Stager(run, table, warned.Marks(table, found.cautions))
    staged = list(filter(None, map(stager.staged, judged)))
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
            absent=absent_from(run),
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


def brought_to(run: ImportRun) -> list[BroughtProjects]:
    """Return the projects that other sheets of the workbook bring to these rows."""
    found = []
    for other in projects_beside(run).filter(state__in=COMING).select_related("created_by"):
        rows, profile, _table = records_of(other)
        found.append(BroughtProjects(other, rows, setting_of(other, profile, tries=True)))
    return found


@garbage.looked_for_seldom()
def check(run: ImportRun, progress: Progress | None = None, *, tries: bool = True) -> Findings:
    """
    Try every row against the database and take it back; raise RefusalError for no table at all.

    The rows are kept as they are judged. Names that Rounds does not know are listed to be answered for; without
    `tries` they are problems.
    """
    found, profile, table = records_of(run)
    del run.content  # it is read again when somebody asks for it
    findings = _findings_of(found, profile, table)
    findings.losses = losses_of(table, profile)
    findings.problems += date_problems(run, profile, found.rows)
    staging.forget(run)
    stager = staging.Stager(run, table, warned.Marks(table, found.cautions))
    keeper = staging.RowKeeper(stager)
    wrong = wrong_in(table, findings.problems)
    if findings.questions or not found.rows or found.total > MOST_ROWS:
        keeper.keep(JudgedRow(row.place, row, None, wrong.pop(row.place, ())) for row in found.rows)
    else:
        setting = findings.setting = setting_of(run, profile, tries=tries)
        if tries:
            findings.unknown = _unknown(found.rows, profile, setting.lookups)
        findings.sums = sums_of(found.rows, profile.kind)
        findings.notes += month_columns.left_out(table, profile)
        days = frozen_days(run, profile)
        trial = Trial(profile.kind.name, setting, days, wrong, brought_to(run))
        findings.doubts = _try_all(found, trial, keeper, progress)
        findings.tally = trial.tally
        findings.problems += trial.problems
        findings.notes += frozen_notes(found.rows, trial.frozen)
        if profile.kind.name == "project":
            findings.warnings = warnings_of(findings.tally, setting.stage)
        findings.warnings += reconciling.sentences(findings.tally.told)
    keeper.keep(JudgedRow(at, None, None, said) for at, said in wrong.items())
    findings.problems.sort(key=lambda problem: (problem.line, len(problem.column), problem.column))
    return findings


def _try_all(
    found: Records, trial: Trial, keeper: staging.RowKeeper, progress: Progress | None
) -> list[str]:
    """Try the rows some at a time, keep what came of them, and say how far it is; return what words may be."""
    done = 0
    with doubts.checking() as doubtful, aside() as apart:
        pace = Pace(is_alone=apart.is_apart)
        for rows in by_record(found.rows, found.repeated, pace):
            with pace.turn():
                pace.did = len(rows)
                judged = trial.judge(rows)
            done += len(rows)
            with apart.at_home():
                keeper.keep(judged)
                if progress:
                    progress(done, len(found.rows))
    return sorted(set(doubtful))


def _unknown(rows: Sequence[ImportRow], profile: Profile, lookups: Lookups) -> list[Unknown]:
    return unknown_names(rows, profile.kind, lookups.named, lookups.settles)


def unknown_in(run: ImportRun) -> list[Unknown]:
    """Return the names of an import that nobody here has; no row is tried for it."""
    found, profile, _table = records_of(run)
    return _unknown(found.rows, profile, setting_of(run, profile, tries=True).lookups)


def _findings_of(found: Records, profile: Profile, table: SourceTable) -> Findings:
    """Start the findings with what the file alone says."""
    problems = list(found.problems)
    if found.total > MOST_ROWS:
        wrong = f"The file has {found.total:,} rows to write."
        right = f"At most {MOST_ROWS:,}: split the file or filter its rows."
        problems.insert(0, Problem(table.header_position, "", "", wrong, right))
    return Findings(
        problems=problems,
        questions=list(found.questions),
        notes=[*found.notes, *(f"Line {flaw.line}: {flaw.message}" for flaw in table.flaws[:20])],
        notes_of_reading=len(found.notes),
        left_out=found.left_out,
        stated_reasons=found.stated_reasons,
        total=found.total,
        rows=found.rows,
        table=table,
        cautions=found.cautions,
    )


def report_of(findings: Findings) -> dict[str, Any]:
    """Return the findings as the run keeps and the page shows them."""
    counts = findings.tally.counts
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
    checked = _say_checked(run, findings)
    if checked is None:  # stopped, discarded or asked for anew while its rows were kept
        staging.forget(run)
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
    if projects := list(projects_beside(run)):
        run.report |= {"stands_on": standing_of(projects)}
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
