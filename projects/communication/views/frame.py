"""What the pages of communication share: the way back, tabs, and rows of a list."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BoundField, Form
from django.http import QueryDict
from django.urls import reverse

from projects.communication.filters import OfProjects
from projects.communication.words import stakeholders as words
from projects.models import Project
from projects.views.frame import PAGE_SIZE, Crumb, Tab, crumbs

LISTS = (
    (words.STAKEHOLDERS, "communication:stakeholder_list"),
    (words.MESSAGES, "communication:item_list"),
    (words.REGISTER, "communication:group_list"),
)


def way_to(project: Project) -> list[Crumb]:
    """Return the way back to the communication of one project."""
    url = reverse("communication:project_communication", args=[project.pk])
    return [*crumbs(project), Crumb(words.COMMUNICATION, url)]


def list_tabs(current: str) -> list[Tab]:
    return [Tab(label, reverse(name), name == current) for label, name in LISTS]


def page_of(entries: QuerySet[Any], *, number: str | None, related: Sequence[str]) -> Page[Any]:
    """Return one page of sorted entries with what its rows show; a list sorts ids alone."""
    page = Paginator(entries.values_list("pk", flat=True), PAGE_SIZE).get_page(number)
    ids = list(page.object_list)
    shown = entries.model._default_manager.filter(pk__in=ids).select_related(*related).in_bulk()
    page.object_list = [shown[pk] for pk in ids if pk in shown]
    return page


def segments(form: Form, counts: Sequence[tuple[str, str, int]]) -> list[dict[str, Any]]:
    """Return the states (value, label, count) to choose from; an unknown choice is the first."""
    chosen = form.cleaned_data.get("state", "")
    known = chosen if chosen in {value for value, _, _ in counts} else counts[0][0]
    return [
        {"label": label, "value": value, "count": number, "checked": value == known}
        for value, label, number in counts
    ]


def shown_fields(form: OfProjects) -> list[BoundField]:
    return [form[name] for name in form.shown if not form[name].is_hidden]


def carried(query: QueryDict, form: OfProjects) -> list[tuple[str, str]]:
    """Return what a change of filter keeps: the order, and a hidden project."""
    names = ["sort", *(["project"] if form["project"].is_hidden else [])]
    return [(name, value) for name in names if (value := query.get(name))]
