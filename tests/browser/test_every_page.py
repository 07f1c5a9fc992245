"""Every page of the product, with the demo hospital in it, in a real browser: none has a fault."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from pmo.accounts.invitation_links import tokens
from pmo.accounts.lists import ListKind
from pmo.accounts.models import PeopleFile, Unit, User
from pmo.accounts.services import stage_file
from pmo.common.models import Job
from pmo.organization.models import Category
from portfolio.governance.models import (
    AgendaItem,
    Committee,
    CommitteeMember,
    Condition,
    Decision,
    EvidenceItem,
    GateHold,
    GateSet,
    Meeting,
    Minutes,
    ProjectGate,
    SetGate,
)
from portfolio.governance.services.gate_sets import create_gate_set
from portfolio.governance.services.gate_work import hold_project
from portfolio.intake.models import CapitalCycle, ProjectRequest, ReplacementItem, RequestItem
from portfolio.models import Alignment, Objective, Portfolio
from portfolio.services import switch_kind
from portfolio.starts.models import ItemState, StartItem
from projects.communication.models import (
    AdoptionReading,
    CommunicationItem,
    CommunicationSending,
)
from projects.domain.office import OfficeKind
from projects.domain.stages import Stage
from projects.models import (
    Baseline,
    BudgetLine,
    ChangeRequest,
    CostEntry,
    FundingSource,
    Milestone,
    PlanImport,
    Program,
    Project,
    Stakeholder,
    StakeholderGroup,
    StatusUpdate,
    Task,
    TaskStep,
    UpdateState,
    VarianceCause,
    WorkCalendar,
)
from projects.project_templates.models import Lesson, ProjectTemplate
from projects.services.plan_imports import upload_file
from projects.services.task_steps import create_step
from reports.audiences.models import AudienceText
from reports.demo.organization import accounts
from reports.imports.models import ImportRun
from reports.imports.services.runs import request_check, start_import
from reports.models import Freeze, Summary, SummaryState, VarianceReport
from risks.models import Issue, IssueState, Risk, RiskState
from tests.browser.checks import axe_violations, faults, wait_for_charts, wait_for_panels
from tests.projects.domain.exchange.files import mspdi, task
from tests.test_access import address, walk

# name of the address -> why no browser looks at it
NOT_PAGES = {
    "projects:task_row": "a row's form inside the plan, never a page",
    "find": "the answers under the search field",
    "health": "JSON for machines",
    "unsent": "JSON for the script that offers words",
    "health_live": "JSON for machines",
    "health_ready": "JSON for machines",
    "setup": "not there where somebody administers; test_first_run looks at it",
    "accounts:people_sample": "a file",
    "accounts:units_sample": "a file",
    "accounts:people_file_refused": "a file",
    "reports:portfolio_csv": "a file",
    "reports:portfolio_xlsx": "a file",
    "reports:import_sample": "a file",
    "reports:import_handed_back": "a file",
    "reports:import_problems": "a file",
    "reports:landing_reconciliation_csv": "a file",
    "reports:landing_reconciliation_xlsx": "a file",
    "reports:fiscal_years_csv": "a file",
    "reports:fiscal_years_xlsx": "a file",
    "reports:summary_pdf": "a file",
    "templates:version_file": "a file",
    "starts:start_preview": "the dates beside the form, never a page",
    "reports:submission_pdf": "a file",
    "reports:variance_csv": "a file",
    "reports:variance_xlsx": "a file",
    "projects:plan_download": "a file",
    "projects:project_months_csv": "a file",
    "projects:project_months_xlsx": "a file",
    "audiences:text_file": "a file",
    "reports:minutes_pdf": "a file",
    "reports:import_projects": "a list of options inside a form, never a page",
    "governance:person_choices": "a list of options inside a form, never a page",
    "projects:person_choices": "a list of options inside a form, never a page",
    "intake:person_choices": "a list of options inside a form, never a page",
    "starts:person_choices": "a list of options inside a form, never a page",
    "risks:risk_score": "a fragment of the risk's form, never a page",
}
METHOD_NOT_ALLOWED = 405
UNKNOWN = "/projects/999999/"
# what the office may not do, for it does not run the machine
OF_ADMINISTRATOR = {
    "accounts:person_new",
    "accounts:person_edit",
    "accounts:unit_new",
    "accounts:unit_edit",
    "organization:settings_edit",
    "organization:status_edit",
    "organization:category_new",
    "organization:category_edit",
    "accounts:people_file_list",
    "accounts:people_file",
}
# a project in the middle of things, with a status update half written
DRAFTED = Project.objects.filter(status_updates__state=UpdateState.DRAFT, risks__isnull=False)
OPEN_MILESTONE = Milestone.objects.filter(actual_date=None)
OPEN_RISK = Risk.objects.exclude(state=RiskState.CLOSED)
OPEN_ISSUE = Issue.objects.filter(state=IssueState.OPEN)
PLANNED_MEETING = Meeting.objects.filter(state="planned")
WITH_GATES = Project.objects.filter(code="FAC-05")
OPEN_GATE = ProjectGate.objects.filter(project__code="FAC-04", code="GNG")
BEGUN = Project.objects.filter(template_start__isnull=False)
FINISHED = Project.objects.filter(stage=Stage.CLOSED.value, is_confidential=False)
# none of the demo's offices is directive: half a year of colors would wait for it. `upload_tables` makes one so
DIRECTED = Project.objects.filter(portfolio_entries__portfolio__code="CORPORATE", stage="delivery")
IN_TRIAGE = ProjectRequest.objects.filter(state="triage")
ASKED_OF_LEAD = ProjectRequest.objects.filter(state="asked")
ACCEPTED = ProjectRequest.objects.filter(state="case", project=None)
DRAFT_SUMMARY = Summary.objects.filter(state=SummaryState.DRAFT)
# how an address begins -> the record that it is opened with; the longest beginning counts
RECORDS: dict[str, Any] = {
    "jobs/": Job.objects,
    "organization/categories/": Category.objects,
    "people/": User.objects,
    "people/units/": Unit.objects,
    "people/files/": PeopleFile.objects,
    "projects/": DRAFTED,
    "projects/programs/": Program.objects,
    "projects/milestones/": OPEN_MILESTONE,
    "projects/stakeholders/": Stakeholder.objects,
    "projects/budget/": BudgetLine.objects,
    "projects/costs/": CostEntry.objects,
    "projects/baselines/": Baseline.objects,
    "projects/causes/": VarianceCause.objects,
    "projects/changes/": ChangeRequest.objects,
    "projects/funding/": FundingSource.objects,
    "projects/plan-imports/": PlanImport.objects,
    "projects/tasks/": Task.objects.filter(is_summary=False),
    "projects/steps/": TaskStep.objects,
    "projects/calendars/": WorkCalendar.objects,
    "projects/updates/": StatusUpdate.objects.filter(state=UpdateState.PUBLISHED),
    "communication/stakeholders/": Stakeholder.objects,
    "communication/messages/": CommunicationItem.objects,
    "communication/sendings/": CommunicationSending.objects,
    "communication/register/": StakeholderGroup.objects,
    "communication/projects/": DRAFTED,
    "communication/adoption/": AdoptionReading.objects,
    "texts/": AudienceText.objects,
    "governance/committees/": Committee.objects,
    "governance/members/": CommitteeMember.objects,
    "governance/meetings/": PLANNED_MEETING,
    "governance/items/": AgendaItem.objects.filter(meeting__state="planned"),
    "governance/minutes/": Minutes.objects,
    "governance/decisions/": Decision.objects.filter(gate_review__gate__code="GNG"),
    "governance/conditions/": Condition.objects.open(),
    "governance/projects/": WITH_GATES,
    "governance/gates/": OPEN_GATE,
    "governance/holds/": GateHold.objects,
    "governance/evidence/": EvidenceItem.objects.filter(gate__in=OPEN_GATE).exclude(kind="field"),
    "governance/gate-sets/": GateSet.objects,
    "governance/set-gates/": SetGate.objects,
    "risks/": OPEN_RISK,
    "risks/projects/": DRAFTED,
    "risks/issues/": OPEN_ISSUE,
    "templates/": ProjectTemplate.objects,
    "templates/lessons/": Lesson.objects,
    "templates/projects/": BEGUN,
    "starts/templates/": ProjectTemplate.objects,
    "starts/projects/": BEGUN,
    "starts/items/": StartItem.objects.filter(section="measures", state=ItemState.EXAMPLE),
    "portfolios/": Portfolio.objects,
    "portfolios/objectives/": Objective.objects,
    "portfolios/projects/": DRAFTED,
    "portfolios/alignments/": Alignment.objects,
    "portfolios/updates/": StatusUpdate.objects.filter(
        state=UpdateState.PUBLISHED, project__in=DIRECTED
    ),
    "portfolio/projects/": DRAFTED,
    "requests/": IN_TRIAGE,
    "requests/items/": RequestItem.objects,
    "requests/projects/": DRAFTED,
    "requests/cycles/": CapitalCycle.objects,
    "requests/replacements/": ReplacementItem.objects,
    "reports/freezes/": Freeze.objects,
    "reports/variance/": VarianceReport.objects,
    "summaries/": Summary.objects.filter(state=SummaryState.ISSUED),
    "imports/": ImportRun.objects,
}
# an address that needs something else than the others that begin like it
INSTEAD: dict[str, Callable[[], dict[str, Any]]] = {
    "projects:member_remove": lambda: member_of(DRAFTED.earliest("pk")),
    "reports:summary_review": lambda: {"pk": DRAFT_SUMMARY.earliest("pk").pk},
    "reports:summary_issue": lambda: {"pk": DRAFT_SUMMARY.earliest("pk").pk},
    "reports:import_columns": lambda: {"pk": ImportRun.objects.latest("pk").pk},
    "reports:import_sheets": lambda: {"pk": ImportRun.objects.latest("pk").pk},
    "reports:project_figure": lambda: {"pk": DRAFTED.earliest("pk").pk, "key": "eac"},
    "projects:tolerance_edit": lambda: {"level": "manager"},
    "intake:request_edit": lambda: pk_of(ProjectRequest.objects.filter(state="draft")),
    "intake:request_answer": lambda: pk_of(ASKED_OF_LEAD),
    "intake:request_withdraw": lambda: pk_of(ASKED_OF_LEAD),
    "intake:request_send_back": lambda: pk_of(ACCEPTED),
    "intake:request_project": lambda: pk_of(ACCEPTED),
    "intake:request_templates": lambda: pk_of(ACCEPTED),
    "intake:request_start": lambda: {
        **pk_of(ACCEPTED),
        "template": ProjectTemplate.objects.offered().earliest("pk").pk,
    },
    "starts:role_fill": lambda: {"pk": StartItem.objects.filter(section="roles").earliest("pk").pk},
    "starts:template_make": lambda: {"pk": FINISHED.earliest("pk").pk},
    "password_reset_confirm": lambda: reset_link_of(User.objects.earliest("pk")),
    "invitation": lambda: invitation_of(User.objects.filter(last_login=None).latest("pk")),
}
# the same pages in another state: the past, nothing found, grouped, refused
MORE = (
    "/portfolio/?as_of=2001-01-01",
    "/portfolio/?q=no+such+project",
    "/budget/?by=category&group=facility",
    "/portfolio/landing/reconciliation/?as_of=2001-01-01",
    "/people/?q=nobody+at+all",
    "/projects/changes/?state=all",
    UNKNOWN,
)
PEOPLE = (
    "name,email,position,role\nAda Byron,ada@example.org,Nurse,Executive\nLi,li@,,\n"
    "{name},,Porter,\n"
)
TABLE = (
    b"Code,Name,Unit,RAG,Start,Budget\nN-1,New wing,Nowhere,Red,25/02/2026,1.5m\nN-2,Scanner,,,,\n"
)


def pk_of(rows: Any) -> dict[str, Any]:
    return {"pk": rows.earliest("pk").pk}


def member_of(project: Project) -> dict[str, Any]:
    return {"pk": project.pk, "member": project.members.earliest("pk").pk}


def reset_link_of(user: User) -> dict[str, Any]:
    token = default_token_generator.make_token(user)
    return {"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": token}


def invitation_of(user: User) -> dict[str, Any]:
    return {**reset_link_of(user), "token": tokens.make_token(user)}


def pages(client: Client) -> Iterator[tuple[str, URLPattern]]:
    """Yield every named address that answers a browser's GET."""
    for name, entry in walk(get_resolver().url_patterns):
        if name in NOT_PAGES or name.startswith("api:"):
            continue
        if client.get(address(name, entry)).status_code != METHOD_NOT_ALLOWED:
            yield name, entry


