"""
Import a table from the command line: the good rows are written, the others handed back.

Exit codes: 0 every row is written or unchanged, 1 nothing was done, 2 some rows were handed back.
"""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.local.local_time import in_local_time
from pmo.common.page import sheets
from pmo.common.records import doubts
from pmo.common.records.writing import RefusalError
from portfolio.models import Portfolio
from projects.domain.stages import Stage
from reports.imports.domain import RECORD_KINDS, profile_from_dict
from reports.imports.models import ImportRun, ImportState
from reports.imports.selectors import warnings_of
from reports.imports.services import handing_back, undoing
from reports.imports.services.direct import Order, import_now, orders_of
from reports.imports.words.ledger import lines_said
from reports.imports.words.losses import looks_like, told
from reports.imports.words.warnings import wait

NOTHING_DONE, HANDED_BACK = 1, 2
HOW = (
    "An administrator imports under the name of somebody who holds one: --as lead@example.org, or is"
    " given the role under People."
)


class Command(BaseCommand):
    help = (
        "Import a CSV or Excel table: good rows are written, the others handed back. Or undo one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument(
            "--profile", default="", help="saved, or one that comes with Rounds; guessed without"
        )
        parser.add_argument("--record", choices=list(RECORD_KINDS), default="project")
        parser.add_argument(
            "--sheet",
            action="append",
            default=[],
            help="of a workbook; several are said one by one",
        )
        parser.add_argument(
            "--all-sheets", action="store_true", help="every sheet that looks like a table"
        )
        parser.add_argument("--undo", type=int, metavar="RUN", help="take back import number RUN")
        parser.add_argument("--refused", type=Path, help="write the rows handed back to this CSV")
        parser.add_argument("--report", choices=["text", "json"], default="text")
        parser.add_argument("--as", dest="email", required=True, help="who imports: email address")
        parser.add_argument("--portfolio", help="code of the portfolio to put the projects in")
        parser.add_argument("--project", default="", help="code of the project all rows belong to")
        parser.add_argument("--as-of", type=date.fromisoformat, help="date to freeze, 2026-03-31")
        parser.add_argument(
            "--complete", action="store_true", help="projects not in the file leave the portfolio"
        )
        parser.add_argument(
            "--stage",
            choices=[stage.value for stage in Stage],
            help="stage of new projects whose row names none",
        )
        parser.add_argument(
            "--add-names",
            action="store_true",
            help="add people and units that Rounds does not know; such people cannot sign in",
        )
        parser.add_argument(
            "--accept-warnings",
            action="store_true",
            help="write rows that a warning is about; without, warnings keep all from being written",
        )
        parser.add_argument(
            "--patient-data-reason",
            default="",
            help="why words that may identify a patient do not; kept in the audit trail",
        )
        parser.add_argument(
            "--control-total",
            type=Decimal,
            help="what all rows of a ledger's file should add up to; compared, not written",
        )
        parser.add_argument(
            "--months-from",
            type=_month,
            metavar="YYYY-MM",
            help="the first of the twelve months that columns without a year are",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and write nothing")

    @in_local_time()
    def handle(self, *_args: Any, **options: Any) -> None:
        by = _person(options["email"])
        try:
            if options["undo"] is not None:
                self._undo(options["undo"], by, options["report"])
                return
            orders = [_order(options)]
            if options["sheet"] or options["all_sheets"]:
                orders = orders_of(orders[0], options["sheet"], every=options["all_sheets"])
        except RefusalError as refusal:
            raise CommandError(str(refusal)) from refusal
        self._first: ImportRun | None = None  # whose workbook the others are of
        codes = [self._import(one, by, options, is_alone=len(orders) == 1) for one in orders]
        if code := min(filter(None, codes), default=0):
            sys.exit(code)

    def _import(self, order: Order, by: User, options: dict[str, Any], *, is_alone: bool) -> int:
        """Import one table, or one sheet of several; return its exit code."""
        is_silent = options["report"] == "json"
        if not (is_alone or is_silent):
            self.stdout.write(f"Sheet “{order.sheet}”:")
        try:
            with doubts.answered(options["patient_data_reason"]):
                run = import_now(order, by=by, follows=self._first)
            self._first = self._first or run
            if options["refused"]:
                _write_refused(run, _of_sheet(options["refused"], "" if is_alone else order.sheet))
            if is_silent:
                about = {"run": run.pk, "state": run.state, "sheet": run.sheet}
                self.stdout.write(json.dumps(about | run.report))
            return self._tell(run, is_dry_run=order.is_dry_run, is_silent=is_silent)
        except (RefusalError, CommandError) as refusal:
            if is_alone:
                raise CommandError(str(refusal)) from refusal
            self.stderr.write(str(refusal))
            return NOTHING_DONE

    def _undo(self, number: int, by: User, form: str) -> None:
        run = ImportRun.objects.visible_to(by).filter(pk=number).first()
        if run is None:
            raise CommandError(f"There is no import {number}.")
        report = undoing.undo(run=run, by=by).report
        if form == "json":
            found = {"run": run.pk, "undone": report["undone"], "kept": report["kept"]}
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write(
                f"Undone: {report['undone']} rows. Of {report['kept']} something stays."
            )
        if report["kept"]:
            sys.exit(HANDED_BACK)

    def _tell(self, run: ImportRun, *, is_dry_run: bool, is_silent: bool) -> int:
        report = run.report
        warnings = warnings_of(run)
        said = [looks_like(profile_from_dict(run.document)), *report["notes"]]
        said += [*map(_sentence, report["problems"]), *told(report.get("not_taken", []))]
        said += [*report["warnings"], *lines_said(run)]
        said += [f"Warning: {one.sentence}" for one in warnings]
        said += [
            f"“{one['header']}”: day first or month first? Say date_order in the profile."
            for one in report["questions"]
        ]
        for line in () if is_silent else filter(None, said):
            self.stdout.write(line)
        if run.state == ImportState.FAULTY:
            raise CommandError("Nothing was imported.")
        if not is_dry_run and (waiting := sum(one.is_open for one in warnings)):
            raise CommandError(f"{wait(waiting)} --accept-warnings writes them.")
        counts = ", ".join(f"{count} {word}" for word, count in report["counts"].items())
        rows = sum(report["counts"].values())
        verb = "Would import" if is_dry_run else "Imported"
        if not is_silent:
            self.stdout.write(
                f"{verb} {rows} rows: {counts}. {report['left_out']} left out by the profile;"
                f" {report['stated_reasons']} cells say why they have no value."
            )
        if report["handed_back"]:
            if not is_silent:
                self.stdout.write(f"{report['handed_back']} rows handed back. Import {run.pk}.")
            return HANDED_BACK
        return 0


def _month(said: str) -> date:
    """Read a month as its first day; raises ValueError."""
    return date.fromisoformat(f"{said}-01")


def _of_sheet(path: Path, sheet: str) -> Path:
    """Name the file of one sheet's rows after the sheet."""
    return path.with_stem(sheets.file_name(path.stem, sheet)) if sheet else path


def _sentence(problem: dict[str, Any]) -> str:
    place = f"Line {problem['line']}"
    place += f", column {problem['column']}" if problem["column"] else ""
    return f"{place}: {problem['wrong']} {problem['right']}".rstrip()


def _order(options: dict[str, Any]) -> Order:
    path: Path | None = options["file"]
    if path is None or not path.is_file():
        raise CommandError(f"There is no file {path}." if path else "Name a file, or --undo RUN.")
    return Order(
        file_name=path.name,
        content=path.read_bytes(),
        profile=options["profile"],
        record=options["record"],
        portfolio=_portfolio(options["portfolio"]),
        project=options["project"],
        as_of=options["as_of"],
        is_complete=options["complete"],
        is_dry_run=options["dry_run"],
        stage=options["stage"] or "",
        adds_names=options["add_names"],
        accepts_warnings=options["accept_warnings"],
        control_total=options["control_total"],
        months_from=options["months_from"],
    )


def _write_refused(run: ImportRun, path: Path) -> None:
    """Write the rows handed back in the shape of the file."""
    lines = sheets.csv_lines(handing_back.columns_back(run), handing_back.rows_back(run))
    path.write_text("".join(lines), encoding="utf-8", newline="")


def _person(email: str) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {email}.")
    decision = can(user, Permission.IMPORT_RUN)
    if not decision.allowed:
        raise CommandError(f"{decision.reason} {HOW}")
    return user


def _portfolio(code: str | None) -> Portfolio | None:
    if code is None:
        return None
    portfolio = Portfolio.objects.filter(code__iexact=code).first()
    if portfolio is None:
        raise CommandError(f"There is no portfolio with the code {code}.")
    return portfolio
