"""Answer the warnings of a checked import: its rows are written all the same, or left out."""

from pmo.accounts.models import User
from pmo.common.records.writing import RefusalError, all_or_nothing
from reports.imports.domain import LEAVE, WRITE
from reports.imports.models import ImportRun, RowState, StagedRow
from reports.imports.selectors import open_warnings
from reports.imports.services import mending, warned, work

ANSWERS = (WRITE, LEAVE)


@all_or_nothing
def answer_warning(*, run: ImportRun, key: str, answer: str, by: User) -> ImportRun:
    """
    Keep what becomes of the rows of a warning: WRITE or LEAVE; "" takes an answer back.

    Rows that an answer leaves out come back when it changes. Raises RefusalError.
    """
    held = mending.held_open(run, by)
    found = {one["key"]: one for one in held.report.get("asked", [])}
    if key not in found:
        raise RefusalError("This warning is no longer there: look at the import again.")
    if answer not in {"", *ANSWERS}:
        raise RefusalError("Write the rows all the same, or leave them out.")
    if answer == LEAVE and not found[key]["can_leave"]:
        raise RefusalError("This is about the whole file: there are no rows to leave out.")
    _keep(held, key, answer)
    rows = _set(held, (found[key]["kind"], found[key]["what"]), answer)
    return mending.told(held, by, "import.warning_answered", rows)


def accept_all(run: ImportRun, by: User) -> ImportRun:
    """Answer every warning that waits with WRITE."""
    for key in sorted(open_warnings(run)):
        run = answer_warning(run=run, key=key, answer=WRITE, by=by)
    return run


def _keep(run: ImportRun, key: str, answer: str) -> None:
    answers = dict(run.document.get("answers") or {})
    known = {one: said for one, said in (answers.get("warnings") or {}).items() if one != key}
    answers["warnings"] = known | ({key: answer} if answer else {})
    run.document = run.document | {"answers": answers}
    run.save(update_fields=["document"])


def _set(run: ImportRun, ref: warned.Ref, answer: str) -> int:
    """Leave the warning's rows out, or take back those that no other answer leaves out; return how many."""
    if answer == LEAVE:
        positions = warned.rows_under(run, [ref], RowState.READY)
        StagedRow.objects.of(run).filter(position__in=positions).update(state=RowState.LEFT_OUT)
        return len(positions)
    still = set(warned.rows_under(run, warned.left_refs(run), RowState.LEFT_OUT))
    back = [one for one in warned.rows_under(run, [ref], RowState.LEFT_OUT) if one not in still]
    if back:
        rows = StagedRow.objects.of(run).filter(position__in=back)
        rows.update(state=RowState.REFUSED)
        work.judge_again(run, back)
    return len(back)
