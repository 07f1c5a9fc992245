"""The sets of gates that the office keeps, and their gates."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.records.search import as_read
from portfolio.governance.forms.gates import GateSetForm, SetGateForm
from portfolio.governance.models import GateSet, SetGate
from portfolio.governance.selectors.gate_sets import rows_of_set
from portfolio.governance.services import gate_sets as services
from portfolio.governance.words import gates as words
from projects.views.frame import Action, Crumb, confirm_page


def _way(gate_set: GateSet | None = None) -> list[Crumb]:
    way = [
        Crumb(words.REVIEWS, reverse("governance:review_list")),
        Crumb(words.SETS, reverse("governance:gate_set_list")),
    ]
    return [*way, Crumb(str(gate_set), gate_set.get_absolute_url())] if gate_set else way


@require_safe
@requires(Permission.GATE_SET_CHANGE)
def gate_set_list(request: PageRequest) -> TemplateResponse:
    rows = GateSet.objects.prefetch_related("gates").order_by(*as_read("category", "name", "pk"))
    context = {
        "rows": [(row, words.set_for(row), len(row.gates.all())) for row in rows],
        "shipped": rows_of_set(None),
        "title": words.SETS,
        "actions": [
            Action(words.ADD_SET, reverse("governance:gate_set_new"), "plus", primary=True)
        ],
        "crumbs": _way()[:1],
    }
    return TemplateResponse(request, "governance/gate_set_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_SET_CHANGE)
def gate_set_new(request: PageRequest) -> HttpResponse:
    return edit_page(
        request,
        form=GateSetForm(request.POST or None),
        save=lambda form: services.create_gate_set(by=request.user, **form.changes()),
        title=words.ADD_SET,
        submit=words.ADD_SET,
        done=words.SET_ADDED,
        back=lambda gate_set: gate_set.get_absolute_url(),
        cancel_url=reverse("governance:gate_set_list"),
        crumbs=_way(),
    )


@require_safe
@requires(Permission.GATE_SET_CHANGE)
def gate_set(request: PageRequest, pk: int) -> TemplateResponse:
    found = get_object_or_404(GateSet, pk=pk)
    context = {
        "gate_set": found,
        "gates": found.gates.select_related("committee").order_by("position", "pk"),
        "sub": words.set_for(found),
        "actions": [
            Action("Edit", reverse("governance:gate_set_edit", args=[pk]), "pencil"),
            Action("Remove", reverse("governance:gate_set_remove", args=[pk]), "trash"),
            Action(
                words.ADD_GATE, reverse("governance:set_gate_new", args=[pk]), "plus", primary=True
            ),
        ],
        "crumbs": _way(),
    }
    return TemplateResponse(request, "governance/gate_set.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_SET_CHANGE)
def gate_set_edit(request: PageRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(GateSet, pk=pk)
    return edit_page(
        request,
        form=GateSetForm(request.POST or None, instance=found),
        save=lambda form: services.change_gate_set(
            gate_set=found, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_SET,
        done=words.SET_SAVED,
        back=found.get_absolute_url(),
        crumbs=_way(found),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_SET_CHANGE)
def gate_set_remove(request: PageRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(GateSet, pk=pk)
    return confirm_page(
        request,
        act=lambda: services.remove_gate_set(gate_set=found, by=request.user),
        done=words.SET_REMOVED,
        back=reverse("governance:gate_set_list"),
        title=words.REMOVE_SET,
        text=words.remove_set_note(found),
        submit=words.REMOVE_SET,
        crumbs=_way(found),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_SET_CHANGE)
def set_gate_new(request: PageRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(GateSet, pk=pk)
    blank = SetGate(gate_set=found, position=found.gates.count() + 1)
    return edit_page(
        request,
        form=SetGateForm(request.POST or None, instance=blank),
        save=lambda form: services.add_set_gate(gate_set=found, by=request.user, **form.changes()),
        title=words.ADD_GATE,
        sub=str(found),
        submit=words.ADD_GATE,
        done=words.GATE_SAVED,
        back=found.get_absolute_url(),
        crumbs=_way(found),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_SET_CHANGE)
def set_gate_edit(request: PageRequest, pk: int) -> HttpResponse:
    gate = get_object_or_404(SetGate.objects.select_related("gate_set"), pk=pk)
    return edit_page(
        request,
        form=SetGateForm(request.POST or None, instance=gate),
        save=lambda form: services.change_set_gate(
            gate=gate, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_GATE,
        sub=f"{gate.code} · {gate.gate_set}",
        done=words.GATE_SAVED,
        back=gate.gate_set.get_absolute_url(),
        template="projects/record_edit.html",
        remove_url=reverse("governance:set_gate_remove", args=[pk]),
        crumbs=_way(gate.gate_set),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GATE_SET_CHANGE)
def set_gate_remove(request: PageRequest, pk: int) -> HttpResponse:
    gate = get_object_or_404(SetGate.objects.select_related("gate_set"), pk=pk)
    return confirm_page(
        request,
        act=lambda: services.remove_set_gate(gate=gate, by=request.user),
        done=words.GATE_REMOVED,
        back=gate.gate_set.get_absolute_url(),
        title=words.REMOVE_GATE_ASKED,
        text=words.remove_set_note(gate.gate_set),
        submit=words.REMOVE_GATE,
        crumbs=_way(gate.gate_set),
    )
