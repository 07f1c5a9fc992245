"""An import from start to end without a browser or a worker: for the command line and examples."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from pmo.accounts.models import User
from portfolio.models import Portfolio
from reports.imports.domain import ADD
from reports.imports.domain.fields import Sort
from reports.imports.models import ImportRun
from reports.imports.services import runs, work


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to import how; `as_of` None means as the rows say, or today."""

    file_name: str
    content: bytes
    profile: str = ""  # guessed from the headers without
    record: str = "project"
    portfolio: Portfolio | None = None
    as_of: date | None = None
    is_complete: bool = False
    is_dry_run: bool = False
    stage: str = ""  # of new projects whose row names none
    adds_names: bool = False  # people and units that Rounds does not know


def import_now(order: Order, *, by: User) -> ImportRun:
    """Apply the file, or for a dry run and after a refusal only check it; the run holds the report."""
    run = runs.start_import(
        file_name=order.file_name,
        content=order.content,
        profile=order.profile,
        record=order.record,
        by=by,
    )
    run = runs.map_columns(
        run=run,
        by=by,
        document=run.document | {"answers": _answers(run, order)},
        as_of=order.as_of,
        portfolio=order.portfolio,
        is_complete=order.is_complete,
    )
    if not order.is_dry_run:
        with suppress(work.ImportRefusedError):
            return runs.apply(run=run, by=by)
        run.refresh_from_db()
        return run  # nothing could be written: the report says why
    return work.finish_check(run, work.check(run, tries=False))


def _answers(run: ImportRun, order: Order) -> dict[str, Any]:
    """Return what the command line says for all names at once: add those that may be added."""
    answers: dict[str, Any] = {"stage": order.stage} if order.stage else {}
    if order.adds_names:
        found = [one for one in work.check(run).unknown if one.can_be_added and not one.same]
        for entry, sort in (("people", Sort.PERSON), ("units", Sort.UNIT)):
            answers[entry] = {one.key: ADD for one in found if one.sort is sort}
    return answers
