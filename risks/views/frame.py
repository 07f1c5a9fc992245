"""What the pages of the registers share: the way back, buttons, and what narrows a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import QueryDict
from django.urls import reverse

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from projects.models import Project
from projects.views.frame import PAGE_SIZE, Action, Crumb, Tab, crumbs, may
from risks.filters import IssueFilter, RiskListFilter
from risks.words import frame as words


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSegment:
    """One state to narrow a list to, with how many entries are in it."""

    label: str
    value: str
    count: int
    checked: bool
    icon: str = ""


def page_of(
    entries: QuerySet[Any],
    *,
    number: str | None,
    related: Sequence[str],
    known: int | None = None,
) -> Page[Any]:
    """
    Return one page of sorted entries with what their rows show; `known` is how many there are.

    A list sorts ids alone: sorting a whole register with its projects to show 25 takes three times as long.
    """
    pages = Paginator(entries.values_list("pk", flat=True), PAGE_SIZE)
    if known is not None:
        pages.count = known  # a cached property: it asks no more
    page = pages.get_page(number)
    ids = list(page.object_list)
    shown = entries.model._default_manager.filter(pk__in=ids).select_related(*related).in_bulk()
    page.object_list = [shown[pk] for pk in ids if pk in shown]
    return page


def way_to(project: Project) -> list[Crumb]:
    """Return the way back to the registers of one project."""
    panel = Crumb(words.RISKS_AND_ISSUES, reverse("risks:project_panel", args=[project.pk]))
    return [*crumbs(project), panel]


def tabs(current: str) -> list[Tab]:
    """Return the registers as pages beside each other; `current` is the URL name of this one."""
    pages = (("Risks", "risks:risk_list"), ("Issues", "risks:issue_list"))
    return [Tab(label, reverse(name), name == current) for label, name in pages]


def add_action(user: User, pk: int | None, permission: Permission, noun: str) -> list[Action]:
    """Return the button that adds an entry, when the list shows one project and the user may."""
    project = Project.objects.visible_to(user).filter(pk=pk).first() if pk else None
    if project is None or not may(user, permission, project):
        return []
    url = reverse(f"risks:{noun}_new", args=[project.pk])
    return [Action(words.ADD[noun], url, "plus", primary=True)]


def segments(states: Sequence[tuple[str, str, int]], chosen: str) -> list[StateSegment]:
    """Return the states (label, value, count) as segments; an unknown choice is the first."""
    known = chosen if chosen in {value for _, value, _ in states} else states[0][1]
    return [
        StateSegment(label=label, value=value, count=number, checked=value == known)
        for label, value, number in states
    ]


def shown_fields(form: RiskListFilter | IssueFilter) -> list[BoundField]:
    """Return the filter's visible controls, in order."""
    return [form[name] for name in form.shown if not form[name].is_hidden]


def carried(query: QueryDict, form: RiskListFilter | IssueFilter) -> list[tuple[str, str]]:
    """Return what a change of filter keeps: the order, one cell of the map, a hidden project."""
    names = ["sort", "likelihood", "impact"]
    if form["project"].is_hidden:
        names.append("project")
    return [(name, value) for name in names if (value := query.get(name))]
