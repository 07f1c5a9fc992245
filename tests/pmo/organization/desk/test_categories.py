"""The page of categories."""

import pytest
from django.urls import reverse

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.organization.category_services import change_category, create_category
from pmo.organization.current import categories
from pmo.organization.models import Category
from tests.factories import person

pytestmark = pytest.mark.django_db
URL = reverse("organization:categories")


@pytest.fixture
def administrator(signed_in):
    return signed_in(person(Role.ADMINISTRATOR))


def ehr():
    return Category.objects.get(code="ehr")


def to(name, category):
    return reverse(f"organization:category_{name}", args=[category.pk])


def test_the_office_reads_and_changes_nothing(signed_in, lead):
    office = signed_in(lead)

    page = office.get(URL).content.decode()

    assert "Buildings and facilities" in page
    assert "Retire" not in page
    for address in (to("edit", ehr()), to("place", ehr()), to("use", ehr())):
        assert office.post(address, {"position": 3, "use": 0, "version": 1}).status_code == 403
    assert not AuditEvent.objects.exists()


def test_one_is_added(administrator):
    answer = administrator.post(reverse("organization:category_new"), {"name": "Research"})

    assert (answer.status_code, answer["Location"]) == (302, URL)
    assert categories()[-1].name == "Research"


@pytest.mark.parametrize("name", ["", "other", "x" * 81, "MRN 12345678"])
def test_a_name_that_will_not_do_comes_back_with_a_sentence(administrator, name):
    for address in (reverse("organization:category_new"), to("edit", ehr())):
        answer = administrator.post(address, {"name": name, "version": 1})

        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"name"}
    assert Category.objects.count() == 12


def test_one_is_renamed_and_the_second_of_two_is_told(administrator):
    first = administrator.post(to("edit", ehr()), {"name": "Digital", "version": 1})
    second = administrator.post(to("edit", ehr()), {"name": "Clinical IT", "version": 1})

    assert (first.status_code, second.status_code) == (302, 409)
    assert ehr().name == "Digital"


def test_the_same_name_in_another_case_is_no_other_s(administrator):
    assert administrator.post(to("edit", ehr()), {"name": "Ehr", "version": 1}).status_code == 302


def test_a_second_press_moves_nothing_further(administrator):
    for _ in range(2):
        assert administrator.post(to("place", ehr()), {"position": "1"}).status_code == 302

    assert [one.code for one in categories()][:3] == ["telehealth", "ehr", "facility"]
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize("position", ["", "-1", "x", "99999999999999999999"])
def test_a_place_that_is_none_moves_nothing(administrator, position):
    assert administrator.post(to("place", ehr()), {"position": position}).status_code == 302

    assert categories()[0].code == "ehr"


def test_one_is_retired_and_brought_back(administrator):
    for _ in range(2):
        answer = administrator.post(to("use", ehr()), {"use": "0", "version": "1"}, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert (ehr().is_active, said) == (False, [])

    administrator.post(to("use", ehr()), {"use": "1", "version": "2"})
    assert ehr().is_active


def test_who_comes_too_late_is_told(administrator):
    change_category(category=ehr(), version=1, by=None, name="Digital")

    answer = administrator.post(to("use", ehr()), {"use": "0", "version": "1"}, follow=True)

    assert [str(one) for one in answer.context["messages"]] == [
        "This category was changed in the meantime. Check it and try again."
    ]
    assert ehr().is_active


def test_the_first_of_every_project_is_not_retired(administrator):
    other = Category.objects.get(code="other")

    answer = administrator.post(to("use", other), {"use": "0", "version": "1"}, follow=True)

    assert "cannot be retired" in str(*answer.context["messages"])
    assert Category.objects.get(code="other").is_active


@pytest.mark.parametrize("more", [1, 3])
def test_the_list_costs_the_same_for_any_number(administrator, more, django_assert_num_queries):
    for number in range(more):
        create_category(by=None, name=f"Kind {number}")
    administrator.get(URL)

    with django_assert_num_queries(3):
        administrator.get(URL)
