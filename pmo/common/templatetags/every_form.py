"""
What every form that writes carries: its token, and the key that lets it have one effect.

`csrf_token` takes the place of Django's in all templates, so that no form can be without the key.
"""

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pmo.common.page.once import FIELD, fresh_key

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """Print both hidden fields, also in a part that is included with `only`."""
    request: Any = getattr(context, "request", None) or context.get("request")
    if request is None:
        return SafeString("")
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="{}" value="{}">',
        get_token(request),
        FIELD,
        fresh_key(),
    )
