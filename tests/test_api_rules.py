"""Rules that every resource of the API keeps, from the day it is added."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from pmo.accounts.api_filters import VisibleFilters
from pmo.accounts.resources import UNKNOWN, Input, Writing
from pmo.accounts.roles import Role
from pmo.api_urls import RESOURCES
from pmo.common.models import AuditEvent, Job
from pmo.common.records import audit
from pmo.organization.category_services import create_category
from pmo.organization.models import Category
from portfolio.models import Alignment, PortfolioProject
from projects.models import (
    BudgetLine,
    ForecastEntry,
    Project,
    ReserveMovement,
    Stakeholder,
    TaskLink,
    VarianceCause,
)
from projects.services.baselines import set_first_baseline
from projects.services.money import create_budget_line
from projects.services.plan_imports import start_import
from projects.services.task_steps import create_step
from reports.services.snapshots import refresh
from tests.factories import (
    BudgetLineFactory,
    CalendarFactory,
    CostEntryFactory,
    FundingSourceFactory,
    IssueFactory,
    MemberFactory,
    MilestoneFactory,
    MonthForecastFactory,
    ObjectiveFactory,
    PortfolioFactory,
    ProgramFactory,
    ProjectFactory,
    RiskFactory,
    TaskFactory,
    UpdateFactory,
    gates,
    governance,
    person,
)
from tests.factories.changes import asked
from tests.factories.communication import communication_bodies, communication_of
from tests.factories.starts import LESSON, started_records
from tests.portfolio.intake.scene import asker, intake_bodies, intake_scene
from tests.projects.domain.exchange.files import mspdi, task

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).resolve().parent.parent / "docs" / "openapi.yaml"
WRITABLE = {name: r for name, r in RESOURCES.items() if issubclass(r, Writing)}
# what belongs to no project, and so is the same for every reader
SHARED = {
    *(
        "people",
        "units",
        "memberships",
        "programs",
        "calendars",
        "portfolios",
        "objectives",
        "jobs",
        "audit-events",
        "categories",
        "status-rules",
    ),
    "funding-sources",  # what draws on them is filtered, the sources are not
    "tolerances",
    "stakeholder-groups",
    *("templates", "template-versions"),
    "organization",
    *("gate-sets", "set-gates"),  # the office's own
    "freezes",  # when figures were kept, not which
    # their own units and confidence decide: tests/portfolio/intake/test_api.py
    *("requests", "request-versions", "request-steps", "request-items", "replacement-items"),
    *("capital-cycles", "contingency-draws", "intake-rules"),
    # what belongs to a committee, or to a decision of one: tests/portfolio/governance/test_api.py
    *("committees", "committee-members", "meetings", "agenda-items", "meeting-actions"),
    *("minutes", "conditions"),
    *(
        "summaries",
        "variance-reports",
        "audience-texts",
    ),  # documents, of which each reader gets an own copy
}
KEPT = {
    "forecast-entries",
    "month-forecasts",
    "reserve-movements",
    "contingency-draws",
}  # added to, never changed
ANYBODYS = {"requests"}  # whoever signs in may ask for a project
SCOPED = sorted(set(RESOURCES) - SHARED)


def scene(**fields):
    """One project with one record of every kind; returns the id of each by resource."""
    project = ProjectFactory(**fields)
    risk = RiskFactory(project=project)
    portfolio, objective = PortfolioFactory(), ObjectiveFactory()
    line = BudgetLineFactory(project=project)
    records = {
        "projects": project,
        "members": MemberFactory(project=project),
        "stakeholders": Stakeholder.objects.create(project=project, name="Union"),
        "milestones": MilestoneFactory(project=project),
        **communication_of(project),
        "plan-imports": start_import(
            project=project, file_name="plan.xml", content=mspdi(task(1)), by=None
        ),
        "budget-lines": line,
        "cost-entries": CostEntryFactory(project=project, line=line),
        "forecast-entries": ForecastEntry.objects.create(
            project=project, amount=5, made_on=date(2026, 1, 1)
        ),
        "funding-sources": FundingSourceFactory(),
        "month-forecasts": MonthForecastFactory(project=project, line=line),
        "status-updates": UpdateFactory(project=project),
        "risks": risk,
        "issues": IssueFactory(project=project),
        "portfolio-entries": PortfolioProject.objects.create(
            portfolio=portfolio, project=project, added_on=date(2026, 1, 1)
        ),
        "alignments": Alignment.objects.create(project=project, objective=objective),
        "programs": ProgramFactory(),
        "portfolios": portfolio,
        "objectives": objective,
        "units": project.unit,
    }
    records["baselines"] = set_first_baseline(project=project, by=None, name="Plan", reason="Board")
    # approved after the baseline, so free to be set aside
    create_budget_line(project=project, by=None, category="Added later", amount=Decimal(1000))
    records["change-requests"] = asked(project)
    records["reserve-movements"] = ReserveMovement.objects.create(
        project=project, reserve="contingency", amount=5, reason="Board", made_on=date(2026, 1, 1)
    )
    records["variance-causes"] = VarianceCause.objects.create(
        project=project, measure="cost", cause="rate", amount=5, noted_on=date(2026, 1, 1)
    )
    first, second = TaskFactory(project=project), TaskFactory(project=project)
    records["tasks"] = first
    records["task-links"] = TaskLink.objects.create(
        project=project, predecessor=first, successor=second
    )
    third = TaskFactory(project=project, earning="steps")
    records["task-steps"] = create_step(task=third, by=None, name="Poured", weight=2)
    records |= started_records(project)
    records["calendars"] = CalendarFactory()
    records |= gates.records(project, records["status-updates"])
    records |= governance.records(project)
    records["categories"] = create_category(by=None, name=f"Kind {Category.objects.count()}")
    records |= intake_scene(project)
    refresh([project.pk])
    records["snapshots"] = project.snapshots.get()
    return records


def api(user=None):
    client = APIClient()
    if user:
        client.force_authenticate(user)
    return client


def listed(client, name):
    answer = client.get(f"/api/v1/{name}/", {"page_size": 200})
    assert answer.status_code == 200, answer.data
    return [row["id"] for row in answer.data["results"]]


def like(record):
    """The ids of every record of this kind in its project."""
    if isinstance(record, Project):
        return [record.pk]
    rows = type(record)._default_manager.filter(project=record.project_id)
    return sorted(rows.values_list("pk", flat=True))


@pytest.mark.parametrize("name", SCOPED)
def test_a_list_holds_what_the_reader_may_see_and_nothing_else(name, records, hidden):
    executive, lead = person(Role.EXECUTIVE), person(Role.PMO_LEAD)

    assert listed(api(executive), name) == like(records[name])
    assert listed(api(lead), name) == sorted(like(records[name]) + like(hidden[name]))
    assert api(executive).get(f"/api/v1/{name}/{hidden[name].pk}/").status_code == 404
    assert api(executive).get(f"/api/v1/{name}/{records[name].pk}/").status_code == 200


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_a_stranger_is_asked_to_sign_in(name):
    assert api().get(f"/api/v1/{name}/").status_code == 401
    assert api().post(f"/api/v1/{name}/", {}, format="json").status_code == 401


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EXECUTIVE])
@pytest.mark.parametrize("name", sorted(set(RESOURCES) - ANYBODYS))
def test_a_reader_writes_nothing(name, role, records):
    reader = api(person(role))
    before = AuditEvent.objects.count()
    pk = records[name].pk if name in records else 1

    answers = {
        reader.post(f"/api/v1/{name}/", body_for(name, records), format="json").status_code,
        reader.patch(f"/api/v1/{name}/{pk}/", {"version": 1}, format="json").status_code,
        reader.put(f"/api/v1/{name}/{pk}/", {}, format="json").status_code,
        reader.delete(f"/api/v1/{name}/{pk}/").status_code,
    }

    assert answers <= {403, 404, 405}
    assert AuditEvent.objects.count() == before


def body_for(name, records, unique="z"):
    """What a new record needs."""
    project, month = records["projects"].pk, f"{timezone.localdate():%Y-%m-01}"
    bodies = {
        "units": {"name": f"Unit {unique}"},
        "programs": {"code": f"P{unique}", "name": "Program"},
        "projects": {"code": f"C{unique}", "name": "New", "unit": records["units"].pk},
        "members": {"project": project, "user": person(Role.STAFF).pk, "role": "reader"},
        "stakeholders": {"project": project, "name": f"Nurses {unique}"},
        **communication_bodies(project, records, unique),
        "tasks": {"project": project, "name": f"T {unique}"},
        "task-links": {
            "predecessor": records["tasks"].pk,
            "successor": TaskFactory(project=records["projects"]).pk,
        },
        "task-steps": {
            "project": project,
            "task": records["task-steps"].task_id,
            "name": f"Step {unique}",
        },
        "calendars": {"name": f"C {unique}"},
        "categories": {"name": f"Category {unique}"},
        "milestones": {"project": project, "name": f"M {unique}", "forecast_date": "2026-12-01"},
        "budget-lines": {"project": project, "category": f"Cat {unique}", "amount": "10.00"},
        "cost-entries": {"project": project, "entry_date": "2026-02-01", "amount": "10.00"},
        "forecast-entries": {"project": project, "amount": "99.00"},
        "funding-sources": {"code": f"S{unique}", "name": "Grant"},
        "month-forecasts": {"project": project, "month": month, "amount": "7.00"},
        "baselines": {"project": project, "name": "Plan", "reason": "Board"},
        "change-requests": {"project": project, "title": f"T {unique}", "justification": "Why"},
        "reserve-movements": {
            "project": project,
            "reserve": "management",
            "amount": "7.00",
            "reason": "Board",
        },
        "variance-causes": {
            "project": project,
            "measure": "finish",
            "cause": "delay",
            "days": 4,
            "explanation": f"Strike {unique}",
        },
        "lessons": {"project": project, **LESSON},
        "risks": {"project": project, "title": "R", "likelihood": 2, "impact": 2},
        "issues": {"project": project, "title": "I"},
        "portfolios": {"code": f"F{unique}", "name": "Portfolio"},
        "portfolio-entries": {"project": project, "portfolio": PortfolioFactory().pk},
        "objectives": {"code": f"O{unique}", "name": "Objective"},
        "alignments": {"project": project, "objective": ObjectiveFactory().pk},
        **intake_bodies(records, unique),
        **(gates.bodies(records, unique) | governance.bodies(records, unique)),
    }
    if name == "reserve-movements":  # set aside of money that the baseline does not hold
        BudgetLineFactory(project=records["projects"], category=f"L{BudgetLine.objects.count()}")
    return bodies.get(name, {})


def writer_of(name):
    if name == "requests":  # only the requester changes it
        return asker()
    of_administrator = {"units", "categories"}
    return person(Role.ADMINISTRATOR if name in of_administrator else Role.PMO_LEAD)


def filtered_by(name):
    """The filters of a resource that take the id of something that only some may see."""
    resource = RESOURCES[name]
    found = VisibleFilters().get_filterset_class(resource(request=None), resource.queryset)
    rows = {key: getattr(one, "queryset", None) for key, one in found.base_filters.items()}
    return {key: q.model for key, q in rows.items() if hasattr(q, "visible_to")}


FILTERED = [(name, key) for name in SCOPED for key in filtered_by(name)]


@pytest.mark.parametrize(("name", "key"), FILTERED)
@pytest.mark.usefixtures("hidden")
def test_a_hidden_id_filters_like_one_that_does_not_exist(name, key):
    executive = person(Role.EXECUTIVE)
    client = api(executive)
    there = filtered_by(name)[key].objects
    unseen = there.exclude(pk__in=there.visible_to(executive).values("pk")).latest("pk").pk

    answers = [client.get(f"/api/v1/{name}/", {key: pk}) for pk in (unseen, 999_999)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].data == answers[1].data


@pytest.mark.parametrize("name", sorted(WRITABLE))
def test_what_is_added_can_be_read_and_leaves_one_event(name, records):
    client = api(writer_of(name))
    before = AuditEvent.objects.count()

    answer = client.post(f"/api/v1/{name}/", body_for(name, records), format="json")

    assert answer.status_code == 201, answer.data
    assert client.get(f"/api/v1/{name}/{answer.data['id']}/").data == answer.data
    assert AuditEvent.objects.count() == before + 1
    assert audit.faults() == []


@pytest.mark.parametrize("name", sorted(WRITABLE))
def test_fields_that_may_not_be_written_are_refused_and_change_nothing(name, records):
    client, resource = api(writer_of(name)), WRITABLE[name]
    model = resource.queryset.model
    inputs = set(resource.input_class.Meta.fields)
    others = {f.name for f in model._meta.get_fields()} - inputs - {"version"}
    before = AuditEvent.objects.count()

    for field in sorted(others | {"pk", "is_staff", "changed_by", "created_at"}):
        body = body_for(name, records) | {field: 1}
        answer = client.post(f"/api/v1/{name}/", body, format="json")
        assert (answer.status_code, answer.data) == (400, {field: [UNKNOWN]}), field

    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("name", sorted(set(WRITABLE) - KEPT))
def test_a_change_needs_the_version_it_was_made_from(name, records):
    client = api(writer_of(name))
    url = f"/api/v1/{name}/{records[name].pk}/"
    text = {f.name for f in records[name]._meta.get_fields() if isinstance(f, models.CharField)}
    free = [
        f
        for f in (
            "name",
            "title",
            "message",
            "note",
            "source",
            "category",
            "contribution",
            "explanation",
            *("question", "place", "seat", "motion"),
        )
        if hasattr(records[name], f)
    ]
    field = next(
        f for f in free if f in text or f in {"contribution", "explanation", "note", "motion"}
    )

    assert client.patch(url, {field: "Changed once"}, format="json").status_code == 400
    first = client.patch(url, {field: "Changed once", "version": 1}, format="json")
    second = client.patch(url, {field: "Changed twice", "version": 1}, format="json")

    assert (first.status_code, first.data[field], first.data["version"]) == (200, "Changed once", 2)
    assert (second.status_code, second.data["version"]) == (409, 2)
    assert client.get(url).data[field] == "Changed once"


@pytest.mark.parametrize("name", [n for n in sorted(WRITABLE) if n in SCOPED and n != "projects"])
def test_a_hidden_project_answers_like_one_that_does_not_exist(name, records, hidden):
    client = api(person(Role.PMO_ANALYST))

    answers = [
        client.post(f"/api/v1/{name}/", body_for(name, records) | {"project": pk}, format="json")
        for pk in (hidden["projects"].pk, 987654321)
    ]

    assert {a.status_code for a in answers} == {400}
    assert [str(a.data["project"][0]) for a in answers] == [
        f'Invalid pk "{pk}" - object does not exist.' for pk in (hidden["projects"].pk, 987654321)
    ]


@pytest.mark.either
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_for_any_number(rows, django_assert_max_num_queries):
    for _ in range(rows):
        scene()
        Job.objects.create(kind="count", key=str(Job.objects.count()))
    user = person(Role.PMO_LEAD)
    client = api(user)
    user.held  # noqa: B018 - read once before, as the first request of a session does

    for name in sorted(RESOURCES):
        with django_assert_max_num_queries(4, info=name):
            listed(client, name)


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_odd_filters_pages_and_orders_are_answered_quietly(name):
    client, resource = api(person(Role.PMO_LEAD)), RESOURCES[name]
    declared = getattr(resource, "filterset_fields", None)
    if declared is None:
        declared = resource.filterset_class.base_filters
    odd = ["\x00", "x" * 500, str(2**63), "-1", "0000-00-00", "10000-01-01", "NaN", "'", "1e99"]

    for parameter in [*declared, "page", "page_size", "ordering", "as_of", "portfolio"]:
        for value in odd:
            code = client.get(f"/api/v1/{name}/", {parameter: value}).status_code
            assert code in {200, 400, 404}, (parameter, value)
    for pk in ("0", "99999999999999999999", "x", "%00"):
        assert client.get(f"/api/v1/{name}/{pk}/").status_code == 404


def test_a_token_works_until_it_ends_and_is_never_kept():
    user = person(Role.EXECUTIVE)
    token, secret = AuthToken.objects.create(user=user, expiry=timedelta(days=1))
    client = APIClient(headers={"Authorization": f"Bearer {secret}"})

    assert client.get("/api/v1/projects/").status_code == 200
    assert secret not in (token.digest, token.token_key)

    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert client.get("/api/v1/projects/").status_code == 401


def test_a_session_needs_the_token_against_forged_requests(lead):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(lead)

    answer = client.post("/api/v1/programs/", {"code": "P1", "name": "P"}, format="json")

    assert answer.status_code == 403
    assert "CSRF" in str(answer.data["detail"])


def test_answers_are_json_and_there_is_no_browsable_page(lead):
    answer = api(lead).get("/api/v1/projects/", headers={"Accept": "text/html"})

    assert answer.status_code == 406 or answer["Content-Type"] == "application/json"


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the ranges of whole numbers are told as SQLite has them"
)
def test_the_described_api_is_the_real_one(tmp_path):
    fresh = tmp_path / "openapi.yaml"

    call_command("spectacular", "--file", str(fresh), "--validate", "--fail-on-warn")

    assert SCHEMA.read_text() == fresh.read_text(), (
        "Run `manage.py spectacular --file docs/openapi.yaml`."
    )


def test_inputs_never_take_every_field():
    assert all(issubclass(r.input_class, Input) for r in WRITABLE.values())
    assert all(r.input_class.Meta.fields != "__all__" for r in WRITABLE.values())
