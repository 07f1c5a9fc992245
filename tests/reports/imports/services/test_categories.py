"""A file says a category by its code or by its name, of those that the organization has."""

import pytest

from pmo.organization.category_services import change_category, create_category
from pmo.organization.models import Category
from projects.models import Project
from tests.factories import ProjectFactory, UnitFactory
from tests.reports.imports.services.scene import FIELDS, applied, checked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _column(monkeypatch):
    monkeypatch.setitem(FIELDS, "Category", "category")
    UnitFactory(name="Surgery")


def retire(code):
    change_category(
        category=Category.objects.get(code=code), version=None, by=None, is_active=False
    )


def file(*rows):
    return "\n".join(["Code,Name,Unit,Category", *rows, ""])


def test_names_and_codes_of_the_table_are_read(lead):
    create_category(by=None, name="Research & trials")

    applied(
        file(
            "A,A,Surgery,research & TRIALS",
            "B,B,Surgery,research_trials",
            "C,C,Surgery,value-based",
            "D,D,Surgery,",
        ),
        lead,
    )

    assert dict(Project.objects.values_list("code", "category")) == {
        "A": "research_trials",
        "B": "research_trials",
        "C": "value_based",
        "D": "other",
    }


def test_what_is_no_category_is_refused_with_those_in_use(lead):
    retire("ehr")

    [problem] = checked(file("A,A,Surgery,Magic"), lead).problems

    assert problem.field == "category"
    assert problem.right.startswith("One of: Telehealth and access, ")


def test_a_retired_one_is_kept_and_not_taken_anew(lead):
    ProjectFactory(code="A", name="A", category="ehr", unit__name="Ward")
    retire("ehr")

    assert checked(file("A,A,,ehr"), lead).problems == []
    [problem] = checked(file("B,B,Surgery,ehr"), lead).problems
    assert problem.field == "category"
