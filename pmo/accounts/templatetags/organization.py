"""What the organization calls things, for templates."""

from django import template

from pmo.organization import current

register = template.Library()


@register.filter
def category_name(code: str) -> str:
    """Return the name of a category; the code itself where nothing has it."""
    return current.category_name(code)
