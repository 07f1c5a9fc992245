"""Import a schedule file into a project's plan from the command line, wholly or not at all."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.local.local_time import in_local_time
from pmo.common.records import doubts
from pmo.common.records.writing import RefusalError
from projects.models import PlanImport, Project
from projects.services import plan_imports


class Command(BaseCommand):
    help = "Import a Microsoft Project XML or Excel schedule into a project's plan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", required=True, help="code of the project")
        parser.add_argument("--as", dest="email", required=True, help="who imports: e-mail address")
        parser.add_argument(
            "--patient-data-reason",
            default="",
            help="why words that may identify a patient do not; kept in the audit trail",
        )
        parser.add_argument("--dry-run", action="store_true", help="report and write nothing")
        parser.add_argument(
            "--remove-started",
            action="store_true",
            help="also remove rows with progress that the file does not hold",
        )

    @in_local_time()
    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        user = _person(options["email"])
        project = _project(options["project"], user)
        adds = can(user, Permission.CALENDAR_CHANGE, project).allowed
        try:
            run = plan_imports.start_import(
                project=project,
                file_name=path.name,
                content=path.read_bytes(),
                by=user,
                adds_calendars=adds,
            )
            self._report(run)
            if options["dry_run"]:
                plan_imports.discard_import(run=run, by=user)
            else:
                with doubts.answered(options["patient_data_reason"]):
                    plan_imports.apply_import(
                        run=run,
                        by=user,
                        removes_started=options["remove_started"],
                        adds_calendars=adds,
                    )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except RefusalError as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(run, is_dry_run=options["dry_run"])

    def _report(self, run: PlanImport) -> None:
        for loss in run.losses:
            self.stdout.write(
                f"{loss['fate'].capitalize()}: {loss['what']} ({loss['count']:,}). {loss['why']}"
            )

    def _tell(self, run: PlanImport, *, is_dry_run: bool) -> None:
        counts = run.counts
        words = ("added", "changed", "unchanged", "removed")
        rows = ", ".join(f"{counts[word]:,} {word}" for word in words)
        verb = "Would write" if is_dry_run else "Wrote"
        self.stdout.write(f"{verb} {counts['tasks']:,} rows: {rows}.")


def _person(email: str) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {email}.")
    return user


def _project(code: str, user: User) -> Project:
    project = Project.objects.visible_to(user).filter(code__iexact=code).first()
    if project is None:
        raise CommandError(f"{user} sees no project with the code {code}.")
    decision = can(user, Permission.PLAN_CHANGE, project)
    if not decision.allowed:
        raise CommandError(decision.reason)
    return project
