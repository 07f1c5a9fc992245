"""The way back to the list of steps, for pages that are still empty."""

from typing import Any

from django import template
from django.template.context import Context

from pmo.accounts.checklist import open_checklist

register = template.Library()


@register.inclusion_tag("components/checklist_link.html", takes_context=True)
def checklist_link(context: Context, before: str = "", after: str = "") -> dict[str, Any]:
    """
    Print "back to your checklist, 2 of 7 done" as a link, with words around it.

    `before` and `after` belong to the sentence and vanish with the link: when the list is done or
    hidden, or the reader has none. It works in a part included with `only`.
    """
    request: Any = getattr(context, "request", None) or context.get("request")
    user = getattr(request, "user", None)
    found = open_checklist(user) if user is not None else None
    return {"checklist": found, "before": before, "after": after}