def beginning_of(path: str) -> str:
    """Return what stands before the first number of an address."""
    return path.lstrip("/").partition("1/")[0]


def has_record(name: str, entry: URLPattern) -> bool:
    return name in INSTEAD or beginning_of(address(name, entry)) in RECORDS


def path_of(name: str, entry: URLPattern) -> str:
    if name in INSTEAD:
        return reverse(name, kwargs=INSTEAD[name]())
    if not entry.pattern.converters:
        return reverse(name)
    return reverse(name, args=[RECORDS[beginning_of(address(name, entry))].earliest("pk").pk])


def look_at(page: Any, server: str, path: str, mode: str) -> dict[str, Any]:
    """Return the faults of a page, after "light" those of its colors in dark too, under the names of both."""
    page.troubles.clear()
    status = page.goto(server + path).status
    wait_for_panels(page)
    wait_for_charts(page)
    wrong = faults(page)
    if status != (404 if path == UNKNOWN else 200):
        wrong["status"] = status
    found = {f"{mode} {path}": wrong}
    if mode == "light":
        page.emulate_media(color_scheme="dark")
        colors = axe_violations(page, only_colors=True)
        found[f"dark {path}"] = {"axe": colors} if colors else {}
        page.emulate_media(color_scheme="light")
    return {name: wrong for name, wrong in found.items() if wrong}


