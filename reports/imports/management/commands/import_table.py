"""Import a table from the command line, all rows or none."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.local.local_time import in_local_time
from pmo.common.records import doubts
from pmo.common.records.writing import RefusalError
from portfolio.models import Portfolio
from projects.domain.stages import Stage
from reports.imports.services.direct import Order, import_now


class Command(BaseCommand):
    help = "Import a CSV or Excel table through a named profile; all rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--profile", required=True, help="saved, or one that comes with Rounds")
        parser.add_argument("--as", dest="email", required=True, help="who imports: email address")
        parser.add_argument("--portfolio", help="code of the portfolio to put the projects in")
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
            "--patient-data-reason",
            default="",
            help="why words that may identify a patient do not; kept in the audit trail",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and write nothing")

    @in_local_time()
    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        order = Order(
            file_name=path.name,
            content=path.read_bytes(),
            profile=options["profile"],
            portfolio=_portfolio(options["portfolio"]),
            as_of=options["as_of"],
            is_complete=options["complete"],
            is_dry_run=options["dry_run"],
            stage=options["stage"] or "",
            adds_names=options["add_names"],
        )
        try:
            with doubts.answered(options["patient_data_reason"]):
                run = import_now(order, by=_person(options["email"]))
        except RefusalError as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(run.report, is_dry_run=order.is_dry_run)

    def _tell(self, report: dict[str, Any], *, is_dry_run: bool) -> None:
        for note in report["notes"]:
            self.stdout.write(note)
        for problem in report["problems"]:
            place = f"Line {problem['line']}" + (f", column {problem['column']}" if problem["column"] else "")  # fmt: skip
            self.stdout.write(f"{place}: {problem['wrong']} {problem['right']}".rstrip())
        for question in report["questions"]:
            self.stdout.write(
                f"“{question['header']}”: day first or month first? Say date_order in the profile."
            )
        if report["problem_count"] or report["questions"] or not report["total"]:
            raise CommandError("Nothing was imported.")
        counts = ", ".join(f"{count} {word}" for word, count in report["counts"].items())
        verb = "Would import" if is_dry_run else "Imported"
        self.stdout.write(
            f"{verb} {report['total']} rows: {counts}. {report['left_out']} left out by the profile;"
            f" {report['stated_reasons']} cells say why they have no value."
        )


def _person(email: str) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {email}.")
    decision = can(user, Permission.IMPORT_RUN)
    if not decision.allowed:
        raise CommandError(decision.reason)
    return user


def _portfolio(code: str | None) -> Portfolio | None:
    if code is None:
        return None
    portfolio = Portfolio.objects.filter(code__iexact=code).first()
    if portfolio is None:
        raise CommandError(f"There is no portfolio with the code {code}.")
    return portfolio
