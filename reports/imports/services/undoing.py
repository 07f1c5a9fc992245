"""
Take back what an import wrote, in chunks from its end, each a transaction of its own.

Only a record that still stands as the import left it is taken back; what somebody changed since, or what
something refers to, stays and is listed with its row. What was reported in a freeze since is not made
unsaid: a cost gets a contra entry, a forecast is followed by the one that stood before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from pmo.accounts.acting import acting
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.background.events import gathered
from pmo.common.models import AuditEvent
from pmo.common.records import audit, ledger
from pmo.common.records.writing import RefusalError, all_or_nothing
from projects.domain.stages import Stage
from projects.models import CostEntry, ForecastEntry, MonthForecast, Project
from projects.services import money
from projects.services.months import forecast_months
from projects.services.projects import change_stage
from reports.imports.models import ImportRun, ImportState, RowState, StagedRow
from reports.imports.services import effects
from reports.imports.services.applying import tell
from reports.imports.services.pacing import Pace
from reports.imports.services.removing import referred, remove_rows
from reports.models import Freeze

Key = tuple[str, Any]
Progress = Callable[[int, int], None]
REFERRED = "Something refers to it by now, so it stays."
REMOVED = "It was removed since."
TAKEN = "Another record has its place by now, so it stays as it is."


@dataclass(slots=True)
class Net:
    """What the import did to one record altogether, and which rows did it."""

    model: type[models.Model]
    key: Any
    is_added: bool = False
    is_removed: bool = False
    mark: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    rows: list[StagedRow] = field(default_factory=list)


def may_undo(run: ImportRun, by: User) -> bool:
    """Say whether this person may take the import back: whoever made it, or who leads the office."""
    is_own = by.pk == run.created_by_id
    return can(by, Permission.IMPORT_RUN if is_own else Permission.IMPORT_UNDO).allowed


def undo(*, run: ImportRun, by: User, progress: Progress | None = None) -> ImportRun:
    """Take back what can be; an import that is undone already stays so. Raises RefusalError."""
    held = _begin(run, by)
    if held.state == ImportState.UNDONE:
        return held
    rows = StagedRow.objects.of(held)
    total = rows.filter(state__in=[RowState.WRITTEN, RowState.UNDONE, RowState.KEPT]).count()
    pace = Pace(least=4)
    with gathered(tells=False):
        while rows.filter(state=RowState.WRITTEN).exists():
            with pace.turn():
                _undo_chunk(held, by, pace.size)
            if progress:
                left = rows.filter(state=RowState.WRITTEN).count()
                progress(total - left, total)
        done = _finish(held, by)
    keys = rows.exclude(project=None).order_by().values("project")
    tell(Project.objects.filter(pk__in=keys).values_list("pk", flat=True))
    return done


@all_or_nothing
def _begin(run: ImportRun, by: User) -> ImportRun:
    held = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not may_undo(held, by):
        raise RefusalError("Only who made an import, or who leads the office, may undo it.")
    if held.state in {ImportState.APPLIED, ImportState.STOPPED}:
        held.state = ImportState.UNDOING
        held.save(update_fields=["state"])
    elif held.state not in {ImportState.UNDOING, ImportState.UNDONE}:
        raise RefusalError("Only an import that wrote something can be undone.")
    return held


@all_or_nothing
def _undo_chunk(run: ImportRun, by: User, most: int) -> None:
    """Take back the rows of the last projects that are left, so many."""
    waiting = StagedRow.objects.of(run).filter(state=RowState.WRITTEN)
    last = waiting.order_by().values("project").annotate(last=models.Max("position"))
    projects = [one["project"] for one in last.order_by("-last")[:most]]
    named = models.Q(project__in=[key for key in projects if key is not None])
    if None in projects:
        named |= models.Q(project=None)
    with audit.gathered():
        _acting(run, by)
        rows = list(waiting.filter(named).select_for_update(of=("self",)).order_by("position"))
        kept = _take_back(run, by, [(row, effects.read(row.effects)) for row in rows])
        for row in rows:
            said = kept.get(row.pk, [])
            row.state = RowState.KEPT if said else RowState.UNDONE
            row.problems = [[row.line, row.column, "", sentence, ""] for sentence in said]
        StagedRow.objects.bulk_update(rows, ["state", "problems"])


def _acting(run: ImportRun, by: User) -> None:
    own = by.pk == run.created_by_id
    acting(by, Permission.IMPORT_RUN if own else Permission.IMPORT_UNDO)


@all_or_nothing
def _finish(run: ImportRun, by: User) -> ImportRun:
    """Take back what the import did beside its rows, and say how it ended."""
    held = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    with audit.gathered():
        beside = StagedRow(run=held, line=0)
        held.portfolio = None if _made_its_portfolio(held) else held.portfolio
        held.save(update_fields=["portfolio"])
        kept = _take_back(held, by, [(beside, effects.read(held.effects))])
        rows = StagedRow.objects.of(held)
        undone = {
            "undone": rows.filter(state=RowState.UNDONE).count(),
            "kept": rows.filter(state=RowState.KEPT).count(),
        }
        held.report = held.report | undone | {"kept_beside": kept.get(None, [])}
        held.state, held.undone_at = ImportState.UNDONE, timezone.now()
        held.save(update_fields=["state", "undone_at", "report"])
        audit.record(action="import.undone", target=held, by=by, after=undone)
    return held


def _made_its_portfolio(run: ImportRun) -> bool:
    made = {(one.label, one.key) for one in effects.read(run.effects) if one.what == ledger.ADDED}
    return run.portfolio_id is not None and ("portfolio.portfolio", run.portfolio_id) in made


def _take_back(
    run: ImportRun, by: User, done: Sequence[tuple[StagedRow, Sequence[effects.Kept]]]
) -> dict[Any, list[str]]:
    """Undo effects that came in this order; return by row why something of it stays."""
    nets = _nets(done)
    standing = _standing(nets.values())
    kept: dict[Any, list[str]] = {}

    def stays(net: Net, sentence: str) -> None:
        for row in net.rows:
            said = kept.setdefault(row.pk, [])
            if sentence not in said:
                said.append(sentence)

    going: list[tuple[Net, models.Model]] = []
    for net in nets.values():
        record = standing.get((net.model._meta.label_lower, net.key))
        if net.is_removed and not net.is_added:
            _put_back(net, by, stays)
        elif record is not None and ledger.mark_of(record) != net.mark:
            stays(net, _changed_since(run, record))
        elif record is not None and net.is_added:
            going.append((net, record))
        elif record is not None:
            _restore(net, record, by, stays)
        elif not net.is_added:
            stays(net, REMOVED)
    _remove(run, going, by, stays)
    return kept


def _nets(done: Sequence[tuple[StagedRow, Sequence[effects.Kept]]]) -> dict[Key, Net]:
    nets: dict[Key, Net] = {}
    for row, listed in done:
        for one in listed:
            net = nets.get((one.label, one.key))
            if net is None:
                net = nets[one.label, one.key] = Net(one.model, one.key)
                net.is_added = one.what == ledger.ADDED
            if one.what == ledger.REMOVED:
                net.is_removed = True
            net.before = one.before | net.before
            net.mark = one.mark or net.mark
            if row not in net.rows:
                net.rows.append(row)
    return nets


def _standing(nets: Any) -> dict[Key, models.Model]:
    """Lock the records, by kind and key."""
    keys: dict[type[models.Model], set[Any]] = {}
    for net in nets:
        keys.setdefault(net.model, set()).add(net.key)
    found: dict[Key, models.Model] = {}
    for model in sorted(keys, key=lambda one: one._meta.label_lower):
        rows = model._base_manager.filter(pk__in=keys[model]).order_by("pk")
        for record in rows.select_for_update(of=("self",)):
            found[model._meta.label_lower, record.pk] = record
    return found


def _changed_since(run: ImportRun, record: models.Model) -> str:
    events = AuditEvent.objects.filter(target=audit.target_of(record))
    if run.applied_at:
        events = events.filter(at__gt=run.applied_at)
    last = events.select_related("by").order_by("-sequence").first()
    who = f" by {last.by}" if last and last.by_id else ""
    name = record._meta.verbose_name
    return f"The {name} was changed since{who}, so it stays as it is."


def _values(model: type[models.Model], before: dict[str, Any]) -> dict[str, Any]:
    columns = {one.attname: one for one in model._meta.concrete_fields if not one.generated}
    return {name: columns[name].to_python(value) for name, value in before.items() if name in columns}  # fmt: skip


def _restore(net: Net, record: models.Model, by: User, stays: Any) -> None:
    """Let the columns be what they were before the import."""
    before = _values(net.model, net.before)
    now = {name: getattr(record, name) for name in before}
    changed = {name for name in before if before[name] != now[name]}
    if not changed:
        return
    for name in changed:
        setattr(record, name, before[name])
    if hasattr(record, "version"):
        # onward, never back: a form that was opened meanwhile must find out
        record.version += 1
        record.changed_at, record.changed_by = timezone.now(), by  # type: ignore[attr-defined]  # of Versioned
    try:
        with transaction.atomic():
            models.Model.save(record)
    except IntegrityError:
        stays(net, TAKEN)
        return
    audit.record(
        action="import.row_restored",
        target=record,
        by=by,
        scope=_scope(record),
        before={name: now[name] for name in changed},
        after={name: before[name] for name in changed},
    )


def _put_back(net: Net, by: User, stays: Any) -> None:
    """Insert again what the import removed, under its old key."""
    record = net.model(pk=net.key, **_values(net.model, net.before))
    try:
        with transaction.atomic():
            models.Model.save(record, force_insert=True)
    except IntegrityError:
        stays(net, TAKEN)
        return
    after = ledger.values_of(record)
    audit.record(
        action="import.row_restored", target=record, by=by, scope=_scope(record), after=after
    )


def _remove(run: ImportRun, going: list[tuple[Net, models.Model]], by: User, stays: Any) -> None:
    """Remove what the import added, parts before wholes; what is referred to stays."""
    is_reported = Freeze.objects.filter(frozen_at__gt=run.checked_at or run.created_at).exists()
    left = list(going)
    if is_reported:
        left = [one for one in left if not _made_unsaid(*one, by, stays)]
    while left:
        models_left = {net.model for net, _ in left}
        first = next((m for m in models_left if not _holds_up(m, models_left)), left[-1][0].model)
        now = [one for one in left if one[0].model is first]
        left = [one for one in left if one[0].model is not first]
        held = referred(first, [record.pk for _, record in now])
        gone = [(net, record) for net, record in now if record.pk not in held]
        for net, record in now:
            if record.pk in held:
                _leave(net, record, run, by, stays)
        entries = [
            audit.Entry(
                "import.row_removed",
                audit.target_of(record),
                _scope(record),
                before=ledger.values_of(record),
            )
            for _, record in gone
        ]
        remove_rows(first, [record.pk for _, record in gone])
        audit.record_all(entries, by=by)


def _holds_up(model: type[models.Model], others: set[type[models.Model]]) -> bool:
    """Say whether records of one of the other kinds may refer to this kind."""
    return any(
        link.related_model is model
        for other in others - {model}
        for link in other._meta.concrete_fields
        if link.is_relation
    )


def _leave(net: Net, record: models.Model, run: ImportRun, by: User, stays: Any) -> None:
    """Keep what something refers to; a project is cancelled where its stage allows that."""
    sentence = REFERRED
    if isinstance(record, Project):
        try:
            with transaction.atomic():
                change_stage(
                    project=record,
                    target=Stage.CANCELLED,
                    reason=f"The import of {run.file_name} was undone",
                    version=None,
                    by=by,
                )
            sentence = "Something refers to the project by now: it is cancelled and stays."
        except RefusalError:
            pass
    stays(net, sentence)


def _made_unsaid(net: Net, record: models.Model, by: User, stays: Any) -> bool:
    """Answer an entry that a freeze has reported since by another; False for what may simply go."""
    if isinstance(record, CostEntry):
        money.answer_cost(entry=record, note=f"Import undone: {record.note}"[:200], by=by)
        stays(net, "The cost was reported since: a contra entry takes it back.")
        return True
    if isinstance(record, ForecastEntry):
        _say_the_one_before(record, by)
        stays(net, "The forecast was reported since: the one before it is stated again.")
        return True
    if isinstance(record, MonthForecast):
        stays(net, _take_back_month(record, by))
        return True
    return False


def _take_back_month(entry: MonthForecast, by: User) -> str:
    """State the month as before, unless somebody forecast it since or it is over; say what was done."""
    same = MonthForecast.objects.filter(
        project=entry.project_id, line=entry.line_id, month=entry.month
    )
    if same.filter(pk__gt=entry.pk).exists():
        return "The month was reported, and forecast anew since: that stays."
    before = same.filter(pk__lt=entry.pk).order_by("-made_on", "-pk").first()
    amount = before.amount if before else Decimal()
    try:
        forecast_months(
            project=entry.project,
            cells={(entry.line, entry.month): amount},
            by=by,
            use_as_forecast=False,
        )
    except RefusalError:
        return "The month was reported and is over by now, so its forecast stays."
    return "The month was reported since: the forecast before it is stated again."


def _say_the_one_before(entry: ForecastEntry, by: User) -> None:
    earlier = ForecastEntry.objects.filter(project=entry.project_id, fiscal_year=entry.fiscal_year)
    before = (
        earlier.filter(
            models.Q(made_on__lt=entry.made_on) | models.Q(made_on=entry.made_on, pk__lt=entry.pk)
        )
        .order_by("-made_on", "-pk")
        .first()
    )
    money.make_forecast(
        project=entry.project,
        fiscal_year=entry.fiscal_year,
        amount=before.amount if before else None,
        stated_reason=before.stated_reason if before else "The import was undone",
        by=by,
    )


def _scope(record: models.Model) -> str:
    project = record.pk if isinstance(record, Project) else getattr(record, "project_id", None)
    return f"projects.project:{project}" if project else ""
