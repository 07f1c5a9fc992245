"""
Bring the data of an earlier release up to date and say what became of them, as JSON.

Run by tests/test_releases.py in a process of its own, on a database of its own: DATABASE_URL.
"""

import hashlib
import json
import lzma
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import Error, connection, transaction
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.common.background.standing import COLUMNS, standing
from pmo.common.models import AuditEvent
from pmo.common.records import audit
from pmo.common.records.append_only import _fences
from reports.domain.lines import from_json, mark_from_json, named, to_json
from reports.models import Summary, VarianceReport
from reports.services.summaries import is_intact

Row = tuple[str, ...]

# What later migrations change on purpose, each with the reason; the rest must come through as it was.
RENAMED_TABLES: dict[str, str] = {}
RENAMED_COLUMNS: dict[tuple[str, str], str] = {}
CHANGED_COLUMNS: dict[tuple[str, str], str] = {
    (
        "reports_summary",
        "content",
    ): "the lines of drafts get today’s names; seals watch what is issued"
}
# Django's own lists of what the code holds: they grow with each model, and lose nothing.
GROWING = {"auth_permission", "django_content_type", "django_migrations"}
NOT_DATA = {"sqlite_sequence"}


def tables(cursor: Any, vendor: str) -> dict[str, list[str]]:
    """Return the columns of each table, but for those that change on purpose."""

    cursor.execute(COLUMNS[vendor])
    found: dict[str, list[str]] = {}
    for table, column in sorted(cursor.fetchall()):
        if table not in NOT_DATA and (table, column) not in CHANGED_COLUMNS:
            found.setdefault(table, []).append(column)
    return found


def rows(cursor: Any, table: str, columns: list[str]) -> set[Row]:
    """Return the rows of a table as texts."""
    quoted = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(f'SELECT {quoted} FROM "{table}"')  # noqa: S608 - names from the database itself
    return {tuple(map(repr, row)) for row in cursor.fetchall()}


def content(cursor: Any, before: dict[str, list[str]], *, moved: bool) -> dict[str, set[Row]]:
    """Return the rows of the release's tables, under the names that they have now when `moved`."""
    found = {}
    for table, columns in before.items():
        name = RENAMED_TABLES.get(table, table) if moved else table
        now = [RENAMED_COLUMNS.get((table, one), one) if moved else one for one in columns]
        found[table] = rows(cursor, name, now)
    return found


def digest(found: set[Row]) -> str:
    return hashlib.sha256("\n".join(sorted(map(repr, found))).encode()).hexdigest()


def losses(before: dict[str, set[Row]], after: dict[str, set[Row]]) -> dict[str, str]:
    """Return, for each table that is not as it was, what differs."""
    found = {}
    for table, old in before.items():
        new = after[table] & old if table in GROWING else after[table]
        if len(new) != len(old):
            found[table] = f"{len(old)} rows before, {len(new)} after"
        elif digest(new) != digest(old):
            found[table] = f"{len(old - new)} of {len(old)} rows say something else"
    return found


def pages() -> dict[str, int]:
    """Return what the office's head is answered at the dashboard and each issued summary."""

    client = Client()
    client.force_login(User.objects.filter(memberships__role=Role.PMO_LEAD).distinct()[0])
    paths = [reverse("reports:dashboard"), reverse("reports:summary_list")]
    issued = Summary.objects.filter(state="issued").values_list("pk", flat=True)
    paths += [reverse("reports:summary_detail", args=[pk]) for pk in issued]
    for pk in VarianceReport.objects.values_list("pk", flat=True):
        paths += [
            reverse(f"reports:{name}", args=[pk]) for name in ("variance_report", "variance_csv")
        ]
    return {path: client.get(path).status_code for path in paths}


def misread() -> list[str]:
    """Return the documents that say something else when they are read and written again."""
    found = []
    for document in [*Summary.objects.all(), *VarianceReport.objects.all()]:
        for stored in document.content["lines"]:
            whole = {"overall": "none", "measured": "none"} | named(stored)
            if to_json(from_json(stored)) != whole:
                found.append(f"{document}: {stored['id']}")
        for stored in getattr(document, "milestones", ()):
            mark = mark_from_json(stored)
            if [mark.slip_days, mark.moved_days] != [
                days(stored, "baseline", "due"),
                days(stored, "due_before", "due"),
            ]:
                found.append(f"{document}: {stored['name']}")
    return found


def days(stored: dict[str, Any], start: str, end: str) -> int | None:
    """Return the days between two dates under the names of release 0.1."""
    if start not in stored or end not in stored:
        return None
    return (date.fromisoformat(stored[end]) - date.fromisoformat(stored[start])).days


def drafts_in_old_names() -> list[str]:
    drafts = Summary.objects.filter(state="draft")
    return [str(one) for one in drafts if any(named(line) != line for line in one.content["lines"])]


def open_fences() -> list[str]:
    """Return the fenced tables in which a covered row can be changed all the same."""

    found = []
    for fence in _fences.values():
        where = f"WHERE {fence.covers}" if fence.covers else ""
        with connection.cursor() as cursor:
            key = connection.introspection.get_primary_key_column(cursor, fence.table)
            cursor.execute(f"SELECT old.{key} FROM {fence.table} AS old {where} LIMIT 1")  # noqa: S608 - the code's own names
            row = cursor.fetchone()
            try:
                with transaction.atomic():
                    if row:
                        change = f"UPDATE {fence.table} SET {key} = {key} WHERE {key} = %s"  # noqa: S608 - the same
                        cursor.execute(change, row)
                        found.append(fence.table)
            except Error:
                continue
    return found


def examine() -> dict[str, Any]:

    with connection.cursor() as cursor:
        columns = tables(cursor, connection.vendor)
        before = content(cursor, columns, moved=False)
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        after = content(cursor, columns, moved=True)
    issued = Summary.objects.filter(state="issued")
    return {
        "rows": sum(map(len, before.values())),
        "losses": losses(before, after),
        "standing": standing().sentence,
        "events": AuditEvent.objects.count(),
        "faults": [list(fault) for fault in audit.faults()],
        "issued": issued.count(),
        "broken seals": [str(summary) for summary in issued if not is_intact(summary)],
        "misread": misread(),
        "drafts in old names": drafts_in_old_names(),
        "pages": pages(),
        "open fences": open_fences(),
    }


def restore(dump: Path) -> None:
    """Run a dump's statements; here, because those of SQLite call functions that Django brings."""
    script = lzma.decompress(dump.read_bytes()).decode()
    if connection.vendor == "sqlite":
        # Tables come in the order of their names, not of their keys.
        connection.disable_constraint_checking()
        connection.connection.executescript(script)
    else:
        # Lines that begin with a backslash are for psql.
        plain = "\n".join(line for line in script.splitlines() if line[:1] != "\\")
        with connection.cursor() as cursor:
            cursor.execute(plain)
    # The next connection looks for tables where everybody does, which a dump does not.
    connection.close()


def main(dump: str) -> None:
    setup_test_environment()
    restore(Path(dump))
    json.dump(examine(), sys.stdout)
