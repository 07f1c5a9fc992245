"""Examples stay marked until somebody confirms, changes or removes them; roles are filled."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.records.writing import RefusalError
from portfolio.starts.models import ItemState, StartItem
from portfolio.starts.selectors.items import counts_of, items_of
from portfolio.starts.services import confirming
from projects.models import BudgetLine, ReserveMovement, Task
from projects.selectors.baselining import approved_budget
from projects.services.plan import change_task
from tests.factories import MemberFactory, ProjectFactory, person
from tests.portfolio.starts.test_starting import started

pytestmark = pytest.mark.django_db
EXAMPLES = {"budget_lines": 7, "measures": 6, "training": 3, "adoption": 2}


@pytest.fixture
def project(lead):
    return started("telehealth", lead)


def item_of(project, section, **fields):
    return StartItem.objects.filter(project=project, section=section, **fields).in_order().first()


def test_9c_baselines_and_sums_are_marked_until_the_owner_confirms(project):
    marked = StartItem.objects.filter(project=project).examples()

    assert {name: marked.filter(section=name).count() for name in EXAMPLES} == EXAMPLES
    assert marked.count() == sum(EXAMPLES.values())


def test_9c_an_example_sum_is_no_approved_money(project):
    lines = BudgetLine.objects.filter(project=project)

    assert {line.amount for line in lines} == {None}
    assert lines.get(category="Project staff").stated_reason == (
        "Example of the template, not confirmed: $180,000"
    )
    assert approved_budget(project, as_of=timezone.localdate()) in (None, Decimal())


def test_a_sum_that_is_given_is_booked_by_its_shares(lead):
    project = started("telehealth", lead, total=Decimal("1000000.01"))

    lines = BudgetLine.objects.filter(project=project)
    assert sum(line.amount for line in lines) == Decimal("1000000.01")
    assert lines.get(category="Project staff").amount == Decimal("200000.00")
    assert ReserveMovement.objects.get(project=project).amount == Decimal("70000.00")
    # the shares are the template's all the same
    assert StartItem.objects.filter(project=project, section="budget_lines").examples().count() == 7


def test_the_example_grows_with_the_size(lead):
    project = started("telehealth", lead, sizes={"clinics": 6})

    amounts = StartItem.objects.filter(project=project, section="budget_lines")
    assert sum(item.amount for item in amounts) == Decimal("1800000.00")


def test_confirming_a_line_books_it(project, lead):
    item = item_of(project, "budget_lines", name="Project staff")

    confirmed = confirming.confirm_item(item=item, version=item.version, by=lead)

    line = BudgetLine.objects.get(pk=item.record_pk)
    assert (confirmed.state, line.amount, line.stated_reason) == ("confirmed", Decimal("180000.00"), "")  # fmt: skip
    assert counts_of(project).examples == sum(EXAMPLES.values()) - 1


def test_confirming_the_contingency_sets_it_aside(project, lead):
    confirming.confirm_item(item=item_of(project, "budget_lines", name="Contingency"), version=None, by=lead)  # fmt: skip

    assert ReserveMovement.objects.get(project=project).amount == Decimal("63000.00")


def test_changing_an_example_confirms_the_projects_own_figure(project, lead):
    measure = item_of(project, "measures")

    changed = confirming.change_item(item=measure, version=1, by=lead, baseline=Decimal("6.50"), target=Decimal(25))  # fmt: skip

    assert changed.state == ItemState.CONFIRMED
    assert (changed.said["baseline"], changed.said["target"]) == (6.5, 25)


def test_removing_a_line_takes_it_out_of_the_budget(project, lead):
    item = item_of(project, "budget_lines", name="Patient outreach and translation")

    confirming.remove_item(item=item, by=lead)

    assert not BudgetLine.objects.filter(pk=item.record_pk).exists()
    with pytest.raises(RefusalError, match="removed"):
        confirming.confirm_item(item=item, version=None, by=lead)


def test_what_is_no_example_is_not_confirmed(project, lead):
    with pytest.raises(RefusalError, match="no example"):
        confirming.confirm_item(item=item_of(project, "obligations"), version=None, by=lead)


def test_9b_days_move_with_the_plan(project, lead):
    check = next(one for one in items_of(project, "anchored") if one.item.name == "Readiness check")
    task = Task.objects.get(project=project, external_id="T22")
    go_live = Task.objects.get(project=project, external_id="GL")
    assert check.day == go_live.finish - timedelta(days=30)

    change_task(task=task, version=None, by=lead, duration=13)

    go_live.refresh_from_db()
    moved = next(one for one in items_of(project, "anchored") if one.item.name == "Readiness check")
    assert moved.day == go_live.finish - timedelta(days=30)
    assert (moved.day - check.day).days == 14


def test_a_role_is_filled_and_the_person_named(project, lead):
    somebody = person(Role.STAFF)
    role = item_of(project, "roles", key="clinical_lead")

    confirming.fill_role(item=role, person=somebody, by=lead, names=True)

    assert counts_of(project).open_roles == 13
    assert [m.role for m in project.members.filter(user=somebody)] == ["clinical_lead"]


def test_manager_and_sponsor_fill_their_roles_at_the_start(lead):
    manager, sponsor = person(Role.STAFF), person(Role.EXECUTIVE)

    project = started("telehealth", lead, manager=manager, sponsor=sponsor)

    filled = StartItem.objects.filter(project=project, filled_by__isnull=False)
    assert {item.key: item.filled_by for item in filled} == {"pm": manager, "sponsor": sponsor}
    assert counts_of(project).open_roles == 12
    assert project.risks.get(external_id="R7").owner == sponsor


# pages


def url(name, pk):
    return reverse(f"starts:{name}", args=[pk])


def test_the_owner_confirms_on_one_list(project, signed_in, lead):
    client = signed_in(lead)

    page = client.get(url("project_confirm", project.pk))
    assert len(page.context["rows"]) == sum(EXAMPLES.values())
    client.post(url("item_confirm", page.context["rows"][0]["item"].pk))
    client.post(url("project_confirm_all", project.pk))

    page = client.get(url("project_confirm", project.pk))
    assert page.context["rows"] == []
    assert page.context["lede"] == "Everything that came with the template is confirmed."
    assert approved_budget(project, as_of=timezone.localdate()) == Decimal("900000.00")


def test_a_manager_confirms_measures_and_the_office_the_money(project, signed_in):
    member = MemberFactory(project=project)
    client = signed_in(member.user)
    line, measure = item_of(project, "budget_lines"), item_of(project, "measures")

    assert client.post(url("item_confirm", line.pk)).status_code == 403
    assert client.post(url("item_confirm", measure.pk)).status_code == 302
    client.post(url("project_confirm_all", project.pk))

    left = StartItem.objects.filter(project=project).examples()
    assert set(left.values_list("section", flat=True)) == {"budget_lines"}


def test_an_example_is_changed_on_its_page(project, signed_in, lead):
    measure = item_of(project, "measures")

    answer = signed_in(lead).post(
        url("item_change", measure.pk), {"version": 1, "baseline": "6", "target": "25"}
    )

    measure.refresh_from_db()
    assert answer.status_code == 302
    assert (measure.state, measure.said["target"]) == ("confirmed", 25)


def test_two_who_change_at_once_lose_nothing(project, signed_in, lead):
    measure = item_of(project, "measures")
    confirming.change_item(item=measure, version=1, by=lead, target=Decimal(30))

    answer = signed_in(lead).post(
        url("item_change", measure.pk), {"version": 1, "baseline": "6", "target": "25"}
    )

    measure.refresh_from_db()
    assert (answer.status_code, measure.said["target"]) == (422, 30)


@pytest.mark.parametrize("copies", [1, 3])
def test_the_page_costs_the_same_for_any_number(
    project, signed_in, copies, django_assert_num_queries
):
    StartItem.objects.filter(project=project, section="measures").exclude(
        pk__in=StartItem.objects.filter(project=project, section="measures").values("pk")[:copies]
    ).delete()
    client = signed_in(person(Role.EXECUTIVE))
    address = url("project_start", project.pk)
    client.get(address)

    with django_assert_num_queries(9):
        client.get(address)


def test_the_panel_of_a_project_without_template_is_empty(signed_in, lead):
    address = url("project_start", ProjectFactory().pk)

    panel = signed_in(lead).get(address, headers={"HX-Request": "true"})

    assert panel.content.decode().strip() == ""
    assert "Not started from a template" in signed_in(lead).get(address).content.decode()


def test_what_came_with_a_hidden_project_is_hidden(lead, signed_in, project):
    type(project).objects.filter(pk=project.pk).update(is_confidential=True)
    client = signed_in(person(Role.PMO_ANALYST))

    for name, pk in (
        ("project_start", project.pk),
        ("project_confirm", project.pk),
        ("item_change", item_of(project, "measures").pk),
        ("role_fill", item_of(project, "roles").pk),
    ):
        assert client.get(url(name, pk)).status_code == 404


def test_a_role_is_filled_and_nothing_else(project, signed_in, lead):
    measure = item_of(project, "measures")

    assert signed_in(lead).get(url("role_fill", measure.pk)).status_code == 404
