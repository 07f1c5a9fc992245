"""Load the demo hospital into an empty database: the same records for the same day, always."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.background.events import gathered
from pmo.common.records.writing import RefusalError
from pmo.organization.services import change_organization
from projects.domain.calendar import week_of
from reports.demo.begun import DemoBegun
from reports.demo.committees import DemoCommittees
from reports.demo.communication import tell_audiences, tell_communication
from reports.demo.documents import make_reports, write_summaries
from reports.demo.organization import OFFICE, PASSWORD, accounts, create_organization
from reports.demo.records import DemoHistory, create_record
from reports.demo.requests import DemoRequests
from reports.demo.timeline import timelines
from reports.demo.weeks import Play, record_loading
from reports.services.snapshots import refresh_all

SETTINGS = {
    "name": "St. Brigid Health",
    "currency": "$",
    "currency_after": False,
    "fiscal_year_start_month": 7,
}


def load(*, today: date, progress: Callable[[int, int, str], None] | None = None) -> None:
    """Raises RefusalError when somebody has an account already: nothing is ever mixed."""
    if User.objects.exists():
        raise RefusalError("The demo is loaded into an empty database only; this one has people.")
    zone = timezone.get_current_timezone()
    with transaction.atomic(), gathered():
        # its own words and money, whatever the environment says now or later
        change_organization(by=None, version=None, **SETTINGS)
        made = create_organization(monday=week_of(today))
        office = made.people[OFFICE]
        pairs = []
        told = timelines(today)
        for timeline in told:
            pairs.append((create_record(timeline, made, by=office), timeline))
            if progress:
                progress(len(pairs), len(told), "projects")
        DemoHistory(made, zone).write(pairs)
        Play(pairs, made, zone).run(progress)
        DemoBegun(made, today=today, office=office).write()
        tell_communication(made, today=today)
        for project, _ in pairs:
            record_loading(project, by=office)
        decided = DemoCommittees(made, monday=week_of(today), office=office).write()
        DemoRequests(made, decided, monday=week_of(today), office=office).write()
        write_summaries(made, monday=week_of(today), zone=zone)
        tell_audiences(made)
    refresh_all(today=today)
    make_reports(made, monday=week_of(today), zone=zone)
    keep_sign_ins(Path(settings.DATA_DIR))


def keep_sign_ins(folder: Path) -> None:
    """Write what the start prints, readable for the person who runs Rounds only."""
    rows = [
        {"role": account.role, "email": account.email, "password": PASSWORD}
        for account in accounts()
    ]
    kept = folder / "sign-ins.json"
    kept.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    kept.chmod(0o600)
