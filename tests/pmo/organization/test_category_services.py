"""Categories are added, renamed, ordered, retired and brought back; none is lost."""

import pytest
from django.core.exceptions import ValidationError

from pmo.common.models import AuditEvent
from pmo.common.records import audit
from pmo.common.records.writing import EditConflictError, RefusalError
from pmo.organization.category_services import change_category, create_category
from pmo.organization.current import (
    categories,
    category_choices,
    category_name,
    category_names,
    forget,
)
from pmo.organization.defaults import CATEGORIES
from pmo.organization.models import Category

pytestmark = pytest.mark.django_db


def named(code):
    return Category.objects.get(code=code)


def change(code, **fields):
    version = fields.pop("version", named(code).version)
    return change_category(category=named(code), version=version, by=None, **fields)


def test_a_new_one_is_offered_last_under_a_code_of_its_name():
    made = create_category(by=None, name="  Emergency &  trauma ")

    assert (made.code, made.name, made.position) == ("emergency_trauma", "Emergency & trauma", 12)
    assert list(category_names())[-1] == "emergency_trauma"
    assert [(e.action, e.target) for e in AuditEvent.objects.all()] == [
        ("category.created", f"organization.category:{made.pk}")
    ]
    assert audit.faults() == []


def test_codes_never_meet():
    create_category(by=None, name="A name that is longer than twenty")
    second = create_category(by=None, name="A name that is longer than thirty")

    assert second.code == "a_name_that_is_lon_2"
    assert create_category(by=None, name="医療").code == "category"


@pytest.mark.parametrize("name", ["other", " Workforce ", "HEALTH records and clinical IT"])
def test_a_name_that_is_taken_is_refused_whatever_its_case(name):
    with pytest.raises(ValidationError) as refused:
        create_category(by=None, name=name)

    assert set(refused.value.error_dict) == {"name"}
    assert Category.objects.count() == 12


def test_a_rename_is_seen_at_once_and_keeps_the_code():
    change("ehr", name="Digital")

    assert category_name("ehr") == "Digital"
    assert change("ehr", name="digital").name == "digital"


def test_a_retired_one_is_offered_to_those_only_that_have_it():
    change("ehr", is_active=False)

    assert "ehr" in category_names()
    assert "ehr" not in dict(category_choices())
    assert dict(category_choices(kept="ehr"))["ehr"] == ("Health records and clinical IT (retired)")
    change("ehr", is_active=True)
    assert "ehr" in dict(category_choices())


def test_what_every_project_is_at_first_stays():
    with pytest.raises(RefusalError, match="cannot be retired"):
        change("other", is_active=False)

    assert named("other").is_active


@pytest.mark.parametrize(
    ("code", "place", "first"),
    [
        ("facility", 0, ["facility", "ehr", "telehealth", "safety"]),
        ("ehr", 2, ["telehealth", "facility", "ehr", "safety"]),
        ("ehr", 0, ["ehr", "telehealth", "facility", "safety"]),
    ],
)
def test_it_moves_to_the_place_asked_for(code, place, first):
    change(code, position=place)
    change(code, position=place)

    assert [one.code for one in categories()][:4] == first
    assert sorted(one.position for one in categories()) == list(range(12))


def test_a_place_beyond_the_end_is_the_end():
    change("ehr", position=99)

    assert [one.code for one in categories()][-1] == "ehr"


def test_the_second_of_two_who_rename_is_told_and_nothing_moves():
    change("ehr", name="Digital")

    with pytest.raises(EditConflictError):
        change("ehr", version=1, name="Clinical IT", position=5)

    assert category_name("ehr") == "Digital"
    assert categories()[0].code == "ehr"


def test_an_unknown_code_is_shown_as_it_is():
    assert category_name("gone") == "gone"


def test_they_are_read_once_for_as_long_as_they_are_held(django_assert_num_queries):
    forget()

    with django_assert_num_queries(1):
        assert list(category_names()) == list(CATEGORIES)
        category_name("ehr")
        category_choices()
