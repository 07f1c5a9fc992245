"""
The parts of forms that stand on a page by the dozen, drawn without a template each.

Django includes a template for every option and every attribute, which was half the time of a form. What
is drawn here is what its templates and ours drew; what is not named in DRAWN still has a template.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.boundfield import BoundField
from django.utils.html import conditional_escape

from pmo.common.page.doubting import question
from pmo.common.templatetags.rounds import icon

Drawn = Callable[[Mapping[str, Any]], str]


def _text(value: Any) -> str:
    """Escape what is not marked as safe; the first case is nearly every one, and the quick way."""
    return escape(value) if type(value) is str else conditional_escape(value)


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    said = "" if value is None else f' value="{_text(value)}"'
    name, attributes = _text(widget["name"]), _attributes(widget)
    return f'<input type="{_text(widget["type"])}" name="{name}"{said}{attributes}>'


def plain_input(context: Mapping[str, Any]) -> str:
    return _input(context["widget"])


def textarea(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    text = _text(widget["value"] or "")
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _option(option: Mapping[str, Any]) -> str:
    label = _text(option["label"])
    return f'<option value="{_text(option["value"])}"{_attributes(option)}>{label}</option>'


def select(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    lines = [f'<select name="{_text(widget["name"])}"{_attributes(widget)}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            lines.append(f'<optgroup label="{_text(group)}">')
        lines += map(_option, options)
        if group:
            lines.append("</optgroup>")
    return "\n".join([*lines, "</select>"])


def money_input(context: Mapping[str, Any]) -> str:
    """An amount between the signs of its currency; see MoneyInput."""
    before, after = (
        f'<span aria-hidden="true">{_text(context[side])}</span>' if context[side] else ""
        for side in ("before", "after")
    )
    return f'<span class="money">\n{before}\n{plain_input(context)}\n{after}\n</span>'


def color_radio(context: Mapping[str, Any]) -> str:
    """Status choices as cards; see ColorRadio."""
    lines = [f'<div class="rags{" rags--small" if context["small"] else ""}">']
    for _, options, _ in context["widget"]["optgroups"]:
        for option in options:
            value, label = option["value"], _text(option["label"])
            hint = context["hints"].get(str(value))
            lines += [
                f'<label class="ragopt ragopt--{_text(value)}" for="{option["attrs"]["id"]}">',
                _input(option),
                f'<span class="ragopt__t">{icon(f"rag-{value}")}{label}</span>',
                f'<span class="hint">{_text(hint)}</span>' if hint else "",
                "</label>",
            ]
    return "\n".join([*lines, "</div>"])


def error_list(context: Mapping[str, Any]) -> str:
    """What is wrong with one field, or with a form; nothing where nothing is."""
    errors = context["errors"]
    return _wrong(errors) + question(errors)


def _wrong(errors: Any) -> str:
    if not errors:
        return ""
    place = f' id="{_text(errors.field_id)}_error"' if errors.field_id else ""
    words = " ".join(map(_text, errors))
    return f'<p class="error"{place}>\n{icon("rag-red")}\n<span>{words}</span>\n</p>'


def field_row(context: Mapping[str, Any]) -> str:
    """
    One field by Django's renderer ({{ field.as_field_group }}): label, hint, error, control.

    What is asked about its words stands below it.
    """
    field: BoundField = context["field"]
    errors, label = field.errors, _text(field.label)
    hint = _hint(field)
    said = _wrong(errors)
    is_needed = field.field.required or _offers_empty(field)
    optional = "" if is_needed else ' <span class="opt">(optional)</span>'
    if field.widget_type == "checkbox":
        named = f'<label for="{field.id_for_label}">{label}</label>'
        inside = f'<div class="check">\n{field}\n{named}\n</div>\n{hint}\n{said}'
    elif field.use_fieldset:
        described = field.aria_describedby
        by = f' aria-describedby="{described}"' if described else ""
        legend = f"<legend>{label}{optional}</legend>"
        inside = f"<fieldset{by}>\n{legend}\n{hint}\n{said}\n{field}\n</fieldset>"
    else:
        named = f'<label for="{field.id_for_label}">\n{label}{optional}\n</label>'
        inside = f"{named}\n{hint}\n{said}\n{field}"
    wrong = " field--err" if errors else ""
    return (
        f'<div class="field{wrong}" id="f-{field.html_name}">\n{inside}\n</div>{question(errors)}'
    )


def _offers_empty(field: BoundField) -> bool:
    """Say whether one of the buttons stands for the empty answer, so that one is always chosen."""
    choices = getattr(field.field, "choices", ())
    return field.widget_type == "radioselect" and any(value == "" for value, _ in choices)


def _hint(field: BoundField) -> str:
    if not field.help_text:
        return ""
    return f'<p class="hint" id="{field.auto_id}_helptext">{_text(field.help_text)}</p>'


_INPUTS = ("checkbox", "date", "email", "hidden", "input", "number", "search", "text", "time")
DRAWN: dict[str, Drawn] = {
    **{f"django/forms/widgets/{name}.html": plain_input for name in _INPUTS},
    "django/forms/widgets/select.html": select,
    "django/forms/widgets/textarea.html": textarea,
    "django/forms/errors/list/default.html": error_list,
    "django/forms/errors/list/ul.html": error_list,
    "drawn/field": field_row,
    "drawn/money": money_input,
    "drawn/color_radio": color_radio,
}
