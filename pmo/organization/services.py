"""Write what the organization says of itself."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from pmo.common.events import announce
from pmo.common.writing import add, all_or_nothing, change, only
from pmo.organization.defaults import initial
from pmo.organization.models import ONLY, Organization

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
    known = Organization.objects.filter(pk=ONLY).first()
    before = known or initial()
    if known is not None:
        saved = change(known, version=version, by=by, action="organization.changed", **accepted)
    else:
        record = initial()
        for name, value in accepted.items():
            setattr(record, name, value)
        saved = add(record, by=by, action="organization.created")
    if any(getattr(saved, name) != getattr(before, name) for name in DECIDE_COLORS):
        announce(STATUS_RULES, saved.pk)
    return saved
