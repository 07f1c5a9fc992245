"""Model fields for what people type: screened for patient data on every write path."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

from pmo.common.page.sentences import (
    OneLine,
    Sentences,
    has_controls,
    one_break,
    one_line,
    printable,
)
from pmo.common.records import doubts, phi


def no_patient_data(value: str) -> None:
    """Refuse text that identifies a patient; the message names the rule, never the match."""
    found = phi.findings(value)
    if found and not found[0].is_sure:
        doubts.settle(found[0])
    elif found:
        raise ValidationError(
            f"This looks like {found[0].rule}. Rounds keeps nothing of a patient: take it out and"
            " save again.",
            code="patient_data",
        )


def no_control_characters(value: str) -> None:
    """Refuse characters that PostgreSQL cannot store or that break a log line."""
    if has_controls(value):
        raise ValidationError(
            "This text holds an invisible control character. Type it again.", code="control"
        )


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text of plain data, those by which it is found among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def no_patient_data_within(value: Any) -> None:
    """Refuse data with a text that identifies a patient, or that no page could say again."""
    for text in texts_in(value):
        no_control_characters(text)
        no_patient_data(text)


def no_patient_data_in_address(value: str) -> None:
    """Refuse an address that identifies a patient, as a record's number after its question mark does."""
    no_patient_data(unquote_plus(value))


class Line(models.CharField):  # type: ignore[type-arg]  # Django has no generic fields at run time
    """One line of free text."""

    default_validators = [no_patient_data, no_control_characters]

    def __init__(self, *args: Any, max_length: int = 200, **kwargs: Any) -> None:
        kwargs["max_length"] = max_length
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return one_line(value) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": OneLine} | kwargs)


class Prose(models.TextField):  # type: ignore[type-arg]  # Django has no generic fields at run time
    """Several lines of free text, never longer than a page; a line's end counts as one character."""

    default_validators = [no_patient_data, no_control_characters]

    def __init__(self, *args: Any, max_length: int = 2000, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs["max_length"] = max_length
        super().__init__(*args, **kwargs)
        self.validators.append(
            MaxLengthValidator(max_length, f"Keep this under {max_length} characters.")
        )

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return printable(one_break(value)) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"widget": Sentences} | kwargs)


class TypedData(models.JSONField):
    """Plain data whose texts people type: each is one line, kept and screened as a Line is."""

    default_validators = [no_patient_data_within]

    def to_python(self, value: Any) -> Any:
        return _in_lines(super().to_python(value))

    def deconstruct(self) -> Any:
        """Return it as Django's own: what is screened is no part of the schema."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


def _in_lines(value: Any) -> Any:
    match value:
        case str():
            return one_line(value)
        case Mapping():
            return {key: _in_lines(inner) for key, inner in value.items()}
        case list():
            return [_in_lines(inner) for inner in value]
    return value


class Link(models.URLField):  # type: ignore[type-arg]  # the same
    """An address of the web that people give; where a system of patients is, it can name one."""

    default_validators = [*models.URLField.default_validators, no_patient_data_in_address]

    def deconstruct(self) -> Any:
        """Return it as Django's own."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
