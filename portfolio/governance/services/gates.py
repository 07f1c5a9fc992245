"""Write the gates of a project: laid from a plan or a set, changed, and their evidence."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pmo.accounts.models import User
from pmo.common.records.writing import RefusalError, add, all_or_nothing, insert_all
from portfolio.governance.models import EvidenceItem, ProjectGate
from portfolio.governance.selectors.gate_sets import SetRow, rows_of_set, set_for
from projects.models import Milestone, Project
from projects.services.projects import locked


class GatePlan(NamedTuple):
    """
    A gate as a template or a set plans it, in the order of the sequence it stands in.

    `stage` is the stage that it opens, None for none; an empty name is that of the set's gate of that code.
    """

    code: str
    name: str = ""
    stage: str | None = None
    milestone: Milestone | None = None
    planned_on: date | None = None


@all_or_nothing
def lay_gates(*, project: Project, gates: Sequence[GatePlan], by: User | None) -> list[ProjectGate]:
    """
    Lay gates on a project that has none, in this order.

    Question, committee and evidence come from the gate of the same code in the set of the project's category.
    Raises RefusalError for a project that has gates, a code given twice, or a milestone of another project.
    """
    saved = locked(project)
    if ProjectGate.objects.filter(project=saved).exists():
        raise RefusalError("This project has its gates already. Change them one by one.")
    codes = [plan.code for plan in gates]
    if len(set(codes)) < len(codes):
        raise RefusalError("Each gate has a code of its own.")
    known = {row.code: row for row in rows_of_set(set_for(saved.category))}
    return [
        _lay(saved, plan, known.get(plan.code), position, by)
        for position, plan in enumerate(gates, start=1)
    ]


@all_or_nothing
def lay_set(*, project: Project, by: User | None) -> list[ProjectGate]:
    """Lay the gates of the set for the project's category."""
    rows = rows_of_set(set_for(project.category))
    plans = [GatePlan(row.code, row.name, row.stage or None) for row in rows]
    return lay_gates(project=project, gates=plans, by=by)


def _lay(
    project: Project, plan: GatePlan, row: SetRow | None, position: int, by: User | None
) -> ProjectGate:
    if plan.milestone and plan.milestone.project_id != project.pk:
        raise RefusalError("That milestone does not exist in this project.")
    gate = ProjectGate(
        project=project,
        code=plan.code,
        name=plan.name or (row.name if row else plan.code),
        question=row.question if row else "",
        position=position,
        stage=plan.stage or "",
        milestone=plan.milestone,
        planned_on=plan.planned_on,
        committee_id=row.committee_id if row else None,
    )
    laid = add(gate, by=by, action="gate.laid", scope=project)
    insert_all(
        [
            EvidenceItem(
                project=project,
                gate=laid,
                position=place,
                kind=wanted.kind.value,
                name=wanted.name,
                field=wanted.field,
                is_required=wanted.is_required,
            )
            for place, wanted in enumerate(row.wanted if row else (), start=1)
        ]
    )
    return laid
