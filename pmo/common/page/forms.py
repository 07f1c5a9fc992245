"""How forms look: the renderer, the widgets that Django lacks, and the answer to a lost race."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from pmo.common.page.drawing import DRAWN
from pmo.common.page.formats import around

BILLION = Decimal(1_000_000_000)
SCALES = {"k": Decimal(1000), "m": Decimal(1_000_000), "b": BILLION, "bn": BILLION}
SCALED = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))\s*(k|m|bn?)", re.IGNORECASE)


class RoundsRenderer(TemplatesSetting):
    """
    Draw every form with our field row: label, hint, error, control.

    The browser is told no limit of a text: it would cut what is pasted without a word, and counts an
    emoji twice. The form says how much is too long, and keeps it.
    """

    form_template_name = "components/form_fields.html"
    field_template_name = "drawn/field"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if "widget" in context:
            context["widget"]["attrs"].pop("maxlength", None)
        if draw := DRAWN.get(template_name):
            return draw(context)
        return super().render(template_name, context, request)


DAY_ERRORS = {"invalid": "Enter a day that exists, for example 2026-12-04."}
OF_THE_LIST = {"invalid_choice": "Choose one of the list."}
# what Django says too, in words that say what would be right
SENTENCES: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "Fill this in."},
    forms.FileField: {"required": "Choose a file."},
    forms.DateField: DAY_ERRORS,
    forms.TimeField: {"invalid": "Enter a time, for example 17:00."},
    forms.DecimalField: {"invalid": "Enter a number, for example 12.5."},
    forms.URLField: {
        "invalid": "Give the whole address, for example https://docs.hospital.example/plan."
    },
    forms.ChoiceField: OF_THE_LIST,
    forms.ModelChoiceField: OF_THE_LIST,
}


def say_what_would_be_right() -> None:
    """Give every form of the house the same sentences; called once, before any form is made."""
    for field, sentences in SENTENCES.items():
        field.default_error_messages = {**field.default_error_messages, **sentences}


class DayInput(forms.DateInput):
    """A date picker; the browser shows the reader's own order and sends ISO."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class MoneyInput(forms.TextInput):
    """
    An amount of money with its currency at its side; reads what pages show, such as "$2.9M".

    A form that is kept beyond one request must be given its currency anew: it may change.
    """

    template_name = "drawn/money"

    def __init__(self, attrs: dict[str, Any] | None = None, *, currency: str = "$") -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off"} | (attrs or {}))
        self.currency = currency

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        before, after = around(self.currency)
        return super().get_context(name, value, attrs) | {
            "before": before.strip(),
            "after": after.strip(),
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return self._plain(value) if isinstance(value, str) else value

    def _plain(self, typed: str) -> str:
        """Write an amount without currency, separators and scale; leave what is none as it is."""
        amount = typed.replace(",", "").replace("\N{MINUS SIGN}", "-").strip()
        if self.currency:
            # at either side, whatever the format is now: what people copy may be from last year
            sign = re.escape(self.currency)
            sides = rf"^([-+]?)\s*{sign}\s*|\s*{sign}$"
            amount = re.sub(sides, r"\1", amount, count=1, flags=re.IGNORECASE)
        scaled = SCALED.fullmatch(amount)
        if scaled is None:
            return amount
        return format(Decimal(scaled[1]) * SCALES[scaled[2].lower()], "f")


class ColorRadio(forms.RadioSelect):
    """Status choices as cards with shape, word and meaning; `hints` maps a color to its meaning."""

    template_name = "drawn/color_radio"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Sequence[tuple[str, str]] = (),
        *,
        hints: dict[str, str] | None = None,
        small: bool = False,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = hints or {}
        self.small = small

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"hints": self.hints, "small": self.small}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldClash:
    """One field that two people changed: its label and both values as shown."""

    label: str
    yours: str
    theirs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Somebody saved while the form was open; the form keeps what the reader typed."""

    by: str
    at: datetime
    differences: Sequence[FieldClash]
