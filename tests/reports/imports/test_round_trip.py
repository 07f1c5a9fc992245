"""What Rounds hands out goes in again with nothing changed and nothing asked, odd values among it."""

import json
from datetime import date
from decimal import Decimal

import pytest

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.common.local.currency import Currency
from pmo.organization.current import hold, hold_categories
from pmo.organization.defaults import first_categories, initial
from projects.models import Project
from reports.imports.models import StagedRow
from reports.imports.selectors import open_warnings
from reports.imports.services.direct import Order, import_now
from reports.services import snapshots
from tests.factories import (
    BudgetLineFactory,
    CostEntryFactory,
    MemberFactory,
    MilestoneFactory,
    ProgramFactory,
    ProjectFactory,
    RiskFactory,
    UnitFactory,
    UpdateFactory,
    person,
)

pytestmark = pytest.mark.django_db
NAMES = (
    "Réanimation 🚑 und Ärzte",
    "=HYPERLINK(1)",
    "'=quoted",
    "+41 hotline",
    "@home",
    "Total",
    "2026-11-15",
    "MAR1",
    "1E5",
    "N/A",
    'Wing, “new”; the "old"',
    "اسم المشروع",
)
CURRENCIES = [
    *(Currency(sign) for sign in ("$", "€", "K", "CA$", "%")),
    *(Currency(sign, after=True) for sign in ("kr", "K", "MM", "€")),
]


def handed_out(client, by, name):
    client.force_login(by)
    response = client.get(name)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    for close in response._resource_closers:  # the response itself would end the connection
        close()
    return content


def sent_again(content, by, record="project"):
    """Check the file and return the run; what is open, refused or changed fails at once."""
    order = Order(file_name="again", content=content, record=record, is_dry_run=True)
    run = import_now(order, by=by)
    rows = StagedRow.objects.of(run)
    assert [(row.code, row.name, row.changes) for row in rows.exclude(changes=[])] == []
    assert run.report["problems"] == []
    assert (run.report["questions"], run.report["unknown"]) == ([], [])
    assert open_warnings(run) == set()
    return run


@pytest.fixture
def odd(lead):
    """Projects with names, people, amounts and statuses that are easily read wrongly."""
    unit = UnitFactory(name="Surgery / East")
    program = ProgramFactory(code="P-01", name="Campus 2030")
    gone = person(Role.STAFF, name="Gone, Grace", is_active=False)
    twins = [person(Role.STAFF, name="Anna Reid") for _ in range(2)]
    for number, name in enumerate(NAMES):
        project = ProjectFactory(code=f"0{number}E1", name=name, unit=unit, program=program)
        MemberFactory(project=project, user=gone if number % 2 else twins[1], role=Role.MANAGER)
        BudgetLineFactory(project=project, amount=Decimal("1234567.89"))
        for cents in ("0.10", "0.20", "333333.33"):
            CostEntryFactory(project=project, amount=Decimal(cents))
        UpdateFactory(
            project=project,
            overall="amber" if number % 2 else "green",
            overall_note=f"First line {number}\n\n=second line",
            percent_complete=number,
            week=date(2025, 1, 6) if number == 3 else date(2026, 11, 16),
        )
    first, *_ = Project.objects.order_by("pk")
    MemberFactory(project=first, role=Role.SPONSOR)
    MemberFactory(project=first, role=Role.SPONSOR)
    done = ProjectFactory(name="Done", stage="closing", forecast_finish_date=date(2026, 10, 1))
    Project.objects.filter(pk=done.pk).update(actual_finish_date=date(2026, 9, 1))
    ProjectFactory(name="Bare", start_date=None, forecast_finish_date=None)
    snapshots.refresh(Project.objects.values_list("pk", flat=True))
    return lead


@pytest.mark.parametrize("name", ["/portfolio.csv", "/portfolio.xlsx"])
def test_the_list_of_projects_changes_nothing(client, odd, name):
    run = sent_again(handed_out(client, odd, name), odd)

    assert run.report["counts"] == {"created": 0, "updated": 0, "unchanged": len(NAMES) + 2}
    assert {one["header"] for one in run.report["not_taken"] if "Calculated by" in one["why"]} >= {
        "Data says", "Days late", "Milestones", "Open risks",
    }  # fmt: skip


def test_every_column_of_the_list_is_taken_or_named(client, odd):
    from reports.views.exports import COLUMNS  # noqa: PLC0415 - what this test is about

    run = sent_again(handed_out(client, odd, "/portfolio.csv"), odd)

    taken = {header for one in run.document["fields"].values() for header in one["from"]}
    named = set(run.document["not_taken"])
    assert taken | named == {column.label for column in COLUMNS}
    assert taken & named == set()


@pytest.mark.parametrize("money", CURRENCIES, ids=lambda money: f"{money}{money.after}")
def test_amounts_of_every_currency_are_the_same(client, odd, money):
    held = initial()
    held.currency, held.currency_after = str(money), money.after
    hold(held)

    sent_again(handed_out(client, odd, "/portfolio.xlsx"), odd)


def test_a_retired_category_stays(client, odd):
    categories = first_categories()
    project = Project.objects.first()
    for one in categories:
        one.is_active = one.code != project.category
    hold_categories(categories)

    sent_again(handed_out(client, odd, "/portfolio.csv"), odd)


def test_a_color_that_is_changed_in_the_file_is_a_change(client, odd):
    content = handed_out(client, odd, "/portfolio.csv").replace(b",Amber,", b",Green,", 1)

    run = import_now(Order(file_name="again", content=content, is_dry_run=True), by=odd)

    assert run.report["counts"]["updated"] == 1


@pytest.mark.parametrize(("name", "record"), [("projects", "project"), ("milestones", "milestone"), ("risks", "risk")])  # fmt: skip
def test_what_the_api_lists_changes_nothing(client, odd, name, record):
    for project in Project.objects.all()[:3]:
        MilestoneFactory(project=project, name="Go-live 🎉")
        owner = User.objects.filter(is_active=True).first()
        RiskFactory(project=project, title="=Fire", owner=owner, response="One\nTwo")

    run = sent_again(handed_out(client, odd, f"/api/v1/{name}/"), odd)

    assert run.document["record"] == record
    assert run.report["counts"]["unchanged"] == (len(NAMES) + 2 if name == "projects" else 3)


def test_a_project_of_the_api_that_nobody_may_see_is_none(client, odd):
    MilestoneFactory(name="Hidden", project=ProjectFactory(is_confidential=True))
    MilestoneFactory(name="Shown", project=Project.objects.first())
    content = handed_out(client, odd, "/api/v1/milestones/")
    rows = json.loads(content)["results"]
    for row in rows:
        row["project"] = 10**30 if row["name"] == "Shown" else row["project"]

    run = import_now(
        Order(file_name="a", content=json.dumps(rows).encode(), is_dry_run=True), by=odd
    )

    assert {one["wrong"] for one in run.report["problems"]} == {"No project has this code."}
    assert len(rows) == 2
