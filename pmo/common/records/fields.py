"""Model fields for what people type: screened for patient data on every write path."""

from typing import Any

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
