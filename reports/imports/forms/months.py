"""The question of which year columns are that name a month and no year."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from pmo.common.tabular import SourceTable
from pmo.organization.current import organization
from reports.imports.domain import Profile
from reports.imports.services.month_columns import with_months_from, without_year
from reports.imports.words import months as words

NAME, LEFT_OUT = "months_from", "none"


def ask_for_year(
    form: forms.Form, table: SourceTable, profile: Profile, *, is_answered: bool
) -> None:
    """Add the question where it has to be asked; what was answered before is chosen."""
    bare = without_year(table) if profile.kind.has_months else {}
    if not bare:
        return
    first = profile.answers.months_from
    form.fields[NAME] = forms.ChoiceField(
        label="The months are",
        choices=[("", "Choose"), *_choices(first), (LEFT_OUT, words.NO_YEAR)],
        initial=first.isoformat() if first else LEFT_OUT if is_answered else "",
        help_text=words.months_asked(list(bare)),
        error_messages={"required": words.ASKED},
    )


def with_answer(
    document: dict[str, Any], table: SourceTable, cleaned: dict[str, Any]
) -> dict[str, Any]:
    """Return the mapping with the months that were chosen, where they were asked about."""
    if NAME not in cleaned:
        return document
    said = cleaned[NAME]
    return with_months_from(document, table, None if said == LEFT_OUT else date.fromisoformat(said))


def _choices(chosen: date | None) -> list[tuple[str, str]]:
    """Offer this calendar year and the next, this fiscal year and the next, and the year from now on."""
    start, today = organization().fiscal_year_start_month, timezone.localdate()
    fiscal = date(today.year - (today.month < start), start, 1)
    firsts = {date(today.year, 1, 1), date(today.year + 1, 1, 1), today.replace(day=1)}
    firsts |= {fiscal, date(fiscal.year + 1, start, 1)}
    firsts |= {chosen} if chosen else set()
    return [
        (one.isoformat(), words.twelve_months(one, fiscal_start=start)) for one in sorted(firsts)
    ]
