"""Stakeholders and messages over all projects that the reader may see."""

from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.htmx import render_page
from projects.communication.domain.grid import steps, treatment
from projects.communication.filters import (
    AGAINST,
    ALL,
    DUE,
    GAP,
    ITEM_ORDERS,
    LATE,
    NOBODY,
    STAKEHOLDER_ORDERS,
    ItemListFilter,
    StakeholderListFilter,
    ordering,
)
from projects.communication.models import CommunicationItem
from projects.communication.selectors.items import SHOWN_WITH, item_counts
from projects.communication.selectors.stakeholders import (
    IN_RUNNING,
    StakeholderStanding,
    stakeholder_counts,
)
from projects.communication.selectors.stakeholders import SHOWN_WITH as PEOPLE_SHOWN_WITH
from projects.communication.views import frame
from projects.communication.words import items as item_words
from projects.communication.words import stakeholders as words
from projects.models import Project, Stakeholder
from projects.selectors.overview import hidden_from


@require_safe
@requires(Permission.PROJECT_LIST)
def stakeholder_list(request: PageRequest) -> TemplateResponse:
    visible = Stakeholder.objects.visible_to(request.user).filter(IN_RUNNING)
    form = StakeholderListFilter(request.GET, entries=visible)
    scope = form.scope(visible)
    counts = stakeholder_counts(scope)
    order = ordering(STAKEHOLDER_ORDERS, request.GET.get("sort", ""), "-power")
    page = frame.page_of(
        form.apply(scope).order_by(*order),
        number=request.GET.get("page"),
        related=PEOPLE_SHOWN_WITH,
    )
    page.object_list = [
        StakeholderStanding(
            stakeholder=one,
            treatment=treatment(one.power, one.interest),
            steps=steps(one.engagement, one.engagement_wanted),
            number=number,
        )
        for number, one in enumerate(page.object_list, start=1)
    ]
    seen = Project.objects.visible_to(request.user).count()
    hidden = hidden_from(request.user, seen=seen)
    states = (
        ("", "All", counts.total),
        (GAP, "Gap", counts.gaps),
        (AGAINST, "Against", counts.against),
        (NOBODY, words.NO_CONTACT, counts.nobody),
    )
    context = {
        "page": page,
        "counts": counts,
        "lede": words.stakeholders_lede(counts),
        "color": words.stakeholders_color(counts),
        "segments": frame.segments(form, states),
        "fields": frame.shown_fields(form),
        "keep": frame.carried(request.GET, form),
        "tabs": frame.list_tabs("communication:stakeholder_list"),
        "projects": seen + hidden,
        "hidden": hidden,
    }
    return render_page(request, "communication/stakeholder_list.html", context, partial="table")


@require_safe
@requires(Permission.PROJECT_LIST)
def item_list(request: PageRequest) -> TemplateResponse:
    visible, today = CommunicationItem.objects.visible_to(request.user), timezone.localdate()
    form = ItemListFilter(request.GET, entries=visible)
    scope = form.scope(visible)
    counts = item_counts(scope, today=today)
    order = ordering(ITEM_ORDERS, request.GET.get("sort", ""), "due")
    page = frame.page_of(
        form.apply(scope, user=request.user, today=today).order_by(*order),
        number=request.GET.get("page"),
        related=SHOWN_WITH,
    )
    page.object_list = [
        (item, item_words.due_words(item, today), item_words.when_words(item))
        for item in page.object_list
    ]
    seen = Project.objects.visible_to(request.user).count()
    hidden = hidden_from(request.user, seen=seen)
    states = (
        ("", "Open", counts.open),
        (DUE, "Due", counts.due),
        (LATE, "Late", counts.late),
        (ALL, "All", counts.total),
    )
    context = {
        "page": page,
        "counts": counts,
        "lede": item_words.items_lede(counts),
        "color": item_words.items_color(counts),
        "segments": frame.segments(form, states),
        "fields": frame.shown_fields(form),
        "keep": frame.carried(request.GET, form),
        "tabs": frame.list_tabs("communication:item_list"),
        "projects": seen + hidden,
        "hidden": hidden,
    }
    return render_page(request, "communication/item_list.html", context, partial="table")
