"""Write what the organization says of itself."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from pmo.common.writing import add, all_or_nothing, change, only
from pmo.organization.defaults import initial
from pmo.organization.models import ONLY, Organization
from pmo.organization.rhythm import WeekPlan, problems_of

FIELDS = frozenset(
    {
        "name",
        "currency",
        "currency_after",
        "fiscal_year_start_month",
        "time_zone",
        "due_weekday",
        "due_time",
        "remind_time",
        "freeze_weekday",
        "compile_weekday",
        "compile_time",
        "earliest_date",
        "years_ahead",
        "bands",
        "axes",
        "checklist_hidden_at",
    }
)


@all_or_nothing
def change_organization(
    *, by: AbstractBaseUser | None, version: int | None, **fields: Any
) -> Organization:
    """Save settings; the first save makes the row. Raises EditConflictError and ValidationError."""
    accepted = only(fields, FIELDS)
    known = Organization.objects.filter(pk=ONLY).first()
    _check_week(known or initial(), accepted)
    if known is not None:
        return change(known, version=version, by=by, action="organization.changed", **accepted)
    record = initial()
    for name, value in accepted.items():
        setattr(record, name, value)
    return add(record, by=by, action="organization.created")


def _check_week(current: Organization, accepted: Mapping[str, Any]) -> None:
    """Raise ValidationError where the days and hours that would hold do not fit together."""
    if not accepted.keys() & set(WeekPlan._fields):
        return
    plan = {name: accepted.get(name, getattr(current, name)) for name in WeekPlan._fields}
    try:
        problems = problems_of(WeekPlan(**plan))
    except (IndexError, TypeError):
        return  # no weekday or no hour at all: the fields' own rules say so
    if problems:
        raise ValidationError(problems)
