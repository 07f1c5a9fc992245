"""Capital cycles with their contingency, the replacement list, and the rules of intake."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.editing import edit_page
from portfolio.intake.forms.cycles import CycleForm, DrawForm, ReplacementForm, RulesForm
from portfolio.intake.models import CapitalCycle, ContingencyDraw, ReplacementItem
from portfolio.intake.models.capital import DATES
from portfolio.intake.selectors import capital as selectors
from portfolio.intake.selectors.settings import rules
from portfolio.intake.services import cycles as services
from portfolio.intake.services.replacing import request_replacement
from portfolio.intake.views import frame
from portfolio.intake.words import cycles as words
from portfolio.intake.words import requests as request_words
from projects.views.frame import PAGE_SIZE, Action, Crumb


def way(cycle: CapitalCycle | None = None) -> list[Crumb]:
    back = [Crumb(words.CYCLES, reverse("intake:cycle_list"))]
    return [*back, Crumb(str(cycle.year), cycle.get_absolute_url())] if cycle else back


@require_safe
@requires(Permission.CAPITAL_VIEW)
def cycle_list(request: PageRequest) -> TemplateResponse:
    page = Paginator(CapitalCycle.objects.order_by("-year"), PAGE_SIZE)
    actions = []
    if page.count and can(request.user, Permission.CAPITAL_CHANGE).allowed:
        actions.append(Action(words.ADD_CYCLE, reverse("intake:cycle_new"), "plus", primary=True))
    context = {
        "page": page.get_page(request.GET.get("page")),
        "tabs": frame.tabs(request.user, "intake:cycle_list"),
        "actions": actions,
        "may_change": can(request.user, Permission.CAPITAL_CHANGE).allowed,
    }
    return TemplateResponse(request, "intake/cycle_list.html", context)


@require_safe
@requires(Permission.CAPITAL_VIEW)
def cycle_detail(request: PageRequest, pk: int) -> TemplateResponse:
    cycle = get_object_or_404(CapitalCycle, pk=pk)
    figures = selectors.cycle_figures(cycle, request.user)
    requests = Paginator(selectors.requests_of(cycle, request.user), PAGE_SIZE)
    actions = []
    if can(request.user, Permission.CAPITAL_CHANGE).allowed:
        url = reverse("intake:cycle_edit", args=[cycle.pk])
        actions.append(Action("Edit", url, "pencil"))
        url = reverse("intake:draw_new", args=[cycle.pk])
        actions.append(Action(words.DRAW, url, "wallet"))
    context = {
        "cycle": cycle,
        "lede": words.cycle_lede(figures),
        "facts": words.cycle_facts(cycle, figures),
        "dates": [(words.DATE_LABELS[name], getattr(cycle, name)) for name in DATES],
        "draws": selectors.draws_of(cycle, request.user),
        "page": requests.get_page(request.GET.get("page")),
        "actions": actions,
        "crumbs": way(),
    }
    return TemplateResponse(request, "intake/cycle_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.CAPITAL_CHANGE)
def cycle_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=CycleForm(request.POST or None),
        save=lambda form: services.create_cycle(by=request.user, **form.changes()),
        title=words.ADD_CYCLE,
        submit=words.ADD_CYCLE,
        done=words.CYCLE_SAVED,
        back=lambda cycle: cycle.get_absolute_url(),
        cancel_url=reverse("intake:cycle_list"),
        crumbs=way(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.CAPITAL_CHANGE)
def cycle_edit(request: PageRequest, pk: int) -> HttpResponse:
    cycle = get_object_or_404(CapitalCycle, pk=pk)
    crumbs = way(get_object_or_404(CapitalCycle, pk=pk))
    return edit_page(
        request,
        form=CycleForm(request.POST or None, instance=cycle),
        save=lambda form: services.change_cycle(
            cycle=cycle, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_CYCLE,
        submit=words.SAVE_CYCLE,
        done=words.CYCLE_SAVED,
        back=cycle.get_absolute_url(),
        crumbs=crumbs,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.CAPITAL_CHANGE)
def draw_new(request: PageRequest, pk: int) -> HttpResponse:
    cycle = get_object_or_404(CapitalCycle, pk=pk)

    def save(form: DrawForm) -> ContingencyDraw:
        return services.draw_contingency(cycle=cycle, by=request.user, **form.changes())

    return edit_page(
        request,
        form=DrawForm(request.POST or None),
        save=save,
        title=words.DRAW,
        sub=words.cycle_lede(selectors.cycle_figures(cycle, request.user)),
        submit=words.DRAW,
        done=words.DRAWN,
        back=cycle.get_absolute_url(),
        crumbs=way(cycle),
    )


@require_safe
@requires(Permission.REQUEST_VIEW)
def replacement_list(request: PageRequest) -> TemplateResponse:
    """Show what is in use by its score; what nobody lists any more is left out."""
    items = ReplacementItem.objects.visible_to(request.user).filter(is_active=True)
    rows = selectors.ranked(items.select_related("unit"), rules(), timezone.localdate())
    seen = selectors.requests_behind(rows, request.user)
    may_change = can(request.user, Permission.CAPITAL_CHANGE).allowed
    actions = []
    if rows and may_change:
        url = reverse("intake:replacement_new")
        actions.append(Action(words.ADD_REPLACEMENT, url, "plus", primary=True))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [
            (one, words.signs_said(one.signs), seen.get(one.item.request_id or 0))
            for one in page.object_list
        ],
        "lede": words.replacements_lede(rows),
        "color": "amber" if any(row.is_due for row in rows) else "none",
        "tabs": frame.tabs(request.user, "intake:replacement_list"),
        "actions": actions,
        "may_change": may_change,
    }
    return TemplateResponse(request, "intake/replacement_list.html", context)


def replacement_way() -> list[Crumb]:
    return [Crumb(words.REPLACEMENTS, reverse("intake:replacement_list"))]


@require_http_methods(["GET", "POST"])
@requires(Permission.CAPITAL_CHANGE)
def replacement_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=ReplacementForm(request.POST or None, by=request.user),
        save=lambda form: services.create_replacement(by=request.user, **form.changes()),
        title=words.ADD_REPLACEMENT,
        submit=words.ADD_REPLACEMENT,
        done=words.REPLACEMENT_SAVED,
        back=reverse("intake:replacement_list"),
        crumbs=replacement_way(),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.CAPITAL_CHANGE, ReplacementItem)
def replacement_edit(request: PageRequest, item: ReplacementItem) -> HttpResponse:
    return edit_page(
        request,
        form=ReplacementForm(request.POST or None, instance=item, by=request.user),
        save=lambda form: services.change_replacement(
            item=item, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_REPLACEMENT,
        submit=words.SAVE_REPLACEMENT,
        done=words.REPLACEMENT_SAVED,
        back=reverse("intake:replacement_list"),
        crumbs=replacement_way(),
    )


@require_POST
@requires(Permission.CAPITAL_CHANGE, ReplacementItem)
def replacement_request(request: PageRequest, item: ReplacementItem) -> HttpResponseRedirect:
    """Make a draft of a request from the list, to be completed by whoever presses the button."""
    made = request_replacement(item=item, by=request.user, title=words.replace_title(item))
    messages.success(request, words.REPLACEMENT_ASKED)
    return redirect("intake:request_edit", made.pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.INTAKE_RULES)
def rules_edit(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=RulesForm(request.POST or None, instance=rules()),
        save=lambda form: services.change_rules(
            version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.RULES,
        submit=words.SAVE_RULES,
        done=words.RULES_SAVED,
        back=reverse("intake:request_list"),
        crumbs=[Crumb(request_words.ALL_REQUESTS, reverse("intake:request_list"))],
    )