def upload_tables(lead: User) -> None:
    """Leave one import with problems, one that waits for its columns, and a list with a question."""
    people = PEOPLE.format(name=lead.name).encode()
    stage_file(kind=ListKind.PEOPLE, file_name="people.csv", content=people, by=lead)
    faulty = start_import(file_name="faulty.csv", content=TABLE, by=lead)
    request_check(run=faulty, by=lead)
    start_import(file_name="projects.csv", content=TABLE, by=lead)
    upload_file(
        project=DRAFTED.earliest("pk"), file_name="plan.xml", content=mspdi(task(1)), by=lead
    )
    row = Task.objects.filter(is_summary=False, actual_start=None, kind="work").earliest("pk")
    Task.objects.filter(pk=row.pk).update(earning="steps")
    row.refresh_from_db()
    create_step(task=row, by=lead, name="First half")
    create_gate_set(by=lead, code="FAC", name="Buildings", category="facility")
    directed = Portfolio.objects.get(code="CORPORATE")
    switch_kind(portfolio=directed, kind=OfficeKind.DIRECTIVE, version=None, by=lead)
    hold_project(project=DIRECTED.latest("pk"), by=lead, reason="Wait for the audit.")


@pytest.mark.django_db
@pytest.mark.either
def test_every_address_that_needs_a_record_has_one(client):
    lacking = [
        name
        for name, entry in pages(client)
        if entry.pattern.converters and not has_record(name, entry)
    ]

    assert lacking == [], "Name the record in RECORDS or INSTEAD, or the reason in NOT_PAGES."


