"""A prepared query answers as the query itself does, and writes its SQL once."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from pmo.common.records.prepared import MANY, prepared
from projects.models import Milestone
from tests.factories import MilestoneFactory, ProjectFactory

pytestmark = pytest.mark.django_db


class Counted:
    """How often a query was built."""

    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"]) -> None:
        self.build, self.times = build, 0
        self.__name__ = "counted"

    def __call__(self, *values: Any) -> "QuerySet[Any, Any]":
        self.times += 1
        return self.build(*values)


def named(project: int, name: str) -> "QuerySet[Milestone]":
    return Milestone.objects.filter(project=project, name=name).select_related("project")


def of_all(projects: Collection[int], until: date) -> "QuerySet[Any, Any]":
    rows = Milestone.objects.filter(project__in=projects, due_date__lte=until)
    return rows.order_by("pk").values_list("pk", "due_date")


def test_each_value_gets_its_own_answer_from_one_text() -> None:
    first, second = MilestoneFactory(name="Permit"), MilestoneFactory(name="Opening")
    counted = Counted(named)
    read = prepared(counted)

    assert read(first.project_id, "Permit") == [first]
    assert read(second.project_id, "Opening") == [second]
    assert read(second.project_id, "Permit") == []
    assert counted.times == 1


def test_one_statement_and_records_with_what_was_asked_along() -> None:
    one = MilestoneFactory(name="Permit")
    read = prepared(named)
    with CaptureQueriesContext(connection) as captured:
        found = read(one.project_id, "Permit")
        assert found[0].project == one.project
    assert len(captured) == 1


def test_lists_of_any_length_and_days() -> None:
    early, late = date(2026, 3, 1), date(2026, 9, 1)
    project = ProjectFactory()
    rows = [MilestoneFactory(project=project, forecast_date=day) for day in (early, late)]
    other = MilestoneFactory(forecast_date=early)
    counted = Counted(of_all)
    read = prepared(counted)

    assert read([project.pk], early) == [(rows[0].pk, early)]
    assert read({other.project_id + 1: 0}.keys(), late) == []
    assert read([project.pk], late) == [(rows[0].pk, early), (rows[1].pk, late)]
    assert counted.times == 1
    both = [project.pk, other.project_id]
    assert [pk for pk, _ in read(both, early)] == sorted([rows[0].pk, other.pk])
    assert counted.times == 2


def test_no_ids_and_very_many_are_asked_for_in_the_usual_way() -> None:
    one = MilestoneFactory(forecast_date=date(2026, 3, 1))
    counted = Counted(of_all)
    read = prepared(counted)

    for _ in range(2):
        assert read([], date(2026, 3, 1)) == []
        many = range(one.project_id, one.project_id + MANY + 1)
        assert [pk for pk, _ in read(many, date(2026, 3, 1))] == [one.pk]
    assert counted.times == 4


def test_a_value_that_is_not_asked_for_is_refused() -> None:
    def shifted(project: int) -> "QuerySet[Milestone]":
        return Milestone.objects.filter(project=project + 1)

    def unused(project: int, until: date) -> "QuerySet[Milestone]":
        return Milestone.objects.filter(project=project)

    with pytest.raises(ValueError, match="Not every value"):
        prepared(shifted)(1)
    with pytest.raises(TypeError, match="by their places"):
        prepared(shifted)(project=1)
    with pytest.raises(ValueError, match="Not every value"):
        prepared(unused)(1, date(2026, 3, 1))


@pytest.mark.parametrize("value", [None, 1.5, datetime(2026, 3, 1, 12, 0)])  # noqa: DTZ001
def test_a_value_of_another_kind_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="ids, texts and days"):
        prepared(of_all)([1], value)
