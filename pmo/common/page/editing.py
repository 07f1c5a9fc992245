"""One way to edit a record on a page: nothing typed is lost, nobody is overwritten silently."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.choices import BlankChoiceIterator

from pmo.common.page import formats
from pmo.common.page.forms import Conflict, DayInput, FieldClash, MoneyInput
from pmo.common.records.writing import BrokenRuleError, EditConflictError, RefusalError

DASHES = BLANK_CHOICE_DASH[0][1]  # what Django offers where nothing is chosen
CHOOSE, NOTHING = "Choose one", "None"


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]  # Django has no generic forms at run time
    """
    Fields from the model; the effect is a service's.

    Carries the version it was opened with. `form.save()` is never called: give `changes()` to the
    service.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", getattr(self.instance, "version", None))
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DayInput()
            elif isinstance(field, forms.DecimalField):
                field.widget = MoneyInput(currency="")
                field.localize = False
            elif isinstance(field, forms.ModelChoiceField):
                if field.empty_label == DASHES:
                    field.empty_label = _said_of_nothing(field)
            elif isinstance(field, forms.ChoiceField) and isinstance(
                field.choices, BlankChoiceIterator
            ):
                field.choices = [
                    (value, _said_of_nothing(field) if label == DASHES else label)
                    for value, label in field.choices
                ]

    def changes(self) -> dict[str, Any]:
        """Return the fields for the service, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def opened_version(self) -> int:
        """Return the version the form was opened with; -1 (never current) when it was tampered with."""
        version = self.cleaned_data.get("version")
        return -1 if version is None else version

    def saved_value(self, current: models.Model, name: str) -> Any:
        """Return what a field shows of the record as saved; for fields that are no columns."""
        return getattr(current, name)


def _said_of_nothing(field: forms.Field) -> str:
    return CHOOSE if field.required else NOTHING


def conflict_of(form: RecordForm, error: EditConflictError) -> Conflict:
    """Compare what was typed with what is saved now, and let the next save go through knowingly."""
    current = error.current
    differences = []
    for name in form.changes():
        yours, theirs = form.cleaned_data[name], form.saved_value(current, name)
        if yours != theirs:
            label = str(form.fields[name].label or name)
            differences.append(
                FieldClash(
                    label=label, yours=_shown(form, name, yours), theirs=_shown(form, name, theirs)
                )
            )
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, always
    data[form.add_prefix("version")] = str(current.version)
    form.data = data
    by = str(current.changed_by) if current.changed_by else "Rounds"
    return Conflict(by=by, at=current.changed_at, differences=differences)


def _shown(form: RecordForm, name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        said: dict[str, str] = dict(getattr(form.fields[name], "choices", ()))
        return said.get(str(value), "Yes" if value else "No")
    if isinstance(value, list):
        return ", ".join(_shown(form, name, one) for one in value)
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, date):
        return formats.day(value)
    choices = dict(getattr(form.fields[name], "choices", []) or [])
    return str(choices.get(value, value))


def add_refusal(form: forms.BaseForm, refusal: ValidationError | RefusalError) -> None:
    """Put a service's refusal where the reader looks: at its field, else above the form."""
    if isinstance(refusal, RefusalError):
        at = refusal.field if isinstance(refusal, BrokenRuleError) else ""
        form.add_error(at if at in form.fields else None, str(refusal))
        return
    by_field = (
        refusal.error_dict if hasattr(refusal, "error_dict") else {"__all__": refusal.error_list}
    )
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, errors)


def add_refusal_at(
    form: forms.BaseForm, field: str, refusal: ValidationError | RefusalError
) -> None:
    """Put a refusal at the one field that holds all that is refused, with what it asks."""
    if isinstance(refusal, RefusalError):
        form.add_error(field, str(refusal))
        return
    parts = refusal.error_dict.values() if hasattr(refusal, "error_dict") else [refusal.error_list]
    form.add_error(field, ValidationError([one for part in parts for one in part]))


def edit_page(
    request: HttpRequest,
    *,
    form: forms.BaseForm,
    save: Callable[[Any], models.Model | None],
    title: str,
    done: str | Callable[[Any], str],
    back: str | Callable[[Any], str],
    submit: str = "Save",
    template: str = "components/edit_page.html",
    cancel_url: str = "/",
    **context: Any,
) -> HttpResponse:
    """
    Show a form, or save it by `save(form)` (one service call) and go `back` with the words `done`.

    `back` is an address or makes one of the saved record, `done` words or what makes them. Answers 422 when fields are at fault and 409
    when somebody else saved meanwhile, both with everything that was typed.
    """
    conflict, status = None, 200
    if request.method == "POST":
        if form.is_valid():
            try:
                record = save(form)
            except EditConflictError as error:
                assert isinstance(form, RecordForm)  # noqa: S101 - only these carry a version
                conflict, status = conflict_of(form, error), 409
            except (ValidationError, RefusalError) as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, done if isinstance(done, str) else done(record))
                return HttpResponseRedirect(back if isinstance(back, str) else back(record))
        status = 422 if form.errors else status
    page = {
        "form": form,
        "conflict": conflict,
        "title": title,
        "submit": submit,
        "cancel_url": back if isinstance(back, str) else cancel_url,
        "sub": "",
        "crumbs": [],
        **context,
    }
    return TemplateResponse(request, template, page, status=status)
