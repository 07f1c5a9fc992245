"""Each row of a list of units: a place in the tree, created in order, never below itself."""

import pytest

from pmo.accounts.lists import ListKind
from pmo.accounts.models import Unit
from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from tests.factories import UnitFactory, person
from tests.pmo.accounts.lists.scene import effects, row, staged, written

pytestmark = pytest.mark.django_db
HEAD = "name,kind,parent,headcount\n"


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


def listed(text, by):
    return staged(HEAD + text, by, ListKind.UNITS)


def tree():
    return {
        (unit.name, unit.parent.name if unit.parent else None, unit.kind, unit.headcount)
        for unit in Unit.objects.select_related("parent")
    }


def test_units_are_created_from_the_top_whatever_their_order(administrator):
    record = listed(
        '4 West,Ward,North / Surgery,42\nSurgery,,North,180\nNorth,facility,,"1,200"\n',
        administrator,
    )
    assert effects(record) == {2: "new", 3: "new", 4: "new"}

    record = written(record, administrator)

    assert tree() == {
        ("North", None, "facility", 1200),
        ("Surgery", "North", "department", 180),
        ("4 West", "Surgery", "ward", 42),
    }
    ward = Unit.objects.get(name="4 West")
    assert ward.path == f"{ward.parent.path}{ward.pk}/"
    assert AuditEvent.objects.filter(action="unit.created").count() == 3


def test_a_path_creates_what_is_missing_on_the_way(administrator):
    record = listed("North / Surgery / 4 West,,,\n", administrator)
    assert row(record, 2)["note"] == "Creates North, North / Surgery too."

    written(record, administrator)

    assert tree() == {
        ("North", None, "facility", None),
        ("Surgery", "North", "department", None),
        ("4 West", "Surgery", "ward", None),
    }


def test_a_second_time_doubles_nothing_and_a_figure_is_changed(administrator):
    UnitFactory(name="ICU/CCU", kind="ward", headcount=10)

    record = listed("icu/ccu,,,12\n", administrator)
    assert row(record, 2)["changes"] == [["Staff", "10", "12"]]
    written(record, administrator)
    again = listed("ICU/CCU,Ward,,12\n", administrator)

    assert effects(again) == {2: "unchanged"}
    assert tree() == {("ICU/CCU", None, "ward", 12)}
    assert Unit.objects.get().version == 2


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("A,,B,\nB,,A,\n", 2, "A unit cannot sit below itself."),
        ("A,,B,\nB,,C,\nC,,A,\n", 4, "A unit cannot sit below itself."),
        ("A,,A,\n", 2, "A unit cannot sit below itself."),
        ("North,,Surgery,\n", 2, "A unit cannot sit below itself."),
        ("A,,Nowhere,\n", 2, "There is no unit Nowhere, here or in the file."),
        ("A,,Ward,\n", 2, "Several units are called Ward."),
        (",,North,\n", 2, "There is no name."),
        ("A,Palace,,\n", 2, "There is no kind Palace. Kinds are: Facility, Department, Ward."),
        ("A,,,many\n", 2, "many is no number of people."),
        ("A,,,-3\n", 2, "-3 is no number of people."),
        ("A,,,3\nA,,,4\n", 3, "Line 2 is about the same unit."),
        ("A / B / C / D / E / F / G / H / I,,,\n", 2, "There are more than 8 levels."),
        ("MRN 1234567,,,\n", 2, "looks like a medical record number"),
        (f"{'x' * 121},,,\n", 2, "A name is longer than 120 characters."),
    ],
)
def test_a_row_that_is_refused_says_why(administrator, text, line, sentence):
    north = UnitFactory(name="North")
    surgery = UnitFactory(name="Surgery", parent=north)
    for parent in (north, surgery):
        UnitFactory(name="Ward", parent=parent)

    record = listed(text, administrator)

    assert sentence in row(record, line)["reason"]


def test_what_belongs_to_a_refused_unit_is_refused_too(administrator):
    record = listed("North,Palace,,\nSurgery,,North,\nSouth,,,\n", administrator)
    assert effects(record) == {2: "refused", 3: "refused", 4: "new"}

    written(record, administrator)

    assert set(Unit.objects.values_list("name", flat=True)) == {"South"}


def test_a_name_with_a_comma_outside_quotation_marks_is_no_unit(administrator):
    record = listed(
        "North,facility,,12\nSurgery, general,department,North,30\nLab,ward,North,5\n",
        administrator,
    )

    assert effects(record) == {2: "new", 3: "refused", 4: "new"}
    assert row(record, 3)["reason"] == "The row has 5 cells; the header has 4."
