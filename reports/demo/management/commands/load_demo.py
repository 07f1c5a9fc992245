from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pmo.common.records.writing import RefusalError
from reports.demo.loading import load


class Command(BaseCommand):
    # how far it is, for whoever starts Rounds: called with done, total and the word for what is counted
    stealth_options = ("progress",)
    help = "Load St. Brigid Health, an invented hospital, into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=date.fromisoformat, help="the day it is, YYYY-MM-DD")

    def handle(self, *_args: str, today: date | None, verbosity: int, **options: Any) -> None:
        try:
            load(today=today or timezone.localdate(), progress=options.get("progress"))
        except RefusalError as refusal:
            raise CommandError(str(refusal)) from refusal
        if verbosity:
            self.stdout.write("The demo hospital is loaded.")
