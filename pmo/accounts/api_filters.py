"""How a list of the API is filtered and ordered; what it does not know it refuses, with what it does."""

from typing import Any

from django import forms
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request

EVERY_LIST = ("ordering", "page", "page_size")
DAY = {"invalid": "Give a day as year-month-day, for example 2026-11-15."}
NO_RECORD = {"invalid_choice": "There is no record with this id, or it is not open to you."}


class VisibleFilters(DjangoFilterBackend):  # type: ignore[misc]  # it comes without types
    """Filters by ids that the caller may see; a hidden one answers like one that does not exist."""

    def get_filterset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = super().get_filterset(request, queryset, view)
        for one in filterset.filters.values() if filterset else ():
            rows: Any = getattr(one, "queryset", None)
            if hasattr(rows, "visible_to"):
                one.queryset = rows.all().visible_to(request.user)
        return filterset

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if view.action == "list":
            _refuse_unknown(request, [*filterset.filters, *view.more_parameters, *EVERY_LIST])
        for field in filterset.form.fields.values():
            field.error_messages |= _sentences(field)
        faults = dict(filterset.errors)
        for name, value in filterset.form.cleaned_data.items():
            if value is None and request.query_params.get(name) and _is_yes_or_no(filterset, name):
                faults[name] = ["Say true or false."]
        if faults:
            raise ValidationError(faults)
        return filterset.qs


def _refuse_unknown(request: Request, known: list[str]) -> None:
    """Refuse what would be dropped silently: a misspelled filter would list everything."""
    sentence = f"This list has no such filter. It knows {', '.join(sorted(known))}."
    if unknown := set(request.query_params) - set(known):
        raise ValidationError({name: [sentence] for name in sorted(unknown)})


def _is_yes_or_no(filterset: Any, name: str) -> bool:
    return isinstance(filterset.form.fields[name], forms.NullBooleanField)


def _sentences(field: forms.Field) -> dict[str, str]:
    match field:
        case forms.DateField():
            return DAY
        case forms.ModelChoiceField():
            return NO_RECORD
        case forms.ChoiceField():
            choices: Any = field.choices  # the stubs do not know the framework's lazy wrapper
            offered = ", ".join(str(value) for value, _ in choices if value)
            return {"invalid_choice": f"Choose one of {offered}."}
    return {}


class SteadyOrdering(OrderingFilter):
    """Orders by the declared fields and always ends with the id, so that pages do not overlap."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> Any:
        said = [one.strip() for one in request.query_params.get("ordering", "").split(",")]
        if {one.removeprefix("-") for one in said if one} - {*view.ordering_fields}:
            known = ", ".join(view.ordering_fields) or "nothing: it has one order"
            sentence = f"This list is ordered by {known}. A minus in front turns it round."
            raise ValidationError({"ordering": [sentence]})
        chosen = super().get_ordering(request, queryset, view) or ()
        return (*chosen, "pk")
