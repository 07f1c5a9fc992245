"""What is drawn in Python is what Django's own templates draw, whatever stands in it."""

import re
from datetime import date, time
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from pmo.common.page.drawing import DRAWN
from pmo.common.page.forms import ColorRadio, DayInput, MoneyInput, RoundsRenderer

NASTY = "\"><script>&'"
CHOICES = [
    ("", "Any"),
    (1, gettext_lazy("Yes")),
    (NASTY, NASTY),
    ("safe", mark_safe("<b>bold</b>")),
    ("Group <x>", [("a", "A"), ("b", "B & C")]),
]
WIDGETS: list[tuple[forms.Widget, list[Any]]] = [
    (forms.TextInput(attrs={"placeholder": NASTY, "required": True}), ["", None, NASTY, 5]),
    (forms.SearchInput(attrs={"disabled": False}), ["clinic"]),
    (forms.NumberInput(attrs={"min": 0}), [0, 12]),
    (forms.EmailInput(), ["a@b.example"]),
    (forms.HiddenInput(), [7, mark_safe("&amp;")]),
    (forms.TimeInput(), [time(17, 0)]),
    (forms.CheckboxInput(), [True, False, "on"]),
    (DayInput(), [date(2026, 12, 4), None, "not a day"]),
    (forms.Textarea(attrs={"rows": 2}), ["", None, f"{NASTY}\nsecond"]),
    (forms.Select(attrs={"class": "wide"}, choices=CHOICES), ["", 1, "b", NASTY]),
    (forms.SelectMultiple(choices=CHOICES), [["a", "1"], []]),
    (forms.NullBooleanSelect(), [True]),
]


def flat(html: str) -> str:
    return re.sub(r"\s+", " ", html).replace("> <", "><")


@pytest.mark.parametrize(
    ("widget", "value"), [(widget, value) for widget, values in WIDGETS for value in values]
)
def test_a_widget_is_drawn_as_django_draws_it(widget: forms.Widget, value: Any) -> None:
    given: dict[str, Any] = {"name": "field<1>", "value": value, "attrs": {"id": "id_field"}}
    assert widget.template_name in DRAWN
    ours = widget.render(**given, renderer=RoundsRenderer())
    assert flat(ours) == flat(widget.render(**given, renderer=DjangoTemplates()))


class Ask(forms.Form):
    name = forms.CharField(label="Name <of it>", help_text="As <people> say it.", max_length=3)
    note = forms.CharField(required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label="Agreed & read", help_text="All of it.")
    stage = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, help_text="One.")
    cost = forms.CharField(widget=MoneyInput(currency="kr<"), required=False)
    color = forms.ChoiceField(
        choices=[("red", "Red"), ("none", "Not & judged")],
        widget=ColorRadio(hints={"red": "Help <now>."}, small=True),
    )


def test_a_field_names_its_control_says_its_hint_and_its_fault() -> None:
    form = Ask({"name": "toolong", "agreed": ""})
    name = flat(form["name"].as_field_group())
    assert '<div class="field field--err" id="f-name">' in name
    assert '<label for="id_name"> Name &lt;of it&gt; </label>' in name
    assert '<p class="hint" id="id_name_helptext">As &lt;people&gt; say it.</p>' in name
    assert '<p class="error" id="id_name_error">' in name
    assert 'aria-describedby="id_name_helptext id_name_error"' in name
    note = flat(form["note"].as_field_group())
    assert note.startswith('<div class="field" id="f-note"><label for="id_note"> Note <span')
    assert "error" not in note


def test_a_checkbox_stands_before_its_label_and_choices_in_a_fieldset() -> None:
    form = Ask({})
    agreed, stage = (flat(form[name].as_field_group()) for name in ("agreed", "stage"))
    assert re.search(r'<div class="check"><input [^>]*><label for="id_agreed">Agreed &amp;', agreed)
    assert agreed.index("<input") < agreed.index('id="id_agreed_helptext"')
    assert '<fieldset aria-describedby="id_stage_helptext id_stage_error"><legend>Stage' in stage
    assert stage.index("id_stage_error") < stage.index('type="radio"')


def test_an_amount_has_its_currency_beside_it() -> None:
    html = flat(str(Ask()["cost"]))
    assert html.startswith('<span class="money"><span aria-hidden="true">kr&lt;</span><input ')
    assert html.endswith("></span>")


def test_colors_are_cards_with_their_meanings() -> None:
    html = flat(str(Ask({"color": "none"})["color"]))
    assert html.startswith('<div class="rags rags--small"><label class="ragopt ragopt--red"')
    assert '<span class="hint">Help &lt;now&gt;.</span>' in html
    assert "</svg>Not &amp; judged</span>" in html
    assert re.search(r'<input type="radio"[^>]* value="none"[^>]* checked>', html)
    assert html.count("rag-red") == 1
