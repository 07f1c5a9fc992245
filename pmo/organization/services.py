"""Write what the organization says of itself."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from pmo.common.background.events import announce
from pmo.common.records.writing import EditConflictError, add, all_or_nothing, change, only
from pmo.organization import locks
from pmo.organization.defaults import initial
from pmo.organization.letterhead import said_by
from pmo.organization.models import ONLY, Organization
from pmo.organization.rhythm import WeekPlan, problems_of
from pmo.organization.validators import currency_text

STATUS_RULES = "organization.status_rules"  # announced when colors may differ from now on
DECIDE_COLORS = ("bands", "axes")
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
    known = Organization.objects.select_for_update().filter(pk=ONLY).first()
    before = known or initial()
    if known is not None and version is not None and known.version != version:
        raise EditConflictError(known)
    _refuse_locked(before, accepted)
    _check_week(before, accepted)
    if known is not None:
        saved = change(known, version=version, by=by, action="organization.changed", **accepted)
    else:
        saved = _first(accepted, by)
    if any(getattr(saved, name) != getattr(before, name) for name in DECIDE_COLORS):
        announce(STATUS_RULES, saved.pk)
    return saved


def _first(accepted: dict[str, Any], by: AbstractBaseUser | None) -> Organization:
    record = initial()
    for name, value in accepted.items():
        setattr(record, name, value)
    record.version, record.at_first = 1, said_by(record)
    return add(record, by=by, action="organization.created")


def _refuse_locked(now: Organization, wanted: dict[str, Any]) -> None:
    """
    Refuse to change what recorded amounts stand on; until this is saved, no amount is recorded.

    A currency is checked only when it changes: what an environment once said must not lock the rest.
    """
    if wanted.get("currency", now.currency) != now.currency:
        _check_currency(wanted["currency"])
    changed = {name for name in locks.LOCKED & wanted.keys() if wanted[name] != getattr(now, name)}
    if not changed:
        return
    locks.hold_amounts_still()
    if locks.is_an_amount_recorded():
        raise ValidationError(
            {name: ValidationError(locks.SENTENCES[name], code="locked") for name in changed}
        )


def _check_currency(value: str) -> None:
    try:
        currency_text(value)
    except ValidationError as error:
        raise ValidationError({"currency": error}) from error


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
