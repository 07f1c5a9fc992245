"""A later version of the template in one project: seen line by line, taken over or left."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.writing import RefusalError
from portfolio.starts.domain.adopting import AdoptLine, LineKind
from portfolio.starts.forms.adopting import LineForm
from portfolio.starts.selectors.adoption import preview_of
from portfolio.starts.services import adopting as services
from portfolio.starts.services.adopting import needed_for
from portfolio.starts.views.items import way
from portfolio.starts.words import adopting as words
from projects.models import Project


def _row(line: AdoptLine, user: User, project: Project, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "line": line,
        "kind": words.KINDS[line.kind],
        "section": line.section.label,
        "name": services.name_of_line(line),
        "moves": [words.move_of(move, names) for move in line.moves],
        "told": [] if line.kind is LineKind.CHANGED else words.told(line, names),
        "own": words.own_words(line),
        "by_hand": words.by_hand(line.by_hand) if line.by_hand else words.left_out(line),
        "may": can(user, needed_for(line.section.name), project).allowed,
        "take": "" if line.by_hand else (words.REPLACE if line.own else words.TAKE),
        "keep": words.LEAVE_OUT if line.kind is LineKind.ADDED else words.KEEP,
    }  # fmt: skip


@require_safe
@requires(Permission.PROJECT_VIEW, Project)
def project_adopt(request: PageRequest, project: Project) -> TemplateResponse:
    """Show what the latest version of the template would change in this project."""
    preview = preview_of(project)
    lines = preview.lines if preview else []
    names = words.names_of(preview.version.document) if preview else {}
    context = {
        "project": project,
        "title": words.TITLE,
        "lede": words.lede(preview.start, preview.version, lines) if preview else words.NO_TEMPLATE,
        "rows": [_row(line, request.user, project, names) for line in lines],
        "crumbs": way(project),
        "not_allowed": words.NOT_ALLOWED,
    }
    return TemplateResponse(request, "starts/project_adopt.html", context)


@require_POST
@requires(Permission.START_CONFIRM, Project)
def line_adopt(request: PageRequest, project: Project) -> HttpResponseRedirect:
    """Take one line over or keep the project's own, as it was seen."""
    form = LineForm(request.POST)
    if not form.is_valid():
        messages.error(request, words.MEANWHILE)
        return redirect("starts:project_adopt", pk=project.pk)
    said = form.cleaned_data
    decision = can(request.user, needed_for(said["section"]), project)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    where = {name: said[name] for name in ("section", "key", "seal")}
    try:
        if said["take"]:
            services.adopt_line(
                project=project, by=request.user, over_own=said["over_own"], **where
            )
        else:
            services.keep_own(project=project, by=request.user, **where)
    except RefusalError as refusal:
        messages.error(request, str(refusal))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, words.TAKEN if said["take"] else words.KEPT)
    return redirect("starts:project_adopt", pk=project.pk)
