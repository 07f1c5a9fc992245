"""How a list of the API is filtered and ordered; what it does not know it refuses, with what it does."""

from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.db.models.expressions import OrderBy
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend, OrderingFilter
from rest_framework.request import Request

from pmo.common.records.search import found, sort_key

EVERY_LIST = ("ordering", "page", "page_size")
SEARCH = "search"
LONGEST = 100  # as on the pages
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
        _refuse_repeated(request)
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if view.action == "list":
            search = [SEARCH] if is_searched(view) else []
            known = [*filterset.filters, *view.more_parameters, *search, *EVERY_LIST]
            _refuse_unknown(request, known)
        for field in filterset.form.fields.values():
            field.error_messages |= _sentences(field)
        faults = dict(filterset.errors)
        for name, value in filterset.form.cleaned_data.items():
            if value is None and request.query_params.get(name) and _is_yes_or_no(filterset, name):
                faults[name] = ["Say true or false."]
        if faults:
            raise ValidationError(faults)
        return filterset.qs


def _refuse_repeated(request: Request) -> None:
    """Refuse a filter that is given twice: only its last value would count, and nobody would know."""
    sentence = "Give this filter once: of several values only the last would count."
    if repeated := [name for name, values in request.query_params.lists() if len(values) > 1]:
        raise ValidationError({name: [sentence] for name in sorted(repeated)})


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


def is_searched(view: Any) -> bool:
    return hasattr(view.queryset.model, "searched")


class Search(BaseFilterBackend):
    """`?search=` finds what the search field of the pages finds: see pmo/common/records/search.py."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        said = request.query_params.get(SEARCH, "")
        if not said or not is_searched(view):
            return queryset
        try:
            words = forms.CharField(max_length=LONGEST).clean(said)
        except forms.ValidationError as error:
            raise ValidationError({SEARCH: error.messages}) from error
        return queryset.filter(found(queryset.model, words))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if not is_searched(view):
            return []
        columns = ", ".join(one.replace("__", " ") for one in view.queryset.model.searched)
        also = " or the manager's name" if hasattr(view.queryset.model, "found_through") else ""
        return [
            {
                "name": SEARCH,
                "required": False,
                "in": "query",
                "description": f"Part of {columns}{also}, whatever case and accents.",
                "schema": {"type": "string", "maxLength": LONGEST},
            }
        ]


class SteadyOrdering(OrderingFilter):
    """
    Orders by the declared fields and always ends with the id, so that pages do not overlap.

    Names are ordered as on the pages; what is not known comes last, on every database and both ways.
    """

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        names = self.get_ordering(request, queryset, view)
        return queryset.order_by(*(_placed(queryset.model, name) for name in names))

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> Any:
        said = [one.strip() for one in request.query_params.get("ordering", "").split(",")]
        if {one.removeprefix("-") for one in said if one} - {*view.ordering_fields}:
            known = ", ".join(view.ordering_fields) or "nothing: it has one order"
            sentence = f"This list is ordered by {known}. A minus in front turns it round."
            raise ValidationError({"ordering": [sentence]})
        chosen = super().get_ordering(request, queryset, view) or ()
        return (*chosen, "pk")


def _placed(model: type[Model], name: str) -> OrderBy:
    """Order by a column; where one can be empty the database is told where that goes."""
    column, is_down = name.removeprefix("-"), name.startswith("-")
    last = True if _may_be_empty(model, column) else None
    key = sort_key(column)
    return key.desc(nulls_last=last) if is_down else key.asc(nulls_last=last)


def _may_be_empty(model: type[Model], column: str) -> bool:
    try:
        return column != "pk" and bool(getattr(model._meta.get_field(column), "null", True))
    except FieldDoesNotExist:
        return True
