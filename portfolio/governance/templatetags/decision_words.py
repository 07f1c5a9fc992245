"""The words of a decision in a list."""

from django import template

from portfolio.governance.selectors.pages import RegisterRow
from portfolio.governance.words import decisions as words

register = template.Library()


@register.filter
def decision_state(row: RegisterRow) -> str:
    """Say how it stands, or what was decided."""
    one = row.decision
    if one.is_decided:
        return str(one.get_outcome_display())
    return str(one.get_state_display())


@register.filter
def late_said(row: RegisterRow) -> str:
    return words.late_words(row)


@register.filter
def ratified_said(row: RegisterRow) -> str:
    return words.ratified_words(row)
