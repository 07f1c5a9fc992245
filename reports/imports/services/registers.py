"""Write one row of a register, a milestone or a risk, found again by its project and name."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Model

from pmo.common.records.search import same
from projects.models import Milestone, Project
from projects.services import milestones
from reports.imports.domain import RECORD_KINDS, ImportRow
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.setting import Setting, Written
from risks import services as risks
from risks.models import Risk

MILESTONE_FIELDS = ("name", "kind", "baseline_date", "forecast_date", "actual_date")
RISK_FIELDS = {
    "title": "title",
    "kind": "kind",
    "likelihood": "likelihood",
    "impact": "impact",
    "response": "response",
    "due": "review_date",
}


def _project(row: ImportRow, setting: Setting) -> Project:
    project = setting.lookups.project(row, "project")
    if project is None:
        raise RowRefusedError(
            "project", "No project has this code.", "The code of a project that is in Rounds."
        )
    return project


def write_milestone(row: ImportRow, setting: Setting) -> Written:
    """Create or update the row's milestone; raise one of `refusals.ERRORS`."""
    project = _project(row, setting)
    fields: dict[str, Any] = {
        name: row.values[name] for name in MILESTONE_FIELDS if name in row.values
    }
    known = Milestone.objects.filter(same(str(row.values["name"]), "name"), project=project).first()
    if known is None:
        milestones.create_milestone(project=project, by=setting.by, **fields)
        return Written("created", (), project.pk)
    moved = _moved("milestone", known, fields, {name: name for name in MILESTONE_FIELDS})
    milestones.change_milestone(milestone=known, version=None, by=setting.by, **fields)
    return Written("updated" if moved else "unchanged", moved, project.pk)


def write_risk(row: ImportRow, setting: Setting) -> Written:
    """Create or update the row's risk; raise one of `refusals.ERRORS`."""
    project = _project(row, setting)
    fields: dict[str, Any] = {
        own: _whole(row.values[name]) for name, own in RISK_FIELDS.items() if name in row.values
    }
    if owner := setting.lookups.person(row, "owner"):
        fields["owner"] = owner
    known = Risk.objects.filter(same(str(row.values["title"]), "title"), project=project).first()
    if known is None:
        for name in ("likelihood", "impact"):
            if name not in fields:
                raise RowRefusedError(name, "A new risk needs this score.", "A number from 1 to 5.")
        risks.create_risk(project=project, by=setting.by, **fields)
        return Written("created", (), project.pk)
    moved = _moved("risk", known, fields, RISK_FIELDS | {"owner": "owner"})
    risks.change_risk(risk=known, version=None, by=setting.by, **fields)
    return Written("updated" if moved else "unchanged", moved, project.pk)


def _whole(value: object) -> object:
    return int(value) if isinstance(value, Decimal) else value


def _moved(
    kind: str, known: Model, fields: dict[str, Any], names: dict[str, str]
) -> tuple[str, ...]:
    """Return the labels of the fields that differ from what is known."""
    ours = {own: name for name, own in names.items()}
    return tuple(
        RECORD_KINDS[kind].field(ours[own]).label
        for own, value in fields.items()
        if getattr(known, own) != value
    )


WRITERS: dict[str, Callable[[ImportRow, Setting], Written]] = {
    "milestone": write_milestone,
    "risk": write_risk,
}
