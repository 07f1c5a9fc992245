"""The table of figures says of each what the snapshot's columns and the document's line say."""

from dataclasses import fields
from typing import get_type_hints

import pytest
from django.db import models

from projects.domain.colors import Color
from reports.domain.figure_table import FIELDS, UNITS, Kind, Use, line_kinds, names_in, used_in
from reports.domain.lines import ProjectLine
from reports.models import Snapshot
from reports.serializers import SnapshotOutput

COLUMNS = {
    Kind.TEXT: models.CharField,
    Kind.CODE: models.CharField,
    Kind.COLOR: models.CharField,
    Kind.FLAG: models.BooleanField,
    Kind.COUNT: models.PositiveIntegerField,
    Kind.NUMBER: models.PositiveSmallIntegerField | models.PositiveIntegerField,
    Kind.SCORE: models.PositiveSmallIntegerField,
    Kind.MONEY: models.DecimalField,
    Kind.RATIO: models.DecimalField,
    Kind.PERCENT: models.PositiveSmallIntegerField,
    Kind.DATE: models.DateField,
    Kind.MOMENT: models.DateTimeField,
    Kind.DAYS: models.IntegerField,
    Kind.YEAR: models.PositiveSmallIntegerField,
    Kind.REASONS: models.JSONField,
    Kind.RECORD: models.ForeignKey,
}
IN_A_LINE = {
    Kind.TEXT: "str",
    Kind.CODE: "str",
    Kind.COLOR: "str",
    Kind.FLAG: "bool",
    Kind.COUNT: "int",
    Kind.SCORE: "int",
    Kind.MONEY: "Decimal",
    Kind.DATE: "date",
    Kind.YEAR: "int",
    Kind.REASONS: "Mapping",
}
# what a line holds that no snapshot does: who it is, and what follows from several figures
OF_THE_LINE = {
    *("id", "category_name", "was_active", "is_silent", "lacks_milestones", "lacks_register"),
    *("eac_reason", "milestones", "milestones_apart", "milestones_open"),
    *("unit_id", "manager_id", "manager_left", "late_messages"),
    *("late_conditions", "unratified"),
}


def columns():
    return {one.name: one for one in Snapshot._meta.concrete_fields if not one.primary_key}


def test_the_table_holds_each_column_of_the_snapshot_once():
    assert sorted(one.name for one in FIELDS) == sorted(columns())


@pytest.mark.parametrize("one", FIELDS, ids=lambda one: one.name)
def test_a_figure_is_of_the_kind_that_its_column_is(one):
    column = columns()[one.name]

    assert isinstance(column, COLUMNS[one.kind])
    assert (one.kind is Kind.MOMENT) == isinstance(column, models.DateTimeField)
    assert (one.kind is Kind.COLOR) == (bool(column.choices) and column.choices[0][0] in set(Color))
    if isinstance(column, models.DecimalField):
        assert column.decimal_places == (2 if one.kind is Kind.MONEY else 6)


def test_a_line_keeps_what_the_table_says_and_what_follows_from_it():
    kept = dict(line_kinds())
    types = get_type_hints(ProjectLine)

    assert {one.name for one in fields(ProjectLine)} == kept.keys() | OF_THE_LINE
    assert [n for n, kind in kept.items() if IN_A_LINE[kind] not in str(types[n])] == []
    assert names_in(Use.BEFORE) == (
        *("overall", "forecast_cost", "forecast_finish", "milestones_late"),
        *("high_risks", "top_risk_score"),
    )


def test_a_figure_is_told_with_its_unit_of_measure():
    told = {one.name: one.told for one in FIELDS}

    assert told["forecast_cost"] == "Forecast cost, in the organization’s currency."
    assert told["finish_slip_days"] == "Days late, in calendar days, later is positive."
    assert told["manager_name"] == "Manager."
    assert not any(one.kind in UNITS for one in FIELDS if one.told == f"{one.label}.")


def test_the_api_publishes_every_figure_but_those_inside():
    shown = {one.name for one in FIELDS} - set(names_in(Use.INSIDE))

    assert set(SnapshotOutput.Meta.fields) == shown | {"id", "status_update", "manager_is_active"}
    assert names_in(Use.INSIDE) == ("update", "money_at_risk", "rank")


def test_no_two_columns_of_a_file_and_no_two_orders_have_one_name():
    for use in (Use.FILE, Use.REPORT):
        labels = [one.label for one in used_in(use)]
        assert len(set(labels)) == len(labels)
    sorts = [one.sort for one in FIELDS if one.sort]
    assert sorts == ["name", "updated", "over", "milestone"]


def test_a_figure_kept_from_the_freeze_before_is_kept_now():
    assert [one.name for one in used_in(Use.BEFORE, Use.LEFT) if Use.LINE not in one.uses] == []
