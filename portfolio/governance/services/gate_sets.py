"""Write the sets of gates that the office keeps."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from pmo.accounts.models import User
from pmo.common.records.writing import (
    add,
    all_or_nothing,
    change,
    insert_all,
    only,
    remove,
)
from pmo.organization.current import categories
from portfolio.governance.models import GateSet, SetGate
from portfolio.governance.selectors.gate_sets import rows_of_set

SET_FIELDS = frozenset({"code", "name", "category"})
SET_GATE_FIELDS = frozenset(
    {"code", "name", "question", "position", "stage", "committee", "evidence"}
)


@all_or_nothing
def create_gate_set(*, by: User | None, **fields: Any) -> GateSet:
    """Add a set with the gates of the one that ships, to be edited; projects keep those laid on them."""
    record = GateSet(**only(fields, SET_FIELDS))
    _check_category(record)
    made = add(record, by=by, action="gate_set.created")
    insert_all(
        [
            SetGate(
                gate_set=made,
                code=row.code,
                name=row.name,
                question=row.question,
                position=position,
                stage=row.stage,
                evidence=[
                    {
                        "kind": one.kind.value,
                        "name": one.name,
                        "field": one.field,
                        "is_required": one.is_required,
                    }
                    for one in row.wanted
                ],
            )
            for position, row in enumerate(rows_of_set(None), start=1)
        ]
    )
    return made


@all_or_nothing
def change_gate_set(
    *, gate_set: GateSet, version: int | None, by: User | None, **fields: Any
) -> GateSet:
    changes = only(fields, SET_FIELDS)
    _check_category(GateSet(**changes))
    return change(gate_set, version=version, by=by, action="gate_set.changed", **changes)


def _check_category(record: GateSet) -> None:
    if record.category and record.category not in {one.code for one in categories()}:
        raise ValidationError({"category": "Choose one of the organization's categories."})


@all_or_nothing
def remove_gate_set(*, gate_set: GateSet, by: User | None) -> None:
    """Remove a set; the gates that were laid from it stay on their projects."""
    gate_set.gates.all().delete()
    remove(gate_set, by=by, action="gate_set.removed")


@all_or_nothing
def add_set_gate(*, gate_set: GateSet, by: User | None, **fields: Any) -> SetGate:
    last = gate_set.gates.aggregate(last=Max("position"))["last"] or 0
    given = {"position": last + 1} | only(fields, SET_GATE_FIELDS)
    record = SetGate(gate_set=gate_set, **given)
    return add(record, by=by, action="gate_set.gate_added", scope=gate_set)


@all_or_nothing
def change_set_gate(
    *, gate: SetGate, version: int | None, by: User | None, **fields: Any
) -> SetGate:
    return change(
        gate,
        version=version,
        by=by,
        action="gate_set.gate_changed",
        scope=gate.gate_set,
        **only(fields, SET_GATE_FIELDS),
    )


@all_or_nothing
def remove_set_gate(*, gate: SetGate, by: User | None) -> None:
    remove(gate, by=by, action="gate_set.gate_removed", scope=gate.gate_set)
