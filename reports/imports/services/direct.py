"""An import from start to end without a browser or a worker: for the command line and examples."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pmo.accounts.models import User
from pmo.common.records.search import same
from pmo.common.records.writing import RefusalError
from pmo.common.tabular import Hints, TableError, read
from portfolio.models import Portfolio
from projects.models import Project
from reports.imports.domain import ADD, KEPT_IN, profile_from_dict
from reports.imports.domain.control import total_said
from reports.imports.domain.fields import Sort
from reports.imports.models import ImportRun, ImportState
from reports.imports.selectors import open_warnings, projects_beside
from reports.imports.services import asking, month_columns, runs, work
from reports.imports.services.workbooks import in_order, looks_of
from reports.imports.words.sheets import PROJECTS_FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to import how; `as_of` None means as the rows say, or today."""

    file_name: str
    content: bytes
    profile: str = ""  # guessed from the headers without
    record: str = "project"
    sheet: str = ""  # the likeliest without
    portfolio: Portfolio | None = None
    as_of: date | None = None
    is_complete: bool = False
    is_dry_run: bool = False
    stage: str = ""  # of new projects whose row names none
    project: str = ""  # code of the one that all rows belong to
    adds_names: bool = False  # people and units that Rounds does not know
    accepts_warnings: bool = False
    control_total: Decimal | None = None  # of a ledger's file
    months_from: date | None = None  # with which columns of months without a year begin


def import_now(order: Order, *, by: User, follows: ImportRun | None = None) -> ImportRun:
    """
    Apply the file; for a dry run and after a refusal only check it. The run holds the report.

    One with warnings that wait for an answer stays checked: nothing is written. `follows` is the import of the
    first sheet of the same workbook; raises RefusalError where its projects still wait to be written.
    """
    run = runs.start_import(
        file_name=order.file_name,
        content=order.content,
        profile=order.profile,
        record=order.record,
        sheet=order.sheet,
        by=by,
        follows=follows,
    )
    if order.project:
        run.document = _belonging(run, order.project, by)
    if order.months_from:
        table = work.table_of(run)
        run.document = month_columns.with_months_from(run.document, table, order.months_from)
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
    if projects_beside(run).filter(state=ImportState.READY).exists():
        raise RefusalError(PROJECTS_FIRST)
    return runs.apply(run=run, by=by)


def orders_of(order: Order, sheets: Sequence[str], *, every: bool = False) -> list[Order]:
    """
    Return an order for each of these sheets, or for every one that looks like a table; projects first.

    Raises RefusalError for a sheet that is not there, and for a workbook without a table.
    """
    try:
        looks = {one.name: one for one in looks_of(read(order.content, Hints(record=order.record)))}
    except TableError as error:
        raise RefusalError(str(error)) from error
    if missing := [name for name in sheets if name not in looks]:
        raise RefusalError(f"There is no sheet named “{missing[0]}” in the workbook.")
    named = [name for name, one in looks.items() if one.record] if every else list(sheets)
    if not named:
        raise RefusalError("No sheet of this file looks like a table that Rounds knows.")
    chosen = {name: looks[name].record or order.record for name in named}
    return [replace(order, sheet=name, record=record) for name, record in in_order(chosen)]


def _belonging(run: ImportRun, code: str, by: User) -> dict[str, Any]:
    """Return the run's mapping with the project that all rows belong to; raise RefusalError."""
    if not profile_from_dict(run.document).kind.is_of_projects:
        raise RefusalError("Only rows of a register belong to a project.")
    project = Project.objects.visible_to(by).filter(same(code, "code")).first()
    if project is None:
        raise RefusalError(f"There is no project with the code {code}.")
    constants = (run.document.get("constants") or {}) | {"project": project.code}
    return {**run.document, "constants": constants}


def _answers(run: ImportRun, order: Order) -> dict[str, Any]:
    """Return what the command line says for all names at once: add those that may be added."""
    answers: dict[str, Any] = {"stage": order.stage} if order.stage else {}
    if order.months_from:
        answers["months_from"] = order.months_from.isoformat()
    control = order.control_total
    if control is None:
        total = total_said(work.table_of(run), profile_from_dict(run.document))
        control = total.amount if total else None
    if control is not None:
        answers["control"] = str(control)
    if order.adds_names:
        found = [one for one in work.unknown_in(run) if one.can_be_added and not one.same]
        for sort in Sort:
            answers[KEPT_IN[sort]] = {one.key: ADD for one in found if one.sort is sort}
    return answers
