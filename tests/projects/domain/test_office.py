"""The table of the kinds of office, row by row, and which kind a project follows."""

import pytest

from projects.domain.colors import Color
from projects.domain.office import (
    ROWS,
    TABLE,
    UNCHOSEN,
    ColorRule,
    GateRule,
    OfficeKind,
    differences,
    is_for_office,
    rules_of,
    stages_held,
    strictest,
)

S, C, D = OfficeKind


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        ("evidence", ("offered", "enforced", "owned")),
        ("gates", ("advisory", "approval", "board")),
        ("status", ("optional", "required", "validated")),
        ("color", ("reasoned", "downgrade", "office")),
        ("baseline", ("recorded", "tolerance", "office")),
    ],
)
def test_each_row_differs_in_each_kind(row, rules):
    assert tuple(getattr(TABLE[kind], row).value for kind in OfficeKind) == rules


def test_the_table_has_its_rows_in_order():
    assert tuple(ROWS) == UNCHOSEN._fields


@pytest.mark.parametrize(
    ("kinds", "most"),
    [
        ([], None),
        ([None], None),
        ([None, S], S),
        ([S, C], C),
        ([D, C, S], D),
        ([C, None, C], C),
    ],
)
def test_a_project_in_several_portfolios_follows_the_strictest(kinds, most):
    assert strictest(kinds) is most


def test_without_a_kind_the_rules_are_those_from_before():
    assert [rule.value for rule in rules_of(None)] == [
        "offered",
        "advisory",
        "required",
        "reasoned",
        "tolerance",
    ]


def test_differences_name_what_would_be_another():
    found = [
        (one.row, one.before.value, one.after.value) for one in differences(UNCHOSEN, TABLE[C])
    ]

    assert found == [
        ("evidence", "offered", "enforced"),
        ("gates", "advisory", "approval"),
        ("color", "reasoned", "downgrade"),
    ]
    assert differences(TABLE[D], TABLE[D]) == []


@pytest.mark.parametrize(
    ("said", "measured", "left_to_office"),
    [
        ("green", "red", {ColorRule.DOWNGRADE, ColorRule.OFFICE}),
        ("red", "green", {ColorRule.OFFICE}),
        ("amber", "amber", set()),
        ("green", "none", set()),
        ("none", "red", set()),
    ],
)
def test_which_colors_the_office_sets(said, measured, left_to_office):
    found = {
        rule
        for rule in ColorRule
        if is_for_office(rule, said=Color(said), measured=Color(measured))
    }

    assert found == left_to_office


def test_stages_are_held_where_an_approval_is_needed():
    assert [stages_held(rule) for rule in GateRule] == [False, True, True]
