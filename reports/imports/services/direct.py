"""An import from start to end without a browser or a worker: for the command line and examples."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pmo.accounts.models import User
from portfolio.models import Portfolio
from reports.imports.domain import ADD
from reports.imports.domain.fields import Sort
from reports.imports.models import ImportRun, ImportState
from reports.imports.selectors import open_warnings
from reports.imports.services import asking, runs, work


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
    accepts_warnings: bool = False


def import_now(order: Order, *, by: User) -> ImportRun:
    """
    Apply the file; for a dry run and after a refusal only check it. The run holds the report.

    One with warnings that wait for an answer stays checked: nothing is written.
    """
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
    run = work.finish_check(run, work.check(run, tries=False))
    if order.accepts_warnings and run.state == ImportState.READY:
        run = asking.accept_all(run, by)
    if order.is_dry_run or run.state != ImportState.READY or open_warnings(run):
        return run  # the report says why
    return runs.apply(run=run, by=by)


def _answers(run: ImportRun, order: Order) -> dict[str, Any]:
    """Return what the command line says for all names at once: add those that may be added."""
    answers: dict[str, Any] = {"stage": order.stage} if order.stage else {}
    if order.adds_names:
        found = [one for one in work.check(run).unknown if one.can_be_added and not one.same]
        for entry, sort in (("people", Sort.PERSON), ("units", Sort.UNIT)):
            answers[entry] = {one.key: ADD for one in found if one.sort is sort}
    return answers
