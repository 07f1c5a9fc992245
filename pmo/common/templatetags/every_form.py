"""
What every form that writes carries: its token, and the key that lets it have one effect.

`csrf_token` takes the place of Django's in all templates, so that no form can be without the key. What is
doubted about words that stand at no field of the form is asked with the summary of what is wrong.
"""

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from pmo.common.page.doubting import question
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


@register.simple_tag
def doubt_question(errors: Any) -> SafeString:
    """Ask why doubtful words are no patient's, where the form has not asked yet."""
    return mark_safe(question(errors))  # noqa: S308 - what was answered is escaped where it is drawn