def test_what_is_left_out_exists():
    names = {name for name, _ in walk(get_resolver().url_patterns)}

    assert set(NOT_PAGES) | set(INSTEAD) <= names


def walked(visit: Any, server: str, mode: str, *, client: Client) -> dict[str, Any]:
    """
    Load the demo, look at each of its pages in a mode and return the faults by page.

    The demo is loaded for today: what a page says of it depends on the day it is read.
    """
    call_command("load_demo", today=timezone.localdate(), verbosity=0)
    people = {account.role: User.objects.get(email=account.email) for account in accounts()}
    upload_tables(people["PMO lead"])
    paths = [
        (path_of(name, entry), "Administrator" if name in OF_ADMINISTRATOR else "PMO lead")
        for name, entry in pages(client)
    ]
    found: dict[str, Any] = {}
    for role in ("PMO lead", "Administrator"):
        page = visit("/sign-in/", user=people[role], mode=mode)
        more = MORE if role == "PMO lead" else ()
        for path in (*(path for path, reader in paths if reader == role), *more):
            found |= look_at(page, server, path, mode)
        page.context.close()
    return found


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(1200)  # every page; a quarter of it on a machine at rest
@pytest.mark.django_db(transaction=True)
def test_no_page_of_the_demo_has_a_fault(visit, live_server, client):
    assert walked(visit, live_server.url, "light", client=client) == {}
