"""The list of issues; making, changing and resolving one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from pmo.common.page.htmx import render_page
from projects.models import Project
from projects.views.frame import Action, may
from risks import services
from risks.filters import IssueFilter, sorted_issues
from risks.forms import SEVERITY_OF, IssueForm, ResolveForm
from risks.models import Issue, IssueState, Risk
from risks.selectors import IssueCounts, coverage, issue_counts
from risks.views import frame
from risks.words import findings
from risks.words import issues as words


@require_safe
@requires(Permission.PROJECT_LIST)
def issue_list(request: PageRequest) -> TemplateResponse:
    visible, today = Issue.objects.visible_to(request.user), timezone.localdate()
    form = IssueFilter(request.GET, user=request.user, entries=visible)
    scope = form.scope(visible)
    chosen = sorted_issues(form.apply(scope, as_of=today), request.GET.get("sort", ""))
    counts = issue_counts(scope, as_of=today)
    context = {
        "page": frame.page_of(
            chosen,
            number=request.GET.get("page"),
            related=("project", "owner", "from_risk"),
        ),
        "counts": counts,
        "today": today,
        "coverage": coverage(request.user, Issue),
        "fields": frame.shown_fields(form),
        "keep": frame.carried(request.GET, form),
        "segments": _segments(counts, form),
        "lede": findings.issues_lede(counts),
        "color": findings.issues_color(counts),
        "tabs": frame.tabs("risks:issue_list"),
        "actions": frame.add_action(
            request.user, form.cleaned_data.get("project"), Permission.ISSUE_CHANGE, "issue"
        ),
    }
    return render_page(request, "risks/issue_list.html", context, partial="table")


def _segments(counts: IssueCounts, form: IssueFilter) -> list[frame.StateSegment]:
    states = (
        ("Open", "", counts.open),
        ("Resolved", IssueState.RESOLVED.value, counts.resolved),
        ("All", "all", counts.total),
    )
    return frame.segments(states, form.cleaned_data.get("state", ""))


@require_safe
@requires(Permission.PROJECT_VIEW, Issue)
def issue_detail(request: PageRequest, issue: Issue) -> TemplateResponse:
    context = {
        "issue": issue,
        "actions": _actions(request, issue),
        "crumbs": frame.way_to(issue.project),
        "sub": words.issue_sub(issue.project, issue.get_state_display()),
        "lede": findings.issue_lede(issue, as_of=timezone.localdate()),
        "color": findings.issue_color(issue, as_of=timezone.localdate()),
        "facts": findings.issue_facts(issue),
    }
    return TemplateResponse(request, "risks/issue_detail.html", context)


def _actions(request: PageRequest, issue: Issue) -> list[Action]:
    if not may(request.user, Permission.ISSUE_CHANGE, issue.project):
        return []

    def url(name: str) -> str:
        return reverse(f"risks:{name}", args=[issue.pk])

    edit = Action("Edit", url("issue_edit"), "pencil")
    if issue.state == IssueState.RESOLVED:
        again = Action(words.REOPEN, url("issue_reopen"), "rotate-ccw", method="post")
        return [edit, again]
    return [edit, Action("Resolve", url("issue_resolve"), "check", primary=True)]


@require_http_methods(["GET", "POST"])
@requires(Permission.ISSUE_CHANGE, Project)
def issue_new(request: PageRequest, project: Project) -> HttpResponse:
    return _new(request, project, instance=Issue(project=project), risk=None)


@require_http_methods(["GET", "POST"])
@requires(Permission.ISSUE_CHANGE, Risk)
def issue_from_risk(request: PageRequest, risk: Risk) -> HttpResponse:
    """Start an issue with what the risk says; saving marks the risk as occurred."""
    instance = Issue(
        project=risk.project,
        title=risk.title,
        description=risk.description,
        severity=SEVERITY_OF[risk.band],
        owner=risk.owner,
    )
    return _new(request, risk.project, instance=instance, risk=risk)


def _new(
    request: PageRequest, project: Project, *, instance: Issue, risk: Risk | None
) -> HttpResponse:
    shown: dict[str, Any] = {"title": words.ADD_ISSUE, "done": words.ISSUE_ADDED}
    if risk:
        shown = {
            "title": words.RISK_OCCURRED_TITLE,
            "done": words.ISSUE_FROM_RISK_ADDED,
        }
    return edit_page(
        request,
        form=IssueForm(request.POST or None, instance=instance, project=project),
        save=lambda form: services.create_issue(
            project=project, by=request.user, from_risk=risk, **form.changes()
        ),
        sub=str(project),
        submit=words.ADD_ISSUE,
        back=lambda issue: issue.get_absolute_url(),
        cancel_url=risk.get_absolute_url() if risk else frame.way_to(project)[-1].url,
        crumbs=frame.way_to(project),
        **shown,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ISSUE_CHANGE, Issue)
def issue_edit(request: PageRequest, issue: Issue) -> HttpResponse:
    return edit_page(
        request,
        form=IssueForm(request.POST or None, instance=issue, project=issue.project),
        save=lambda form: services.change_issue(
            issue=issue, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_ISSUE,
        sub=str(issue.project),
        submit=words.SAVE_ISSUE,
        done=words.ISSUE_SAVED,
        back=issue.get_absolute_url(),
        crumbs=frame.way_to(issue.project),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ISSUE_CHANGE, Issue)
def issue_resolve(request: PageRequest, issue: Issue) -> HttpResponse:
    return edit_page(
        request,
        form=ResolveForm(request.POST or None, instance=issue),
        save=lambda form: services.change_issue(
            issue=issue,
            version=form.opened_version(),
            by=request.user,
            state=IssueState.RESOLVED.value,
            **form.changes(),
        ),
        title=words.RESOLVE_TITLE,
        sub=str(issue.title),
        submit=words.RESOLVE,
        done=words.ISSUE_RESOLVED,
        back=issue.get_absolute_url(),
        crumbs=frame.way_to(issue.project),
    )


@require_POST
@requires(Permission.ISSUE_CHANGE, Issue)
def issue_reopen(request: PageRequest, issue: Issue) -> HttpResponseRedirect:
    services.change_issue(issue=issue, version=None, by=request.user, state=IssueState.OPEN.value)
    messages.success(request, words.ISSUE_REOPENED)
    return redirect(issue)
