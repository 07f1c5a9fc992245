"""
Write the rows of a list, a hundred at a time, each hundred in a transaction of its own.

The place in the list moves with them, so that a worker that is killed goes on where it was. Every row
is compared anew: what somebody changed since the list was looked at is refused, not overwritten.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from pmo.accounts.acting import acting
from pmo.accounts.lists import ListKind, ListLine, Result, RowEffect, compare
from pmo.accounts.lists.places import Places, key_of
from pmo.accounts.lists.units import kind_at
from pmo.accounts.models import FileState, PeopleFile, Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.roles import Role
from pmo.accounts.services.at_once import grant_roles
from pmo.accounts.services.records import change_unit, create_unit
from pmo.common.background import jobs
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import all_or_nothing

WRITE = "people_file.write"
CHUNK = 100
CHANGED_SINCE = "This was changed since the file was checked. Upload the file again."


def run_writing(run: jobs.Run) -> dict[str, Any]:
    """Write a list to its end, chunk by chunk."""
    record = PeopleFile.objects.get(pk=run.params["file"])
    while record.state == FileState.WRITING:
        by = acting(run.job.requested_by, needed(ListKind(record.kind)))
        record = write_chunk(record=record, by=by)
        done, total = record.position, sum(record.counts.values())
        run.progress(done, total, f"{formats.count(done, 'row')} done")
    return {"url": record.get_absolute_url(), "label": "Open the list"}


def needed(kind: ListKind) -> Permission:
    """Return the permission that a list of this kind asks for."""
    return Permission.UNIT_CHANGE if kind is ListKind.UNITS else Permission.ACCOUNT_CHANGE


@all_or_nothing
def write_chunk(*, record: PeopleFile, by: User | None) -> PeopleFile:
    """Write the next hundred rows of a list; after the last it is written."""
    saved = PeopleFile.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if saved.state != FileState.WRITING:
        return saved
    lines = [ListLine.of(row) for row in saved.rows]
    start, end = saved.position, min(saved.position + CHUNK, len(lines))
    # what was refused or asked about when it was looked at stays so
    shown = {one["line"]: one for one in saved.report[start:end] if RowEffect(one["effect"]).writes}
    results = compare(ListKind(saved.kind), lines, saved.answers, only=shown.keys())
    for one in results:
        _refuse_changed(one, shown[one.line])
    write_results(kind=ListKind(saved.kind), results=results, by=by)
    # the rows and their report are megabytes of a long list: saved only where they changed
    names = ["position"]
    if refused := {one.line: one.told() for one in results if one.effect is RowEffect.REFUSED}:
        saved.report = [refused.get(one["line"], one) for one in saved.report]
        names.append("report")
    saved.position = end
    if end == len(lines):
        _finish(saved, by)
        names += ["rows", "counts", "state", "written_at"]
    saved.save(update_fields=names)
    return saved


def _refuse_changed(result: Result, shown: dict[str, Any]) -> None:
    """Refuse a row that would do something else by now than what was looked at."""
    if not result.effect.writes:
        return
    if (result.effect.value, result.changes) != (shown["effect"], shown["changes"]):
        result.effect, result.reason, result.changes = RowEffect.REFUSED, CHANGED_SINCE, []


def _finish(saved: PeopleFile, by: User | None) -> None:
    """Keep the refused rows only, for the one who looks after them."""
    left = {
        one["line"]
        for one in saved.report
        if one["effect"] in {RowEffect.REFUSED.value, RowEffect.ASKED.value}
    }
    saved.counts = {
        effect.value: sum(one["effect"] == effect.value for one in saved.report)
        for effect in RowEffect
    }
    saved.rows = [row for row in saved.rows if row["line"] in left]
    saved.state, saved.written_at = FileState.WRITTEN, timezone.now()
    audit.record(
        action="people_file.written",
        target=saved,
        by=by,
        after={"kind": saved.kind, "digest": saved.digest, **saved.counts},
    )


@all_or_nothing
def write_results(*, kind: ListKind, results: Sequence[Result], by: User | None) -> None:
    """Write what may be written of these rows; each then knows its record."""
    wanted = [one for one in results if one.effect.writes]
    if kind is ListKind.UNITS:
        _write_units(wanted, by)
    else:
        _write_people(wanted, by)


def _write_people(results: Sequence[Result], by: User | None) -> None:
    new = [(one, User(**one.values)) for one in results if one.effect is RowEffect.NEW]
    for _, user in new:
        user.password = make_password(None)
        user.clean_fields(exclude=["unit"])
    User.objects.bulk_create([user for _, user in new])
    entries = [audit.Entry("person.created", user, after=one.values) for one, user in new]
    keys = [one.target for one in results if one.effect is RowEffect.CHANGED]
    held = User.objects.select_for_update(of=("self",), no_key=True).order_by("pk").in_bulk(keys)
    for one in results:
        if one.effect is RowEffect.CHANGED:
            user = held[one.target]
            before = {name: getattr(user, name) for name in one.values}
            for name, value in one.values.items():
                setattr(user, name, value)
            user.clean_fields(exclude=["unit"])
            if one.values:
                entries.append(audit.Entry("person.changed", user, before=before, after=one.values))
    if held:
        User.objects.bulk_update(held.values(), ["name", "email", "title", "unit"])
    if entries:
        audit.record_all(entries, by=by)
    units = Unit.objects.in_bulk({unit for one in results for _, unit in one.roles if unit})
    people = {id(one): user for one, user in new} | {
        id(one): held[one.target] for one in results if one.effect is RowEffect.CHANGED
    }
    grant_roles(
        wanted=[
            (people[id(one)], Role(role), units[unit] if unit else None)
            for one in results
            for role, unit in one.roles
        ],
        by=by,
    )
    for one in results:
        one.target = people[id(one)].pk


def _write_units(results: Sequence[Result], by: User | None) -> None:
    """Write units one by one, those above before those below."""
    places = Places()
    made = {path: places.units[pk] for path, pk in places.by_path.items()}
    for one in results:
        if one.effect is RowEffect.CHANGED:
            unit = made[key_of(one.path)]
            change_unit(unit=unit, version=None, by=by, **one.values)
            continue
        parent: Unit | None = None
        for depth in range(1, len(one.path)):
            key = key_of(one.path[:depth])
            if key not in made:
                made[key] = create_unit(
                    by=by, name=one.path[depth - 1], kind=kind_at(depth - 1), parent=parent
                )
            parent = made[key]
        unit = create_unit(by=by, name=one.path[-1], parent=parent, **one.values)
        made[key_of(one.path)], one.target = unit, unit.pk
