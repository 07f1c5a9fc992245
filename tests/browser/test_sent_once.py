"""A double click has one effect, with the page's own guard and without it."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from projects.models import CostEntry
from risks.models import Issue, Risk
from tests.browser.checks import words
from tests.factories import BudgetLineFactory, ProjectFactory, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOTH = """async (form) => {
  const send = () => fetch(form.action || location.href, {
    method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual',
  });
  const first = send();
  await new Promise((resolve) => setTimeout(resolve, 300));
  return (await Promise.all([first, send()])).map((answer) => answer.type);
}"""
FORMS = {
    "cost entry": ("projects:cost_entry_new", CostEntry, {"amount": "500"}),
    "risk": ("risks:risk_new", Risk, {"title": "Vendor slips"}),
    "issue": ("risks:issue_new", Issue, {"title": "Crane stands still"}),
}


@pytest.fixture(params=FORMS)
def open_form(request, visit):
    """Return the page with a form that is filled, and the model it adds to."""
    name, model, typed = FORMS[request.param]
    project = ProjectFactory()
    BudgetLineFactory(project=project)
    page = visit(reverse(name, args=[project.pk]), user=person(Role.PMO_LEAD))
    for field, value in typed.items():
        page.fill(f"main [name={field}]", value)
    if request.param == "cost entry":
        page.fill("main [name=entry_date]", "2026-02-01")
    if request.param == "risk":
        grade(page)
    return page, model


def grade(page):
    for field in ("likelihood", "impact"):
        page.select_option(f"#id_{field}", "3")


def button(page):
    return page.locator("main form button[type=submit]").last


def test_a_second_click_a_moment_later_adds_nothing(open_form):
    page, model = open_form

    with page.expect_navigation(wait_until="networkidle"):
        button(page).dblclick(delay=1)

    assert model.objects.count() == 1, words(page)


def test_nor_does_it_where_the_page_does_not_guard(open_form):
    page, model = open_form

    answers = page.locator("main form[method=post]").last.evaluate(BOTH)

    assert answers == ["opaqueredirect", "opaqueredirect"]
    assert model.objects.count() == 1


@pytest.mark.parametrize("open_form", ["issue"], indirect=True)
def test_the_page_holds_a_second_click_back_itself(open_form):
    page, model = open_form
    posts = []
    page.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)

    with page.expect_navigation(wait_until="networkidle"):
        page.locator("main form[method=post]").last.evaluate(
            "(form) => { form.requestSubmit(); form.requestSubmit(); }"
        )

    assert len(posts) == 1
    assert model.objects.count() == 1


def test_whoever_comes_back_and_writes_something_else_adds_that_too(visit, lead):
    project = ProjectFactory()
    page = visit(reverse("risks:risk_new", args=[project.pk]), user=lead)
    for title in ("Vendor slips", "Crane stands still"):
        page.fill("main [name=title]", title)
        grade(page)
        with page.expect_navigation():
            button(page).click()
        page.go_back()
        page.wait_for_load_state()

    assert sorted(Risk.objects.values_list("title", flat=True)) == [
        "Crane stands still",
        "Vendor slips",
    ]
